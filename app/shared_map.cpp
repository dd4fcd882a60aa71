#include "app/shared_map.h"

#include <utility>

#include "core/error.h"
#include "kernels/map_sharing.h"

namespace maskscope {
namespace {

std::unique_ptr<MapPainter> open_cuda_painter(std::uint32_t texture) {
  // Asked once, not for every map: the program draws with one context.
  static const MapSharing sharing = find_map_sharing("OpenGL");
  return sharing.is_possible ? make_map_painter(texture) : nullptr;
}

}  // namespace

SharedMap::SharedMap() : SharedMap(open_cuda_painter) {}
SharedMap::SharedMap(OpenPainter open) : open_(std::move(open)) {}
SharedMap::~SharedMap() = default;
SharedMap::SharedMap(SharedMap&&) noexcept = default;
SharedMap& SharedMap::operator=(SharedMap&&) noexcept = default;

bool SharedMap::paint(std::uint32_t texture, const FrequencyMap& map, const std::shared_ptr<const std::uint64_t>& counts) {
  if (is_refused_) return false;
  try {
    if (!painter_) painter_ = open_(texture);
    if (painter_) {
      painter_->paint(map, counts);
      return true;
    }
  } catch (const Error&) {
    // Nothing is lost: the picture is uploaded instead. A GPU that is broken shows when it is to mask.
  }
  release();
  is_refused_ = true;
  return false;
}

void SharedMap::release() noexcept { painter_.reset(); }

}  // namespace maskscope
