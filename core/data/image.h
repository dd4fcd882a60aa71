// Pictures from files: read, orient, make square, cut into patches, write.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/data/picture.h"

namespace maskscope {

// Larger pictures are refused before a pixel is decoded; 8000 x 8000 is just allowed.
inline constexpr std::int64_t kMaxImagePixels = 64'000'000;
inline constexpr std::uintmax_t kMaxImageFileBytes = std::uintmax_t{512} << 20;

struct LoadedImage {
  Picture picture;                 // upright (EXIF orientation applied), opaque, sRGB
  std::vector<std::string> notes;  // sentences: what was converted on the way; empty for a plain 8-bit RGB file
  std::string format;              // "PNG", "JPEG", "WebP", "TIFF", "JPEG 2000", "BMP", "TGA", "PNM", "GIF" or "PSD": by content
  int original_width = 0;          // pixels as stored in the file: width and height change places
  int original_height = 0;         //   for the EXIF orientations 5 to 8
};

// Reads PNG, JPEG (baseline and progressive; greyscale, RGB, CMYK, YCCK), WebP (no animations), TIFF (first page), JPEG 2000,
// BMP, TGA, PNM (P1 to P6), GIF (first frame) and PSD (the merged RGB picture). Transparency is composited over white, 16 bits become 8, CMYK becomes RGB without
// a colour profile; each leaves a note. Throws Error for whatever is not a complete picture of at most
// kMaxImagePixels: missing, unreadable, empty, truncated, damaged or unknown files.
LoadedImage read_image(const std::filesystem::path& path);

// The same from memory. name stands in the messages where the path would.
LoadedImage decode_image(std::span<const std::uint8_t> bytes, const std::string& name);

enum class FitMode : std::uint8_t {
  centre_crop,  // the largest centred square of the picture
  fit,          // the whole picture, centred, the rest in kFitPadding
};
inline constexpr std::uint8_t kFitPadding = 128;  // all three channels: neutral grey

// picture: at least 1 x 1. Returns side x side (1 <= side <= 4096). Filtered in linear light: Mitchell-Netravali
// when shrinking, Catmull-Rom when enlarging. A picture that is side x side already comes back unchanged.
// Example: 640 x 480 to 224: centre_crop takes columns 80..559; fit gives 224 x 168 below 28 rows of padding.
Picture to_square(const Picture& picture, int side, FitMode mode);

struct PixelRect {
  int x = 0, y = 0, width = 0, height = 0;
  bool operator==(const PixelRect&) const = default;
};

// The pixels that token slot covers in an input_size x input_size picture. patch_size divides input_size;
// 0 <= slot < (input_size / patch_size)^2, row-major. Example: patch_rect(15, 224, 16) is {16, 16, 16, 16}.
PixelRect patch_rect(int slot, int input_size, int patch_size);

// The rectangle's average colour, rounded per sRGB channel. rect lies inside the picture and is not empty.
std::array<std::uint8_t, 3> mean_colour(const Picture& picture, const PixelRect& rect);

// Writes an 8-bit PNG. The file appears complete or not at all: it is written beside its place and renamed.
// Throws Error when it cannot be written (missing folder, no permission, disk full).
void write_png(const std::filesystem::path& path, const Picture& picture);

// pixels: (height, width, channels) u8, row 0 on top; channels: 1 grey, 3 RGB or 4 RGBA (alpha not premultiplied).
void write_png(const std::filesystem::path& path, int width, int height, int channels,
               std::span<const std::uint8_t> pixels);

}  // namespace maskscope
