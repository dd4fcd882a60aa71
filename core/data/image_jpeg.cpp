// Picture data of a JPEG, by libjpeg: what Pillow, and so every data set of 4M, is decoded with.
#include <cstdio>

#include <jpeglib.h>

#include <csetjmp>
#include <cstddef>

#include "core/data/image_raw.h"

namespace maskscope {

namespace {

struct ErrorManager {
  jpeg_error_mgr base{};
  std::jmp_buf escape;
  char message[JMSG_LENGTH_MAX] = {};
};

// Owns libjpeg's memory. libjpeg reports errors by a callback that must not return: it jumps back into decode_rows, which
// holds nothing that needs a destructor.
class Decompressor {
 public:
  Decompressor() {
    state_.err = jpeg_std_error(&errors_.base);
    errors_.base.error_exit = [](j_common_ptr state) {
      auto* errors = reinterpret_cast<ErrorManager*>(state->err);
      errors->base.format_message(state, errors->message);
      std::longjmp(errors->escape, 1);
    };
    errors_.base.emit_message = [](j_common_ptr state, int level) {
      if (level >= 0) return;  // traces
      auto* errors = reinterpret_cast<ErrorManager*>(state->err);
      if (errors->base.num_warnings++ == 0) errors->base.format_message(state, errors->message);
    };
  }
  ~Decompressor() { jpeg_destroy_decompress(&state_); }
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  // out: (height, width, components) u8. False: message() says why.
  bool decode_rows(Bytes file, const JpegHeader& header, std::uint8_t* out) {
    if (setjmp(errors_.escape)) return false;
    jpeg_create_decompress(&state_);
    jpeg_mem_src(&state_, file.data(), static_cast<unsigned long>(file.size()));
    jpeg_read_header(&state_, TRUE);
    state_.out_color_space = header.components == 1 ? JCS_GRAYSCALE : header.components == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_start_decompress(&state_);
    if (state_.output_width != header.width || state_.output_height != header.height ||
        state_.output_components != header.components) {
      std::snprintf(errors_.message, sizeof errors_.message, "its headers contradict each other");
      return false;
    }
    while (state_.output_scanline < state_.output_height) {
      JSAMPROW row = out + static_cast<std::size_t>(state_.output_scanline) * state_.output_width *
                               static_cast<std::size_t>(header.components);
      jpeg_read_scanlines(&state_, &row, 1);
    }
    jpeg_finish_decompress(&state_);
    return true;
  }

  const char* message() const { return errors_.message; }
  bool has_warned() const { return errors_.base.num_warnings > 0; }

 private:
  ErrorManager errors_;
  jpeg_decompress_struct state_{};
};

// Adobe's files hold inverted inks, others plain ones.
void cmyk_to_rgb(const std::vector<std::uint8_t>& inks, bool is_inverted, std::vector<std::uint8_t>& rgb) {
  const auto light = [&](std::size_t i) { return is_inverted ? inks[i] : 255 - inks[i]; };
  for (std::size_t p = 0; p < inks.size() / 4; ++p) {
    for (std::size_t c = 0; c < 3; ++c) {
      rgb[3 * p + c] = static_cast<std::uint8_t>((light(4 * p + c) * light(4 * p + 3) + 127) / 255);
    }
  }
}

}  // namespace

RawImage decode_jpeg(Bytes file, const JpegHeader& header, const std::string& name) {
  RawImage image;
  image.header = header;
  const auto num_pixels = static_cast<std::size_t>(header.width * header.height);
  std::vector<std::uint8_t> samples(num_pixels * static_cast<std::size_t>(header.components));
  Decompressor decompressor;
  if (!decompressor.decode_rows(file, header, samples.data())) {
    throw damaged_image(name, ImageFormat::jpeg, cat("its picture data cannot be decoded (", decompressor.message(), ")"));
  }
  if (decompressor.has_warned()) image.damage = decompressor.message();
  image.picture = {static_cast<int>(header.width), static_cast<int>(header.height), {}};
  if (header.components == 3) {
    image.picture.rgb = std::move(samples);
    return image;
  }
  image.picture.rgb.resize(num_pixels * 3);
  if (header.components == 4) {
    image.is_cmyk = true;
    cmyk_to_rgb(samples, header.adobe_transform_at.has_value(), image.picture.rgb);
  } else {
    for (std::size_t i = 0; i < num_pixels * 3; ++i) image.picture.rgb[i] = samples[i / 3];
  }
  return image;
}

}  // namespace maskscope
