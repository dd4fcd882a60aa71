// Who may attend to whom in one sample, cell by cell and with the reason: what the Attention view draws and says.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "app/slot_axis.h"

namespace maskscope {

enum class AttentionKind : std::uint8_t {
  decoder,  // (M', M') self-attention of the decoder: decoder_attention_mask, made full
  cross,    // (M', N') decoder rows, encoder columns: encoder_mask for every row
  encoder,  // (N', N') self-attention of the encoder: encoder_mask for every row
};

// Why a cell is 0 or 1. Only the first is 0, "may attend".
enum class CellState : std::uint8_t {
  allowed,
  other_modality,         // the order alone would allow it
  beyond_reach,           // the modality alone would allow it
  other_and_beyond,
  ignored,                // the column is an ignored encoder slot
};
constexpr int num_cell_states = 5;

struct AttentionSettings {
  AttentionKind kind = AttentionKind::decoder;
  bool is_causal = false;   // decoder_causal_mask; of the decoder's self-attention, as is the next
  bool is_separate = true;  // decoder_sep_mask
  bool operator==(const AttentionSettings&) const = default;
};

struct AttentionMatrix {
  AttentionSettings settings;
  SlotAxis rows, columns;
  std::vector<CellState> cells;  // (rows, columns)
  std::array<std::int64_t, num_cell_states> counts{};  // of cells, by state
  // The decoder's self-attention only, else empty.
  std::vector<std::int32_t> numbers;  // (rows) the compressed numbers
  std::vector<std::int32_t> reach;    // (rows) columns 0 .. reach - 1 are in sight: the running sum, at most M'; causal: row + 1
  std::vector<std::uint8_t> sees_nothing;  // (rows) 1: every column is blocked
  int num_rows_without_sight = 0;

  CellState cell(int row, int column) const {
    return cells[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns.num_slots()) + static_cast<std::size_t>(column)];
  }
  // The first row after this one that can attend to nothing, from the top again after the last; -1: there is none.
  int next_row_without_sight(int row) const;
};

// Throws Error when a side has over max_axis_slots.
AttentionMatrix attention_matrix(const MaskedFrame& frame, const AttentionSettings& settings);

struct CellStory {
  std::string title;    // "row 34 · caption “##here” → column 12 · tok_depth@224 (5, 11)"
  std::string verdict;  // "blocked: other modality"
  bool is_allowed = false;
  std::vector<std::string> sentences;
};
// In the language of the window.
CellStory explain_cell(const MaskedFrame& frame, const AttentionMatrix& matrix, int row, int column);

// Separated by tabs: a header, then a line per row: its number, token, compressed number, running sum, and its cells, 1 = may
// not attend.
std::string attention_as_text(const MaskedFrame& frame, const AttentionMatrix& matrix);

}  // namespace maskscope
