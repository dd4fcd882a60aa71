// Stands in for cuda_backend.cu in builds without nvcc.
#include "core/error.h"
#include "kernels/cuda_backend.h"

namespace maskscope {

CudaStatus cuda_status() {
  CudaStatus status;
  status.reason = "this program was built without CUDA";
  return status;
}

std::unique_ptr<Backend> make_cuda_backend(CudaGroup, std::size_t) {
  throw Error(cat("CUDA cannot be used: ", cuda_status().reason,
                  ". Use the CPU backend, or build with nvcc installed."));
}

}  // namespace maskscope
