// What an image file says about itself before a pixel is decoded. The walk over its structure serves three ends:
// sizes are bounded before anything is allocated, a file that ends early is named as such (stb_image fills the
// missing part in silence), and damaged tables never reach stb_image, whose older releases trust them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace maskscope {

using Bytes = std::span<const std::uint8_t>;

enum class ImageFormat : std::uint8_t { png, jpeg, bmp, tga, pnm, gif, psd, tiff, webp, jpeg2000 };
std::string_view format_name(ImageFormat format);  // "PNG"

// By content. Throws Error that tells what the file holds instead of an image.
ImageFormat detect_format(Bytes file, const std::string& name);

struct ImageHeader {
  ImageFormat format = ImageFormat::png;
  std::int64_t width = 0;   // pixels, 1 or more
  std::int64_t height = 0;  // width * height <= kMaxImagePixels
  bool may_have_alpha = false;
  int bits_per_channel = 8;
  std::vector<std::uint8_t> exif;  // an EXIF block ("Exif\0\0" and a TIFF header), or empty
  std::vector<std::string> notes;  // sentences about the container: several frames and the like
};

struct JpegHeader : ImageHeader {
  int components = 0;                              // 1 grey, 3 colour, 4 CMYK or YCCK
  std::optional<std::size_t> adobe_transform_at;   // byte of the Adobe marker's colour transform
};

// Each walks the whole file and throws Error where it is truncated, damaged, too large or of an unsupported kind.
ImageHeader inspect_png(Bytes file, const std::string& name);
JpegHeader inspect_jpeg(Bytes file, const std::string& name);
ImageHeader inspect_gif(Bytes file, const std::string& name);
ImageHeader inspect_bmp(Bytes file, const std::string& name);
ImageHeader inspect_tga(Bytes file, const std::string& name);
ImageHeader inspect_psd(Bytes file, const std::string& name);

// The three kinds of complaint, as full sentences. detail: what was found at which byte.
Error truncated_image(const std::string& name, ImageFormat format, std::size_t size, const std::string& detail);
Error damaged_image(const std::string& name, ImageFormat format, const std::string& detail);
Error unsupported_image(const std::string& name, const std::string& found, const std::string& expected);

// Throws Error for 0 pixels and for more than kMaxImagePixels. width, height: as the header says, any value.
void check_dimensions(std::int64_t width, std::int64_t height, const std::string& name, ImageFormat format);

// Integers at byte at; the caller has checked that they lie inside.
inline std::uint32_t be16(Bytes b, std::size_t at) { return static_cast<std::uint32_t>(b[at] << 8 | b[at + 1]); }
inline std::uint32_t be32(Bytes b, std::size_t at) { return be16(b, at) << 16 | be16(b, at + 2); }
inline std::uint32_t le16(Bytes b, std::size_t at) { return static_cast<std::uint32_t>(b[at + 1] << 8 | b[at]); }
inline std::uint32_t le32(Bytes b, std::size_t at) { return le16(b, at + 2) << 16 | le16(b, at); }

}  // namespace maskscope
