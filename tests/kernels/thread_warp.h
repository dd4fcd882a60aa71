// 32 std::threads that imitate a warp: the collectives that a GPU's warps use, on a machine without one, and under
// ThreadSanitizer.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <thread>
#include <vector>

#include "kernels/warp_collectives.h"
#include "tests/kernels/barrier_group.h"

namespace maskscope {

class ThreadWarp : public WarpCollectives<ThreadWarp> {
  // read(what every rank has put in), in all of them.
  template <class Read>
  auto exchange(std::uint64_t value, Read read) {
    team_.values[static_cast<std::size_t>(rank_)] = value;
    sync();
    const auto result = read(team_.values);
    sync();
    return result;
  }

 public:
  ThreadWarp(BarrierTeam& team, RankBuckets& buckets, std::int32_t rank) : team_(team), buckets_(buckets), rank_(rank) {}

  std::int32_t rank() const { return rank_; }
  void sync() { team_.barrier.arrive_and_wait(); }
  std::uint32_t ballot(bool holds) {
    return exchange(holds, [](const std::vector<std::uint64_t>& values) {
      std::uint32_t bits = 0;
      for (std::size_t r = 0; r < values.size(); ++r) bits |= static_cast<std::uint32_t>(values[r]) << r;
      return bits;
    });
  }
  std::uint64_t value_below(std::uint64_t value, std::int32_t distance) {
    return value_of(value, rank_ >= distance ? rank_ - distance : rank_);
  }
  std::uint64_t value_of(std::uint64_t value, std::int32_t rank) {
    return exchange(value, [rank](const std::vector<std::uint64_t>& values) { return values[static_cast<std::size_t>(rank)]; });
  }
  static std::uint32_t add(std::uint32_t& counter, std::uint32_t n) {
    return std::atomic_ref(counter).fetch_add(n, std::memory_order_relaxed);
  }
  static std::int32_t count_bits(std::uint32_t bits) { return std::popcount(bits); }
  RankBuckets& buckets() { return buckets_; }

 private:
  BarrierTeam& team_;
  RankBuckets& buckets_;
  std::int32_t rank_;
};

// body(warp) in 32 threads at once.
template <class Body>
void run_warp(Body&& body) {
  BarrierTeam team(ThreadWarp::size());
  RankBuckets buckets;
  std::vector<std::jthread> threads;
  for (std::int32_t rank = 0; rank < ThreadWarp::size(); ++rank) {
    threads.emplace_back([&, rank] {
      ThreadWarp warp(team, buckets, rank);
      body(warp);
    });
  }
}

}  // namespace maskscope
