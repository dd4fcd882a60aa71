// A group made of the 32 threads of one warp. Contract: kernels/group.h; collectives: warp_collectives.h.
// Warps need no block-wide barrier: each has work of its own, and the multiprocessor switches to another one while it
// waits for memory.
#pragma once

#include <cstdint>

#include <nv/target>

#include "core/host_device.h"
#include "kernels/warp_collectives.h"

namespace maskscope {

// Blocks have one dimension, a multiple of 32 threads. Callable from the host for the reason that BlockGroup gives.
class WarpGroup : public WarpCollectives<WarpGroup> {
 public:
  // buckets: in shared memory, one per warp.
  MASKSCOPE_HD explicit WarpGroup(RankBuckets& buckets) : buckets_(buckets) {}

  MASKSCOPE_HD std::int32_t rank() const {
    NV_IF_ELSE_TARGET(NV_IS_DEVICE, (return static_cast<std::int32_t>(threadIdx.x % 32);), (return 0;))
  }
  MASKSCOPE_HD void sync() const { NV_IF_TARGET(NV_IS_DEVICE, (__syncwarp();)) }

  MASKSCOPE_HD std::uint32_t ballot(bool holds) const {
    std::uint32_t bits = holds;
    NV_IF_TARGET(NV_IS_DEVICE, (bits = __ballot_sync(whole_warp, holds); __syncwarp();))
    return bits;
  }
  MASKSCOPE_HD std::uint64_t value_below(std::uint64_t value, [[maybe_unused]] std::int32_t distance) const {
    NV_IF_TARGET(NV_IS_DEVICE, (value = __shfl_up_sync(whole_warp, value, distance); __syncwarp();))
    return value;
  }
  MASKSCOPE_HD std::uint64_t value_of(std::uint64_t value, [[maybe_unused]] std::int32_t rank) const {
    NV_IF_TARGET(NV_IS_DEVICE, (value = __shfl_sync(whole_warp, value, rank); __syncwarp();))
    return value;
  }
  MASKSCOPE_HD static std::uint32_t add(std::uint32_t& counter, std::uint32_t n) {
    NV_IF_ELSE_TARGET(NV_IS_DEVICE, (return atomicAdd(&counter, n);), (counter += n; return counter - n;))
  }
  MASKSCOPE_HD static std::int32_t count_bits(std::uint32_t bits) {
    NV_IF_ELSE_TARGET(NV_IS_DEVICE, (return __popc(bits);), (return bits != 0;))
  }
  MASKSCOPE_HD RankBuckets& buckets() const { return buckets_; }

 private:
  static constexpr std::uint32_t whole_warp = 0xffffffffu;

  RankBuckets& buckets_;
};

}  // namespace maskscope
