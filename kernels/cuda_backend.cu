// masks: rows of MaskedBatch, one block of threads each; blocks take rows in turn. A block's scratch lies in shared
// memory when it fits, else in global memory (a text of 65535 tokens). One launch per batch, or per part of a batch that
// fits in the GPU's memory.
#include "kernels/cuda_backend.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include "core/draw.h"
#include "kernels/block_group.cuh"
#include "kernels/device_buffer.cuh"
#include "kernels/philox_draws.h"
#include "kernels/run_request.h"
#include "kernels/stages/mask_sample.h"

namespace maskscope {
namespace {

constexpr int block_threads = 128;
// Resident blocks per multiprocessor: leaves every thread enough registers to spill none.
constexpr int least_blocks_at_once = 2;
// Every supported GPU gives a block this much shared memory without being asked.
constexpr std::size_t shared_scratch_bytes = 40 * 1024;
constexpr std::size_t array_alignment = 256;

struct Launch {
  PlanView plan;
  SampleTokens samples;  // all of them, see tokens_of
  std::int32_t num_samples = 0;
  std::int32_t tokens_per_sample = 0;
  SampleDraws first_draws;      // of row 0
  std::uint64_t first_row = 0;  // row 0's number in the whole batch: it decides which sample is masked
  std::int32_t num_rows = 0;
  SampleRow rows{};
  RowShape shape;
  SampleError* errors = nullptr;  // (num_rows)
  ScratchSizes scratch_sizes;
  std::byte* global_scratch = nullptr;  // (blocks, scratch_bytes), null: shared memory
  std::size_t scratch_bytes = 0;
};

__global__ void __launch_bounds__(block_threads, least_blocks_at_once) mask_rows(const __grid_constant__ Launch launch) {
  extern __shared__ double shared_scratch[];
  __shared__ typename BlockGroup<block_threads>::Exchange exchange;
  BlockGroup<block_threads> group(exchange);

  std::byte* const memory = launch.global_scratch ? launch.global_scratch + blockIdx.x * launch.scratch_bytes
                                                  : reinterpret_cast<std::byte*>(shared_scratch);
  Scratch scratch;
  carve_scratch(launch.scratch_sizes, memory, scratch);
  const std::int32_t num_modalities = launch.plan.num_modalities();
  for (std::int32_t row = static_cast<std::int32_t>(blockIdx.x); row < launch.num_rows;
       row += static_cast<std::int32_t>(gridDim.x)) {
    const std::uint64_t number = launch.first_row + static_cast<std::uint64_t>(row);
    const auto sample = static_cast<std::int64_t>(number % static_cast<std::uint64_t>(launch.num_samples));
    const SampleTokens tokens = tokens_of(launch.samples, sample, launch.tokens_per_sample, num_modalities);
    const PhiloxDraws draws(
        SampleDraws{launch.first_draws.seed, launch.first_draws.sample + static_cast<std::uint64_t>(row)});
    const SampleError error = mask_sample(group, draws, launch.plan, tokens, scratch,
                                          row_of(launch.rows, launch.shape, static_cast<std::size_t>(row)));
    group.once([&] { launch.errors[row] = error; });
  }
}

std::size_t align_up(std::size_t bytes) { return (bytes + array_alignment - 1) / array_alignment * array_alignment; }

// Where the arrays of a batch lie in one block of GPU memory, in the order of visit_arrays.
struct ArrayPlace {
  std::size_t offset = 0;
  std::size_t bytes_per_row = 0;
};
using ArrayPlaces = std::array<ArrayPlace, num_sample_arrays>;

// Returns the bytes of num_rows rows of all arrays.
std::size_t place_arrays(const MaskedBatch& batch, std::size_t num_rows, ArrayPlaces& places) {
  std::size_t offset = 0, index = 0;
  visit_arrays(batch, [&](const auto& array, int width) {
    const std::size_t bytes_per_row = static_cast<std::size_t>(width) * sizeof(array[0]);
    places[index++] = {offset, bytes_per_row};
    offset += align_up(bytes_per_row * num_rows);
  });
  return offset;
}

SampleRow rows_at(std::byte* memory, const ArrayPlaces& places) {
  std::array<void*, num_sample_arrays> pointers;
  for (std::size_t i = 0; i < places.size(); ++i) pointers[i] = memory + places[i].offset;
  SampleRow rows;  // one pointer per array, in the same order
  std::memcpy(&rows, pointers.data(), sizeof rows);
  return rows;
}

// Copies several host arrays into one buffer with one transfer.
class Upload {
 public:
  template <class T>
  std::size_t add(const std::vector<T>& values) {
    const std::size_t offset = align_up(bytes_.size());
    bytes_.resize(offset + values.size() * sizeof(T));
    if (!values.empty()) std::memcpy(bytes_.data() + offset, values.data(), values.size() * sizeof(T));
    return offset;
  }
  std::byte* send(DeviceBuffer& buffer, cudaStream_t stream) {
    std::byte* const memory = buffer.reserve(std::max<std::size_t>(bytes_.size(), 1));
    check_cuda(cudaMemcpyAsync(memory, bytes_.data(), bytes_.size(), cudaMemcpyHostToDevice, stream),
               "copying the scheme and the samples to the GPU");
    return memory;
  }

