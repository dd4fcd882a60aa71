// From the bytes of a file to an upright, opaque picture.
#include <algorithm>
#include <new>
#include <optional>

#include "core/data/exif.h"
#include "core/data/image.h"
#include "core/data/image_raw.h"

namespace maskscope {

namespace {

// a * b / 255, rounded.
std::uint8_t multiply(int a, int b) { return static_cast<std::uint8_t>((a * b + 127) / 255); }

// White is the paper most pictures with a transparent ground were made for.
void composite_over_white(RawImage& image) {
  if (image.alpha.empty()) return;
  const auto [least, most] = std::minmax_element(image.alpha.begin(), image.alpha.end());
  // Many programs leave the fourth byte of a TGA pixel at zero and mean nothing by it.
  if (image.header.format == ImageFormat::tga && *most == 0) {
    image.header.notes.push_back("The alpha channel is zero everywhere and was ignored.");
    return;
  }
  if (*least == 255) return;
  for (std::size_t i = 0; i < image.picture.rgb.size(); ++i) {
    const int alpha = image.alpha[i / 3];
    image.picture.rgb[i] = static_cast<std::uint8_t>(multiply(image.picture.rgb[i], alpha) + 255 - alpha);
  }
  image.header.notes.push_back("Transparent pixels were composited over white.");
}

void apply_orientation(LoadedImage& image, const RawImage& raw) {
  const std::optional<int> orientation = raw.orientation != 1 ? raw.orientation : exif_orientation(raw.header.exif);
  if (!orientation || *orientation == 1) return;
  if (*orientation < 1 || *orientation > 8) {
    image.notes.push_back(cat("EXIF orientation ", *orientation, " is not one of 1 to 8 and was ignored."));
    return;
  }
  image.picture = upright(std::move(image.picture), *orientation);
  image.notes.push_back(cat(raw.orientation != 1 ? "The" : "EXIF", " orientation ", *orientation, " was applied."));
}

LoadedImage decode(Bytes file, const std::string& name) {
  RawImage raw = decode_raw(file, name, Grey16::high_byte);
  composite_over_white(raw);
  LoadedImage image;
  image.format = format_name(raw.header.format);
  image.original_width = static_cast<int>(raw.header.width);
  image.original_height = static_cast<int>(raw.header.height);
  image.picture = std::move(raw.picture);
  image.notes = raw.header.notes;
  if (raw.is_cmyk) image.notes.push_back("CMYK was converted to RGB without a colour profile.");
  if (!raw.damage.empty()) image.notes.push_back(cat("The picture data is damaged; parts may be missing (", raw.damage, ")."));
  if (raw.header.bits_per_channel == 16) image.notes.push_back("16 bits per channel were reduced to 8.");
  apply_orientation(image, raw);
  return image;
}

}  // namespace

LoadedImage decode_image(std::span<const std::uint8_t> bytes, const std::string& name) {
  if (bytes.size() > kMaxImageFileBytes)
    throw Error(cat(name, ": the file has ", bytes.size() >> 20, " MiB, the limit is ", kMaxImageFileBytes >> 20,
                    " MiB. Scale the picture down first."));
  try {
    return decode(bytes, name);
  } catch (const std::bad_alloc&) {
    throw Error(cat(name, ": there is not enough memory to decode this picture. Close other programs or scale it down."));
  }
}

}  // namespace maskscope
