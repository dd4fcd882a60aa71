// Stage 2 for rows of floats (t5_caption): span masking of the input side only; a masked run becomes one vector of zeros.
// As sequence_emb_mask_span in fourm/data/masking.py: the target budget is ignored, and no slot is ever a target.
#pragma once

#include <cstdint>

#include "core/masked_batch.h"
#include "kernels/group.h"
#include "kernels/stages/slot_arrays.h"
#include "kernels/stages/span_draws.h"

namespace maskscope {

// num_rows: at most the number of slots. slots: (max_tokens) each, all written; tensor: the source row, -1: a vector of zeros.
// noise: scratch for num_rows draws, rounded up to a multiple of 4.
template <Group G, class Draws>
MASKSCOPE_HD Attempts row_mask(G& group, Draws& draws, const AttemptRequest& request, std::int32_t num_rows,
                               const SlotArrays& slots, View<std::uint32_t> noise) {
  clear_slots(group, slots, -1);
  const TokenUnits units{num_rows};
  const Attempts attempts = draw_until_input_fits(group, draws, request, units, noise);
  if (attempts.error != SpanError::none || request.input_budget == 0) return attempts;
  const span_detail::SpanReader<TokenUnits> reader{units, noise.data, attempts.spans.threshold};
  group.exclusive_scan(
      num_rows, [&](std::int32_t u) { return span_detail::pack(reader.input_ids(u), reader.starts_run(u), 0); },
      [&](std::int32_t u, std::uint64_t prefix) {
        const bool is_kept = reader.is_kept(u);
        if (!is_kept && !reader.starts_run(u)) return;
        const std::int32_t slot = span_detail::unpack(prefix, 0);
        slots.input_mask[slot] = 0;
        slots.tensor[slot] = is_kept ? u : -1;
        slots.slot_origin[slot] = is_kept ? u : origin::sentinel(span_detail::unpack(prefix, 1) + 1);
      });
  return attempts;
}

}  // namespace maskscope
