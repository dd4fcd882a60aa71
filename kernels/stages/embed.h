// Which rows of the model's tables every selected slot takes: x is one row, emb the sum of a position's and a modality's
// row. Stage 5, the zeroing of ignored slots, is part of it. gather.h then copies the rows. As the embedding modules,
// cat_decoder_tensors, forward_mask_encoder and forward_mask_decoder in fourm/models.
#pragma once

#include <cstdint>

#include "core/masked_batch.h"
#include "core/view.h"
#include "kernels/group.h"
#include "kernels/stages/embedding_view.h"

namespace maskscope {

struct SlotRow {
  std::int32_t x = zero_row;
  std::int32_t position = zero_row;
  std::int32_t modality = zero_row;  // scheme position
};

enum class Zeroing : std::uint8_t {
  off,  // what an ignored slot would hold, for a viewer
  on,   // as the model sees it
};

// The arrays of one sample that name the content of slots, as in MaskedBatch; positions as in position.h.
struct SlotContents {
  View<const std::int32_t> tensor;       // (T)
  View<const std::int32_t> slot_origin;  // (T)
  View<const std::int32_t> position;     // (T) of this side
};

// What selection kept on one side.
struct SelectedSlots {
  View<const std::int32_t> source;  // (slots) tensor slot
  View<const std::uint8_t> mask;    // (slots) 1 = ignored
};

namespace embed_detail {

MASKSCOPE_HD inline std::int32_t x_row(const EmbeddingModality& modality, std::int32_t first_row,
                                       const SlotContents& contents, std::int32_t slot) {
  if (modality.source == RowSource::slot) {
    // A picture that the sample lacks is one of zeros.
    if (contents.slot_origin[slot] == origin::padding) return zero_row;
    return first_row < 0 ? first_row : first_row + (slot - modality.slot_offset);
  }
  const std::int32_t id = contents.tensor[slot];
  // No source row: a sentinel or padding among vectors is zero, and so is its image under a linear map whose bias is.
  if (id < 0) return modality.kind == ModalityKind::seq_emb ? zero_row : unknown_row;
  return first_row < 0 ? first_row : first_row + id;
}

MASKSCOPE_HD inline std::int32_t position_row(std::int32_t first_row, std::int32_t position) {
  return position < 0 ? zero_row : first_row + position;
}

}  // namespace embed_detail

// rows: (R + N') out. Register tokens come first, with zero emb.
template <Group G>
MASKSCOPE_HD void encoder_slot_rows(G& group, const EmbeddingView& view, const SlotContents& contents,
                                    const SelectedSlots& selected, Zeroing zeroing, View<SlotRow> rows) {
  const std::int32_t num_registers = view.num_register_tokens;
  SlotRow* const out = rows.data;
  group.for_each_index(num_registers + static_cast<std::int32_t>(selected.source.size), [=](std::int32_t i) {
    SlotRow row;
    if (i < num_registers) {
      row.x = view.register_row + i;
    } else if (zeroing == Zeroing::off || selected.mask[i - num_registers] == 0) {
      const std::int32_t slot = selected.source[i - num_registers];
      const std::int32_t m = view.modality_of(slot);
      const EmbeddingModality& modality = view.modalities[m];
      row.x = embed_detail::x_row(modality, modality.encoder_row, contents, slot);
      row.position = embed_detail::position_row(modality.encoder_position_row, contents.position[slot]);
      row.modality = m;
    }
    out[i] = row;
  });
}

// rows: (M') out. Image tokens are replaced by the mask token; sequences are teacher-forced: a slot holds its own token,
// and predicts the next one.
template <Group G>
MASKSCOPE_HD void decoder_slot_rows(G& group, const EmbeddingView& view, const SlotContents& contents,
                                    const SelectedSlots& selected, Zeroing zeroing, View<SlotRow> rows) {
  SlotRow* const out = rows.data;
  group.for_each_index(static_cast<std::int32_t>(selected.source.size), [=](std::int32_t i) {
    SlotRow row;
    if (zeroing == Zeroing::off || selected.mask[i] == 0) {
      const std::int32_t slot = selected.source[i];
      const std::int32_t m = view.modality_of(slot);
      const EmbeddingModality& modality = view.modalities[m];
      row.x = modality.kind == ModalityKind::img ? view.mask_token_row
                                                 : embed_detail::x_row(modality, modality.decoder_row, contents, slot);
      row.position = embed_detail::position_row(modality.decoder_position_row, contents.position[slot]);
      row.modality = m;
    }
    out[i] = row;
  });
}

}  // namespace maskscope
