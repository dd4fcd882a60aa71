// Portable anymaps, P1 to P6. Decoded here rather than by stb_image, which reads P5 and P6 only, ignores the maximum
// value and takes 16-bit samples in the wrong byte order.
#pragma once

#include "core/data/image_container.h"
#include "core/data/picture.h"

namespace maskscope {

// Fills header's size, depth and notes. Throws Error as the inspect_ functions do.
Picture decode_pnm(Bytes file, const std::string& name, ImageHeader& header);

}  // namespace maskscope
