// From the bytes of a file to an upright, opaque picture.
#include <stb_image.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <optional>

#include "core/data/exif.h"
#include "core/data/image.h"
#include "core/data/image_container.h"
#include "core/data/image_pnm.h"

namespace maskscope {

namespace {

struct StbiFree {
  void operator()(stbi_uc* pixels) const { stbi_image_free(pixels); }
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

Picture empty_picture(const ImageHeader& header) {
  return {static_cast<int>(header.width), static_cast<int>(header.height),
          std::vector<std::uint8_t>(static_cast<std::size_t>(header.width * header.height) * 3)};
}

Picture decode_opaque(Bytes file, const ImageHeader& header, const std::string& name) {
  const StbiPixels pixels = decode_pixels(file, 3, header, name);
  Picture picture = empty_picture(header);
  std::copy_n(pixels.get(), picture.rgb.size(), picture.rgb.begin());
  return picture;
}

// a * b / 255, rounded.
std::uint8_t multiply(int a, int b) { return static_cast<std::uint8_t>((a * b + 127) / 255); }

// Composites over white: the paper most pictures with a transparent ground were made for.
Picture decode_over_white(Bytes file, const ImageHeader& header, const std::string& name,
                          std::vector<std::string>& notes) {
  const StbiPixels pixels = decode_pixels(file, 4, header, name);
  Picture picture = empty_picture(header);
  const std::size_t num_pixels = picture.rgb.size() / 3;
  int least = 255, most = 0;
  for (std::size_t i = 0; i < num_pixels; ++i) {
    least = std::min<int>(least, pixels.get()[4 * i + 3]);
    most = std::max<int>(most, pixels.get()[4 * i + 3]);
  }
  // Many programs leave the fourth byte of a TGA pixel at zero and mean nothing by it.
  const bool is_unused = header.format == ImageFormat::tga && most == 0;
  for (std::size_t i = 0; i < num_pixels; ++i) {
    const stbi_uc* in = pixels.get() + 4 * i;
    const int alpha = is_unused ? 255 : in[3];
    for (std::size_t c = 0; c < 3; ++c)
      picture.rgb[3 * i + c] = static_cast<std::uint8_t>(multiply(in[c], alpha) + 255 - alpha);
  }
  if (is_unused)
    notes.push_back("The alpha channel is zero everywhere and was ignored.");
  else if (least < 255)
    notes.push_back("Transparent pixels were composited over white.");
  return picture;
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

// Four components without Adobe's marker are plain CMYK, 255 = full ink. stb_image takes them for YCbCr and drops the
// fourth, but asked for grey it hands out the first component untouched: so each in turn is declared the first.
Picture decode_plain_cmyk(Bytes file, const JpegHeader& header, const std::string& name) {
  std::array<StbiPixels, 4> ink;
  for (std::size_t i = 0; i < 4; ++i) {
    std::vector<std::uint8_t> reordered(file.begin(), file.end());
    const auto specs = reordered.begin() + static_cast<std::ptrdiff_t>(header.component_specs_at);
    const auto spec = specs + static_cast<std::ptrdiff_t>(3 * i);
    std::rotate(specs, spec, spec + 3);
    ink[i] = decode_pixels(reordered, 1, header, name);
  }
  Picture picture = empty_picture(header);
  for (std::size_t p = 0; p < picture.rgb.size() / 3; ++p)
    for (std::size_t c = 0; c < 3; ++c)
      picture.rgb[3 * p + c] = multiply(255 - ink[c].get()[p], 255 - ink[3].get()[p]);
  return picture;
}

// Photoshop's CMYK and YCCK hold inverted inks; stb_image converts both right once the transform is 0 or 2.
Picture decode_cmyk(Bytes file, const JpegHeader& header, const std::string& name) {
  if (!header.adobe_transform_at) return decode_plain_cmyk(file, header, name);
  std::vector<std::uint8_t> copy(file.begin(), file.end());
  std::uint8_t& transform = copy[*header.adobe_transform_at];
  if (transform != 0) transform = 2;  // with four components 1 can only mean YCCK
  return decode_opaque(copy, header, name);
}

void apply_orientation(LoadedImage& image, const ImageHeader& header) {
  const std::optional<int> orientation = exif_orientation(header.exif);
  if (!orientation || *orientation == 1) return;
  if (*orientation < 1 || *orientation > 8) {
    image.notes.push_back(cat("EXIF orientation ", *orientation, " is not one of 1 to 8 and was ignored."));
    return;
  }
  image.picture = upright(std::move(image.picture), *orientation);
  image.notes.push_back(cat("EXIF orientation ", *orientation, " was applied."));
}

LoadedImage decode(Bytes file, const std::string& name) {
  LoadedImage image;
  ImageHeader header;
  std::vector<std::string> notes;
  switch (const ImageFormat format = detect_format(file, name)) {
    case ImageFormat::jpeg: {
      const JpegHeader jpeg = inspect_jpeg(file, name);
      image.picture = jpeg.components == 4 ? decode_cmyk(file, jpeg, name) : decode_opaque(file, jpeg, name);
      if (jpeg.components == 4) notes.push_back("CMYK was converted to RGB without a colour profile.");
      header = jpeg;
      break;
    }
    case ImageFormat::psd:
      header = inspect_psd(file, name);
      image.picture = decode_opaque(without_extra_channels(file), header, name);
      break;
    case ImageFormat::pnm: image.picture = decode_pnm(file, name, header); break;
    default:
      header = format == ImageFormat::png   ? inspect_png(file, name)
               : format == ImageFormat::gif ? inspect_gif(file, name)
               : format == ImageFormat::bmp ? inspect_bmp(file, name)
                                            : inspect_tga(file, name);
      image.picture = header.may_have_alpha ? decode_over_white(file, header, name, notes)
                                            : decode_opaque(file, header, name);
  }
  image.format = format_name(header.format);
  image.original_width = static_cast<int>(header.width);
  image.original_height = static_cast<int>(header.height);
  image.notes = std::move(header.notes);
  image.notes.insert(image.notes.end(), notes.begin(), notes.end());
  if (header.bits_per_channel == 16) image.notes.push_back("16 bits per channel were reduced to 8.");
  apply_orientation(image, header);
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
