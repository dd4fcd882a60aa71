// A texture that CUDA paints frequency maps into. Knows no OpenGL: a texture is a number (app/render/token_canvas.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "core/frequency_map.h"

namespace maskscope {

class MapPainter;  // kernels/map_sharing.h

class SharedMap {
 public:
  // Of a texture, on the thread whose OpenGL context is current; null where the drivers don't share it. May throw Error.
  using OpenPainter = std::function<std::unique_ptr<MapPainter>(std::uint32_t texture)>;

  SharedMap();  // with make_map_painter, where find_map_sharing allows it
  explicit SharedMap(OpenPainter open);
  ~SharedMap();
  SharedMap(SharedMap&&) noexcept;
  SharedMap& operator=(SharedMap&&) noexcept;

  // counts: a Tally's block in the GPU's memory. The texture is as large as the map. False: it could not be painted, what it
  // shows is undefined, and no later call tries again.
  bool paint(std::uint32_t texture, const FrequencyMap& map, const std::shared_ptr<const std::uint64_t>& counts);
  // Lets go of the texture: before it changes its size, or goes.
  void release() noexcept;

 private:
  OpenPainter open_;
  std::unique_ptr<MapPainter> painter_;
  bool is_refused_ = false;
};

}  // namespace maskscope
