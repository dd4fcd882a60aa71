// EmbeddingTables (kernels/embedding_tables.h) as the stages read it: for every modality, which rows of the model's tables
// its slots take. Plain numbers and views, on the host or on a GPU.
#pragma once

#include <cstdint>

#include "core/host_device.h"
#include "core/modality.h"
#include "core/view.h"

namespace maskscope {

// Instead of the number of a row.
constexpr std::int32_t zero_row = -1;     // the zero vector
constexpr std::int32_t unknown_row = -2;  // cannot be computed (an id that only a neural tokenizer could give); zero

// How the slots of a modality find their row of x.
enum class RowSource : std::uint8_t {
  id,    // token ids; seq_emb: the source row. First row + what the slot's tensor holds
  slot,  // pixels: first row + slot
};

// Trivially copyable.
struct EmbeddingModality {
  ModalityKind kind;
  RowSource source;
  std::uint8_t reaches_encoder;
  std::uint8_t reaches_decoder;
  std::int32_t slot_offset;         // first slot among the T of all modalities
  std::int32_t num_slots;
  std::int32_t max_positions;       // sequences: the decoder maps positions from here on to 0
  std::int32_t encoder_row;         // first row of x, unknown_row: there are none
  std::int32_t decoder_row;
  std::int32_t encoder_position_row;  // first row of the position table
  std::int32_t decoder_position_row;
};

struct EmbeddingView {
  View<const EmbeddingModality> modalities;  // (K) in scheme order
  std::int32_t num_register_tokens = 0;      // R
  std::int32_t register_row = 0;             // first row of x
  std::int32_t mask_token_row = 0;           // row of x

  // Scheme position of the modality that slot 0 .. T - 1 belongs to.
  MASKSCOPE_HD std::int32_t modality_of(std::int32_t slot) const {
    auto m = static_cast<std::int32_t>(modalities.size) - 1;
    while (slot < modalities[m].slot_offset) --m;
    return m;
  }
};

}  // namespace maskscope
