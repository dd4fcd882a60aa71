// TIFF, by libtiff.
#include <tiffio.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>

#include "core/data/image.h"
#include "core/data/image_raw.h"

namespace maskscope {

namespace {

struct Source {
  Bytes file;
  std::uint64_t at = 0;
};

tmsize_t read_bytes(thandle_t user, void* to, tmsize_t count) {
  Source& source = *static_cast<Source*>(user);
  if (count <= 0 || source.at >= source.file.size()) return 0;
  const std::size_t taken = std::min(static_cast<std::size_t>(count), source.file.size() - static_cast<std::size_t>(source.at));
  std::memcpy(to, source.file.data() + source.at, taken);
  source.at += taken;
  return static_cast<tmsize_t>(taken);
}
tmsize_t write_nothing(thandle_t, void*, tmsize_t) { return 0; }
toff_t seek_to(thandle_t user, toff_t offset, int whence) {
  Source& source = *static_cast<Source*>(user);
  source.at = whence == SEEK_SET ? offset : (whence == SEEK_CUR ? source.at : source.file.size()) + offset;
  return source.at;
}
toff_t size_of(thandle_t user) { return static_cast<Source*>(user)->file.size(); }
int close_nothing(thandle_t) { return 0; }

int keep_first_error(TIFF*, void* user, const char*, const char* format, va_list arguments) {
  auto& text = *static_cast<std::string*>(user);
  if (!text.empty()) return 1;
  char buffer[256];
  std::vsnprintf(buffer, sizeof buffer, format, arguments);
  text = buffer;
  if (text.starts_with(": ")) text.erase(0, 2);  // behind the module's name, which is the file's: none
  while (!text.empty() && (text.back() == '\n' || text.back() == '.')) text.pop_back();
  return 1;
}
int ignore_warning(TIFF*, void*, const char*, const char*, va_list) { return 1; }

struct TiffClose {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using Tiff = std::unique_ptr<TIFF, TiffClose>;
struct OptionsFree {
  void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};

Tiff open_tiff(Source& source, std::string& reason) {
  const std::unique_ptr<TIFFOpenOptions, OptionsFree> options(TIFFOpenOptionsAlloc());
  if (!options) throw std::bad_alloc();
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), 4 * kMaxImagePixels);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_first_error, &reason);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), ignore_warning, nullptr);
  return Tiff(TIFFClientOpenExt("", "rm", &source, read_bytes, write_nothing, seek_to, close_nothing, size_of, nullptr, nullptr,
                                options.get()));
}

std::uint16_t field(TIFF* tiff, std::uint32_t tag) {
  std::uint16_t value = 0;
  TIFFGetFieldDefaulted(tiff, tag, &value);
  return value;
}

// How the samples of a row are laid out, where they can be read as they are.
struct Layout {
  std::size_t width = 0, height = 0;
  std::uint16_t bits = 0, samples = 0, photometric = 0;
  bool is_plain = false;
  bool has_colour() const { return photometric == PHOTOMETRIC_RGB; }
  bool has_alpha() const { return samples == (has_colour() ? 4 : 2); }
};

Layout layout_of(TIFF* tiff, std::size_t width, std::size_t height) {
  Layout layout{width, height, field(tiff, TIFFTAG_BITSPERSAMPLE), field(tiff, TIFFTAG_SAMPLESPERPIXEL), 0, false};
  std::uint16_t photometric = 0;
  if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric)) return layout;
  layout.photometric = photometric;
  const bool is_grey = photometric == PHOTOMETRIC_MINISBLACK && (layout.samples == 1 || layout.samples == 2);
  const bool is_colour = photometric == PHOTOMETRIC_RGB && (layout.samples == 3 || layout.samples == 4);
  const std::uint16_t sample_format = field(tiff, TIFFTAG_SAMPLEFORMAT);
  const std::size_t row_bytes = width * layout.samples * layout.bits / 8;
  layout.is_plain = (is_grey || is_colour) && (layout.bits == 8 || layout.bits == 16) && !TIFFIsTiled(tiff) &&
                    field(tiff, TIFFTAG_PLANARCONFIG) == PLANARCONFIG_CONTIG && sample_format == SAMPLEFORMAT_UINT &&
                    TIFFScanlineSize64(tiff) == row_bytes;
  return layout;
}

