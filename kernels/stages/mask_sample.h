// All stages for one sample, by one group of threads.
#pragma once

#include <cstdint>

#include "core/masked_batch.h"
#include "core/sample.h"
#include "kernels/group.h"
#include "kernels/stages/budget.h"
#include "kernels/stages/image_mask.h"
#include "kernels/stages/plan_view.h"
#include "kernels/stages/sample_row.h"
#include "kernels/stages/scratch.h"
#include "kernels/stages/select.h"
#include "kernels/stages/span_mask.h"

namespace maskscope {

// One row of PackedSamples.
struct SampleTokens {
  View<const std::int32_t> ids;      // (packed_tokens)
  View<const std::int32_t> lengths;  // (K) ids per modality, -1: the sample lacks it
};

// What stopped a sample; modality is a scheme position.
struct SampleError {
  SpanError error = SpanError::none;
  std::int32_t modality = 0;
};

// Stage 2 for the modality at scheme position m: its slots, by its kind. out already holds the budgets.
template <Group G, class Draws>
MASKSCOPE_HD SampleError mask_modality(G& group, Draws& draws, const PlanView& plan, const SampleTokens& sample,
                                       const Scratch& scratch, const SampleRow& out, std::int32_t component,
                                       std::int32_t m) {
  const ModalityPlan& modality = plan.modalities[m];
  const SlotArrays slots = slots_of(out, modality.slot_offset, modality.num_slots);
  const std::int32_t num_ids = sample.lengths[m];
  const TokenBudget target_budget{out.target_budget[m] >= 0, out.target_budget[m] >= 0 ? out.target_budget[m] : 0};
  SpanMaskResult spans;
  if (num_ids < 0) {
    clear_slots(group, slots, 0);  // as make_empty_mod_dict
  } else if (modality.kind == ModalityKind::img) {
    const std::int32_t* const ids = sample.ids.data + modality.token_offset;
    std::int32_t* const tensor = slots.tensor.data;
    std::int32_t* const slot_origin = slots.slot_origin.data;
    group.for_each_index(num_ids, [=](std::int32_t i) {
      tensor[i] = ids[i];
      slot_origin[i] = i;
    });
    image_mask(group, draws, {static_cast<std::uint32_t>(modality.id), out.input_budget[m], target_budget}, slots,
               scratch.noise);
  } else {
    SpanMaskRequest request;
    request.modality_id = static_cast<std::uint32_t>(modality.id);
    request.input_budget = out.input_budget[m];
    request.target_budget = target_budget;
    request.keep = static_cast<KeepScheme>(plan.keep_schemes[component * plan.num_modalities() + m]);
    request.ids = sample.ids.subview(modality.token_offset, num_ids);
    request.pad_id = plan.pad_id;
    request.sentinel_ids = plan.sentinel_ids;
    request.sorted_sentinel_ids = plan.sorted_sentinel_ids;
    spans = span_mask(group, draws, request, slots, scratch.noise, scratch.positions, scratch.cell);
    if (spans.error != SpanError::none) return {spans.error, m};
  }
  group.once([&] {
    out.keep_probability[m] = spans.keep_probability;
    out.num_attempts[m] = spans.num_attempts;
    out.uncut_target_tokens[m] = spans.uncut_target_tokens;
    out.target_window_begin[m] = spans.target_window_begin;
  });
  return {};
}

// Fills every array of the row. On an error the row's content is unspecified.
template <Group G, class Draws>
MASKSCOPE_HD SampleError mask_sample(G& group, Draws& draws, const PlanView& plan, const SampleTokens& sample,
                                     const Scratch& scratch, const SampleRow& out) {
  const std::int32_t component = budget_stage(group, draws, plan, scratch, out);
  for (std::int32_t m = 0; m < plan.num_modalities(); ++m) {
    const SampleError error = mask_modality(group, draws, plan, sample, scratch, out, component, m);
    if (error.error != SpanError::none) return error;
  }
  select_encoder(group, plan, scratch, out);
  select_decoder(group, draws, plan, scratch, out);
  return {};
}

}  // namespace maskscope
