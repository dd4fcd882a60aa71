// A picture of a data set, as Pillow decodes it for the reference: what a model is trained on, not what looks best.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/data/content_error.h"
#include "core/data/crop_settings.h"
#include "core/data/picture.h"

namespace maskscope {

struct DatasetImage {
  Picture picture;     // as stored: EXIF orientation ignored
  std::string format;  // "JPEG"
};

// As Image.open(file).convert('RGB'): alpha dropped, not blended; grey values of 16 bits clipped at 255. What of that changes
// the picture becomes a finding. name: for messages. Throws Error beginning with it, as decode_image.
DatasetImage decode_dataset_image(std::span<const std::uint8_t> bytes, const std::string& name, Findings& findings);

// The size that this picture has: of PNG, JPEG, GIF, BMP, TGA and PSD from the container, whose structure is checked to its end
// without decoding a pixel; other formats are decoded. Throws Error as decode_dataset_image does before it decodes pixels.
PixelSize dataset_image_size(std::span<const std::uint8_t> bytes, const std::string& name);

}  // namespace maskscope
