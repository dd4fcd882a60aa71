// A group of std::threads with a std::barrier, for tests: the same collectives as a CUDA block, on a machine
// without a GPU, and under ThreadSanitizer, which sees a missing sync. Contract: kernels/group.h.
#pragma once

#include <barrier>
#include <cstdint>
#include <thread>
#include <vector>

#include "kernels/team_collectives.h"

namespace maskscope {

// What the threads of one group share.
class BarrierTeam {
 public:
  explicit BarrierTeam(std::int32_t size) : barrier_(size), values_(static_cast<std::size_t>(size)) {}

 private:
  friend class BarrierGroup;
  std::barrier<> barrier_;
  std::vector<std::uint64_t> values_;
};

class BarrierGroup : public TeamCollectives<BarrierGroup> {
 public:
  BarrierGroup(BarrierTeam& team, std::int32_t rank) : team_(team), rank_(rank) {}

  std::int32_t rank() const { return rank_; }
  std::int32_t size() const { return static_cast<std::int32_t>(team_.values_.size()); }
  void sync() { team_.barrier_.arrive_and_wait(); }

  std::uint64_t scan_one(std::uint64_t value, std::uint64_t& total) {
    team_.values_[static_cast<std::size_t>(rank_)] = value;
    sync();
    std::uint64_t lower = 0;
    total = 0;
    for (std::size_t r = 0; r < team_.values_.size(); ++r) {
      if (r < static_cast<std::size_t>(rank_)) lower += team_.values_[r];
      total += team_.values_[r];
    }
    sync();
    return lower;
  }

 private:
  BarrierTeam& team_;
  std::int32_t rank_;
};

// body(group) in size threads at once.
template <class Body>
void run_team(std::int32_t size, Body&& body) {
  BarrierTeam team(size);
  std::vector<std::jthread> threads;
  for (std::int32_t rank = 0; rank < size; ++rank) {
    threads.emplace_back([&team, &body, rank] {
      BarrierGroup group(team, rank);
      body(group);
    });
  }
}

}  // namespace maskscope
