// A group made of the threads of one CUDA block. Contract: kernels/group.h; collectives: team_collectives.h.
#pragma once

#include <cstdint>

#include <nv/target>

#include "core/host_device.h"
#include "kernels/team_collectives.h"

namespace maskscope {

// num_threads: threads of the block (one dimension), a multiple of 32, at most 1024.
// The stages are host and device functions, so the primitives must be callable from both; on the host they do nothing
// and are never called.
template <int num_threads>
class BlockGroup : public TeamCollectives<BlockGroup<num_threads>> {
 public:
  static constexpr int num_warps = num_threads / 32;
  static_assert(num_threads % 32 == 0 && num_warps >= 1 && num_warps <= 32);

  // In shared memory, one per block.
  struct Exchange {
    std::uint64_t of_warp[num_warps];
  };

  MASKSCOPE_HD explicit BlockGroup(Exchange& exchange) : exchange_(exchange) {}

  MASKSCOPE_HD std::int32_t rank() const {
    NV_IF_ELSE_TARGET(NV_IS_DEVICE, (return static_cast<std::int32_t>(threadIdx.x);), (return 0;))
  }
  MASKSCOPE_HD static constexpr std::int32_t size() { return num_threads; }
  MASKSCOPE_HD void sync() const { NV_IF_TARGET(NV_IS_DEVICE, (__syncthreads();)) }

  MASKSCOPE_HD std::uint64_t scan_one(std::uint64_t value, std::uint64_t& total) {
    NV_IF_TARGET(NV_IS_DEVICE, (
      std::uint64_t inclusive = value;
      for (int step = 1; step < 32; step *= 2) {
        const std::uint64_t lower = __shfl_up_sync(whole_warp, inclusive, step);
        if (lane() >= step) inclusive += lower;
      }
      if (lane() == 31) exchange_.of_warp[warp()] = inclusive;
      return add_lower_warps(total) + inclusive - value;))
    total = value;
    return 0;
  }

  MASKSCOPE_HD std::uint64_t sum_one(std::uint64_t value) {
    NV_IF_TARGET(NV_IS_DEVICE, (
      for (int step = 16; step > 0; step /= 2) value += __shfl_xor_sync(whole_warp, value, step);
      if (lane() == 0) exchange_.of_warp[warp()] = value;
      add_lower_warps(value);))
    return value;
  }

  MASKSCOPE_HD std::int32_t count_one(bool is_match, std::int32_t& total) {
    NV_IF_TARGET(NV_IS_DEVICE, (
      const std::uint32_t matches = __ballot_sync(whole_warp, is_match);
      if (lane() == 0) exchange_.of_warp[warp()] = static_cast<std::uint64_t>(__popc(matches));
      std::uint64_t of_block = 0;
      const auto before = static_cast<std::int32_t>(add_lower_warps(of_block));
      total = static_cast<std::int32_t>(of_block);
      return before + __popc(matches & ((1u << lane()) - 1));))
    total = is_match;
    return 0;
  }

  MASKSCOPE_HD std::int32_t first_one(bool is_match) {
    NV_IF_TARGET(NV_IS_DEVICE, (
      const std::uint32_t matches = __ballot_sync(whole_warp, is_match);
      if (lane() == 0) exchange_.of_warp[warp()] = matches;
      __syncthreads();
      std::int32_t first = num_threads;
      for (int w = num_warps - 1; w >= 0; --w) {
        const int in_warp = __ffs(static_cast<int>(exchange_.of_warp[w]));
        if (in_warp > 0) first = 32 * w + in_warp - 1;
      }
      __syncthreads();
      return first;))
    return is_match ? 0 : num_threads;
  }

 private:
  static constexpr std::uint32_t whole_warp = 0xffffffffu;

  MASKSCOPE_HD std::int32_t lane() const { return rank() % 32; }
  MASKSCOPE_HD std::int32_t warp() const { return rank() / 32; }

  // The sum of what the lower warps have put into the exchange; total := the sum of all warps'.
  MASKSCOPE_HD std::uint64_t add_lower_warps(std::uint64_t& total) {
    sync();
    std::uint64_t before = 0;
    total = 0;
    for (int w = 0; w < num_warps; ++w) {
      if (w < warp()) before += exchange_.of_warp[w];
      total += exchange_.of_warp[w];
    }
    sync();
    return before;
  }

  Exchange& exchange_;
};

}  // namespace maskscope
