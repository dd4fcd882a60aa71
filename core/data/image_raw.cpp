// From the bytes of a file to its pixels as stored: which library reads which format.
#include "core/data/image_raw.h"

#include <stb_image.h>

#include <algorithm>
#include <cstddef>
#include <memory>

#include "core/data/image_pnm.h"

namespace maskscope {

namespace {

struct StbiFree {
  void operator()(void* pixels) const { stbi_image_free(pixels); }
};
using StbiPixels = std::unique_ptr<stbi_uc, StbiFree>;

// Returns (height, width, channels) u8. The container has been checked: what still fails is in the compressed data.
StbiPixels decode_pixels(Bytes file, int channels, const ImageHeader& header, const std::string& name) {
  int width = 0, height = 0, found_channels = 0;
  StbiPixels pixels(stbi_load_from_memory(file.data(), static_cast<int>(file.size()), &width, &height, &found_channels,
                                          channels));
  if (!pixels) {
    const char* reason = stbi_failure_reason();
    throw damaged_image(name, header.format,
                        cat("its picture data cannot be decoded (", reason && *reason ? reason : "no reason given", ")"));
  }
  if (width != header.width || height != header.height)
    throw damaged_image(name, header.format,
                        cat("its header says ", header.width, " x ", header.height, " pixels, its data ", width, " x ",
                            height));
  return pixels;
}

RawImage empty_image(ImageHeader header) {
  RawImage image;
  image.header = std::move(header);
  image.picture = {static_cast<int>(image.header.width), static_cast<int>(image.header.height),
                   std::vector<std::uint8_t>(static_cast<std::size_t>(image.header.width * image.header.height) * 3)};
  return image;
}

RawImage decode_opaque(Bytes file, ImageHeader header, const std::string& name) {
  const StbiPixels pixels = decode_pixels(file, 3, header, name);
  RawImage image = empty_image(std::move(header));
  std::copy_n(pixels.get(), image.picture.rgb.size(), image.picture.rgb.begin());
  return image;
}

RawImage decode_with_alpha(Bytes file, ImageHeader header, const std::string& name) {
  const StbiPixels pixels = decode_pixels(file, 4, header, name);
  RawImage image = empty_image(std::move(header));
  image.alpha.resize(image.picture.rgb.size() / 3);
  for (std::size_t p = 0; p < image.alpha.size(); ++p) {
    std::copy_n(pixels.get() + 4 * p, 3, image.picture.rgb.begin() + static_cast<std::ptrdiff_t>(3 * p));
    image.alpha[p] = pixels.get()[4 * p + 3];
  }
  return image;
}

bool is_grey16_png(Bytes file, const ImageHeader& header) {
  constexpr std::size_t colour_type_at = 25;  // inspect_png has found the header complete
  return header.bits_per_channel == 16 && file[colour_type_at] == 0;
}

RawImage decode_clipped_png(Bytes file, ImageHeader header, const std::string& name) {
  int width = 0, height = 0, channels = 0;
  const std::unique_ptr<stbi_us, StbiFree> grey(
      stbi_load_16_from_memory(file.data(), static_cast<int>(file.size()), &width, &height, &channels, 1));
  if (!grey || width != header.width || height != header.height) {
    throw damaged_image(name, header.format, "its picture data cannot be decoded");
  }
  RawImage image = empty_image(std::move(header));
  for (std::size_t i = 0; i < image.picture.rgb.size(); ++i) {
    image.picture.rgb[i] = static_cast<std::uint8_t>(std::min<stbi_us>(grey.get()[i / 3], 255));
  }
  return image;
}

// Photoshop stores the merged picture already composited over white. stb_image would undo that with the fourth
// channel, even where it is a saved selection and no transparency: the channels after RGB are left out.
std::vector<std::uint8_t> without_extra_channels(Bytes file) {
  std::vector<std::uint8_t> copy(file.begin(), file.end());
  const std::size_t channels = be16(file, 12), rows = be32(file, 14);
  copy[12] = 0;
  copy[13] = 3;
  std::size_t at = 26;
  for (int section = 0; section < 3; ++section) at += 4 + be32(file, at);
  const bool is_run_length_encoded = be16(file, at) == 1;
  if (is_run_length_encoded) {  // a table of row lengths for every channel comes before the data
    const auto table = copy.begin() + static_cast<std::ptrdiff_t>(at + 2);
    copy.erase(table + static_cast<std::ptrdiff_t>(3 * rows * 2),
               table + static_cast<std::ptrdiff_t>(channels * rows * 2));
  }
  return copy;
}

}  // namespace

RawImage decode_raw(Bytes file, const std::string& name, Grey16 grey) {
  ImageHeader header;
  switch (detect_format(file, name)) {
    case ImageFormat::jpeg: return decode_jpeg(file, inspect_jpeg(file, name), name);
    case ImageFormat::tiff: return decode_tiff(file, name, grey);
    case ImageFormat::webp: return decode_webp(file, name);
    case ImageFormat::jpeg2000: return decode_jpeg2000(file, name, grey);
    case ImageFormat::psd: header = inspect_psd(file, name); return decode_opaque(without_extra_channels(file), header, name);
    case ImageFormat::pnm: {
      RawImage image;
      image.picture = decode_pnm(file, name, image.header);
      return image;
    }
    case ImageFormat::png:
      header = inspect_png(file, name);
      if (grey == Grey16::clipped && is_grey16_png(file, header)) return decode_clipped_png(file, header, name);
      break;
    case ImageFormat::gif: header = inspect_gif(file, name); break;
    case ImageFormat::bmp: header = inspect_bmp(file, name); break;
    case ImageFormat::tga: header = inspect_tga(file, name); break;
  }
  return header.may_have_alpha ? decode_with_alpha(file, header, name) : decode_opaque(file, header, name);
}

}  // namespace maskscope
