// All collectives of kernels/group.h from the primitives that a team of threads has. Derived must offer
//   rank(), size(), sync()
//   scan_one(value, total)  the sum of the values of all lower ranks; total := the sum over all ranks
//   min_one(value)          the smallest value, in all threads
// or quicker versions of what is made of these:
//   sum_one(value)                the sum over all ranks, in all threads
//   count_one(is_match, total)    scan_one of 0 and 1
//   first_one(is_match)           the lowest rank with a match, size() when there is none, in all threads
// Each of them ends with a sync, so that its scratch can be used again at once.
#pragma once

#include <cstdint>

#include "core/view.h"

namespace maskscope {

template <class Derived>
class TeamCollectives {
 public:
  template <class Function>
  MASKSCOPE_HD void for_each_index(std::int32_t n, Function&& function) {
    team().sync();
    MASKSCOPE_ROLLED
    for (std::int32_t i = team().rank(); i < n; i += team().size()) function(i);
    team().sync();
  }

  template <class Function>
  MASKSCOPE_HD void once(Function&& function) {
    team().sync();
    if (team().rank() == 0) function();
    team().sync();
  }

  template <class T>
  MASKSCOPE_HD void fill(View<T> view, T value) {
    T* const data = view.data;
    for_each_index(static_cast<std::int32_t>(view.size), [data, value](std::int32_t i) { data[i] = value; });
  }

  template <class Value>
  MASKSCOPE_HD std::uint64_t reduce_sum(std::int32_t n, Value&& value) {
    team().sync();
    std::uint64_t own = 0;
    MASKSCOPE_ROLLED
    for (std::int32_t i = team().rank(); i < n; i += team().size()) own += value(i);
    return team().sum_one(own);
  }

  template <class Holds>
  MASKSCOPE_HD std::int32_t find_first(std::int32_t n, Holds&& holds) {
    team().sync();
    MASKSCOPE_ROLLED
    for (std::int32_t begin = 0; begin < n; begin += team().size()) {
      const std::int32_t i = begin + team().rank();
      const std::int32_t first = team().first_one(i < n && holds(i));
      if (first < team().size()) return begin + first;
    }
    return n;
  }

  template <class Value, class Emit>
  MASKSCOPE_HD std::uint64_t exclusive_scan(std::int32_t n, Value&& value, Emit&& emit) {
    team().sync();
    std::uint64_t before = 0;
    MASKSCOPE_ROLLED
    for (std::int32_t begin = 0; begin < n; begin += team().size()) {
      const std::int32_t i = begin + team().rank();
      std::uint64_t total = 0;
      const std::uint64_t prefix = team().scan_one(i < n ? value(i) : 0, total);
      if (i < n) emit(i, before + prefix);
      before += total;
    }
    team().sync();
    return before;
  }

  template <class Holds, class OnMatch>
  MASKSCOPE_HD std::int32_t compact_if(std::int32_t n, Holds&& holds, std::int32_t most, OnMatch&& on_match) {
    team().sync();
    // Each thread looks at its next elements before any of them is counted, so that it waits for memory once, not once
    // for each.
    constexpr std::int32_t ahead = 8;
    std::int32_t before = 0;
    MASKSCOPE_ROLLED
    for (std::int32_t begin = 0; begin < n; begin += ahead * team().size()) {
      std::uint32_t own_matches = 0;
      for (std::int32_t k = 0; k < ahead; ++k) {
        const std::int32_t i = begin + k * team().size() + team().rank();
        if (i < n && holds(i)) own_matches |= 1u << k;
      }
      MASKSCOPE_ROLLED
      for (std::int32_t k = 0; k < ahead && begin + k * team().size() < n; ++k) {
        const bool is_match = (own_matches >> k & 1) != 0;
        std::int32_t total = 0;
        const std::int32_t prefix = team().count_one(is_match, total);
        if (is_match && before + prefix < most) on_match(before + prefix, begin + k * team().size() + team().rank());
        before += total;
      }
    }
    team().sync();
    return before;
  }

  // Every thread counts: no memory is needed, and 196 draws are few for a block. Ranks * n / size() steps.
  template <class Emit>
  MASKSCOPE_HD void for_each_rank(View<const std::uint32_t> noise, std::int32_t skip_begin, std::int32_t skip_end,
                                  Emit&& emit) {
    const auto n = static_cast<std::int32_t>(noise.size);
    const std::int32_t num_skipped = skip_end - skip_begin;
    for_each_index(n - num_skipped, [&](std::int32_t number) {
      const std::int32_t j = number < skip_begin ? number : number + num_skipped;
      const std::uint32_t own = noise[j];
      std::int32_t below = 0;
      // An equal draw comes before when its index does.
      for (std::int32_t i = 0; i < j; ++i) below += noise[i] <= own;
      for (std::int32_t i = j + 1; i < n; ++i) below += noise[i] < own;
      emit(j, below);
    });
  }

  MASKSCOPE_HD std::uint64_t sum_one(std::uint64_t value) {
    std::uint64_t total = 0;
    team().scan_one(value, total);
    return total;
  }
  MASKSCOPE_HD std::int32_t count_one(bool is_match, std::int32_t& total) {
    std::uint64_t matches = 0;
    const std::uint64_t lower = team().scan_one(is_match, matches);
    total = static_cast<std::int32_t>(matches);
    return static_cast<std::int32_t>(lower);
  }
  MASKSCOPE_HD std::int32_t first_one(bool is_match) {
    const std::int32_t own = is_match ? team().rank() : team().size();
    return static_cast<std::int32_t>(team().min_one(static_cast<std::uint64_t>(own)));
  }

 private:
  MASKSCOPE_HD Derived& team() { return static_cast<Derived&>(*this); }
};

}  // namespace maskscope