 private:
  std::vector<std::byte> bytes_;
};

template <class T>
View<const T> device_view(const std::byte* memory, std::size_t offset, const std::vector<T>& values) {
  return {reinterpret_cast<const T*>(memory + offset), static_cast<std::ptrdiff_t>(values.size())};
}

class CudaBackend final : public Backend {
 public:
  CudaBackend() {
    check_cuda(cudaGetDevice(&device_), "choosing a GPU");
    check_cuda(cudaDeviceGetAttribute(&num_multiprocessors_, cudaDevAttrMultiProcessorCount, device_),
               "asking for the GPU's size");
  }

  BackendInfo info() const override {
    const CudaStatus status = cuda_status();
    return {"cuda", cat("CUDA, ", status.device_name, ", driver ", status.driver_version)};
  }

  void run(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, MaskedBatch& masks) override {
    check_request(plan, samples, draws);
    try {
      masks.resize(plan.scheme, draws.batch_size);
      if (draws.batch_size > 0) run_parts(plan, samples, draws, masks);
    } catch (const std::bad_alloc&) {
      throw Error(cat("There is not enough memory for a batch of ", draws.batch_size,
                      " samples. Choose a smaller batch."));
    }
  }

 private:
  void run_parts(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, MaskedBatch& masks) {
    check_cuda(cudaSetDevice(device_), "choosing the GPU");
    Upload upload;
    Launch launch = prepare(plan, samples, masks, upload);

    const auto num_rows = static_cast<std::size_t>(draws.batch_size);
    const std::size_t rows_at_once = rows_that_fit(masks, num_rows);
    for (std::size_t begin = 0; begin < num_rows; begin += rows_at_once) {
      launch.first_row = begin;
      launch.first_draws = {draws.seed, draws.first_sample + begin};
      launch.num_rows = static_cast<std::int32_t>(std::min(rows_at_once, num_rows - begin));
      run_part(launch, masks);
      for (std::size_t row = 0; row < errors_.size(); ++row) {
        if (errors_[row].error != SpanError::none) throw_sample_error(plan, draws, begin + row, errors_[row]);
      }
    }
  }

