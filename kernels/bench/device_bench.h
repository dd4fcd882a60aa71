// What the bench asks of a GPU: times on the device, without the copies to the host that Backend::run ends with.
// kernels/cuda_bench.cu, or kernels/no_cuda_bench.cpp in builds without nvcc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kernels/plan.h"

namespace maskscope {

struct DeviceStage {
  std::string name;              // "masking", "gather fp32", "gather bf16"
  double seconds_per_batch = 0;  // > 0; median over the repeats, by events on the device
  std::uint64_t bytes_per_batch = 0;  // bytes of GPU memory the stage must read and write at least
};

struct DeviceTimes {
  // "masking" is budgets, content masks and selection: all arrays of MaskedBatch, left on the device.
  // "gather fp32" and "gather bf16" are selection, zeroing and the embedding gather at D = 768.
  std::vector<DeviceStage> stages;
  // Copy from device to device of one block of at least 256 MiB: bytes read plus bytes written, per second.
  double copy_bytes_per_second = 0;
};

// Masks batch_size (>= 1) samples repeats (>= 1) times, after a first time that does not count; draws of repeat r
// begin at sample r * batch_size, so that no repeat sees the seeds of another. nullopt where CUDA cannot be used, and
// where the batch does not fit in the GPU's memory. Throws Error when the device fails.
std::optional<DeviceTimes> measure_cuda(const MaskingPlan& plan, const PackedSamples& samples, int batch_size,
                                        int repeats);

}  // namespace maskscope
