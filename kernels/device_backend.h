// A backend on a Device. Plan and samples are sent when they differ from those already there; a batch is cut into parts
// that take turns on the device's streams, so that one part is computed while another is copied; each part is one
// Device::mask_rows (on CUDA three launches) and one copy. Memory is kept between calls.
#pragma once

#include <cstddef>
#include <memory>

#include "kernels/backend.h"
#include "kernels/device.h"

namespace maskscope {

// Large enough that a copy runs at full speed, small enough that staging memory is not felt.
constexpr std::size_t default_part_bytes = std::size_t{32} << 20;

// part_bytes: parts of a batch are not larger, unless a single row is.
// A run that fails leaves nothing under way; whether a later one can succeed is the device's affair.
std::unique_ptr<Backend> make_device_backend(std::unique_ptr<Device> device,
                                             std::size_t part_bytes = default_part_bytes);

}  // namespace maskscope