  // Sends plan and samples to the GPU and reserves scratch.
  Launch prepare(const MaskingPlan& plan, const PackedSamples& samples, const MaskedBatch& masks, Upload& upload) {
    const std::size_t modalities = upload.add(plan.modalities), input_alphas = upload.add(plan.input_alphas),
                      target_alphas = upload.add(plan.target_alphas), keep = upload.add(plan.keep_schemes),
                      weights = upload.add(plan.scheme.sampling_weights),
                      sentinels = upload.add(plan.vocabulary.sentinel_ids),
                      sorted_sentinels = upload.add(plan.sorted_sentinel_ids), ids = upload.add(samples.ids),
                      lengths = upload.add(samples.lengths), num_chunks = upload.add(samples.num_chunks),
                      first_chunk = upload.add(samples.first_chunk), chunk_ends = upload.add(samples.chunk_ends);
    const std::byte* const memory = upload.send(inputs_, stream_.get());

    Launch launch;
    launch.plan = plan_numbers(plan);
    launch.plan.modalities = device_view(memory, modalities, plan.modalities);
    launch.plan.input_alphas = device_view(memory, input_alphas, plan.input_alphas);
    launch.plan.target_alphas = device_view(memory, target_alphas, plan.target_alphas);
    launch.plan.keep_schemes = device_view(memory, keep, plan.keep_schemes);
    launch.plan.sampling_weights = device_view(memory, weights, plan.scheme.sampling_weights);
    launch.plan.sentinel_ids = device_view(memory, sentinels, plan.vocabulary.sentinel_ids);
    launch.plan.sorted_sentinel_ids = device_view(memory, sorted_sentinels, plan.sorted_sentinel_ids);
    launch.samples = {device_view(memory, ids, samples.ids), device_view(memory, lengths, samples.lengths),
                      device_view(memory, num_chunks, samples.num_chunks),
                      device_view(memory, first_chunk, samples.first_chunk),
                      device_view(memory, chunk_ends, samples.chunk_ends)};
    launch.num_samples = samples.count;
    launch.tokens_per_sample = samples.tokens_per_sample;
    launch.shape = {masks.num_modalities, masks.num_slots, masks.encoder_slots, masks.decoder_slots};
    launch.scratch_sizes = scratch_sizes(plan, samples);
    Scratch unplaced;
    launch.scratch_bytes = carve_scratch(launch.scratch_sizes, nullptr, unplaced);
    if (launch.scratch_bytes > shared_scratch_bytes) {
      launch.global_scratch = scratch_.reserve(launch.scratch_bytes * most_blocks(launch));
    }
    return launch;
  }

  // Blocks that can run at once, about; with scratch in global memory it also bounds that memory.
  std::size_t most_blocks(const Launch& launch) const {
    const bool is_shared = launch.scratch_bytes <= shared_scratch_bytes;
    return static_cast<std::size_t>(num_multiprocessors_) * (is_shared ? 16 : 1);
  }

  std::size_t rows_that_fit(const MaskedBatch& masks, std::size_t num_rows) const {
    ArrayPlaces places;
    const std::size_t bytes_per_row = place_arrays(masks, 1, places) + sizeof(SampleError);
    std::size_t free_bytes = 0, total_bytes = 0;
    check_cuda(cudaMemGetInfo(&free_bytes, &total_bytes), "asking for the GPU's free memory");
    // Half of what is free: the screen and other programs need some too.
    const std::size_t usable = std::max(outputs_.capacity(), free_bytes / 2);
    return std::clamp<std::size_t>(usable / bytes_per_row, 1, num_rows);
  }

