// Every step by two kernels that do the same: a warp per item, for many rows, and a block of threads per item, for few rows
// and for rows whose scratch is large. Scratch lies in shared memory when it fits, else in global memory (a text of 65535
// tokens).
#include "kernels/cuda_device.cuh"

#include <algorithm>
#include <utility>

#include <nv/target>

#include "kernels/block_group.cuh"
#include "kernels/warp_group.cuh"

namespace maskscope {
namespace {

// Every supported GPU gives a block this much shared memory without being asked.
constexpr std::size_t most_shared_bytes = 40 * 1024;

// Few warps to a block: the room of a block is free again only when its last warp has finished.
constexpr int warps_per_block = 2;
constexpr int block_threads = 128;
constexpr int least_thread_blocks = 4;

// Blocks of two warps that a multiprocessor has room for: as many as leave every thread the registers to spill none.
template <class Step>
constexpr int least_warp_blocks = 14;
template <>
constexpr int least_warp_blocks<SelectionStep> = 16;

// Where the groups of a launch share the counts. Whole numbers: the order of the additions does not matter.
struct AddAtomically {
  MASKSCOPE_HD void operator()(std::uint64_t& count, std::uint64_t n) const {
    NV_IF_ELSE_TARGET(NV_IS_DEVICE, (atomicAdd(reinterpret_cast<unsigned long long*>(&count), n);), (count += n;))
  }
};

template <class Step>
__device__ Scratch carve(const MaskingLaunch& launch, std::byte* memory) {
  Scratch scratch;
  carve_step_scratch<Step>(launch.scratch_sizes, memory, scratch);
  return scratch;
}

// scratch_bytes: of one warp.
template <class Step>
__global__ void __launch_bounds__(warps_per_block * 32, least_warp_blocks<Step>)
    mask_by_warps(const __grid_constant__ MaskingLaunch launch, std::int64_t num_items, std::uint32_t scratch_bytes) {
  extern __shared__ __align__(8) std::byte shared_scratch[];
  __shared__ RankBuckets buckets[warps_per_block];
  const std::uint32_t warp = threadIdx.x / 32;
  const std::int64_t item = std::int64_t{blockIdx.x} * warps_per_block + warp;
  if (item >= num_items) return;
  WarpGroup group(buckets[warp]);
  Step::run(group, launch, item, carve<Step>(launch, shared_scratch + warp * scratch_bytes));
}

// scratch_bytes: of one block.
template <class Step>
__global__ void __launch_bounds__(block_threads, least_thread_blocks)
    mask_by_blocks(const __grid_constant__ MaskingLaunch launch, std::int64_t num_items, std::size_t scratch_bytes) {
  extern __shared__ __align__(8) std::byte shared_scratch[];
  __shared__ typename BlockGroup<block_threads>::Exchange exchange;
  BlockGroup<block_threads> group(exchange);
  const Scratch scratch =
      carve<Step>(launch, launch.scratch ? launch.scratch + blockIdx.x * scratch_bytes : shared_scratch);
  for (std::int64_t item = blockIdx.x; item < num_items; item += gridDim.x) Step::run(group, launch, item, scratch);
}

template <class Step>
std::size_t bytes_per_group(const ScratchSizes& sizes) {
  Scratch unplaced;
  return carve_step_scratch<Step>(sizes, nullptr, unplaced);
}

std::size_t most_bytes_per_group(const ScratchSizes& sizes) {
  return std::max({bytes_per_group<BudgetStep>(sizes), bytes_per_group<ContentMaskStep>(sizes),
                   bytes_per_group<SelectionStep>(sizes)});
}

template <class Step>
void start_by_warps(cudaStream_t stream, const MaskingLaunch& launch) {
  const std::size_t scratch_bytes = bytes_per_group<Step>(launch.scratch_sizes);
  const std::int64_t num_items = Step::num_items(launch);
  const auto num_blocks = static_cast<unsigned>((num_items + warps_per_block - 1) / warps_per_block);
  mask_by_warps<Step><<<num_blocks, warps_per_block * 32, warps_per_block * scratch_bytes, stream>>>(
      launch, num_items, static_cast<std::uint32_t>(scratch_bytes));
}

// most_blocks: that there is scratch for, if it lies in global memory.
template <class Step>
void start_by_blocks(cudaStream_t stream, const MaskingLaunch& launch, std::int64_t most_blocks) {
  const std::size_t scratch_bytes = bytes_per_group<Step>(launch.scratch_sizes);
  const std::int64_t num_items = Step::num_items(launch);
  const bool is_shared = launch.scratch == nullptr;
  const auto num_blocks = static_cast<unsigned>(is_shared ? num_items : std::min(num_items, most_blocks));
  mask_by_blocks<Step><<<num_blocks, block_threads, is_shared ? scratch_bytes : 0, stream>>>(launch, num_items, scratch_bytes);
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
  const std::size_t bytes = most_bytes_per_group(sizes);
  return bytes > most_shared_bytes ? bytes * static_cast<std::size_t>(num_multiprocessors_) : 0;
}

bool CudaDevice::masks_by_warps(std::size_t scratch_bytes_per_group, std::size_t num_rows) const {
  // With less than a few warps on every multiprocessor, it is quicker to have four work on each item.
  constexpr std::size_t rows_worth_warps = 4;
  if (scratch_bytes_per_group * warps_per_block > most_shared_bytes) return false;
  if (group_ != CudaGroup::automatic) return group_ == CudaGroup::warp;
  return num_rows >= rows_worth_warps * static_cast<std::size_t>(num_multiprocessors_);
}

void CudaDevice::mask_rows(int stream, const MaskingLaunch& launch) {
  check_cuda(cudaSetDevice(device_), "choosing the GPU");
  const cudaStream_t cuda_stream = this->stream(stream);
  if (masks_by_warps(most_bytes_per_group(launch.scratch_sizes), static_cast<std::size_t>(launch.num_rows))) {
    start_by_warps<BudgetStep>(cuda_stream, launch);
    start_by_warps<ContentMaskStep>(cuda_stream, launch);
    start_by_warps<SelectionStep>(cuda_stream, launch);
  } else {
    start_by_blocks<BudgetStep>(cuda_stream, launch, num_multiprocessors_);
    start_by_blocks<ContentMaskStep>(cuda_stream, launch, num_multiprocessors_);
    start_by_blocks<SelectionStep>(cuda_stream, launch, num_multiprocessors_);
  }
  check_cuda(cudaGetLastError(), "starting the masking on the GPU");
}

void CudaDevice::tally_rows(int stream, const MaskingLaunch& launch) {
  // No scratch, and as many groups as mask the rows: rows whose scratch is large are counted by blocks, too.
  const cudaStream_t cuda_stream = this->stream(stream);
  if (masks_by_warps(most_bytes_per_group(launch.scratch_sizes), static_cast<std::size_t>(launch.num_rows))) {
    start_by_warps<TallyStep<AddAtomically>>(cuda_stream, launch);
  } else {
    start_by_blocks<TallyStep<AddAtomically>>(cuda_stream, launch, num_multiprocessors_);
  }
  check_cuda(cudaGetLastError(), "starting the counting on the GPU");
}

std::shared_ptr<const std::uint64_t> CudaDevice::copy_counts(int stream, const std::uint64_t* counts, std::size_t num_counts) {
  check_cuda(cudaSetDevice(device_), "choosing the GPU");
  std::uint64_t* memory = nullptr;
  check_cuda(cudaMalloc(&memory, num_counts * sizeof *memory), "allocating memory for counts on the GPU");
  std::shared_ptr<const std::uint64_t> copy(memory, [](const std::uint64_t* last) {
    if (cudaFree(const_cast<std::uint64_t*>(last)) != cudaSuccess) cudaGetLastError();
  });
  check_cuda(cudaMemcpyAsync(memory, counts, num_counts * sizeof *memory, cudaMemcpyDeviceToDevice, this->stream(stream)),
             "copying counts on the GPU");
  check_cuda(cudaStreamSynchronize(this->stream(stream)), "copying counts on the GPU");
  return copy;
}

void CudaDevice::wait(int stream) { check_cuda(cudaStreamSynchronize(this->stream(stream)), "masking on the GPU"); }

void CudaDevice::give_up() noexcept {
  // A failure here is the one that was reported already.
  for (const CudaStream& stream : streams_) cudaStreamSynchronize(stream.get());
  cudaGetLastError();
}

cudaError_t find_masking_code() {
  // All kernels are compiled for the same GPUs.
  cudaFuncAttributes attributes;
  return cudaFuncGetAttributes(&attributes, mask_by_warps<BudgetStep>);
}

}  // namespace maskscope
