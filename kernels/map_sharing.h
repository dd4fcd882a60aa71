// Frequency maps that never leave the GPU: CUDA paints them into textures of OpenGL, where both drivers allow it. Whether they
// do is found at run time; where they do not, the same picture is made on the host and uploaded (core/frequency_map.h).
// cuda_map_sharing.cu, or no_cuda_map_sharing.cpp in builds without nvcc or without OpenGL.
//
// Order of calls, all on the thread whose OpenGL context is current: find_map_sharing; if possible, make_map_painter for a
// texture, then paint as often as wanted; the painter goes before its texture does. Example:
//   if (find_map_sharing("OpenGL 4.6, NVIDIA H100").is_possible) make_map_painter(texture)->paint(map, result.counts_on_gpu);
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/frequency_map.h"
#include "kernels/backend.h"

namespace maskscope {

// The GPU that the CUDA backend masks on: the one that is current where nobody chose another.
constexpr int masking_device = 0;

// CUDA's answer to: which GPUs draw for the OpenGL context that is current?
struct GlDevices {
  std::vector<int> devices;
  std::string error;  // why there is no answer, for people; else empty
};
// Never throws CUDA's errors.
GlDevices cuda_devices_of_gl();

struct MapSharing {
  bool is_possible = false;
  std::string reason;  // in one sentence for people, why (not): without capital and full stop

  // "shared with OpenGL: …" or "uploaded: …"
  std::string sentence() const;
};
// opengl: the current context, for people ("OpenGL 4.6, NVIDIA H100"); empty: there is none. devices: only asked about where
// there are both CUDA and a context.
MapSharing decide_map_sharing(const CudaStatus& cuda, const std::string& opengl, GlDevices (*devices)());
// The same of this machine and the current context.
MapSharing find_map_sharing(const std::string& opengl);

class MapPainter {
 public:
  virtual ~MapPainter() = default;
  // Fills level 0 of the texture. counts: in the GPU's memory, a Tally's block that nobody writes any more. Does not wait for the
  // painting, which may stand behind other work of the GPU: OpenGL does, before it uses the texture. Throws Error when CUDA
  // fails, now or since the last call; what the texture then shows is undefined.
  virtual void paint(const FrequencyMap& map, std::shared_ptr<const std::uint64_t> counts) = 0;
};

// texture: an OpenGL name of a GL_TEXTURE_2D with 8 bits each of red, green, blue and alpha, whose size stays for as long as
// the painter lives, and which is as wide and high as the maps. Throws Error when the drivers refuse to share it.
std::unique_ptr<MapPainter> make_map_painter(std::uint32_t texture);

}  // namespace maskscope
