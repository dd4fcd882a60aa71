// WebP, by libwebp.
#include <webp/decode.h>

#include <cstddef>

#include "core/data/image_raw.h"

namespace maskscope {

RawImage decode_webp(Bytes file, const std::string& name) {
  WebPBitstreamFeatures features;
  const VP8StatusCode status = WebPGetFeatures(file.data(), file.size(), &features);
  if (status == VP8_STATUS_NOT_ENOUGH_DATA)
    throw truncated_image(name, ImageFormat::webp, file.size(), "which is less than its header");
  if (status != VP8_STATUS_OK) throw damaged_image(name, ImageFormat::webp, "its header cannot be read");
  if (features.has_animation) throw unsupported_image(name, "an animated WebP", "a single picture");
  check_dimensions(features.width, features.height, name, ImageFormat::webp);

  RawImage image;
  image.header.format = ImageFormat::webp;
  image.header.width = features.width;
  image.header.height = features.height;
  image.header.may_have_alpha = features.has_alpha != 0;
  const std::size_t channels = features.has_alpha ? 4 : 3;
  const auto width = static_cast<std::size_t>(features.width), num_pixels = width * static_cast<std::size_t>(features.height);
  std::vector<std::uint8_t> samples(num_pixels * channels);
  const int stride = static_cast<int>(width * channels);
  const auto decode = features.has_alpha ? WebPDecodeRGBAInto : WebPDecodeRGBInto;
  if (!decode(file.data(), file.size(), samples.data(), samples.size(), stride)) {
    throw damaged_image(name, ImageFormat::webp, "its picture data cannot be decoded, or ends early");
  }
  image.picture = {features.width, features.height, {}};
  if (!features.has_alpha) {
    image.picture.rgb = std::move(samples);
    return image;
  }
  image.picture.rgb.resize(num_pixels * 3);
  image.alpha.resize(num_pixels);
  for (std::size_t p = 0; p < num_pixels; ++p) {
    for (std::size_t c = 0; c < 3; ++c) image.picture.rgb[3 * p + c] = samples[4 * p + c];
    image.alpha[p] = samples[4 * p + 3];
  }
  return image;
}

}  // namespace maskscope
