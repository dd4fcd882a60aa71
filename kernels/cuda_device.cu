// Two kernels that do the same: a warp per row, for many rows, and a block of threads per row, for few rows and for rows
// whose scratch is large. Scratch lies in shared memory when it fits, else in global memory (a text of 65535 tokens).
#include "kernels/cuda_device.cuh"

#include <algorithm>
#include <utility>

#include "kernels/block_group.cuh"
#include "kernels/warp_group.cuh"

namespace maskscope {
namespace {

// Every supported GPU gives a block this much shared memory without being asked.
constexpr std::size_t most_shared_bytes = 40 * 1024;

// Few warps to a block: the room of a block is free again only when its last warp has finished.
constexpr int warps_per_block = 2;
// 10 blocks of 2 warps on a multiprocessor leave a thread 96 registers, which is enough to spill none.
constexpr int least_warp_blocks = 10;
constexpr int block_threads = 128;
constexpr int least_thread_blocks = 2;

__device__ Scratch carve(const MaskingLaunch& launch, std::byte* memory) {
  Scratch scratch;
  carve_scratch(launch.scratch_sizes, memory, scratch);
  return scratch;
}

// scratch_bytes: of one warp.
__global__ void __launch_bounds__(warps_per_block * 32, least_warp_blocks)
    mask_rows_by_warps(const __grid_constant__ MaskingLaunch launch, std::uint32_t scratch_bytes) {
  extern __shared__ __align__(16) std::byte shared_scratch[];
  const std::uint32_t warp = threadIdx.x / 32;
  const auto row = static_cast<std::int32_t>(blockIdx.x * warps_per_block + warp);
  if (row >= launch.num_rows) return;
  WarpGroup group;
  mask_row(group, launch, row, carve(launch, shared_scratch + warp * scratch_bytes));
}

// scratch_bytes: of one block.
__global__ void __launch_bounds__(block_threads, least_thread_blocks)
    mask_rows_by_blocks(const __grid_constant__ MaskingLaunch launch, std::size_t scratch_bytes) {
  extern __shared__ __align__(16) std::byte shared_scratch[];
  __shared__ typename BlockGroup<block_threads>::Exchange exchange;
  BlockGroup<block_threads> group(exchange);
  const Scratch scratch = carve(launch, launch.scratch ? launch.scratch + blockIdx.x * scratch_bytes : shared_scratch);
  for (auto row = static_cast<std::int32_t>(blockIdx.x); row < launch.num_rows;
       row += static_cast<std::int32_t>(gridDim.x)) {
    mask_row(group, launch, row, scratch);
  }
}

std::size_t bytes_per_group(const ScratchSizes& sizes) {
  Scratch unplaced;
  return carve_scratch(sizes, nullptr, unplaced);
}

}  // namespace

CudaDevice::CudaDevice(std::string description, CudaGroup group) : description_(std::move(description)), group_(group) {
  check_cuda(cudaGetDevice(&device_), "choosing a GPU");
  check_cuda(cudaDeviceGetAttribute(&num_multiprocessors_, cudaDevAttrMultiProcessorCount, device_),
             "asking for the GPU's size");
}

std::size_t CudaDevice::free_bytes() {
  std::size_t free_bytes = 0, total_bytes = 0;
  check_cuda(cudaMemGetInfo(&free_bytes, &total_bytes), "asking for the GPU's free memory");
  return free_bytes;
}

std::byte* CudaDevice::allocate(MemoryKind kind, std::size_t bytes) {
  // The thread may be another one than last time, and so may its current GPU.
  check_cuda(cudaSetDevice(device_), "choosing the GPU");
  void* memory = nullptr;
  if (kind == MemoryKind::device) {
    check_cuda(cudaMalloc(&memory, bytes), "allocating memory on the GPU");
  } else {
    check_cuda(cudaMallocHost(&memory, bytes), "allocating memory to copy the masks through");
  }
  return static_cast<std::byte*>(memory);
}

void CudaDevice::release(MemoryKind kind, std::byte* memory) noexcept {
  // After a sticky error nothing can be released, and nothing needs to be: the driver does it.
  if ((kind == MemoryKind::device ? cudaFree(memory) : cudaFreeHost(memory)) != cudaSuccess) cudaGetLastError();
}

void CudaDevice::copy_to_device(int stream, std::byte* to, const std::byte* from, std::size_t bytes) {
  check_cuda(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, this->stream(stream)),
             "copying the scheme and the samples to the GPU");
}

void CudaDevice::copy_to_host(int stream, std::byte* to, const std::byte* from, std::size_t bytes) {
  check_cuda(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, this->stream(stream)),
             "copying the masks from the GPU");
}

std::size_t CudaDevice::scratch_bytes(const ScratchSizes& sizes) const {
  const std::size_t bytes = bytes_per_group(sizes);
  return bytes > most_shared_bytes ? bytes * static_cast<std::size_t>(num_multiprocessors_) : 0;
}

bool CudaDevice::masks_by_warps(std::size_t scratch_bytes_per_group, std::size_t num_rows) const {
  // With less than a few warps on every multiprocessor, it is quicker to have four work on each row.
  constexpr std::size_t rows_worth_warps = 4;
  if (scratch_bytes_per_group * warps_per_block > most_shared_bytes) return false;
  if (group_ != CudaGroup::automatic) return group_ == CudaGroup::warp;
  return num_rows >= rows_worth_warps * static_cast<std::size_t>(num_multiprocessors_);
}

void CudaDevice::mask_rows(int stream, const MaskingLaunch& launch) {
  check_cuda(cudaSetDevice(device_), "choosing the GPU");
  const std::size_t scratch_bytes = bytes_per_group(launch.scratch_sizes);
  const auto num_rows = static_cast<unsigned>(launch.num_rows);
  if (masks_by_warps(scratch_bytes, num_rows)) {
    const unsigned num_blocks = (num_rows + warps_per_block - 1) / warps_per_block;
    mask_rows_by_warps<<<num_blocks, warps_per_block * 32, warps_per_block * scratch_bytes, this->stream(stream)>>>(
        launch, static_cast<std::uint32_t>(scratch_bytes));
  } else {
    // As many blocks as there is scratch for.
    const bool is_shared = launch.scratch == nullptr;
    const unsigned most_blocks = static_cast<unsigned>(num_multiprocessors_) * (is_shared ? 16 : 1);
    mask_rows_by_blocks<<<std::min(num_rows, most_blocks), block_threads, is_shared ? scratch_bytes : 0,
                          this->stream(stream)>>>(launch, scratch_bytes);
  }
  check_cuda(cudaGetLastError(), "starting the masking on the GPU");
}

void CudaDevice::wait(int stream) { check_cuda(cudaStreamSynchronize(this->stream(stream)), "masking on the GPU"); }

void CudaDevice::give_up() noexcept {
  // A failure here is the one that was reported already.
  for (const CudaStream& stream : streams_) cudaStreamSynchronize(stream.get());
  cudaGetLastError();
}

cudaError_t find_masking_code() {
  cudaFuncAttributes attributes;
  const cudaError_t error = cudaFuncGetAttributes(&attributes, mask_rows_by_warps);
  return error != cudaSuccess ? error : cudaFuncGetAttributes(&attributes, mask_rows_by_blocks);
}

}  // namespace maskscope