  // Computes launch.num_rows rows and copies them to rows launch.first_row … of masks; errors_ := one per row.
  void run_part(Launch& launch, MaskedBatch& masks) {
    const auto num_rows = static_cast<std::size_t>(launch.num_rows);
    ArrayPlaces places;
    const std::size_t errors_offset = place_arrays(masks, num_rows, places);
    std::byte* const memory = outputs_.reserve(errors_offset + num_rows * sizeof(SampleError));
    launch.rows = rows_at(memory, places);
    launch.errors = reinterpret_cast<SampleError*>(memory + errors_offset);

    const auto num_blocks = static_cast<unsigned>(std::min(num_rows, most_blocks(launch)));
    const std::size_t shared_bytes = launch.global_scratch ? 0 : launch.scratch_bytes;
    mask_rows<<<num_blocks, block_threads, shared_bytes, stream_.get()>>>(launch);
    check_cuda(cudaGetLastError(), "starting the masking on the GPU");

    std::size_t index = 0;
    visit_arrays(masks, [&](auto& array, int width) {
      const ArrayPlace place = places[index++];
      if (place.bytes_per_row == 0) return;
      check_cuda(cudaMemcpyAsync(array.data() + launch.first_row * static_cast<std::size_t>(width),
                                 memory + place.offset, place.bytes_per_row * num_rows, cudaMemcpyDeviceToHost,
                                 stream_.get()),
                 "copying the masks from the GPU");
    });
    errors_.resize(num_rows);
    check_cuda(cudaMemcpyAsync(errors_.data(), launch.errors, num_rows * sizeof(SampleError), cudaMemcpyDeviceToHost,
                               stream_.get()),
               "copying the masks from the GPU");
    stream_.synchronize();
  }

  int device_ = 0;
  int num_multiprocessors_ = 1;
  Stream stream_;
  DeviceBuffer inputs_, outputs_, scratch_;
  std::vector<SampleError> errors_;
};

// 13020 -> "13.2", as the runtime and the driver count.
std::string version_text(int version) { return cat(version / 1000, ".", version % 1000 / 10); }

CudaStatus look_for_cuda() {
  CudaStatus status;
  status.is_compiled = true;
  int version = 0;
  if (cudaRuntimeGetVersion(&version) == cudaSuccess) status.runtime_version = version_text(version);
  if (cudaDriverGetVersion(&version) != cudaSuccess) version = 0;
  if (version > 0) status.driver_version = version_text(version);

  const auto unusable = [&status](const std::string& reason, cudaError_t error) {
    cudaGetLastError();
    status.reason = error == cudaSuccess ? reason : cat(reason, " (CUDA error ", static_cast<int>(error), ")");
    return status;
  };
  int num_devices = 0;
  const cudaError_t error = cudaGetDeviceCount(&num_devices);
  if (version == 0) return unusable("no NVIDIA driver is installed", error);
  if (error == cudaErrorInsufficientDriver) {
    return unusable(cat("the NVIDIA driver supports CUDA ", status.driver_version, ", but this program needs ",
                        status.runtime_version, "; install a newer driver"),
                    error);
  }
  if (error != cudaSuccess && error != cudaErrorNoDevice) return unusable(cudaGetErrorString(error), error);
  if (num_devices == 0) return unusable("there is no NVIDIA GPU", error);

  cudaDeviceProp properties;
  if (const cudaError_t failed = cudaGetDeviceProperties(&properties, 0); failed != cudaSuccess) {
    return unusable(cat("the GPU does not answer: ", cudaGetErrorString(failed)), failed);
  }
  status.device_name = properties.name;
  cudaFuncAttributes attributes;
  if (const cudaError_t failed = cudaFuncGetAttributes(&attributes, mask_rows); failed != cudaSuccess) {
    return unusable(cat("this program holds no code for the GPU ", status.device_name, " (compute capability ",
                        properties.major, ".", properties.minor, "): ", cudaGetErrorString(failed)),
                    failed);
  }
  status.is_usable = true;
  status.reason = cat("the GPU ", status.device_name, " is ready");
  return status;
}

}  // namespace

CudaStatus cuda_status() {
  try {
    return look_for_cuda();
  } catch (const std::exception& error) {
    CudaStatus status;
    status.is_compiled = true;
    try {
      status.reason = error.what();
    } catch (const std::bad_alloc&) {
      // An empty reason is all that is left to give.
    }
    return status;
  }
}

std::unique_ptr<Backend> make_cuda_backend() {
  const CudaStatus status = cuda_status();
  if (!status.is_usable) throw Error(cat("CUDA cannot be used: ", status.reason, ". Use the CPU backend."));
  return std::make_unique<CudaBackend>();
}

}  // namespace maskscope
