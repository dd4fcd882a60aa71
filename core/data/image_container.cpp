#include "core/data/image_container.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iomanip>

#include "core/data/image.h"
#include "core/data/utf8.h"

namespace maskscope {

using namespace std::string_view_literals;

namespace {

constexpr std::string_view kReadable = "a PNG, JPEG, WebP, TIFF, JPEG 2000, BMP, TGA, PNM, GIF or PSD picture";

bool starts_with(Bytes file, std::string_view magic, std::size_t at = 0) {
  return file.size() >= at + magic.size() &&
         std::equal(magic.begin(), magic.end(), file.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

struct Magic {
  std::string_view bytes;
  std::size_t at;
  std::string_view what;
};

// What people try to open, so that the message can name it.
constexpr Magic kForeign[] = {  // sv: some have zeros inside
    {"ftypheic"sv, 4, "a HEIC picture"},
    {"ftypmif1"sv, 4, "a HEIF picture"},
    {"ftypavif"sv, 4, "an AVIF picture"},
    {"ftyp"sv, 4, "a video"},
    {"\0\0\0\x0CJXL "sv, 0, "a JPEG XL picture"},
    {"\xFF\x0A"sv, 0, "a JPEG XL picture"},
    {"#?RADIANCE"sv, 0, "a Radiance HDR picture"},
    {"\x76\x2F\x31\x01"sv, 0, "an OpenEXR picture"},
    {"\0\0\x01\0"sv, 0, "a Windows icon"},
    {"P7\n"sv, 0, "a PAM picture (P7)"},
    {"%PDF"sv, 0, "a PDF document"},
    {"PK\x03\x04"sv, 0, "a ZIP archive"},
    {"\x1F\x8B"sv, 0, "gzip-compressed data"},
    {"\x93NUMPY"sv, 0, "a NumPy array"},
    {"ustar"sv, 257, "a tar archive"},
    {"<svg"sv, 0, "an SVG drawing"},
};

// UTF-8 without control characters, as far as the first bytes tell.
bool is_text(Bytes file) {
  constexpr std::size_t kHead = 4096, kLongestCodePoint = 4;
  const Bytes head = file.first(std::min(file.size(), kHead));
  const bool has_control = std::any_of(head.begin(), head.end(), [](std::uint8_t c) {
    return c == 0x7F || (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f');
  });
  const auto invalid_at = find_invalid_utf8({reinterpret_cast<const char*>(head.data()), head.size()});
  const bool is_cut_code_point = invalid_at && file.size() > kHead && *invalid_at + kLongestCodePoint > kHead;
  return !has_control && (!invalid_at || is_cut_code_point);
}

// A TGA begins with no magic bytes: every field of its header must make sense.
bool looks_like_tga(Bytes file) {
  if (file.size() < 18 || file[1] > 1) return false;
  const int kind = file[2] & ~8;  // 8: run-length encoded
  const int bits = file[16];
  const auto colour_bits = [](int b) { return b == 15 || b == 16 || b == 24 || b == 32; };
  if (file[1] == 1) return kind == 1 && (bits == 8 || bits == 16) && (file[7] == 8 || colour_bits(file[7]));
  return (kind == 2 && colour_bits(bits)) || (kind == 3 && (bits == 8 || bits == 16));
}

std::string first_bytes(Bytes file) {
  std::ostringstream out;
  for (std::size_t i = 0; i < std::min<std::size_t>(file.size(), 8); ++i)
    out << (i == 0 ? "" : " ") << std::hex << std::setw(2) << std::setfill('0') << static_cast<int>(file[i]);
  return out.str();
}

}  // namespace

std::string_view format_name(ImageFormat format) {
  constexpr std::array<std::string_view, 10> names{"PNG", "JPEG", "BMP", "TGA", "PNM", "GIF", "PSD", "TIFF", "WebP", "JPEG 2000"};
  return names[static_cast<std::size_t>(format)];
}

ImageFormat detect_format(Bytes file, const std::string& name) {
  if (file.empty())
    throw Error(cat(name, ": the file is empty (0 bytes), expected ", kReadable, ". Copy or save it again."));
  if (starts_with(file, "\x89PNG\r\n\x1A\n")) return ImageFormat::png;
  if (starts_with(file, "\xFF\xD8\xFF")) return ImageFormat::jpeg;
  if (starts_with(file, "GIF87a") || starts_with(file, "GIF89a")) return ImageFormat::gif;
  if (starts_with(file, "8BPS")) return ImageFormat::psd;
  if (starts_with(file, "RIFF") && starts_with(file, "WEBP", 8)) return ImageFormat::webp;
  for (const std::string_view magic : {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv})
    if (starts_with(file, magic)) return ImageFormat::tiff;
  if (starts_with(file, "\0\0\0\x0CjP  "sv) || starts_with(file, "\xFF\x4F\xFF\x51")) return ImageFormat::jpeg2000;
  if (file.size() >= 3 && file[0] == 'P' && file[1] >= '1' && file[1] <= '6' && (file[2] <= ' ' || file[2] == '#'))
    return ImageFormat::pnm;
  if (starts_with(file, "BM") && !is_text(file)) return ImageFormat::bmp;
  for (const Magic& magic : kForeign)
    if (starts_with(file, magic.bytes, magic.at))
      throw Error(cat(name, ": this is ", magic.what, ", expected ", kReadable, ". Save it as PNG or JPEG first."));
  // A file cut within its first bytes would otherwise be called unknown.
  for (const std::string_view magic : {"\x89PNG\r\n\x1A\n", "\xFF\xD8\xFF", "GIF89a"})
    if (file.size() < magic.size() && starts_with(file, magic.substr(0, file.size())) && !is_text(file))
      throw Error(cat(name, ": the file ends in the middle of the picture: it has only ", file.size(),
                      file.size() == 1 ? " byte" : " bytes", ". Copy or save it again."));
  if (is_text(file))
    throw Error(cat(name, ": the file holds text, expected ", kReadable,
                    ". Choose the picture, or open this file as a text."));
  if (looks_like_tga(file)) return ImageFormat::tga;
  throw Error(cat(name, ": the file begins with the bytes ", first_bytes(file), ", which is no known picture; expected ",
                  kReadable, ". Save it as PNG or JPEG first."));
}

Error truncated_image(const std::string& name, ImageFormat format, std::size_t size, const std::string& detail) {
  return Error(cat(name, ": the ", format_name(format), " file ends in the middle of the picture: it has ", size,
                   " bytes, ", detail, ". Copy or save it again."));
}

Error damaged_image(const std::string& name, ImageFormat format, const std::string& detail) {
  return Error(
      cat(name, ": the ", format_name(format), " file is damaged: ", detail, ". Copy it again or save it anew."));
}

Error unsupported_image(const std::string& name, const std::string& found, const std::string& expected) {
  return Error(cat(name, ": this is ", found, ", expected ", expected, ". Save it as PNG or JPEG first."));
}

void check_dimensions(std::int64_t width, std::int64_t height, const std::string& name, ImageFormat format) {
  if (width < 1 || height < 1)
    throw Error(cat(name, ": the header of the ", format_name(format), " file says ", width, " x ", height,
                    " pixels, expected at least 1 x 1. Save the picture again."));
  if (width > kMaxImagePixels || height > kMaxImagePixels / width) {
    char megapixels[32];
    std::snprintf(megapixels, sizeof megapixels, "%.0f",
                  static_cast<double>(width) * static_cast<double>(height) / 1e6);
    throw Error(cat(name, ": the picture is ", width, " x ", height, " pixels (", megapixels,
                    " megapixels), the limit is ", kMaxImagePixels / 1'000'000,
                    " megapixels. Scale it down first."));
  }
}

}  // namespace maskscope
