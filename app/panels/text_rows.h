// The tokens of a text as chips in rows: the text itself, the encoder's input, the decoder's target. What they are and where they
// stand; app/panels/text_card draws them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/panels/panel_context.h"

namespace maskscope {

constexpr float text_chip_height = 22, text_row_gap = 9, text_name_width = 46;  // px at scale 1

struct TextChip {
  std::string label;
  std::int32_t origin = 0;
  Fate fate = Fate::discarded;      // decides the style
  int chunk = -1;                   // of a text in chunks; -1: none, a sentinel
  float x = 0, y = 0, width = 0;    // px from the corner of the rows
  float shown = 1;                  // 0: still the plain text, 1: in the style of its fate
  bool is_new = false;              // stands for nothing in the text: fades in where it is
};

struct TextRow {
  const char* name = "";
  ImU32 name_colour = 0;
  std::optional<PackedSide> side = {};  // absent: the source text
  std::vector<TextChip> chips = {};
  float y = 0;  // px from the corner of the rows
};

struct TextRows {
  std::vector<TextRow> rows;
  int num_discarded = 0;  // at the step that is shown
  int num_cut = 0;        // of these, masked tokens that no target holds: they are outside of its window
  int num_tokens = 0;
  int num_chunks = 0;  // 0: token by token
};

// is_before_masks: the text as it is up to step 2; else the rows that the content masks make of it. No rows where the sample lacks
// the modality.
TextRows make_text_rows(PanelContext& context, int modality, bool is_before_masks);
// Breaks the chips into lines of a width in px; returns the height of all rows.
float arrange_text_rows(PanelContext& context, std::vector<TextRow>& rows, float width);
// Between steps 2 and 3 every token is on its way from the text to its place in the rows: share 0 .. 1 of it. Both are arranged.
void take_from_text(const std::vector<TextRow>& text, float share, std::vector<TextRow>& rows);

}  // namespace maskscope
