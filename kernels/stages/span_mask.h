// Stage 2 for sequences of ids: T5-style span masking, input and target in one tensor. As sequence_mask and
// sequence_token_mask in fourm/data/masking.py, and as the sequences of TransferMasking.
#pragma once

#include <cstdint>

#include "core/masked_batch.h"
#include "core/scheme.h"
#include "core/view.h"
#include "kernels/group.h"
#include "kernels/philox_draws.h"
#include "kernels/stages/slot_arrays.h"
#include "kernels/stages/span_draws.h"

namespace maskscope {

struct SpanMaskRequest {
  std::uint32_t modality_id = 0;
  std::int32_t input_budget = 0;  // >= 0
  TokenBudget target_budget;
  std::int32_t target_slot = 0;  // where the target begins: the input budget, in transfer mode max_tokens
  KeepScheme keep = KeepScheme::random;
  double keep_probability_decay = 0.9;
  View<const std::int32_t> ids;  // as sequence_tokens (core/sample.h) makes them
  // Whether ids of sentinels that stand in the text count as sentinels when the target is cut. Not so for pre-tokenized ids:
  // the reference gets those as a tensor, whose elements are never found in a set of numbers.
  bool ids_can_be_sentinels = true;
  std::int32_t pad_id = 0;
  View<const std::int32_t> sentinel_ids;         // [S_k] at k; [S_0] is never used
  View<const std::int32_t> sorted_sentinel_ids;  // ascending
};

struct SpanMaskResult {
  SpanError error = SpanError::none;
  double keep_probability = 0.0;
  std::int32_t num_attempts = 0;
  std::int32_t uncut_target_tokens = 0;
  std::int32_t target_window_begin = 0;
};

// Which ids of the uncut target are written: begin .. end - 1.
struct TargetWindow {
  std::int32_t begin = 0;
  std::int32_t end = 0;
};

namespace span_detail {

MASKSCOPE_HD inline bool contains(View<const std::int32_t> sorted, std::int32_t id) {
  // Sentinels stand close together, and most ids are nowhere near.
  if (sorted.empty() || id < sorted[0] || id > sorted[sorted.size - 1]) return false;
  std::ptrdiff_t low = 0, high = sorted.size;
  while (low < high) {
    const std::ptrdiff_t middle = (low + high) / 2;
    if (sorted[middle] < id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < sorted.size && sorted[low] == id;
}

// The sentinels that unit u brings into the target.
template <class Units>
struct SentinelFinder {
  SpanReader<Units> reader;
  const SpanMaskRequest& request;

  MASKSCOPE_HD bool is_sentinel(std::int32_t token) const {
    return request.ids_can_be_sentinels && contains(request.sorted_sentinel_ids, request.ids[token]);
  }
  MASKSCOPE_HD std::int32_t count(std::int32_t u) const {
    if (reader.is_kept(u)) return 0;
    std::int32_t found = reader.starts_run(u);
    for (std::int32_t i = reader.units.begin(u); i < reader.units.end(u); ++i) found += is_sentinel(i);
    return found;
  }
  // Where among the unit's target ids sentinel number nth stands, nth below count(u).
  MASKSCOPE_HD std::int32_t place(std::int32_t u, std::int32_t nth) const {
    const std::int32_t first = reader.starts_run(u);
    if (nth < first) return 0;
    std::int32_t left = nth - first, i = reader.units.begin(u);
    for (;; ++i) {
      if (is_sentinel(i) && left-- == 0) return first + i - reader.units.begin(u);
    }
  }
};

}  // namespace span_detail

// Where a target that is longer than its budget is cut. It starts at a sentinel drawn at random (never the closing one
// if there is another) when the budget can be filled from there, else at the earliest sentinel from which the rest fits.
// positions: (units) scratch. cell: (1) scratch.
template <Group G, class Draws, class Units>
MASKSCOPE_HD TargetWindow cut_target(G& group, Draws& draws, const SpanMaskRequest& request, const Units& units,
                                     const SpanDraw& spans, View<const std::uint32_t> noise,
                                     View<std::int32_t> positions, View<std::int32_t> cell) {
  const span_detail::SpanReader<Units> reader{units, noise.data, spans.threshold};
  const span_detail::SentinelFinder<Units> sentinels{reader, request};
  const std::int32_t budget = request.target_budget.tokens;
  const std::int32_t length = spans.target_tokens();
  const auto num_open = static_cast<std::int32_t>(
      group.reduce_sum(units.count(), [&](std::int32_t u) { return static_cast<std::uint64_t>(sentinels.count(u)); }));
  const auto chosen = static_cast<std::int32_t>(draws.randint({DrawPurpose::target_window, request.modality_id, 0},
                                                              static_cast<std::uint32_t>(num_open > 0 ? num_open : 1)));
  // Only when nothing is masked is the closing sentinel, alone, the chosen one.
  group.once([&] { cell[0] = length - 1; });
  group.exclusive_scan(
      units.count(),
      [&](std::int32_t u) { return span_detail::pack(reader.target_ids(u), sentinels.count(u), 0); },
      [&](std::int32_t u, std::uint64_t prefix) {
        positions[u] = span_detail::unpack(prefix, 0);
        const std::int32_t skipped = chosen - span_detail::unpack(prefix, 1);
        if (skipped >= 0 && skipped < sentinels.count(u)) cell[0] = positions[u] + sentinels.place(u, skipped);
      });
  const std::int32_t begin = cell[0];

  if (length - begin >= budget) {
    // As a Python slice: a negative end counts from the back.
    const std::int32_t end = begin + budget;
    return {begin, end < 0 ? (end + length > begin ? end + length : begin) : (end > begin ? end : begin)};
  }
  const std::int32_t earliest = length - budget;
  const std::int32_t unit = group.find_first(units.count(), [&](std::int32_t u) {
    const std::int32_t count = sentinels.count(u);
    return count > 0 && positions[u] + sentinels.place(u, count - 1) >= earliest;
  });
  if (unit == units.count()) return {length - 1, length};
  std::int32_t nth = 0;
  while (positions[unit] + sentinels.place(unit, nth) < earliest) ++nth;
  return {positions[unit] + sentinels.place(unit, nth), length};
}

// Writes input ids from slot 0 and the window of the target from target_slot on, in slots that hold padding.
template <Group G, class Units>
MASKSCOPE_HD void write_spans(G& group, const SpanMaskRequest& request, const Units& units, const SpanDraw& spans,
                              TargetWindow window, View<const std::uint32_t> noise, const SlotArrays& slots) {
  const span_detail::SpanReader<Units> reader{units, noise.data, spans.threshold};
  const bool has_input = request.input_budget > 0;
  const auto num_slots = static_cast<std::int32_t>(slots.tensor.size);
  const auto write_input = [&](std::int32_t position, std::int32_t id, std::int32_t from) {
    if (!has_input) return;
    slots.tensor[position] = id;
    slots.slot_origin[position] = from;
    slots.input_mask[position] = 0;
  };
  const auto write_target = [&](std::int32_t position, std::int32_t id, std::int32_t from) {
    if (position < window.begin || position >= window.end) return;
    const std::int32_t slot = request.target_slot + position - window.begin;
    if (slot >= num_slots) return;  // a single id past the end: lost, as in the reference
    slots.tensor[slot] = id;
    slots.slot_origin[slot] = from;
    slots.target_mask[slot] = 0;
    slots.decoder_attention_mask[slot] = 1;
  };
  group.exclusive_scan(
      units.count(),
      [&](std::int32_t u) { return span_detail::pack(reader.input_ids(u), reader.target_ids(u), reader.starts_run(u)); },
      [&](std::int32_t u, std::uint64_t prefix) {
        std::int32_t input_position = span_detail::unpack(prefix, 0);
        std::int32_t target_position = span_detail::unpack(prefix, 1);
        const bool is_kept = reader.is_kept(u);
        if (reader.starts_run(u)) {
          const std::int32_t sentinel = span_detail::unpack(prefix, 2) + 1;
          write_input(input_position, request.sentinel_ids[sentinel], origin::sentinel(sentinel));
          write_target(target_position++, request.sentinel_ids[sentinel], origin::sentinel(sentinel));
        }
        for (std::int32_t i = units.begin(u); i < units.end(u); ++i) {
          if (is_kept) {
            write_input(input_position++, request.ids[i], i);
          } else {
            write_target(target_position++, request.ids[i], i);
          }
        }
      });
  group.once([&] {
    const std::int32_t closing = spans.num_runs + 1;
    write_target(spans.target_tokens() - 1, request.sentinel_ids[closing], origin::sentinel(closing));
  });
}

// slots: (2 * (max_tokens + 1)) each, all written. noise: scratch for units.count() draws, rounded up to a multiple of 4.
// positions: (units.count()) scratch; cell: (1) scratch.
template <Group G, class Draws, class Units>
MASKSCOPE_HD SpanMaskResult span_mask(G& group, Draws& draws, const SpanMaskRequest& request, const Units& units,
                                      const SlotArrays& slots, View<std::uint32_t> noise, View<std::int32_t> positions,
                                      View<std::int32_t> cell) {
  const auto num_slots = static_cast<std::int32_t>(slots.tensor.size);
  clear_slots(group, slots, request.pad_id);
  const Attempts attempts = draw_until_input_fits(
      group, draws,
      {request.modality_id, request.input_budget, request.keep, request.keep_probability_decay,
       static_cast<std::int32_t>(request.sentinel_ids.size)},
      units, noise);
  const SpanDraw& spans = attempts.spans;
  SpanMaskResult result{attempts.error, attempts.keep_probability, attempts.num_attempts, 0, 0};
  if (result.error != SpanError::none) return result;

  result.uncut_target_tokens = spans.target_tokens();
  TargetWindow window{0, spans.target_tokens()};
  if (request.target_budget.is_limited && spans.target_tokens() > request.target_budget.tokens) {
    window = cut_target(group, draws, request, units, spans, noise, positions, cell);
    result.target_window_begin = window.begin;
  }
  const std::int32_t window_tokens = window.end - window.begin;
  const bool is_lost = window_tokens == 1 && request.target_slot >= num_slots;
  const bool is_input_too_long = request.input_budget > 0 && spans.input_tokens() > num_slots;
  if (is_input_too_long ||
      (request.target_slot + std::int64_t{window_tokens} > num_slots && window_tokens > 0 && !is_lost)) {
    result.error = SpanError::target_does_not_fit;
    return result;
  }
  write_spans(group, request, units, spans, window, noise, slots);
  return result;
}

}  // namespace maskscope
