// Which tokens of a sequence are kept: T5-style span masking by token or by chunk, redrawn until the input fits its
// budget. As simple_span_masking and chunk_span_masking in fourm/data/masking.py, and the loops around them.
#pragma once

#include <cstdint>

#include "core/scheme.h"
#include "core/view.h"
#include "kernels/group.h"
#include "kernels/philox_draws.h"

namespace maskscope {

enum class SpanError : std::int32_t {
  none = 0,
  too_few_sentinels = 1,    // an attempt had as many masked runs as there are usable sentinels, or more
  target_does_not_fit = 2,  // input budget + target are longer than the tensor
};

// A unit is what one draw decides about: a token, or a chunk of tokens. Both classes answer the same questions.
struct TokenUnits {
  std::int32_t num_tokens = 0;

  MASKSCOPE_HD std::int32_t count() const { return num_tokens; }
  MASKSCOPE_HD std::int32_t begin(std::int32_t unit) const { return unit; }
  MASKSCOPE_HD std::int32_t end(std::int32_t unit) const { return unit + 1; }
  MASKSCOPE_HD static constexpr std::int32_t length(std::int32_t) { return 1; }
};

// Chunks may be empty. Example: ends 2 2 5 -> tokens 0 1, none, 2 3 4.
struct ChunkUnits {
  View<const std::int32_t> ends;

  MASKSCOPE_HD std::int32_t count() const { return static_cast<std::int32_t>(ends.size); }
  MASKSCOPE_HD std::int32_t begin(std::int32_t unit) const { return unit == 0 ? 0 : ends[unit - 1]; }
  MASKSCOPE_HD std::int32_t end(std::int32_t unit) const { return ends[unit]; }
  MASKSCOPE_HD std::int32_t length(std::int32_t unit) const { return end(unit) - begin(unit); }
};

// What one attempt came to. A unit is kept iff its draw k <= threshold.
struct SpanDraw {
  std::uint32_t threshold = 0;
  std::int32_t num_tokens = 0;
  std::int32_t num_kept = 0;  // tokens
  std::int32_t num_runs = 0;  // masked runs, one sentinel each

  MASKSCOPE_HD std::int32_t input_tokens() const { return num_kept + num_runs; }
  // Sentinels, masked tokens and the closing sentinel.
  MASKSCOPE_HD std::int32_t target_tokens() const { return num_runs + (num_tokens - num_kept) + 1; }
};

namespace span_detail {

// The largest k with float32(k / 2^24) <= float32(keep_probability); the scaling by 2^24 is exact.
MASKSCOPE_HD inline std::uint32_t keep_threshold(double keep_probability) {
  return static_cast<std::uint32_t>(static_cast<float>(keep_probability) * 16777216.0f);
}

// What unit u adds to input and target, given the attempt's draws.
template <class Units>
struct SpanReader {
  Units units;
  const std::uint32_t* noise;
  std::uint32_t threshold;

  MASKSCOPE_HD bool is_kept(std::int32_t u) const { return noise[u] <= threshold; }
  MASKSCOPE_HD bool starts_run(std::int32_t u) const { return !is_kept(u) && (u == 0 || is_kept(u - 1)); }
  MASKSCOPE_HD std::int32_t input_ids(std::int32_t u) const { return is_kept(u) ? units.length(u) : starts_run(u); }
  MASKSCOPE_HD std::int32_t target_ids(std::int32_t u) const { return is_kept(u) ? 0 : units.length(u) + starts_run(u); }
};

// Three counters in one u64, 21 bits each: a sequence has at most 2^18 tokens and chunks.
constexpr int counter_bits = 21;
MASKSCOPE_HD inline std::uint64_t pack(std::int32_t a, std::int32_t b, std::int32_t c) {
  return static_cast<std::uint64_t>(a) | static_cast<std::uint64_t>(b) << counter_bits |
         static_cast<std::uint64_t>(c) << 2 * counter_bits;
}
MASKSCOPE_HD inline std::int32_t unpack(std::uint64_t packed, int counter) {
  return static_cast<std::int32_t>(packed >> counter * counter_bits & ((std::uint64_t{1} << counter_bits) - 1));
}

}  // namespace span_detail

// One attempt: draws every unit and counts. noise: scratch for units.count() draws, rounded up to a multiple of 4.
template <Group G, class Draws, class Units>
MASKSCOPE_HD SpanDraw draw_spans(G& group, Draws& draws, DrawName name, double keep_probability, const Units& units,
                                 View<std::uint32_t> noise) {
  draws.rand24(group, name, units.count(), noise);
  SpanDraw spans;
  spans.threshold = span_detail::keep_threshold(keep_probability);
  spans.num_tokens = units.count() == 0 ? 0 : units.end(units.count() - 1);
  const std::uint32_t threshold = spans.threshold;
  const std::uint32_t* const draw = noise.data;
  if (units.count() == 0) return spans;
  // Every unit but the first, for which there is none before. One sum of both counters, without branches, so that a CPU's
  // loop becomes vector code.
  const std::uint64_t counts = group.reduce_sum(units.count() - 1, [draw, threshold, units](std::int32_t before) {
    const std::uint64_t is_kept = draw[before + 1] <= threshold, was_kept = draw[before] <= threshold;
    return is_kept * static_cast<std::uint64_t>(units.length(before + 1)) | (was_kept & (is_kept ^ 1)) << 32;
  });
  const bool is_first_kept = draw[0] <= threshold;
  spans.num_kept = static_cast<std::int32_t>(static_cast<std::uint32_t>(counts)) + (is_first_kept ? units.length(0) : 0);
  spans.num_runs = static_cast<std::int32_t>(counts >> 32) + !is_first_kept;
  return spans;
}

struct AttemptRequest {
  std::uint32_t modality_id = 0;
  std::int32_t input_budget = 0;  // >= 0; 0: the whole sequence is one masked run, and nothing is input
  KeepScheme keep = KeepScheme::random;
  double decay = 0.9;  // of the keep probability at every redraw
  std::int32_t num_sentinels = 0;
};

struct Attempts {
  SpanError error = SpanError::none;
  double keep_probability = 0.0;
  std::int32_t num_attempts = 0;
  SpanDraw spans;  // the accepted one
};

// Draws until the input fits its budget.
template <Group G, class Draws, class Units>
MASKSCOPE_HD Attempts draw_until_input_fits(G& group, Draws& draws, const AttemptRequest& request, const Units& units,
                                            View<std::uint32_t> noise) {
  Attempts result;
  const DrawName keep_name{DrawPurpose::keep_probability, request.modality_id, 0};
  if (request.input_budget > 0) {
    result.keep_probability = request.keep == KeepScheme::random   ? draws.uniform(keep_name)
                              : request.keep == KeepScheme::binary ? static_cast<double>(draws.choice(keep_name))
                                                                   : 1.0;
  }
  for (;; result.keep_probability *= request.decay) {
    const DrawName name{DrawPurpose::span, request.modality_id, static_cast<std::uint32_t>(result.num_attempts)};
    result.spans = draw_spans(group, draws, name, result.keep_probability, units, noise);
    ++result.num_attempts;
    // The closing sentinel is number num_runs + 1, and must exist.
    if (result.spans.num_runs + 2 > request.num_sentinels) {
      result.error = SpanError::too_few_sentinels;
      return result;
    }
    if (request.input_budget == 0 || result.spans.input_tokens() <= request.input_budget) return result;
  }
}

}  // namespace maskscope
