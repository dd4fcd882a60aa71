// A CUDA GPU as a Device.
#pragma once

#include <cuda_runtime.h>

#include <array>
#include <cstddef>

#include "kernels/cuda_backend.h"
#include "kernels/cuda_check.cuh"
#include "kernels/device.h"

namespace maskscope {

class CudaStream {
 public:
  CudaStream() { check_cuda(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "creating a stream"); }
  CudaStream(const CudaStream&) = delete;
  CudaStream& operator=(const CudaStream&) = delete;
  ~CudaStream() { cudaStreamDestroy(stream_); }
  cudaStream_t get() const { return stream_; }

 private:
  cudaStream_t stream_ = nullptr;
};

class CudaDevice final : public Device {
 public:
  // description: for BackendInfo. Throws Error when the GPU does not answer.
  CudaDevice(std::string description, CudaGroup group);

  BackendInfo info() const override { return {"cuda", description_}; }
  std::size_t free_bytes() override;
  std::byte* allocate(MemoryKind kind, std::size_t bytes) override;
  void release(MemoryKind kind, std::byte* memory) noexcept override;
  void copy_to_device(int stream, std::byte* to, const std::byte* from, std::size_t bytes) override;
  void copy_to_host(int stream, std::byte* to, const std::byte* from, std::size_t bytes) override;
  std::size_t scratch_bytes(const ScratchSizes& sizes) const override;
  void mask_rows(int stream, const MaskingLaunch& launch) override;
  void tally_rows(int stream, const MaskingLaunch& launch) override;
  std::shared_ptr<const std::uint64_t> copy_counts(int stream, const std::uint64_t* counts, std::size_t num_counts) override;
  void wait(int stream) override;
  void give_up() noexcept override;

  cudaStream_t stream(int number) const { return streams_[static_cast<std::size_t>(number)].get(); }

 private:
  bool masks_by_warps(std::size_t scratch_bytes_per_group, std::size_t num_rows) const;

  std::string description_;
  CudaGroup group_;
  int device_ = 0;
  int num_multiprocessors_ = 1;
  std::array<CudaStream, num_streams> streams_;
};

// Whether this program holds code for the current GPU: cudaSuccess, or why not.
cudaError_t find_masking_code();

}  // namespace maskscope
