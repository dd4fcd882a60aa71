// The CUDA backend. cuda_backend.cu, or no_cuda_backend.cpp in builds without nvcc.
#pragma once

#include <cstddef>
#include <memory>

#include "kernels/backend.h"
#include "kernels/device_backend.h"

namespace maskscope {

// Which threads mask a row together. automatic: a warp when there are many rows, else a block. A warp is only used where
// the scheme's scratch fits into shared memory. The bits are the same.
enum class CudaGroup { automatic, warp, block };

// part_bytes: as in make_device_backend. Throws Error with the reason when CUDA cannot be used.
std::unique_ptr<Backend> make_cuda_backend(CudaGroup group = CudaGroup::automatic,
                                           std::size_t part_bytes = default_part_bytes);

}  // namespace maskscope
