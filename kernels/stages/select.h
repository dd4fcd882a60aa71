// Stages 3 to 5: concatenation, selection of the slots the model sees, marking of ignored slots. As
// cat_encoder_tensors, forward_mask_encoder, cat_decoder_tensors and forward_mask_decoder in fourm/models/fm.py.
#pragma once

#include <cstdint>

#include "core/masked_batch.h"
#include "kernels/group.h"
#include "kernels/stages/plan_view.h"
#include "kernels/stages/sample_row.h"
#include "kernels/stages/scratch.h"

namespace maskscope {

// A stable partition of the concatenation, cut to N': used slots first, then the ignored ones in a second round. (One loop
// for both: a GPU has to hold its code and its registers only once.)
template <Group G>
MASKSCOPE_HD void select_encoder(G& group, const PlanView& plan, const SampleRow& out) {
  const std::int32_t most = plan.encoder_slots;
  std::int32_t first_place = 0;
  MASKSCOPE_ROLLED
  for (std::uint8_t is_ignored = 0; is_ignored <= 1; ++is_ignored) {
    MASKSCOPE_ROLLED
    for (std::int32_t m = 0; m < plan.num_modalities(); ++m) {
      if (is_ignored && first_place >= most) break;
      const ModalityPlan& modality = plan.modalities[m];
      if (modality.encoder_offset < 0) continue;
      const std::int32_t first_slot = modality.slot_offset;
      const std::int32_t id = is_ignored ? -1 : modality.id;
      const std::uint8_t* const input_mask = out.input_mask + first_slot;
      first_place += group.compact_if(
          modality.num_slots, [=](std::int32_t i) { return input_mask[i] == is_ignored; }, most - first_place,
          [=](std::int32_t r, std::int32_t i) {
            const std::int32_t place = first_place + r;
            out.encoder_source[place] = first_slot + i;
            out.encoder_mask[place] = is_ignored;
            out.encoder_modality[place] = static_cast<std::int16_t>(id);
          });
    }
    if (!is_ignored) group.once([&] { *out.encoder_valid = first_place; });
  }
}

// decoder_order: scheme positions in the order of their keys, then -1.
template <Group G, class Draws>
MASKSCOPE_HD std::int32_t order_decoder_modalities(G& group, Draws& draws, const PlanView& plan, const Scratch& scratch,
                                                   const SampleRow& out) {
  const std::int32_t num_modalities = plan.num_modalities();
  const auto reaches_decoder = [&](std::int32_t m) { return std::uint64_t{plan.modalities[m].reaches_decoder}; };
  const auto num_ordered = static_cast<std::int32_t>(group.reduce_sum(num_modalities, reaches_decoder));
  draws.shuffle_decoder(num_ordered);
  // The scheme position in the low word decides between equal keys; those that do not reach the decoder come last.
  constexpr std::uint64_t last = ~std::uint64_t{0};
  std::uint64_t* const keys = scratch.order_keys.data;
  group.exclusive_scan(num_modalities, reaches_decoder, [&](std::int32_t m, std::uint64_t number) {
    const ModalityPlan& modality = plan.modalities[m];
    keys[m] = !modality.reaches_decoder
                  ? last
                  : std::uint64_t{draws.order_key(static_cast<std::uint32_t>(modality.id), static_cast<std::int32_t>(number))} << 32 |
                        static_cast<std::uint64_t>(m);
  });
  group.for_each_index(num_modalities, [&](std::int32_t m) { out.decoder_order[m] = -1; });
  group.for_each_index(num_modalities, [&](std::int32_t m) {
    if (keys[m] == last) return;
    std::int32_t place = 0;
    for (std::int32_t other = 0; other < num_modalities; ++other) place += keys[other] < keys[m];
    out.decoder_order[place] = m;
  });
  return num_ordered;
}

// The same partition in the decoder's shuffled order. Sequences are shifted for teacher forcing: slot s carries token
// s and predicts the id in slot s + 1; it is used when both are target slots. One slot per sequence is lost.
template <Group G, class Draws>
MASKSCOPE_HD void select_decoder(G& group, Draws& draws, const PlanView& plan, const Scratch& scratch,
                                 const SampleRow& out) {
  const std::int32_t most = plan.decoder_slots;
  const std::int32_t num_ordered = order_decoder_modalities(group, draws, plan, scratch, out);
  std::int32_t first_place = 0;
  MASKSCOPE_ROLLED
  for (std::uint8_t is_ignored = 0; is_ignored <= 1; ++is_ignored) {
    MASKSCOPE_ROLLED
    for (std::int32_t place_in_order = 0; place_in_order < num_ordered; ++place_in_order) {
      if (is_ignored && first_place >= most) break;
      const ModalityPlan& modality = plan.modalities[out.decoder_order[place_in_order]];
      const std::int32_t first_slot = modality.slot_offset;
      const auto id = static_cast<std::int16_t>(modality.id);
      const std::int32_t shift = has_spans_in_decoder(modality.kind) ? 1 : 0;
      const std::uint8_t* const target_mask = out.target_mask + first_slot;
      first_place += group.compact_if(
          modality.num_slots - shift,
          [=](std::int32_t i) { return (target_mask[i] | target_mask[i + shift]) == is_ignored; }, most - first_place,
          [=](std::int32_t r, std::int32_t i) {
            const std::int32_t place = first_place + r, slot = first_slot + i;
            out.decoder_source[place] = slot;
            out.decoder_mask[place] = is_ignored;
            out.decoder_modality[place] = is_ignored ? std::int16_t{-1} : id;
            out.target_ids[place] = is_ignored ? 0 : out.tensor[slot + shift];
            out.decoder_attention[place] = out.decoder_attention_mask[slot];
            // The attention mask is made from the modalities before ignored slots lose theirs.
            out.decoder_attention_modality[place] = id;
          });
    }
    if (!is_ignored) group.once([&] { *out.decoder_valid = first_place; });
  }
}

}  // namespace maskscope
