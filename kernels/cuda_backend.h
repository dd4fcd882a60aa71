// The CUDA backend: one block of threads per sample. cuda_backend.cu, or no_cuda_backend.cpp in builds without nvcc.
#pragma once

#include <memory>

#include "kernels/backend.h"

namespace maskscope {

// Throws Error with the reason when CUDA cannot be used.
std::unique_ptr<Backend> make_cuda_backend();

}  // namespace maskscope
