// The collectives of every group against plain loops: sizes 0, 1, the group's size and its neighbours, odd and large.
#include <cstdint>
#include <mutex>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include "kernels/group.h"
#include "kernels/serial_group.h"
#include "tests/catch.h"
#include "tests/kernels/barrier_group.h"
#include "tests/kernels/guarded_buffer.h"

namespace maskscope {
namespace {

static_assert(Group<SerialGroup>);
static_assert(Group<BarrierGroup>);

// What one pass over all collectives found; arrays are written by the group, numbers by its first thread.
struct Findings {
  explicit Findings(std::size_t n)
      : visits(n), prefixes(n), matches(n, -1), others(n, -1), ranks(n, -1), total(0), sum(0), num_matches(0), first(0), onces(0) {}
  GuardedBuffer<int> visits;
  GuardedBuffer<std::uint64_t> prefixes;
  GuardedBuffer<std::int32_t> matches, others, ranks;
  std::uint64_t total, sum;
  std::int32_t num_matches, first;
  int onces;
};

bool holds(std::uint32_t value) { return value % 3 == 0; }
// Limits of compact_if: sometimes reached, sometimes not, and none or more than none can be left.
std::int32_t most_matches(std::int32_t n) { return n % 2 == 0 ? n : n / 5; }
std::int32_t most_others(std::int32_t n) { return n % 4 < 2 ? n : n / 3 - 1; }

template <Group G>
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
      [&](std::int32_t r, std::int32_t i) { found.matches.data()[r] = i; }, most_others(n),
      [&](std::int32_t r, std::int32_t i) { found.others.data()[r] = i; });
  const std::int32_t first = group.find_first(n, [&](std::int32_t i) { return at(i) > 0xc00000u; });
  group.for_each_rank(view_of(values), num_ranked,
                      [&](std::int32_t j, std::int32_t r) { found.ranks.data()[j] = r; });
  group.once([&] {
    ++found.onces;
    found.sum = sum;
    found.total = total;
    found.num_matches = num_matches;
    found.first = first;
  });
}

void check(const std::vector<std::uint32_t>& values, std::int32_t num_ranked, Findings& found) {
  const std::size_t n = values.size();
  const auto size = static_cast<std::int32_t>(n);
  std::uint64_t prefix = 0;
  std::size_t num_matches = 0, num_others = 0, first = n;
  for (std::size_t i = 0; i < n; ++i) {
    const auto index = static_cast<std::int32_t>(i);
    REQUIRE(found.visits[i] == 1);
    REQUIRE(found.prefixes[i] == prefix);
    prefix += values[i];
    if (holds(values[i])) {
      REQUIRE(found.matches[num_matches] == (static_cast<std::int32_t>(num_matches) < most_matches(size) ? index : -1));
      ++num_matches;
    } else {
      REQUIRE(found.others[num_others] == (static_cast<std::int32_t>(num_others) < most_others(size) ? index : -1));
      ++num_others;
    }
    if (first == n && values[i] > 0xc00000u) first = i;
    std::int32_t rank = 0;
    for (std::size_t other = 0; other < n; ++other) {
      rank += std::pair(values[other], other) < std::pair(values[i], i);
    }
    REQUIRE(found.ranks[i] == (static_cast<std::int32_t>(i) < num_ranked ? rank : -1));
  }
  CHECK(found.sum == prefix);
  CHECK(found.total == prefix);
  CHECK(found.num_matches == static_cast<std::int32_t>(num_matches));
  CHECK(found.first == static_cast<std::int32_t>(first));
  CHECK(found.onces == 1);
  CHECK(found.visits.is_intact());
  CHECK(found.prefixes.is_intact());
  CHECK(found.matches.is_intact());
  CHECK(found.others.is_intact());
  CHECK(found.ranks.is_intact());
}

// Draws below 2^24; few_values makes many of them equal.
std::vector<std::uint32_t> make_values(std::size_t n, bool few_values) {
  std::mt19937 generator(static_cast<std::uint32_t>(n));
  std::vector<std::uint32_t> values(n);
  for (std::uint32_t& value : values) value = static_cast<std::uint32_t>(few_values ? (generator() % 5) << 21 : generator() >> 8);
  return values;
}

}  // namespace

TEST_CASE("a serial group keeps the contract of collectives") {
  for (const std::size_t n : {0, 1, 2, 3, 7, 8, 9, 40, 41, 97, 196, 255, 256, 257, 784, 5001}) {
    for (const bool few_values : {false, true}) {
      for (const std::size_t num_ranked : {std::size_t{0}, n / 5, n / 2, n}) {
        const auto values = make_values(n, few_values);
        Findings found(n);
        SerialGroup group;
        use_all_collectives(group, values, static_cast<std::int32_t>(num_ranked), found);
        INFO("n = " << n << ", ranked " << num_ranked);
        check(values, static_cast<std::int32_t>(num_ranked), found);
      }
    }
  }
}

TEST_CASE("a group of threads keeps the contract of collectives") {
  for (const std::int32_t size : {1, 2, 3, 7, 8}) {
    for (const std::int32_t n : {0, 1, size - 1, size, size + 1, 2 * size + 1, 61, 196}) {
      const auto values = make_values(static_cast<std::size_t>(n), n % 2 == 0);
      Findings found(values.size());
      run_team(size, [&](BarrierGroup& group) { use_all_collectives(group, values, n / 2, found); });
      INFO("size " << size << ", n = " << n);
      check(values, n / 2, found);
    }
  }
}

}  // namespace maskscope
