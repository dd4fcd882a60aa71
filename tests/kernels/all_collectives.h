// One pass over all collectives of a group, and what it found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "core/view.h"
#include "tests/kernels/guarded_buffer.h"

namespace maskscope {

// Arrays are written by the group, numbers by one of its threads.
struct Findings {
  explicit Findings(std::size_t n)
      : visits(n), prefixes(n), matches(n, -1), ranks(n, -1) {}
  bool operator==(const Findings&) const = default;

  GuardedBuffer<int> visits;
  GuardedBuffer<std::uint64_t> prefixes;
  GuardedBuffer<std::int32_t> matches, ranks;
  std::uint64_t total = 0, sum = 0;
  std::int32_t num_matches = 0, first = 0;
  int onces = 0;
};

inline bool holds(std::uint32_t value) { return value % 3 == 0; }
// The limit of compact_if: sometimes reached, sometimes not, and less than none can be wanted.
inline std::int32_t most_matches(std::int32_t n) { return n % 2 == 0 ? n : n / 5 - 1; }
// What for_each_rank skips when it ranks num_ranked of n draws: some in the middle, all that follow, or all that come before.
inline std::int32_t skip_begin(std::int32_t n, std::int32_t num_ranked) { return num_ranked * (n % 3) / 2; }
inline std::int32_t skip_end(std::int32_t n, std::int32_t num_ranked) { return skip_begin(n, num_ranked) + n - num_ranked; }

template <class G>
void use_all_collectives(G& group, const std::vector<std::uint32_t>& values, std::int32_t num_ranked, Findings& found) {
  const auto n = static_cast<std::int32_t>(values.size());
  const auto at = [&](std::int32_t i) { return values[static_cast<std::size_t>(i)]; };
  group.for_each_index(n, [&](std::int32_t i) { ++found.visits.data()[i]; });
  // Reads what other threads have just written: needs the order that the contract promises.
  const std::uint64_t sum = group.reduce_sum(n, [&](std::int32_t i) {
    return std::uint64_t{at(i)} * static_cast<std::uint64_t>(found.visits.data()[n - 1 - i]);
  });
  const std::uint64_t total = group.exclusive_scan(
      n, [&](std::int32_t i) { return std::uint64_t{at(i)}; },
      [&](std::int32_t i, std::uint64_t prefix) { found.prefixes.data()[i] = prefix; });
  const std::int32_t num_matches = group.compact_if(
      n, [&](std::int32_t i) { return holds(at(i)); }, most_matches(n),
      [&](std::int32_t r, std::int32_t i) { found.matches.data()[r] = i; });
  const std::int32_t first = group.find_first(n, [&](std::int32_t i) { return at(i) > 0xc00000u; });
  group.for_each_rank(view_of(values), skip_begin(n, num_ranked), skip_end(n, num_ranked),
                      [&](std::int32_t j, std::int32_t r) { found.ranks.data()[j] = r; });
  group.once([&] {
    ++found.onces;
    found.sum = sum;
    found.total = total;
    found.num_matches = num_matches;
    found.first = first;
  });
}

// Draws below 2^24; few_values makes many of them equal.
inline std::vector<std::uint32_t> make_values(std::size_t n, bool few_values) {
  std::mt19937 generator(static_cast<std::uint32_t>(n));
  std::vector<std::uint32_t> values(n);
  for (std::uint32_t& value : values) {
    value = static_cast<std::uint32_t>(few_values ? (generator() % 5) << 21 : generator() >> 8);
  }
  return values;
}

}  // namespace maskscope
