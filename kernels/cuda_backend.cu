// Whether CUDA can be used, and the backend that uses it.
#include "kernels/cuda_backend.h"

#include <exception>
#include <new>
#include <string>

#include "kernels/cuda_device.cuh"
#include "kernels/device_backend.h"

namespace maskscope {
namespace {

// 13020 -> "13.2", as the runtime and the driver count.
std::string version_text(int version) { return cat(version / 1000, ".", version % 1000 / 10); }

CudaStatus look_for_cuda() {
  CudaStatus status;
  status.is_compiled = true;
  int version = 0;
  if (cudaRuntimeGetVersion(&version) == cudaSuccess) status.runtime_version = version_text(version);
  if (cudaDriverGetVersion(&version) != cudaSuccess) version = 0;
  if (version > 0) status.driver_version = version_text(version);

  const auto unusable = [&status](const std::string& reason, cudaError_t error) {
    cudaGetLastError();
    status.reason = error == cudaSuccess ? reason : cat(reason, " (CUDA error ", static_cast<int>(error), ")");
    return status;
  };
  int num_devices = 0;
  const cudaError_t error = cudaGetDeviceCount(&num_devices);
  if (version == 0) return unusable("no NVIDIA driver is installed", error);
  if (error == cudaErrorInsufficientDriver) {
    return unusable(cat("the NVIDIA driver supports CUDA ", status.driver_version, ", but this program needs ",
                        status.runtime_version, "; install a newer driver"),
                    error);
  }
  if (error != cudaSuccess && error != cudaErrorNoDevice) return unusable(cudaGetErrorString(error), error);
  if (num_devices == 0) return unusable("there is no NVIDIA GPU", error);

  cudaDeviceProp properties;
  if (const cudaError_t failed = cudaGetDeviceProperties(&properties, 0); failed != cudaSuccess) {
    return unusable(cat("the GPU does not answer: ", cudaGetErrorString(failed)), failed);
  }
  status.device_name = properties.name;
  if (const cudaError_t failed = find_masking_code(); failed != cudaSuccess) {
    return unusable(cat("this program holds no code for the GPU ", status.device_name, " (compute capability ",
                        properties.major, ".", properties.minor, "): ", cudaGetErrorString(failed)),
                    failed);
  }
  status.is_usable = true;
  status.reason = cat("the GPU ", status.device_name, " is ready");
  return status;
}

}  // namespace

CudaStatus cuda_status() {
  try {
    return look_for_cuda();
  } catch (const std::exception& error) {
    CudaStatus status;
    status.is_compiled = true;
    try {
      status.reason = error.what();
    } catch (const std::bad_alloc&) {
      // An empty reason is all that is left to give.
    }
    return status;
  }
}

std::unique_ptr<Backend> make_cuda_backend(CudaGroup group, std::size_t part_bytes) {
  const CudaStatus status = cuda_status();
  if (!status.is_usable) throw Error(cat("CUDA cannot be used: ", status.reason, ". Use the CPU backend."));
  const std::string description = cat("CUDA, ", status.device_name, ", driver ", status.driver_version);
  return make_device_backend(std::make_unique<CudaDevice>(description, group), part_bytes);
}

}  // namespace maskscope
