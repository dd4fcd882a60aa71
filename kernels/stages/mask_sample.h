// All stages for one sample, by one group of threads.
#pragma once

#include <cstdint>

#include "core/masked_batch.h"
#include "core/sample.h"
#include "kernels/group.h"
#include "kernels/stages/budget.h"
#include "kernels/stages/image_mask.h"
#include "kernels/stages/plan_view.h"
#include "kernels/stages/row_mask.h"
#include "kernels/stages/sample_row.h"
#include "kernels/stages/scratch.h"
#include "kernels/stages/select.h"
#include "kernels/stages/span_mask.h"

namespace maskscope {

// One row of PackedSamples.
struct SampleTokens {
  View<const std::int32_t> ids;          // (packed_tokens)
  View<const std::int32_t> lengths;      // (K) ids per modality, seq_emb: rows; -1: the sample lacks it
  View<const std::int32_t> num_chunks;   // (K) -1: token by token
  View<const std::int64_t> first_chunk;  // (K) into chunk_ends
  View<const std::int32_t> chunk_ends;   // of all samples
};

// Row number of the samples. arrays: the samples' own, or copies of them on a GPU.
template <class Arrays>
MASKSCOPE_HD SampleTokens tokens_of(const Arrays& arrays, std::ptrdiff_t sample, std::ptrdiff_t tokens_per_sample,
                                    std::ptrdiff_t num_modalities) {
  return {arrays.ids.subview(sample * tokens_per_sample, tokens_per_sample),
          arrays.lengths.subview(sample * num_modalities, num_modalities),
          arrays.num_chunks.subview(sample * num_modalities, num_modalities),
          arrays.first_chunk.subview(sample * num_modalities, num_modalities), arrays.chunk_ends};
}
// All samples on the host.
inline SampleTokens all_tokens(const PackedSamples& samples) {
  return {view_of(samples.ids), view_of(samples.lengths), view_of(samples.num_chunks), view_of(samples.first_chunk),
          view_of(samples.chunk_ends)};
}

inline SampleTokens tokens_of(const PackedSamples& samples, std::ptrdiff_t sample) {
  return tokens_of(all_tokens(samples), sample, samples.tokens_per_sample, samples.num_modalities);
}

// What stopped a sample; modality is a scheme position.
struct SampleError {
  SpanError error = SpanError::none;
  std::int32_t modality = 0;
};

namespace mask_detail {

template <Group G, class Draws>
MASKSCOPE_HD void mask_grid(G& group, Draws& draws, const PlanView& plan, const ModalityPlan& modality,
                            View<const std::int32_t> ids, TokenBudget input, TokenBudget target, const Scratch& scratch,
                            const SlotArrays& slots) {
  const std::int32_t* const id = ids.data;
  std::int32_t* const tensor = slots.tensor.data;
  std::int32_t* const slot_origin = slots.slot_origin.data;
  group.for_each_index(static_cast<std::int32_t>(ids.size), [=](std::int32_t i) {
    tensor[i] = id[i];
    slot_origin[i] = i;
  });
  if (plan.mode == BudgetMode::transfer) {
    whole_grid(group, modality.transfer_role == TransferRole::input, slots);
  } else {
    image_mask(group, draws, {static_cast<std::uint32_t>(modality.id), input.tokens, target}, slots, scratch.noise);
  }
}

template <Group G, class Draws>
MASKSCOPE_HD SpanMaskResult mask_sequence(G& group, Draws& draws, const PlanView& plan, const ModalityPlan& modality,
                                          KeepScheme keep, const SampleTokens& sample, std::int32_t m,
                                          TokenBudget input, TokenBudget target, const Scratch& scratch,
                                          const SlotArrays& slots) {
  const bool is_transfer = plan.mode == BudgetMode::transfer;
  SpanMaskRequest request;
  request.modality_id = static_cast<std::uint32_t>(modality.id);
  request.input_budget = input.tokens;
  request.target_budget = target;
  request.target_slot = is_transfer ? modality.max_tokens : input.tokens;
  request.keep = is_transfer ? KeepScheme::all : keep;
  request.keep_probability_decay = plan.keep_probability_decay;
  request.ids = sample.ids.subview(modality.token_offset, sample.lengths[m]);
  request.ids_can_be_sentinels = modality.kind == ModalityKind::seq;
  request.pad_id = plan.pad_id;
  request.sentinel_ids = plan.sentinel_ids;
  request.sorted_sentinel_ids = plan.sorted_sentinel_ids;
  if (sample.num_chunks[m] < 0) {
    return span_mask(group, draws, request, TokenUnits{sample.lengths[m]}, slots, scratch.noise, scratch.positions,
                     scratch.cell);
  }
  const ChunkUnits chunks{sample.chunk_ends.subview(sample.first_chunk[m], sample.num_chunks[m])};
  return span_mask(group, draws, request, chunks, slots, scratch.noise, scratch.positions, scratch.cell);
}

}  // namespace mask_detail

// Stage 2 for the modality at scheme position m: its slots, by its kind. out already holds the budgets.
template <Group G, class Draws>
MASKSCOPE_HD SampleError mask_modality(G& group, Draws& draws, const PlanView& plan, const SampleTokens& sample,
                                       const Scratch& scratch, const SampleRow& out, std::int32_t component,
                                       std::int32_t m) {
  const ModalityPlan& modality = plan.modalities[m];
  const SlotArrays slots = slots_of(out, modality.slot_offset, modality.num_slots);
  const std::int32_t num_ids = sample.lengths[m];
  const TokenBudget input{true, out.input_budget[m]};
  const TokenBudget target{out.target_budget[m] >= 0, out.target_budget[m] >= 0 ? out.target_budget[m] : 0};
  const auto keep = static_cast<KeepScheme>(plan.keep_schemes[component * plan.num_modalities() + m]);
  SpanMaskResult spans;
  if (num_ids < 0) {
    clear_slots(group, slots, 0);  // as make_empty_mod_dict
  } else if (modality.kind == ModalityKind::img) {
    mask_detail::mask_grid(group, draws, plan, modality, sample.ids.subview(modality.token_offset, num_ids), input, target,
                           scratch, slots);
  } else if (modality.kind == ModalityKind::seq_emb) {
    const Attempts attempts =
        row_mask(group, draws,
                 {static_cast<std::uint32_t>(modality.id), input.tokens, keep, plan.keep_probability_decay,
                  static_cast<std::int32_t>(plan.sentinel_ids.size)},
                 num_ids, slots, scratch.noise);
    spans = {attempts.error, attempts.keep_probability, attempts.num_attempts, 0, 0};
  } else {
    spans = mask_detail::mask_sequence(group, draws, plan, modality, keep, sample, m, input, target, scratch, slots);
  }
  if (spans.error != SpanError::none) return {spans.error, m};
  group.once([&] {
    out.keep_probability[m] = spans.keep_probability;
    out.num_attempts[m] = spans.num_attempts;
    out.uncut_target_tokens[m] = spans.uncut_target_tokens;
    out.target_window_begin[m] = spans.target_window_begin;
  });
  return {};
}

// Fills every array of the row. On an error the row's content is unspecified.
template <Group G, class Draws, class Trace = ForgetBudgets>
MASKSCOPE_HD SampleError mask_sample(G& group, Draws& draws, const PlanView& plan, const SampleTokens& sample,
                                     const Scratch& scratch, const SampleRow& out, const Trace& trace = {}) {
  const std::int32_t component = budget_stage(group, draws, plan, scratch, out, trace);
  for (std::int32_t m = 0; m < plan.num_modalities(); ++m) {
    const SampleError error = mask_modality(group, draws, plan, sample, scratch, out, component, m);
    if (error.error != SpanError::none) return error;
  }
  select_encoder(group, plan, out);
  select_decoder(group, draws, plan, scratch, out);
  return {};
}

}  // namespace maskscope
