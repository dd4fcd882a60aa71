#include "kernels/map_sharing.h"

#include <algorithm>

#include "core/error.h"

namespace maskscope {

MapSharing decide_map_sharing(const CudaStatus& cuda, const std::string& opengl, GlDevices (*devices)()) {
  if (!cuda.is_usable) return {false, cat("CUDA is not used: ", cuda.reason)};
  if (opengl.empty()) return {false, "there is no OpenGL context"};
  const GlDevices found = devices();
  if (!found.error.empty()) return {false, cat("CUDA cannot reach ", opengl, ": ", found.error)};
  if (std::find(found.devices.begin(), found.devices.end(), masking_device) == found.devices.end()) {
    return {false, cat(opengl, " does not draw on the GPU that masks, ", cuda.device_name)};
  }
  return {true, cat("CUDA and OpenGL are both on the GPU ", cuda.device_name)};
}

std::string MapSharing::sentence() const { return cat(is_possible ? "shared with OpenGL: " : "uploaded: ", reason); }

MapSharing find_map_sharing(const std::string& opengl) { return decide_map_sharing(cuda_status(), opengl, cuda_devices_of_gl); }

}  // namespace maskscope