// Samples as stored: libtiff's own conversion would multiply colours by alpha, and round 16 bits.
bool read_plain(TIFF* tiff, const Layout& layout, Grey16 grey, RawImage& image) {
  std::vector<std::uint8_t> row(layout.width * layout.samples * layout.bits / 8);
  const bool is_clipped = grey == Grey16::clipped && !layout.has_colour() && layout.bits == 16;
  const auto sample = [&](std::size_t i) {
    if (layout.bits == 8) return row[i];
    std::uint16_t value = 0;  // libtiff has brought it to this machine's order
    std::memcpy(&value, row.data() + 2 * i, 2);
    return static_cast<std::uint8_t>(is_clipped ? std::min<std::uint16_t>(value, 255) : value >> 8);
  };
  if (layout.has_alpha()) image.alpha.resize(layout.width * layout.height);
  for (std::size_t y = 0; y < layout.height; ++y) {
    if (TIFFReadScanline(tiff, row.data(), static_cast<std::uint32_t>(y), 0) != 1) return false;
    for (std::size_t x = 0; x < layout.width; ++x) {
      const std::size_t first = x * layout.samples, pixel = y * layout.width + x;
      for (std::size_t c = 0; c < 3; ++c) image.picture.rgb[3 * pixel + c] = sample(first + (layout.has_colour() ? c : 0));
      if (layout.has_alpha()) image.alpha[pixel] = sample(first + layout.samples - 1u);
    }
  }
  return true;
}

// Everything else as libtiff makes RGB of it: palettes, bits, tiles, planes, YCbCr, CMYK.
bool read_converted(TIFF* tiff, const Layout& layout, int orientation, RawImage& image) {
  std::vector<std::uint32_t> raster(layout.width * layout.height);
  if (!TIFFReadRGBAImageOriented(tiff, static_cast<std::uint32_t>(layout.width), static_cast<std::uint32_t>(layout.height),
                                 raster.data(), orientation, 1)) {
    return false;
  }
  for (std::size_t p = 0; p < raster.size(); ++p) {
    image.picture.rgb[3 * p] = static_cast<std::uint8_t>(TIFFGetR(raster[p]));
    image.picture.rgb[3 * p + 1] = static_cast<std::uint8_t>(TIFFGetG(raster[p]));
    image.picture.rgb[3 * p + 2] = static_cast<std::uint8_t>(TIFFGetB(raster[p]));
  }
  return true;
}

}  // namespace

RawImage decode_tiff(Bytes file, const std::string& name, Grey16 grey) {
  Source source{file};
  std::string reason;
  const auto fail = [&](const char* what) {
    return damaged_image(name, ImageFormat::tiff, cat(what, reason.empty() ? "" : cat(" (", reason, ")")));
  };
  const Tiff tiff = open_tiff(source, reason);
  std::uint32_t width = 0, height = 0;
  if (!tiff || !TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width) || !TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height)) {
    throw fail("its directory cannot be read");
  }
  check_dimensions(width, height, name, ImageFormat::tiff);

  const Layout layout = layout_of(tiff.get(), width, height);
  RawImage image;
  image.header.format = ImageFormat::tiff;
  image.header.width = width;
  image.header.height = height;
  image.header.bits_per_channel = layout.bits == 16 ? 16 : 8;
  image.header.may_have_alpha = layout.is_plain && layout.has_alpha();
  const std::uint16_t orientation = field(tiff.get(), TIFFTAG_ORIENTATION);
  image.orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
  image.picture = {static_cast<int>(width), static_cast<int>(height), std::vector<std::uint8_t>(layout.width * layout.height * 3)};
  const bool is_read = layout.is_plain ? read_plain(tiff.get(), layout, grey, image)
                                       : read_converted(tiff.get(), layout, image.orientation, image);
  if (!is_read) throw fail("its picture data cannot be decoded, or ends early");
  if (TIFFReadDirectory(tiff.get())) image.header.notes.push_back("The file holds several pictures; the first one is shown.");
  return image;
}

}  // namespace maskscope
