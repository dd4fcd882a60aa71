// Stage 2 for text: T5-style span masking. As sequence_mask and simple_span_masking in fourm/data/masking.py.
#pragma once

#include <cstdint>

#include "core/masked_batch.h"
#include "core/scheme.h"
#include "core/view.h"
#include "kernels/group.h"
#include "kernels/philox_draws.h"
#include "kernels/stages/slot_arrays.h"

namespace maskscope {

enum class SpanError : std::int32_t {
  none = 0,
  too_few_sentinels = 1,    // an attempt had as many masked runs as there are usable sentinels, or more
  target_does_not_fit = 2,  // input budget + target are longer than the tensor
};

struct SpanMaskRequest {
  std::uint32_t modality_id = 0;
  std::int32_t input_budget = 0;  // >= 0
  TokenBudget target_budget;
  KeepScheme keep = KeepScheme::random;
  View<const std::int32_t> ids;  // with [EOS], truncated
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

// What one attempt came to. A token is kept iff its draw k <= threshold.
struct SpanDraw {
  std::uint32_t threshold = 0;
  std::int32_t num_tokens = 0;
  std::int32_t num_kept = 0;
  std::int32_t num_runs = 0;  // masked runs, one sentinel each

  MASKSCOPE_HD std::int32_t input_tokens() const { return num_kept + num_runs; }
  // Sentinels, masked tokens and the closing sentinel.
  MASKSCOPE_HD std::int32_t target_tokens() const { return num_runs + (num_tokens - num_kept) + 1; }
};

// Which ids of the uncut target are written: begin .. end - 1.
struct TargetWindow {
  std::int32_t begin = 0;
  std::int32_t end = 0;
};

namespace span_detail {

// The largest k with float32(k / 2^24) <= float32(keep_probability); the scaling by 2^24 is exact.
MASKSCOPE_HD inline std::uint32_t keep_threshold(double keep_probability) {
  return static_cast<std::uint32_t>(static_cast<float>(keep_probability) * 16777216.0f);
}

MASKSCOPE_HD inline bool contains(View<const std::int32_t> sorted, std::int32_t id) {
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

// What token i adds to input and target, given the attempt's draws.
struct SpanReader {
  View<const std::uint32_t> noise;
  std::uint32_t threshold;

  MASKSCOPE_HD bool is_kept(std::int32_t i) const { return noise[i] <= threshold; }
  MASKSCOPE_HD bool starts_run(std::int32_t i) const { return !is_kept(i) && (i == 0 || is_kept(i - 1)); }
  MASKSCOPE_HD std::int32_t target_ids(std::int32_t i) const { return is_kept(i) ? 0 : 1 + starts_run(i); }
};

// Three counters in one u64, 21 bits each: a modality has at most 65535 tokens.
constexpr int counter_bits = 21;
MASKSCOPE_HD inline std::uint64_t pack(std::int32_t a, std::int32_t b, std::int32_t c) {
  return static_cast<std::uint64_t>(a) | static_cast<std::uint64_t>(b) << counter_bits |
         static_cast<std::uint64_t>(c) << 2 * counter_bits;
}
MASKSCOPE_HD inline std::int32_t unpack(std::uint64_t packed, int counter) {
  return static_cast<std::int32_t>(packed >> counter * counter_bits & ((std::uint64_t{1} << counter_bits) - 1));
}

}  // namespace span_detail

// One attempt: draws every token and counts.
template <Group G, class Draws>
MASKSCOPE_HD SpanDraw draw_spans(G& group, Draws& draws, DrawName name, double keep_probability,
                                 std::int32_t num_tokens, View<std::uint32_t> noise) {
  draws.rand24(group, name, num_tokens, noise);
  SpanDraw spans;
  spans.threshold = span_detail::keep_threshold(keep_probability);
  spans.num_tokens = num_tokens;
  const std::uint32_t threshold = spans.threshold;
  const std::uint32_t* const draw = noise.data;
  const std::uint64_t counts = group.reduce_sum(num_tokens, [draw, threshold](std::int32_t i) {
    const std::uint64_t kept = draw[i] <= threshold;
    const std::uint64_t kept_before = i == 0 || draw[i - 1] <= threshold;
    return kept | (kept_before & (kept ^ 1)) << 32;
  });
  spans.num_kept = static_cast<std::int32_t>(static_cast<std::uint32_t>(counts));
  spans.num_runs = static_cast<std::int32_t>(counts >> 32);
  return spans;
}

// Where a target that is longer than its budget is cut. It starts at a sentinel drawn at random (never the closing one
// if there is another) when the budget can be filled from there, else at the earliest sentinel from which the rest fits.
// Ids of sentinels that stand in the text count as sentinels. positions: (num_tokens) scratch.
template <Group G, class Draws>
MASKSCOPE_HD TargetWindow cut_target(G& group, Draws& draws, const SpanMaskRequest& request, const SpanDraw& spans,
                                     View<const std::uint32_t> noise, View<std::int32_t> positions,
                                     View<std::int32_t> cell) {
  const span_detail::SpanReader reader{noise, spans.threshold};
  const std::int32_t budget = request.target_budget.tokens;
  const std::int32_t length = spans.target_tokens();
  const auto sentinels_at = [&](std::int32_t i) -> std::int32_t {
    if (reader.is_kept(i)) return 0;
    return reader.starts_run(i) + span_detail::contains(request.sorted_sentinel_ids, request.ids[i]);
  };
  const auto num_open = static_cast<std::int32_t>(group.reduce_sum(
      spans.num_tokens, [&](std::int32_t i) { return static_cast<std::uint64_t>(sentinels_at(i)); }));
  const auto chosen = static_cast<std::int32_t>(draws.randint({DrawPurpose::target_window, request.modality_id, 0},
                                                              static_cast<std::uint32_t>(num_open > 0 ? num_open : 1)));
  // Only when nothing is masked is the closing sentinel, alone, the chosen one.
  group.once([&] { cell[0] = length - 1; });
  group.exclusive_scan(
      spans.num_tokens,
      [&](std::int32_t i) { return span_detail::pack(reader.target_ids(i), sentinels_at(i), 0); },
      [&](std::int32_t i, std::uint64_t prefix) {
        positions[i] = span_detail::unpack(prefix, 0);
        const std::int32_t skipped = chosen - span_detail::unpack(prefix, 1);
        if (skipped >= 0 && skipped < sentinels_at(i)) cell[0] = positions[i] + skipped;
      });
  const std::int32_t begin = cell[0];

  if (length - begin >= budget) {
    // As a Python slice: a negative end counts from the back.
    const std::int32_t end = begin + budget;
    return {begin, end < 0 ? (end + length > begin ? end + length : begin) : (end > begin ? end : begin)};
  }
  const std::int32_t earliest = length - budget;
  const std::int32_t token = group.find_first(spans.num_tokens, [&](std::int32_t i) {
    const std::int32_t count = sentinels_at(i);
    return count > 0 && positions[i] + count - 1 >= earliest;
  });
  if (token == spans.num_tokens) return {length - 1, length};
  return {positions[token] >= earliest ? positions[token] : positions[token] + 1, length};
}

// Writes input ids from slot 0 and the window of the target from slot input_budget on, in slots that hold padding.
template <Group G>
MASKSCOPE_HD void write_spans(G& group, const SpanMaskRequest& request, const SpanDraw& spans, TargetWindow window,
                              View<const std::uint32_t> noise, const SlotArrays& slots) {
  const span_detail::SpanReader reader{noise, spans.threshold};
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
    const std::int32_t slot = request.input_budget + position - window.begin;
    if (slot >= num_slots) return;  // a single id past the end: lost, as in the reference
    slots.tensor[slot] = id;
    slots.slot_origin[slot] = from;
    slots.target_mask[slot] = 0;
    slots.decoder_attention_mask[slot] = 1;
  };
  group.exclusive_scan(
      spans.num_tokens,
      [&](std::int32_t i) {
        const bool is_kept = reader.is_kept(i), starts_run = reader.starts_run(i);
        return span_detail::pack(is_kept || starts_run, reader.target_ids(i), starts_run);
      },
      [&](std::int32_t i, std::uint64_t prefix) {
        const std::int32_t input_position = span_detail::unpack(prefix, 0);
        std::int32_t target_position = span_detail::unpack(prefix, 1);
        if (reader.is_kept(i)) {
          write_input(input_position, request.ids[i], i);
          return;
        }
        if (reader.starts_run(i)) {
          const std::int32_t sentinel = span_detail::unpack(prefix, 2) + 1;
          write_input(input_position, request.sentinel_ids[sentinel], origin::sentinel(sentinel));
          write_target(target_position++, request.sentinel_ids[sentinel], origin::sentinel(sentinel));
        }
        write_target(target_position, request.ids[i], i);
      });
  group.once([&] {
    const std::int32_t closing = spans.num_runs + 1;
    write_target(spans.target_tokens() - 1, request.sentinel_ids[closing], origin::sentinel(closing));
  });
}

// slots: (2 * (max_tokens + 1)) each, all written. noise: scratch for ids.size draws, rounded up to a multiple of 4.
// positions: (ids.size) scratch; cell: (1) scratch.
template <Group G, class Draws>
MASKSCOPE_HD SpanMaskResult span_mask(G& group, Draws& draws, const SpanMaskRequest& request, const SlotArrays& slots,
                                      View<std::uint32_t> noise, View<std::int32_t> positions,
                                      View<std::int32_t> cell) {
  const auto num_tokens = static_cast<std::int32_t>(request.ids.size);
  const auto num_slots = static_cast<std::int32_t>(slots.tensor.size);
  const auto num_sentinels = static_cast<std::int32_t>(request.sentinel_ids.size);
  clear_slots(group, slots, request.pad_id);

  SpanMaskResult result;
  const DrawName keep_name{DrawPurpose::keep_probability, request.modality_id, 0};
  // With an input budget of 0 the whole sequence is one masked run.
  if (request.input_budget > 0) {
    result.keep_probability = request.keep == KeepScheme::random   ? draws.uniform(keep_name)
                              : request.keep == KeepScheme::binary ? static_cast<double>(draws.choice(keep_name))
                                                                   : 1.0;
  }
  SpanDraw spans;
  for (;; result.keep_probability *= 0.9) {
    const DrawName span_name{DrawPurpose::span, request.modality_id, static_cast<std::uint32_t>(result.num_attempts)};
    spans = draw_spans(group, draws, span_name, result.keep_probability, num_tokens, noise);
    ++result.num_attempts;
    // The closing sentinel is number num_runs + 1, and must exist.
    if (spans.num_runs + 2 > num_sentinels) {
      result.error = SpanError::too_few_sentinels;
      return result;
    }
    if (request.input_budget == 0 || spans.input_tokens() <= request.input_budget) break;
  }

  result.uncut_target_tokens = spans.target_tokens();
  TargetWindow window{0, spans.target_tokens()};
  if (request.target_budget.is_limited && spans.target_tokens() > request.target_budget.tokens) {
    window = cut_target(group, draws, request, spans, noise, positions, cell);
    result.target_window_begin = window.begin;
  }
  const std::int32_t window_tokens = window.end - window.begin;
  const bool is_lost = window_tokens == 1 && request.input_budget >= num_slots;
  if (request.input_budget + std::int64_t{window_tokens} > num_slots && window_tokens > 0 && !is_lost) {
    result.error = SpanError::target_does_not_fit;
    return result;
  }
  write_spans(group, request, spans, window, noise, slots);
  return result;
}

}  // namespace maskscope
