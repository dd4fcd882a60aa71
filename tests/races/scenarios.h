// What the threads of a group do together so that a group's bug is a race. With a correct group none of them races:
// the tests run each with both. Where one bug would make threads wait for each other for ever, or write where they
// should not, the scenario is so that it cannot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/draw.h"
#include "kernels/philox_draws.h"
#include "kernels/stages/image_mask.h"
#include "kernels/stages/span_mask.h"
#include "tests/kernels/slot_storage.h"

namespace maskscope::scenario {

constexpr std::int32_t num_elements = 61;  // no multiple of a team's size

// A read that the compiler keeps.
inline void read(const std::int32_t& cell) {
  const volatile std::int32_t kept = cell;
  static_cast<void>(kept);
}

struct Cells {
  std::vector<std::int32_t> cells = std::vector<std::int32_t>(num_elements);
  std::int32_t& operator[](std::int32_t i) { return cells[static_cast<std::size_t>(i)]; }
};

// A read after for_each_index: only its closing sync stands between the write and the read.
struct FillThenRead : Cells {
  template <class G>
  void operator()(G& group) {
    group.for_each_index(num_elements, [&](std::int32_t i) { (*this)[i] = i; });
    read((*this)[(group.rank() + 1) % group.size()]);  // thread r writes elements r, r + size, …
  }
};

// A read before for_each_index: only its opening sync stands between the read and the second write.
struct FillReadFill : Cells {
  template <class G>
  void operator()(G& group) {
    group.for_each_index(num_elements, [&](std::int32_t i) { (*this)[i] = i; });
    read((*this)[(group.rank() + 1) % group.size()]);
    group.for_each_index(num_elements, [&](std::int32_t i) { (*this)[i] = -i; });
  }
};

// The real stage: noise is drawn into memory, then ranked. Between the two are the closing sync of the one and the
// opening sync of the other, so both must be missing.
struct ImageMask {
  // One slot more than is used: a wrong rank must not do more harm than that.
  SlotStorage slots{num_elements + 1};
  std::vector<std::uint32_t> noise = std::vector<std::uint32_t>(num_elements + 3);

  template <class G>
  void operator()(G& group) {
    run(group, PhiloxDraws(SampleDraws{7, 0}));
  }
  template <class G, class Draws>
  void run(G& group, const Draws& draws) {
    SlotArrays used = slots.arrays();
    used.input_mask.size = num_elements;
    image_mask(group, draws, {1, 20, {true, 20}}, used, view_of(noise));
  }
};

// Only the closing sync of once stands between the write of thread 0 and the reads of the others.
struct OnceThenRead : Cells {
  template <class G>
  void operator()(G& group) {
    group.once([&] { (*this)[0] = 1; });
    read((*this)[0]);
  }
};

// Only the opening sync of the second once stands between the reads and its write.
struct OnceReadOnce : Cells {
  template <class G>
  void operator()(G& group) {
    group.once([&] { (*this)[0] = 1; });
    read((*this)[0]);
    group.once([&] { (*this)[0] = 2; });
  }
};

// The real stage: the scan finds where the target begins, and all threads read it right after. The two tokens are
// masked and fit one round of every team: later rounds would order the write. (A target of one id begins anywhere,
// so a wrong beginning sends no thread another way.)
struct CutTarget {
  std::vector<std::int32_t> ids{5000, 5001}, sentinel_ids{10, 11, 12, 13}, positions = std::vector<std::int32_t>(2);
  std::vector<std::int32_t> cell = std::vector<std::int32_t>(1);
  std::vector<std::uint32_t> noise{5, 6, 7, 8};

  template <class G>
  void operator()(G& group) {
    SpanMaskRequest request;
    request.input_budget = 1;
    request.target_budget = {true, 1};
    request.ids = view_of(ids);
    request.sentinel_ids = request.sorted_sentinel_ids = view_of(sentinel_ids);
    const SpanDraw spans{.threshold = 0, .num_tokens = 2, .num_kept = 0, .num_runs = 1};
    const PhiloxDraws draws(SampleDraws{7, 0});
    cut_target(group, draws, request, TokenUnits{2}, spans, view_of(noise), view_of(positions), view_of(cell));
  }
};

// The last element is a match, so its place is written in the last round, after the last exchange: only the closing
// sync stands between that and the read.
struct CompactThenRead : Cells {
  template <class G>
  void operator()(G& group) {
    const std::int32_t num_matches = group.compact_if(
        num_elements, [](std::int32_t i) { return i % 2 == 0; }, num_elements,
        [&](std::int32_t r, std::int32_t i) { (*this)[r] = i; });
    read((*this)[num_matches - 1]);
  }
};

// More elements than threads: exchanges follow each other within one scan, with no sync of the collective between.
// (From one reduce_sum to the next, say, the opening sync would hide the bug.)
struct Scan : Cells {
  template <class G>
  void operator()(G& group) {
    group.exclusive_scan(
        num_elements, [](std::int32_t i) { return static_cast<std::uint64_t>(i); },
        [&](std::int32_t i, std::uint64_t prefix) { (*this)[i] = static_cast<std::int32_t>(prefix); });
  }
};

// Exchanges that follow each other, as within one find_first. (There a wrong minimum would end the search for some of
// the threads only, and the others would wait for ever.)
struct FindMinima : Cells {
  template <class G>
  void operator()(G& group) {
    for (std::int32_t i = group.rank(); i < group.size() * 8; i += group.size()) {
      (*this)[group.rank()] = static_cast<std::int32_t>(group.min_one(static_cast<std::uint64_t>(i)));
    }
  }
};

// An element that two threads visit is written twice.
struct CountVisits : Cells {
  template <class G>
  void operator()(G& group) {
    group.for_each_index(num_elements, [&](std::int32_t i) { ++(*this)[i]; });
  }
};

}  // namespace maskscope::scenario
