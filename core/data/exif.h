// EXIF: which way up a photo was taken.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/data/picture.h"

namespace maskscope {

// exif: "Exif\0\0" and a TIFF header. Returns the Orientation tag of the main picture as it stands (1 to 8 are valid),
// or nothing when there is none.
std::optional<int> exif_orientation(std::span<const std::uint8_t> exif);

// Brings a picture stored with the given orientation (1 to 8) upright. Example: 6 turns a quarter clockwise.
Picture upright(Picture picture, int orientation);

}  // namespace maskscope
