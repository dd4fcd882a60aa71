// Stages with one deliberate bug each, for a correct group, and beside each the stage as it should be.
#pragma once

#include <cstdint>
#include <vector>

#include "core/draw.h"
#include "kernels/group.h"
#include "kernels/philox_draws.h"
#include "tests/races/scenarios.h"

namespace maskscope::broken {

// Stores a result outside the functions passed to collectives: every thread writes the cell. That all write the same
// makes it no less a race.
struct TotalByEveryThread : scenario::Cells {
  template <Group G>
  void operator()(G& group) {
    const std::uint64_t total =
        group.reduce_sum(scenario::num_elements, [](std::int32_t i) { return std::uint64_t{i % 2 == 0}; });
    (*this)[0] = static_cast<std::int32_t>(total);
  }
};

// The function passed reads what it writes for another element, and that may be another thread's.
struct ShiftInPlace : scenario::Cells {
  template <Group G>
  void operator()(G& group) {
    group.for_each_index(scenario::num_elements - 1, [&](std::int32_t i) { (*this)[i] = (*this)[i + 1]; });
  }
};

// A flag by which threads tell each other, within a collective, that the rest need not be looked at.
struct SharedFlag : scenario::Cells {
  template <Group G>
  void operator()(G& group) {
    std::int32_t& is_found = (*this)[0];
    group.once([&] { is_found = 0; });
    group.for_each_index(scenario::num_elements, [&](std::int32_t i) {
      if (is_found == 0 && i % 2 == 0) is_found = 1;
    });
  }
};

// Blocks of five words where Philox has four: each block's last is the next one's first.
class OverlappingDraws : public PhiloxDraws {
 public:
  explicit OverlappingDraws(SampleDraws draws) : PhiloxDraws(draws), draws_(draws) {}

  template <Group G>
  void rand24(G& group, DrawName name, std::int32_t n, View<std::uint32_t> out) const {
    group.for_each_index((n + 3) / 4, [&](std::int32_t b) {
      const PhiloxBlock block = draws_.block(name, static_cast<std::uint32_t>(b));
      for (int w = 0; w < 5 && 4 * b + w < out.size; ++w) out[4 * b + w] = block.word[w % 4] >> 8;
    });
  }

 private:
  SampleDraws draws_;
};

struct ImageMaskOverlapping : scenario::ImageMask {
  template <Group G>
  void operator()(G& group) {
    run(group, OverlappingDraws(SampleDraws{7, 0}));
  }
};

}  // namespace maskscope::broken

namespace maskscope::mended {

struct TotalByEveryThread : scenario::Cells {
  template <Group G>
  void operator()(G& group) {
    const std::uint64_t total =
        group.reduce_sum(scenario::num_elements, [](std::int32_t i) { return std::uint64_t{i % 2 == 0}; });
    group.once([&] { (*this)[0] = static_cast<std::int32_t>(total); });
  }
};

struct ShiftInPlace : scenario::Cells {
  Cells shifted;
  template <Group G>
  void operator()(G& group) {
    group.for_each_index(scenario::num_elements - 1, [&](std::int32_t i) { shifted[i] = (*this)[i + 1]; });
    group.for_each_index(scenario::num_elements - 1, [&](std::int32_t i) { (*this)[i] = shifted[i]; });
  }
};

struct SharedFlag : scenario::Cells {
  template <Group G>
  void operator()(G& group) {
    const std::int32_t first = group.find_first(scenario::num_elements, [](std::int32_t i) { return i % 2 == 0; });
    group.once([&] { (*this)[0] = first < scenario::num_elements; });
  }
};

}  // namespace maskscope::mended
