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

// A stable partition of the concatenation: used slots first, then the unused ones, cut to N'.
template <Group G>
MASKSCOPE_HD void select_encoder(G& group, const PlanView& plan, const Scratch& scratch, const SampleRow& out) {
  const std::int32_t most = plan.encoder_slots;
  std::int32_t* const unused_slots = scratch.unused_slots.data;
  std::int32_t num_used = 0, num_unused = 0;
  for (std::int32_t m = 0; m < plan.num_modalities(); ++m) {
    const ModalityPlan& modality = plan.modalities[m];
    if (modality.encoder_offset < 0) continue;
    const std::int32_t first_slot = modality.slot_offset;
    const auto id = static_cast<std::int16_t>(modality.id);
    const std::uint8_t* const input_mask = out.input_mask + first_slot;
    const std::int32_t used = group.compact_if(
        modality.num_slots, [=](std::int32_t i) { return input_mask[i] == 0; }, most - num_used,
        [=](std::int32_t r, std::int32_t i) {
          const std::int32_t place = num_used + r;
          out.encoder_source[place] = first_slot + i;
          out.encoder_mask[place] = 0;
          out.encoder_modality[place] = id;
        },
        most - num_unused, [=](std::int32_t r, std::int32_t i) { unused_slots[num_unused + r] = first_slot + i; });
    num_used += used;
    num_unused += modality.num_slots - used;
  }
  const std::int32_t first_ignored = num_used < most ? num_used : most;
  group.for_each_index(most - first_ignored, [&](std::int32_t r) {
    out.encoder_source[first_ignored + r] = unused_slots[r];
    out.encoder_mask[first_ignored + r] = 1;
    out.encoder_modality[first_ignored + r] = -1;
  });
  group.once([&] { *out.encoder_valid = num_used; });
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
  std::int32_t* const unused_slots = scratch.unused_slots.data;
  std::int32_t* const unused_modalities = scratch.unused_modalities.data;
  const std::int32_t num_ordered = order_decoder_modalities(group, draws, plan, scratch, out);
  std::int32_t num_used = 0, num_unused = 0;
  for (std::int32_t place_in_order = 0; place_in_order < num_ordered; ++place_in_order) {
    const std::int32_t m = out.decoder_order[place_in_order];
    const ModalityPlan& modality = plan.modalities[m];
    const std::int32_t first_slot = modality.slot_offset;
    const auto id = static_cast<std::int16_t>(modality.id);
    const std::int32_t shift = has_spans_in_decoder(modality.kind) ? 1 : 0;
    const std::int32_t num_slots = modality.num_slots - shift;
    const std::uint8_t* const target_mask = out.target_mask + first_slot;
    const std::int32_t used = group.compact_if(
        num_slots, [=](std::int32_t i) { return (target_mask[i] | target_mask[i + shift]) == 0; }, most - num_used,
        [=](std::int32_t r, std::int32_t i) {
          const std::int32_t place = num_used + r;
          const std::int32_t slot = first_slot + i;
          out.decoder_source[place] = slot;
          out.decoder_mask[place] = 0;
          out.decoder_modality[place] = id;
          out.target_ids[place] = out.tensor[slot + shift];
          out.decoder_attention[place] = out.decoder_attention_mask[slot];
          out.decoder_attention_modality[place] = id;
        },
        most - num_unused,
        [=](std::int32_t r, std::int32_t i) {
          const std::int32_t place = num_unused + r;
          unused_slots[place] = first_slot + i;
          unused_modalities[place] = id;
        });
    num_used += used;
    num_unused += num_slots - used;
  }
  const std::int32_t first_ignored = num_used < most ? num_used : most;
  group.for_each_index(most - first_ignored, [&](std::int32_t r) {
    const std::int32_t place = first_ignored + r;
    const std::int32_t slot = unused_slots[r];
    out.decoder_source[place] = slot;
    out.decoder_mask[place] = 1;
    out.decoder_modality[place] = -1;
    out.target_ids[place] = 0;
    out.decoder_attention[place] = out.decoder_attention_mask[slot];
    // The attention mask is made from the modalities before ignored slots lose theirs.
    out.decoder_attention_modality[place] = static_cast<std::int16_t>(unused_modalities[r]);
  });
  group.once([&] { *out.decoder_valid = num_used; });
}

}  // namespace maskscope
