#include "kernels/cuda_gather.cuh"

#include "kernels/cuda_check.cuh"
#include "kernels/warp_group.cuh"

namespace maskscope {
namespace {

constexpr int warps_per_block = 2;
// Blocks of two warps that a multiprocessor has room for: leaves every thread enough registers to spill none.
constexpr int least_warp_blocks = 16;
constexpr int gather_threads = 256;

// scratch_bytes: of one warp.
__global__ void __launch_bounds__(warps_per_block * 32, least_warp_blocks)
    name_slot_rows_by_warps(const __grid_constant__ SlotRowsLaunch launch, std::uint32_t scratch_bytes) {
  extern __shared__ __align__(8) std::byte shared_scratch[];
  __shared__ RankBuckets buckets[warps_per_block];
  const std::uint32_t warp = threadIdx.x / 32;
  const auto row = static_cast<std::int32_t>(blockIdx.x * warps_per_block + warp);
  if (row >= launch.num_rows) return;
  WarpGroup group(buckets[warp]);
  Scratch scratch;
  carve_scratch(launch.scratch_sizes, shared_scratch + warp * scratch_bytes, scratch);
  name_slot_rows(group, launch, row, scratch);
}

// The result is not read again here, and must not push the tables out of the cache.
template <class T>
__device__ void store_past_cache(Lanes<T>* to, const Lanes<T>& lanes) {
  __stcs(reinterpret_cast<uint4*>(to), __builtin_bit_cast(uint4, lanes));
}

// A warp per slot: 32 neighbouring lanes of 16 bytes at a time.
template <class T>
__global__ void __launch_bounds__(gather_threads)
    gather_rows(const EmbeddingRows<T> rows, const SlotRow* slots, std::uint32_t num_slots, Lanes<T>* x, Lanes<T>* emb) {
  const std::uint32_t slot = (blockIdx.x * gather_threads + threadIdx.x) / 32;
  if (slot >= num_slots) return;
  const SlotRow row = slots[slot];
  const std::int32_t per_row = lanes_per_row<T>(rows.dim);
  const std::ptrdiff_t first = static_cast<std::ptrdiff_t>(slot) * per_row;
#pragma unroll 2
  for (auto c = static_cast<std::int32_t>(threadIdx.x % 32); c < per_row; c += 32) {
    store_past_cache(x + first + c, gather_x(rows, row, c));
    store_past_cache(emb + first + c, gather_emb(rows, row, c));
  }
}

}  // namespace

void start_slot_rows(cudaStream_t stream, const SlotRowsLaunch& launch) {
  Scratch unplaced;
  const std::size_t scratch_bytes = carve_scratch(launch.scratch_sizes, nullptr, unplaced);
  const unsigned num_blocks = (static_cast<unsigned>(launch.num_rows) + warps_per_block - 1) / warps_per_block;
  name_slot_rows_by_warps<<<num_blocks, warps_per_block * 32, warps_per_block * scratch_bytes, stream>>>(
      launch, static_cast<std::uint32_t>(scratch_bytes));
  check_cuda(cudaGetLastError(), "starting the selection on the GPU");
}

template <class T>
void start_gather(cudaStream_t stream, const EmbeddingRows<T>& rows, const SlotRow* slots, std::uint32_t num_slots, Lanes<T>* x,
                  Lanes<T>* emb) {
  constexpr unsigned slots_per_block = gather_threads / 32;
  gather_rows<<<(num_slots + slots_per_block - 1) / slots_per_block, gather_threads, 0, stream>>>(rows, slots, num_slots, x, emb);
  check_cuda(cudaGetLastError(), "starting the gathering of embeddings on the GPU");
}

template void start_gather(cudaStream_t, const EmbeddingRows<float>&, const SlotRow*, std::uint32_t, Lanes<float>*, Lanes<float>*);
template void start_gather(cudaStream_t, const EmbeddingRows<Bfloat16>&, const SlotRow*, std::uint32_t, Lanes<Bfloat16>*,
                           Lanes<Bfloat16>*);

}  // namespace maskscope
