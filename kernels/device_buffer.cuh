// Memory on the GPU and streams, owned.
#pragma once

#include <cstddef>
#include <utility>

#include "kernels/cuda_check.cuh"

namespace maskscope {

// A block of GPU memory that grows and is used again. Move-only.
class DeviceBuffer {
 public:
  DeviceBuffer() = default;
  DeviceBuffer(DeviceBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), capacity_(std::exchange(other.capacity_, 0)) {}
  DeviceBuffer& operator=(DeviceBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  ~DeviceBuffer() { cudaFree(data_); }

  // At least bytes bytes, aligned to 256; the content is lost when the block must grow.
  std::byte* reserve(std::size_t bytes) {
    if (bytes > capacity_) {
      std::byte* const old = std::exchange(data_, nullptr);
      capacity_ = 0;
      check_cuda(cudaFree(old), "releasing memory on the GPU");
      check_cuda(cudaMalloc(reinterpret_cast<void**>(&data_), bytes), "allocating memory on the GPU");
      capacity_ = bytes;
    }
    return data_;
  }
  std::size_t capacity() const { return capacity_; }

 private:
  std::byte* data_ = nullptr;
  std::size_t capacity_ = 0;
};

class Stream {
 public:
  Stream() { check_cuda(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "creating a stream"); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { cudaStreamDestroy(stream_); }

  cudaStream_t get() const { return stream_; }
  void synchronize() const { check_cuda(cudaStreamSynchronize(stream_), "masking on the GPU"); }

 private:
  cudaStream_t stream_ = nullptr;
};

}  // namespace maskscope
