// A group of std::threads with a std::barrier, for tests: the same collectives as a CUDA block, on a machine
// without a GPU, and under ThreadSanitizer, which sees a missing sync. Contract: kernels/group.h.
#pragma once

#include <algorithm>
#include <barrier>
#include <cstdint>
#include <thread>
#include <vector>

#include "kernels/team_collectives.h"

namespace maskscope {

// What the threads of one group share.
struct BarrierTeam {
  explicit BarrierTeam(std::int32_t size) : barrier(size), values(static_cast<std::size_t>(size)) {}

  std::barrier<> barrier;
  std::vector<std::uint64_t> values;  // one per thread, for the exchanges
};

// The primitives of TeamCollectives. Derived is BarrierGroup, or a group that does one of them wrong on purpose.
template <class Derived>
class BarrierPrimitives : public TeamCollectives<Derived> {
 public:
  BarrierPrimitives(BarrierTeam& team, std::int32_t rank) : team_(team), rank_(rank) {}

  std::int32_t rank() const { return rank_; }
  std::int32_t size() const { return static_cast<std::int32_t>(team_.values.size()); }
  void sync() { team_.barrier.arrive_and_wait(); }

  std::uint64_t scan_one(std::uint64_t value, std::uint64_t& total) {
    own_value() = value;
    sync();
    const std::uint64_t lower = sum_lower_values(total);
    sync();
    return lower;
  }

  std::uint64_t min_one(std::uint64_t value) {
    own_value() = value;
    sync();
    const std::uint64_t least = least_value();
    sync();
    return least;
  }

 protected:
  std::uint64_t& own_value() { return team_.values[static_cast<std::size_t>(rank_)]; }
  std::uint64_t sum_lower_values(std::uint64_t& total) const {
    std::uint64_t lower = 0;
    total = 0;
    for (std::size_t r = 0; r < team_.values.size(); ++r) {
      if (r < static_cast<std::size_t>(rank_)) lower += team_.values[r];
      total += team_.values[r];
    }
    return lower;
  }
  std::uint64_t least_value() const { return *std::min_element(team_.values.begin(), team_.values.end()); }

 private:
  BarrierTeam& team_;
  std::int32_t rank_;
};

class BarrierGroup : public BarrierPrimitives<BarrierGroup> {
 public:
  using BarrierPrimitives::BarrierPrimitives;
};

// body(group) in size threads at once, each with its own G for the one team.
template <class G = BarrierGroup, class Body>
void run_team(std::int32_t size, Body&& body) {
  BarrierTeam team(size);
  std::vector<std::jthread> threads;
  for (std::int32_t rank = 0; rank < size; ++rank) {
    threads.emplace_back([&team, &body, rank] {
      G group(team, rank);
      body(group);
    });
  }
}

}  // namespace maskscope
