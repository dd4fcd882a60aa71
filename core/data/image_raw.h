// Pictures from the format libraries, as stored: before transparency, orientation and depth are given a meaning.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/data/image_container.h"
#include "core/data/picture.h"

namespace maskscope {

// What becomes of grey values of 16 bits: their high byte, or the value itself up to 255, as when Pillow converts to RGB.
enum class Grey16 : std::uint8_t { high_byte, clipped };

struct RawImage {
  ImageHeader header;
  Picture picture;                  // colours not multiplied by alpha
  std::vector<std::uint8_t> alpha;  // (height, width); empty: opaque
  int orientation = 1;              // as in EXIF, of formats that state it themselves (TIFF)
  bool is_cmyk = false;             // picture was made of CMYK without a colour profile
  std::string damage;               // JPEG: what the library warned of though it went on; else empty
};

// Of any format, by content. Sizes are checked before a pixel is decoded. All throw Error naming the file.
RawImage decode_raw(Bytes file, const std::string& name, Grey16 grey);

// header: of inspect_jpeg. Decoded by libjpeg, with its smooth chroma; CMYK to RGB without a colour profile.
RawImage decode_jpeg(Bytes file, const JpegHeader& header, const std::string& name);
RawImage decode_tiff(Bytes file, const std::string& name, Grey16 grey);  // the first page
RawImage decode_webp(Bytes file, const std::string& name);               // no animations
RawImage decode_jpeg2000(Bytes file, const std::string& name, Grey16 grey);  // .jp2, .jpx and bare codestreams

}  // namespace maskscope
