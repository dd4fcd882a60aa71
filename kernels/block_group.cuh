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
      const int lane = static_cast<int>(threadIdx.x) % 32; const int warp = static_cast<int>(threadIdx.x) / 32;
      std::uint64_t inclusive = value;
      for (int step = 1; step < 32; step *= 2) {
        const std::uint64_t lower = __shfl_up_sync(0xffffffffu, inclusive, step);
        if (lane >= step) inclusive += lower;
      }
      if (lane == 31) exchange_.of_warp[warp] = inclusive;
      __syncthreads();
      std::uint64_t before = 0;
      total = 0;
      for (int w = 0; w < num_warps; ++w) {
        if (w < warp) before += exchange_.of_warp[w];
        total += exchange_.of_warp[w];
      }
      __syncthreads();
      return before + inclusive - value;))
    total = value;
    return 0;
  }

  MASKSCOPE_HD std::uint64_t min_one(std::uint64_t value) {
    NV_IF_TARGET(NV_IS_DEVICE, (
      std::uint64_t least = value;
      for (int step = 16; step > 0; step /= 2) {
        const std::uint64_t other = __shfl_xor_sync(0xffffffffu, least, step);
        if (other < least) least = other;
      }
      if (threadIdx.x % 32 == 0) exchange_.of_warp[threadIdx.x / 32] = least;
      __syncthreads();
      for (int w = 0; w < num_warps; ++w) {
        if (exchange_.of_warp[w] < least) least = exchange_.of_warp[w];
      }
      __syncthreads();
      return least;))
    return value;
  }

 private:
  Exchange& exchange_;
};

}  // namespace maskscope
