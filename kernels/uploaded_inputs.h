// A plan and samples in a device's memory.
#pragma once

#include <cstddef>
#include <vector>

#include "kernels/device.h"

namespace maskscope {

class UploadedInputs {
 public:
  explicit UploadedInputs(Device& device) : device_(device), memory_(device, MemoryKind::device) {}

  // Sends plan and samples unless they are there already, byte for byte, and fills what the launch says of them. All
  // streams may use them on return.
  void update(const MaskingPlan& plan, const PackedSamples& samples, MaskingLaunch& launch);
  // What is on the device is not to be relied on: the next update sends.
  void forget() { sent_.clear(); }

 private:
  template <class T>
  std::size_t pack(const std::vector<T>& values);
  template <class T>
  View<const T> unpack(std::byte* memory, std::size_t offset, const std::vector<T>& values) const;

  Device& device_;
  DeviceBuffer memory_;
  std::vector<std::byte> packed_, sent_;
};

}  // namespace maskscope
