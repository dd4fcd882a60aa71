// Every CUDA call is checked; a failure becomes an Error with a sentence.
#pragma once

#include <cuda_runtime.h>

#include "core/error.h"
#include "kernels/device.h"

namespace maskscope {

// what: what was being done, for the sentence. Throws DeviceOutOfMemory when memory was short. Example:
//   check_cuda(cudaMalloc(&memory, bytes), "allocating memory on the GPU");
inline void check_cuda(cudaError_t error, const char* what) {
  if (error == cudaSuccess) return;
  // Clears the error where it can be cleared; a sticky one stays, and every later call reports it again.
  cudaGetLastError();
  const std::string sentence = cat("CUDA failed while ", what, ": ", cudaGetErrorString(error), " (CUDA error ",
                                   static_cast<int>(error), "). Use the CPU backend, or start the program again.");
  if (error == cudaErrorMemoryAllocation) throw DeviceOutOfMemory(sentence);
  throw Error(sentence);
}

}  // namespace maskscope
