// Cropping and resizing as Pillow does them, bit for bit.
#pragma once

#include "core/data/crop_settings.h"
#include "core/data/picture.h"

namespace maskscope {

// The crop of the picture, black where it reaches beyond, as side x side pixels, then flipped left to right if the crop says
// so. As Image.crop and Image.resize of Pillow with its default filter: cubic convolution with a = -0.5, as wide as the pixels
// that become one when shrinking, in two passes over fixed-point numbers. side: 1 .. 4096. The crop has at most kMaxImagePixels.
Picture crop_and_resize(const Picture& picture, const CropSettings& crop, int side);

}  // namespace maskscope
