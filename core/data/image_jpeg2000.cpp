// JPEG 2000, by OpenJPEG.
#include <openjpeg.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <memory>

#include "core/data/image.h"
#include "core/data/image_raw.h"

namespace maskscope {

namespace {

// A bare codestream begins with its start marker; .jp2 and .jpx with a box.
bool is_codestream(Bytes file) { return file.size() >= 2 && file[0] == 0xFF && file[1] == 0x4F; }

// OpenJPEG's two handles are of one type, void**: told apart by what releases them.
struct CodecRelease {
  void operator()(opj_codec_t* codec) const { opj_destroy_codec(codec); }
};
struct StreamRelease {
  void operator()(opj_stream_t* stream) const { opj_stream_destroy(stream); }
};
struct ImageRelease {
  void operator()(opj_image_t* image) const { opj_image_destroy(image); }
};
using Codec = std::unique_ptr<opj_codec_t, CodecRelease>;
using Stream = std::unique_ptr<opj_stream_t, StreamRelease>;
using Image = std::unique_ptr<opj_image_t, ImageRelease>;

struct Source {
  Bytes file;
  std::size_t at = 0;
};

OPJ_SIZE_T read_bytes(void* to, OPJ_SIZE_T count, void* user) {
  Source& source = *static_cast<Source*>(user);
  const std::size_t taken = std::min<std::size_t>(count, source.file.size() - source.at);
  if (taken == 0) return static_cast<OPJ_SIZE_T>(-1);
  std::memcpy(to, source.file.data() + source.at, taken);
  source.at += taken;
  return taken;
}
OPJ_OFF_T skip_bytes(OPJ_OFF_T count, void* user) {
  Source& source = *static_cast<Source*>(user);
  if (count < 0) return -1;
  const auto left = static_cast<OPJ_OFF_T>(source.file.size() - source.at);
  const OPJ_OFF_T taken = std::min(count, left);
  source.at += static_cast<std::size_t>(taken);
  return taken;
}
OPJ_BOOL seek_to(OPJ_OFF_T place, void* user) {
  Source& source = *static_cast<Source*>(user);
  if (place < 0 || static_cast<std::uint64_t>(place) > source.file.size()) return OPJ_FALSE;
  source.at = static_cast<std::size_t>(place);
  return OPJ_TRUE;
}

Stream make_stream(Source& source) {
  opj_stream_t* stream = opj_stream_default_create(OPJ_TRUE);
  if (!stream) throw std::bad_alloc();
  opj_stream_set_user_data(stream, &source, nullptr);
  opj_stream_set_user_data_length(stream, source.file.size());
  opj_stream_set_read_function(stream, read_bytes);
  opj_stream_set_skip_function(stream, skip_bytes);
  opj_stream_set_seek_function(stream, seek_to);
  return Stream(stream);
}

// One sample as 8 bits, as Pillow shifts them.
std::uint8_t to_8_bits(const opj_image_comp_t& component, std::size_t i, bool is_clipped) {
  std::int64_t value = component.data[i];
  if (component.sgnd) value += std::int64_t{1} << (component.prec - 1);
  if (!is_clipped && component.prec > 8) value >>= component.prec - 8;
  if (component.prec < 8) value <<= 8 - component.prec;
  return static_cast<std::uint8_t>(std::clamp<std::int64_t>(value, 0, 255));
}

void ycc_to_rgb(std::uint8_t* pixel) {
  const double y = pixel[0], cb = pixel[1] - 128.0, cr = pixel[2] - 128.0;
  const double rgb[3] = {y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb};
  for (int c = 0; c < 3; ++c) pixel[c] = static_cast<std::uint8_t>(std::clamp(std::lround(rgb[c]), 0L, 255L));
}

void check_components(const opj_image_t& image, const std::string& name) {
  constexpr std::int64_t most_samples = 2 * kMaxImagePixels;  // 4 bytes each while they are decoded
  const std::int64_t width = std::int64_t{image.x1} - image.x0, height = std::int64_t{image.y1} - image.y0;
  check_dimensions(width, height, name, ImageFormat::jpeg2000);
  if (image.numcomps < 1 || image.numcomps > 4) {
    throw unsupported_image(name, cat("a JPEG 2000 picture with ", image.numcomps, " components"), "1 to 4");
  }
  if (width * height * image.numcomps > most_samples) {
    throw unsupported_image(name,
                            cat("a JPEG 2000 picture of ", width, " x ", height, " pixels with ", image.numcomps, " components"),
                            cat("at most ", most_samples / 1'000'000, " million values"));
  }
  for (std::uint32_t c = 0; c < image.numcomps; ++c) {
    const opj_image_comp_t& component = image.comps[c];
    if (component.dx != 1 || component.dy != 1 || component.w != width || component.h != height) {
      throw unsupported_image(name, "a JPEG 2000 picture with components of different sizes", "one value of each for every pixel");
    }
    if (component.prec < 1 || component.prec > 16) {
      throw unsupported_image(name, cat("a JPEG 2000 picture with ", component.prec, " bits per channel"), "1 to 16");
    }
  }
}

RawImage to_raw(const opj_image_t& decoded, const std::string& name, Grey16 grey) {
  RawImage image;
  image.header.format = ImageFormat::jpeg2000;
  image.header.width = std::int64_t{decoded.x1} - decoded.x0;
  image.header.height = std::int64_t{decoded.y1} - decoded.y0;
  image.header.bits_per_channel = decoded.comps[0].prec > 8 ? 16 : 8;
  const auto num_pixels = static_cast<std::size_t>(image.header.width * image.header.height);
  const bool is_colour = decoded.numcomps >= 3;
  for (std::uint32_t c = 0; c < decoded.numcomps; ++c) {
    if (!decoded.comps[c].data) throw damaged_image(name, ImageFormat::jpeg2000, "a component has no picture data");
  }
  image.picture = {static_cast<int>(image.header.width), static_cast<int>(image.header.height),
                   std::vector<std::uint8_t>(num_pixels * 3)};
  for (std::size_t p = 0; p < num_pixels; ++p) {
    for (std::size_t c = 0; c < 3; ++c) {
      const bool is_clipped = decoded.numcomps == 1 && grey == Grey16::clipped;
      image.picture.rgb[3 * p + c] = to_8_bits(decoded.comps[is_colour ? c : 0], p, is_clipped);
    }
    if (is_colour && decoded.color_space == OPJ_CLRSPC_SYCC) ycc_to_rgb(&image.picture.rgb[3 * p]);
  }
  if (decoded.numcomps == 2 || decoded.numcomps == 4) {
    image.header.may_have_alpha = true;
    image.alpha.resize(num_pixels);
    for (std::size_t p = 0; p < num_pixels; ++p) image.alpha[p] = to_8_bits(decoded.comps[decoded.numcomps - 1], p, false);
  }
  return image;
}

}  // namespace

RawImage decode_jpeg2000(Bytes file, const std::string& name, Grey16 grey) {
  Source source{file};
  const Stream stream = make_stream(source);
  const Codec codec(opj_create_decompress(is_codestream(file) ? OPJ_CODEC_J2K : OPJ_CODEC_JP2));
  if (!codec) throw std::bad_alloc();
  std::string reason;
  opj_set_error_handler(codec.get(), [](const char* message, void* user) {
    auto& text = *static_cast<std::string*>(user);
    if (text.empty()) text = message;
    while (!text.empty() && (text.back() == '\n' || text.back() == '.')) text.pop_back();
  }, &reason);
  const auto fail = [&](const char* what) {
    return damaged_image(name, ImageFormat::jpeg2000, cat(what, reason.empty() ? "" : cat(" (", reason, ")")));
  };
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  opj_image_t* read = nullptr;
  const bool has_header = opj_setup_decoder(codec.get(), &parameters) &&
                          opj_read_header(stream.get(), codec.get(), &read);
  const Image image(read);
  if (!has_header || !image) throw fail("its header cannot be read");
  check_components(*image, name);
  if (!opj_decode(codec.get(), stream.get(), image.get()) ||
      !opj_end_decompress(codec.get(), stream.get())) {
    throw fail("its picture data cannot be decoded, or ends early");
  }
  check_components(*image, name);
  return to_raw(*image, name, grey);
}

}  // namespace maskscope
