// Stands in for cuda_map_sharing.cu in builds without nvcc, and in those of the core alone, which know no OpenGL.
#include "core/error.h"
#include "kernels/map_sharing.h"

namespace maskscope {

GlDevices cuda_devices_of_gl() { return {{}, "this program was built without sharing between CUDA and OpenGL"}; }

std::unique_ptr<MapPainter> make_map_painter(std::uint32_t) {
  throw Error(cat("CUDA cannot paint into a texture: ", cuda_devices_of_gl().error, ". Upload the picture."));
}

}  // namespace maskscope
