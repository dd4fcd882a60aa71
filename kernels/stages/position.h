// Position numbers of all slots. As forward of the embedding modules in fourm/models/encoder_embeddings.py and
// forward_embed in decoder_embeddings.py.
#pragma once

#include <cstdint>

#include "core/position_table.h"
#include "core/view.h"
#include "kernels/group.h"
#include "kernels/stages/embedding_view.h"

namespace maskscope {

constexpr std::int32_t no_position = -1;  // an unused slot of a sequence: its position vector is zero
constexpr std::int32_t unlimited_positions = 0x7fffffff;

// mask: (slots) 1 = not used on this side. position: (slots) out, the slot's rank among the used ones; from max_positions
// on, 0; no_position for unused slots. Returns the number of used slots.
// Example: mask 1 0 1 0 0 0, max_positions 3 -> -1 0 -1 1 2 0, returns 4.
template <Group G>
MASKSCOPE_HD std::int32_t sequence_positions(G& group, View<const std::uint8_t> mask, std::int32_t max_positions,
                                             View<std::int32_t> position) {
  const std::uint8_t* const is_unused = mask.data;
  std::int32_t* const out = position.data;
  return static_cast<std::int32_t>(group.exclusive_scan(
      static_cast<std::int32_t>(mask.size), [=](std::int32_t i) { return std::uint64_t{is_unused[i] == 0}; },
      [=](std::int32_t i, std::uint64_t before) {
        const auto rank = static_cast<std::int32_t>(before);
        out[i] = is_unused[i] ? no_position : rank < max_positions ? rank : 0;
      }));
}

// A modality whose positions the table does not hold.
struct PositionError {
  std::int32_t modality = -1;  // scheme position; -1: none
  std::int32_t num_used = 0;   // its used slots
};

namespace position_detail {

// Images: the cell. Sequences: positions_of(modality, its masks, its positions). Others: no_position.
template <Group G, class PositionsOf>
MASKSCOPE_HD void all_positions(G& group, const EmbeddingView& view, std::uint8_t EmbeddingModality::*reaches,
                                View<const std::uint8_t> mask, View<std::int32_t> position, PositionsOf&& positions_of) {
  for (std::int32_t m = 0; m < static_cast<std::int32_t>(view.modalities.size); ++m) {
    const EmbeddingModality& modality = view.modalities[m];
    const View<std::int32_t> out = position.subview(modality.slot_offset, modality.num_slots);
    const bool has_positions = modality.*reaches;
    if (has_positions && modality.kind != ModalityKind::img) {
      positions_of(m, mask.subview(modality.slot_offset, modality.num_slots), out);
    } else {
      std::int32_t* const data = out.data;
      group.for_each_index(modality.num_slots, [=](std::int32_t i) { data[i] = has_positions ? i : no_position; });
    }
  }
}

}  // namespace position_detail

// input_mask: (T). position: (T) out. The reference raises when a sequence has more used slots than the table has rows,
// also when selection would drop them: the first such modality is reported.
template <Group G>
MASKSCOPE_HD PositionError encoder_positions(G& group, const EmbeddingView& view, View<const std::uint8_t> input_mask,
                                             View<std::int32_t> position) {
  PositionError error;
  position_detail::all_positions(
      group, view, &EmbeddingModality::reaches_encoder, input_mask, position,
      [&](std::int32_t m, View<const std::uint8_t> mask, View<std::int32_t> out) {
        const std::int32_t num_used = sequence_positions(group, mask, unlimited_positions, out);
        if (num_used > sequence_position_rows && error.modality < 0) error = {m, num_used};
      });
  return error;
}

// target_mask: (T), before the shift. position: (T) out; the slot that the shift costs a sequence has one too.
template <Group G>
MASKSCOPE_HD void decoder_positions(G& group, const EmbeddingView& view, View<const std::uint8_t> target_mask,
                                    View<std::int32_t> position) {
  position_detail::all_positions(group, view, &EmbeddingModality::reaches_decoder, target_mask, position,
                                 [&](std::int32_t m, View<const std::uint8_t> mask, View<std::int32_t> out) {
                                   sequence_positions(group, mask, view.modalities[m].max_positions, out);
                                 });
}

}  // namespace maskscope
