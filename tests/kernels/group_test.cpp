// The collectives of every group against plain loops: sizes 0, 1, the group's size and its neighbours, odd and large.
#include <cstdint>
#include <utility>
#include <vector>

#include "kernels/group.h"
#include "kernels/serial_group.h"
#include "tests/catch.h"
#include "tests/kernels/all_collectives.h"
#include "tests/kernels/barrier_group.h"
#include "tests/kernels/thread_warp.h"

namespace maskscope {
namespace {

static_assert(Group<SerialGroup>);
static_assert(Group<BarrierGroup>);
static_assert(Group<ThreadWarp>);

void check(const std::vector<std::uint32_t>& values, std::int32_t num_ranked, Findings& found) {
  const std::size_t n = values.size();
  const auto size = static_cast<std::int32_t>(n);
  std::uint64_t prefix = 0;
  std::size_t num_matches = 0, first = n;
  for (std::size_t i = 0; i < n; ++i) {
    const auto index = static_cast<std::int32_t>(i);
    REQUIRE(found.visits[i] == 1);
    REQUIRE(found.prefixes[i] == prefix);
    prefix += values[i];
    if (holds(values[i])) {
      REQUIRE(found.matches[num_matches] == (static_cast<std::int32_t>(num_matches) < most_matches(size) ? index : -1));
      ++num_matches;
    }
    if (first == n && values[i] > 0xc00000u) first = i;
    std::int32_t rank = 0;
    for (std::size_t other = 0; other < n; ++other) {
      rank += std::pair(values[other], other) < std::pair(values[i], i);
    }
    const bool is_ranked = index < skip_begin(size, num_ranked) || index >= skip_end(size, num_ranked);
    REQUIRE(found.ranks[i] == (is_ranked ? rank : -1));
  }
  CHECK(found.sum == prefix);
  CHECK(found.total == prefix);
  CHECK(found.num_matches == static_cast<std::int32_t>(num_matches));
  CHECK(found.first == static_cast<std::int32_t>(first));
  CHECK(found.onces == 1);
  CHECK(found.visits.is_intact());
  CHECK(found.prefixes.is_intact());
  CHECK(found.matches.is_intact());
  CHECK(found.ranks.is_intact());
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
    const auto threads = static_cast<std::size_t>(size);
    for (const std::size_t n : {std::size_t{0}, std::size_t{1}, threads - 1, threads, threads + 1, 2 * threads + 1, 8 * threads, 8 * threads + 1, std::size_t{61},
                                std::size_t{196}}) {
      const auto values = make_values(n, n % 2 == 0);
      const auto num_ranked = static_cast<std::int32_t>(n / 2);
      Findings found(n);
      run_team(size, [&](BarrierGroup& group) { use_all_collectives(group, values, num_ranked, found); });
      INFO("size " << size << ", n = " << n);
      check(values, num_ranked, found);
    }
  }
}

TEST_CASE("a warp keeps the contract of collectives") {
  for (const std::size_t n : {0, 1, 31, 32, 33, 97, 196, 255, 256, 257, 300}) {
    for (const bool few_values : {false, true}) {
      for (const std::size_t num_ranked : {n / 5, n}) {
        const auto values = make_values(n, few_values);
        Findings found(n);
        run_warp([&](ThreadWarp& warp) { use_all_collectives(warp, values, static_cast<std::int32_t>(num_ranked), found); });
        INFO("n = " << n << ", ranked " << num_ranked);
        check(values, static_cast<std::int32_t>(num_ranked), found);
      }
    }
  }
}

}  // namespace maskscope
