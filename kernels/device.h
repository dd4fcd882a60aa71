// What DeviceBackend asks of a GPU. cuda_device.cuh is one; the tests' FakeDevice is another, made of host memory, that
// fails when it is told to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/error.h"
#include "kernels/backend.h"
#include "kernels/masking_launch.h"

namespace maskscope {

// An allocation that did not fit; a smaller one may.
class DeviceOutOfMemory : public Error {
 public:
  using Error::Error;
};

enum class MemoryKind {
  device,  // the device's own
  staging  // host memory that the device copies to and from while the host goes on
};

// Work given to a stream is done in order, some time before wait(stream) returns; different streams do not wait for each
// other. Memory that a copy or launch uses must stay until then. A failure of the work may show in any later call.
// Every function but release and give_up throws Error, and those that allocate DeviceOutOfMemory.
class Device {
 public:
  static constexpr int num_streams = 2;

  virtual ~Device() = default;
  virtual BackendInfo info() const = 0;
  virtual std::size_t free_bytes() = 0;
  // bytes > 0; aligned to 256 bytes.
  virtual std::byte* allocate(MemoryKind kind, std::size_t bytes) = 0;
  virtual void release(MemoryKind kind, std::byte* memory) noexcept = 0;
  virtual void copy_to_device(int stream, std::byte* to, const std::byte* from, std::size_t bytes) = 0;
  virtual void copy_to_host(int stream, std::byte* to, const std::byte* from, std::size_t bytes) = 0;
  // Bytes of device memory that a launch needs as scratch; 0 when the device has quicker memory for it.
  virtual std::size_t scratch_bytes(const ScratchSizes& sizes) const = 0;
  virtual void mask_rows(int stream, const MaskingLaunch& launch) = 0;
  // After mask_rows of the same launch on the same stream: counts the rows' masks at launch.tally.
  virtual void tally_rows(int stream, const MaskingLaunch& launch) = 0;
  // A copy of device memory, made after the stream's work and finished on return. It belongs to nobody but its owners, may
  // outlive the device and be let go of on any thread; the host must not follow the pointer.
  virtual std::shared_ptr<const std::uint64_t> copy_counts(int stream, const std::uint64_t* counts, std::size_t num_counts) = 0;
  virtual void wait(int stream) = 0;
  // After a failure: returns when no stream uses any memory any more.
  virtual void give_up() noexcept = 0;
};

// A block of memory that grows and is used again; the device must outlive it.
class DeviceBuffer {
 public:
  DeviceBuffer(Device& device, MemoryKind kind) : device_(device), kind_(kind) {}
  DeviceBuffer(const DeviceBuffer&) = delete;
  DeviceBuffer& operator=(const DeviceBuffer&) = delete;
  ~DeviceBuffer() { release(); }

  // At least bytes bytes, aligned to 256; the content is lost when the block must grow.
  std::byte* reserve(std::size_t bytes) {
    if (bytes > capacity_) {
      release();
      memory_ = device_.allocate(kind_, bytes);
      capacity_ = bytes;
    }
    return memory_;
  }
  void release() {
    if (memory_) device_.release(kind_, memory_);
    memory_ = nullptr;
    capacity_ = 0;
  }
  std::size_t capacity() const { return capacity_; }

 private:
  Device& device_;
  MemoryKind kind_;
  std::byte* memory_ = nullptr;
  std::size_t capacity_ = 0;
};

}  // namespace maskscope
