// Image files made in memory, byte by byte, so that the tests depend on no encoder.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/data/picture.h"

namespace maskscope::test {

using Data = std::vector<std::uint8_t>;
using Colour = std::array<int, 3>;

Data operator+(Data a, const Data& b);
Data text(std::string_view characters);
Data le16(std::uint32_t v);
Data le32(std::uint32_t v);
Data be16(std::uint32_t v);
Data be32(std::uint32_t v);

Colour pixel(const Picture& picture, int x, int y);
// 3 x 2: red, green, blue / black, grey 128, white.
Picture small_picture();

Data png_chunk(std::string_view type, const Data& data);
Data png_header(std::uint32_t width, std::uint32_t height, int bits, int colour_type);  // signature and IHDR
Data zlib_stored(const Data& raw);  // a zlib stream without compression
// rows: (height) raw rows without their filter bytes. extra: chunks between IHDR and IDAT.
Data png(std::uint32_t width, int bits, int colour_type, const std::vector<Data>& rows, const Data& extra = {});

Data bmp(std::uint32_t width, std::uint32_t height, const Data& pixels);  // 24 bits, rows from bottom to top
Data tga(std::uint32_t width, std::uint32_t height, int kind, int bits, const Data& pixels);  // row 0 on top
// GIF of 2 x 1: palette entries red and blue, one frame per pair of indexes; transparent: index or -1.
Data gif(const std::vector<std::pair<int, int>>& frames, int transparent = -1);
Data psd(std::uint32_t width, std::uint32_t height, int channels, int bits, int mode, int compression,
         const Data& pixels);
// jpeg with an APP1 segment behind its first marker.
Data with_exif_orientation(const Data& jpeg, int orientation, bool is_big_endian);
Data tiff_orientation(int orientation, bool is_big_endian);  // a TIFF header with this one tag

Data fixture(const std::string& file_name);  // tests/data/images
std::size_t find_bytes(const Data& in, const Data& what);  // throws when absent

// A folder of this test's own, removed at the end.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const Data& data) const;

 private:
  std::filesystem::path path_;
};

}  // namespace maskscope::test
