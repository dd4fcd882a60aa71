// A group made of the 32 threads of one warp. Contract: kernels/group.h; collectives: team_collectives.h.
// Warps need no block-wide barrier: each masks its own sample, and the multiprocessor switches to another one while it
// waits for memory.
#pragma once

#include <cstdint>

#include <nv/target>

#include "core/host_device.h"
#include "core/view.h"
#include "kernels/team_collectives.h"

namespace maskscope {

// Blocks have one dimension, a multiple of 32 threads. Callable from the host for the reason that BlockGroup gives.
class WarpGroup : public TeamCollectives<WarpGroup> {
 public:
  MASKSCOPE_HD std::int32_t rank() const {
    NV_IF_ELSE_TARGET(NV_IS_DEVICE, (return static_cast<std::int32_t>(threadIdx.x % 32);), (return 0;))
  }
  MASKSCOPE_HD static constexpr std::int32_t size() { return 32; }
  MASKSCOPE_HD void sync() const { NV_IF_TARGET(NV_IS_DEVICE, (__syncwarp();)) }

  MASKSCOPE_HD std::uint64_t scan_one(std::uint64_t value, std::uint64_t& total) const {
    NV_IF_TARGET(NV_IS_DEVICE, (
      std::uint64_t inclusive = value;
      for (int step = 1; step < 32; step *= 2) {
        const std::uint64_t lower = __shfl_up_sync(whole_warp, inclusive, step);
        if (rank() >= step) inclusive += lower;
      }
      total = __shfl_sync(whole_warp, inclusive, 31);
      __syncwarp();
      return inclusive - value;))
    total = value;
    return 0;
  }

  MASKSCOPE_HD std::uint64_t sum_one(std::uint64_t value) const {
    NV_IF_TARGET(NV_IS_DEVICE, (
      for (int step = 16; step > 0; step /= 2) value += __shfl_xor_sync(whole_warp, value, step);
      __syncwarp();))
    return value;
  }

  MASKSCOPE_HD std::int32_t count_one(bool is_match, std::int32_t& total) const {
    NV_IF_TARGET(NV_IS_DEVICE, (
      const std::uint32_t matches = __ballot_sync(whole_warp, is_match);
      total = __popc(matches);
      __syncwarp();
      return __popc(matches & ((1u << rank()) - 1));))
    total = is_match;
    return 0;
  }

  MASKSCOPE_HD std::int32_t first_one(bool is_match) const {
    NV_IF_TARGET(NV_IS_DEVICE, (
      const std::uint32_t matches = __ballot_sync(whole_warp, is_match);
      __syncwarp();
      return matches ? __ffs(static_cast<int>(matches)) - 1 : 32;))
    return is_match ? 0 : 32;
  }

  template <class Emit>
  MASKSCOPE_HD void for_each_rank(View<const std::uint32_t> noise, std::int32_t skip_begin, std::int32_t skip_end,
                                  Emit&& emit) const {
    sync();
    rank_range(noise, 0, skip_begin, emit);
    rank_range(noise, skip_end, static_cast<std::int32_t>(noise.size), emit);
    sync();
  }

 private:
  static constexpr std::uint32_t whole_warp = 0xffffffffu;

  // The ranks of draws first .. last - 1. As in TeamCollectives, four draws at a load. All lanes look at the same draw at a
  // time, and whether an equal one comes before is a question of the index only within the 32 draws that the warp itself
  // ranks.
  template <class Emit>
  MASKSCOPE_HD void rank_range(View<const std::uint32_t> noise, std::int32_t first, std::int32_t last, Emit&& emit) const {
    const auto n = static_cast<std::int32_t>(noise.size);
    MASKSCOPE_ROLLED
    for (std::int32_t begin = first / 4 * 4; begin < last; begin += size()) {
      const std::int32_t j = begin + rank();
      const std::uint32_t own = noise.data[j < n ? j : 0];
      const std::int32_t end = begin + size() < n ? begin + size() : n;
      std::int32_t below = 0;
      count_below(noise, 0, begin, own + 1, below);
      for (std::int32_t i = begin; i < end; ++i) below += noise.data[i] < own + (i < j);
      count_below(noise, end, n, own, below);
      if (j >= first && j < last) emit(j, below);
    }
  }

  // below += draws begin .. end - 1 that are below limit; begin a multiple of 4, or end.
  MASKSCOPE_HD static void count_below(View<const std::uint32_t> noise, std::int32_t begin, std::int32_t end,
                                       std::uint32_t limit, std::int32_t& below) {
    std::int32_t i = begin;
    for (; i + 4 <= end; i += 4) {
      const Four four = *reinterpret_cast<const Four*>(noise.data + i);
      below += (four.draw[0] < limit) + (four.draw[1] < limit) + (four.draw[2] < limit) + (four.draw[3] < limit);
    }
    for (; i < end; ++i) below += noise.data[i] < limit;
  }
  struct alignas(16) Four {
    std::uint32_t draw[4];
  };
};

}  // namespace maskscope
