// What cooperating threads may do: the contract between the stages and the machines they run on.
//
// A stage is a function template over a Group. All threads of the group call it with the same arguments, and all of
// them reach the same collectives in the same order (so conditions around a collective may depend only on values
// that are equal in all threads: arguments, results of collectives, group memory that no one is writing).
//
// Group memory is everything the threads share: the arguments' arrays and the scratch. It is written only inside
// the functions passed to collectives. Every collective orders group memory before and after: what any thread
// wrote before the call is seen by all threads in it, what is written in it is seen by all after it, and arrays
// may be reused on return. Within one collective call, element i may be worked on by any thread, in any order; the
// functions passed must not read what they write for another element.
//
//   rank()  0 .. size() - 1              size()  threads of the group
//   sync()  orders group memory; all threads
//   for_each_index(n, f)                 f(i) for i = 0 .. n - 1, each once
//   once(f)                              f() in one thread
//   fill(view, value)                    every element of the view := value
//   reduce_sum(n, value)                 sum of value(i), u64, the same in all threads; integers only: the order is free
//   find_first(n, holds)                 smallest i with holds(i), n when there is none
//   exclusive_scan(n, value, emit)       emit(i, value(0) + … + value(i - 1)), returns the total; several counters
//                                        can share one u64. Example: values 1 0 1 1 -> prefixes 0 1 1 2, total 3
//   compact_if(n, holds, most, on_match) on_match(r, i): i is the r-th index for which holds(i), r < most. Returns the
//                                        number of all matches, those from most on included
//   for_each_rank(noise, skip_begin, skip_end, emit)   noise: (n) u32 below 2^24. emit(j, r) for all j but skip_begin ..
//                                        skip_end - 1, where r is the place of noise[j] in ascending order; equal draws
//                                        in order of index. 0 <= skip_begin <= skip_end <= n.
//                                        Example: noise 9 2 5, skip 1 .. 1 -> emit(0, 2), emit(2, 1)
// n: std::int32_t, 0 is allowed everywhere.
//
// SerialGroup (serial_group.h) is one thread, with a tuned version of each; TeamCollectives (team_collectives.h) makes
// all of them from a few primitives, for a CUDA block (block_group.cuh) and for the tests' BarrierGroup; WarpCollectives
// (warp_collectives.h) has quicker ones for a CUDA warp (warp_group.cuh).
#pragma once

#include <concepts>
#include <cstdint>

#include "core/view.h"

namespace maskscope {

namespace group_detail {
struct Visit {
  MASKSCOPE_HD void operator()(std::int32_t) const {}
};
struct VisitPair {
  MASKSCOPE_HD void operator()(std::int32_t, std::int32_t) const {}
};
struct VisitPrefix {
  MASKSCOPE_HD void operator()(std::int32_t, std::uint64_t) const {}
};
struct Value {
  MASKSCOPE_HD std::uint64_t operator()(std::int32_t) const { return 0; }
};
struct Holds {
  MASKSCOPE_HD bool operator()(std::int32_t) const { return false; }
};
struct Once {
  MASKSCOPE_HD void operator()() const {}
};
}  // namespace group_detail

template <class G>
concept Group = requires(G& group, std::int32_t n, View<const std::uint32_t> noise, View<std::uint8_t> bytes) {
  { group.rank() } -> std::same_as<std::int32_t>;
  { group.size() } -> std::same_as<std::int32_t>;
  group.sync();
  group.for_each_index(n, group_detail::Visit{});
  group.once(group_detail::Once{});
  group.fill(bytes, std::uint8_t{1});
  { group.reduce_sum(n, group_detail::Value{}) } -> std::same_as<std::uint64_t>;
  { group.find_first(n, group_detail::Holds{}) } -> std::same_as<std::int32_t>;
  { group.exclusive_scan(n, group_detail::Value{}, group_detail::VisitPrefix{}) } -> std::same_as<std::uint64_t>;
  {
    group.compact_if(n, group_detail::Holds{}, n, group_detail::VisitPair{})
  } -> std::same_as<std::int32_t>;
  group.for_each_rank(noise, n, n, group_detail::VisitPair{});
};

}  // namespace maskscope
