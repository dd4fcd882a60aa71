#include "tests/data/image_fixtures.h"

#include <stdlib.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace maskscope::test {

Data operator+(Data a, const Data& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Data text(std::string_view characters) { return Data(characters.begin(), characters.end()); }

namespace {
std::uint8_t byte(std::uint32_t v, int shift) { return static_cast<std::uint8_t>(v >> shift & 255); }
}  // namespace

Data le16(std::uint32_t v) { return {byte(v, 0), byte(v, 8)}; }
Data le32(std::uint32_t v) { return {byte(v, 0), byte(v, 8), byte(v, 16), byte(v, 24)}; }
Data be16(std::uint32_t v) { return {byte(v, 8), byte(v, 0)}; }
Data be32(std::uint32_t v) { return {byte(v, 24), byte(v, 16), byte(v, 8), byte(v, 0)}; }

Colour pixel(const Picture& picture, int x, int y) {
  const std::size_t at = (static_cast<std::size_t>(y) * picture.width + x) * 3;
  return {picture.rgb.at(at), picture.rgb.at(at + 1), picture.rgb.at(at + 2)};
}

Picture small_picture() {
  return {3, 2, {255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 128, 128, 128, 255, 255, 255}};
}

Data png_chunk(std::string_view type, const Data& data) {
  const Data body = text(type) + data;
  std::uint32_t crc = ~0u;
  for (const std::uint8_t b : body) {
    crc ^= b;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
  }
  return be32(static_cast<std::uint32_t>(data.size())) + body + be32(~crc);
}

Data png_header(std::uint32_t width, std::uint32_t height, int bits, int colour_type) {
  return Data{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'} +
         png_chunk("IHDR", be32(width) + be32(height) +
                               Data{static_cast<std::uint8_t>(bits), static_cast<std::uint8_t>(colour_type), 0, 0, 0});
}

Data zlib_stored(const Data& raw) {
  Data out{0x78, 0x01};
  for (std::size_t at = 0; at < raw.size() || at == 0; at += 65535) {
    const std::size_t length = std::min<std::size_t>(65535, raw.size() - at);
    out.push_back(at + length == raw.size());
    const auto n = static_cast<std::uint32_t>(length);
    out = std::move(out) + le16(n) + le16(~n);
    out.insert(out.end(), raw.begin() + static_cast<std::ptrdiff_t>(at),
               raw.begin() + static_cast<std::ptrdiff_t>(at + length));
  }
  std::uint32_t a = 1, b = 0;
  for (const std::uint8_t v : raw) {
    a = (a + v) % 65521;
    b = (b + a) % 65521;
  }
  return std::move(out) + be32(b << 16 | a);
}

Data png(std::uint32_t width, int bits, int colour_type, const std::vector<Data>& rows, const Data& extra) {
  Data raw;
  for (const Data& row : rows) raw = std::move(raw) + Data{0} + row;
  return png_header(width, static_cast<std::uint32_t>(rows.size()), bits, colour_type) + extra +
         png_chunk("IDAT", zlib_stored(raw)) + png_chunk("IEND", {});
}

Data bmp(std::uint32_t width, std::uint32_t height, const Data& pixels) {
  return text("BM") + le32(static_cast<std::uint32_t>(54 + pixels.size())) + le32(0) + le32(54) + le32(40) +
         le32(width) + le32(height) + le16(1) + le16(24) + Data(24, 0) + pixels;
}

Data tga(std::uint32_t width, std::uint32_t height, int kind, int bits, const Data& pixels) {
  return Data{0, 0, static_cast<std::uint8_t>(kind), 0, 0, 0, 0, 0, 0, 0, 0, 0} + le16(width) + le16(height) +
         Data{static_cast<std::uint8_t>(bits), 0x20} + pixels;
}

Data gif(const std::vector<std::pair<int, int>>& frames, int transparent) {
  Data out = text("GIF89a") + le16(2) + le16(1) + Data{0x80, 0, 0, 255, 0, 0, 0, 0, 255};
  for (const auto& [left, right] : frames) {
    if (transparent >= 0)
      out = std::move(out) + Data{0x21, 0xF9, 4, 1, 0, 0, static_cast<std::uint8_t>(transparent), 0};
    // Codes of 3 bits: clear (4), two pixels, end (5).
    const auto codes = static_cast<std::uint32_t>(4 | left << 3 | right << 6 | 5 << 9);
    out = std::move(out) + Data{0x2C, 0, 0, 0, 0} + le16(2) + le16(1) + Data{0, 2, 2} + le16(codes) + Data{0};
  }
  return std::move(out) + Data{0x3B};
}

Data psd(std::uint32_t width, std::uint32_t height, int channels, int bits, int mode, int compression,
         const Data& pixels) {
  return text("8BPS") + be16(1) + Data(6, 0) + be16(static_cast<std::uint32_t>(channels)) + be32(height) + be32(width) +
         be16(static_cast<std::uint32_t>(bits)) + be16(static_cast<std::uint32_t>(mode)) + be32(0) + be32(0) + be32(0) +
         be16(static_cast<std::uint32_t>(compression)) + pixels;
}

Data tiff_orientation(int orientation, bool is_big_endian) {
  const auto value = static_cast<std::uint32_t>(orientation);
  const auto n16 = is_big_endian ? be16 : le16;
  const auto n32 = is_big_endian ? be32 : le32;
  return text(is_big_endian ? "MM" : "II") + n16(42) + n32(8) + n16(1) +  // one entry
         n16(0x0112) + n16(3) + n32(1) + n16(value) + n16(0) + n32(0);     // orientation: 1 short; no further directory
}

Data with_exif_orientation(const Data& jpeg, int orientation, bool is_big_endian) {
  const Data body = Data{'E', 'x', 'i', 'f', 0, 0} + tiff_orientation(orientation, is_big_endian);
  const Data segment = Data{0xFF, 0xE1} + be16(static_cast<std::uint32_t>(body.size() + 2)) + body;
  return Data(jpeg.begin(), jpeg.begin() + 2) + segment + Data(jpeg.begin() + 2, jpeg.end());
}

Data fixture(const std::string& file_name) {
  std::ifstream in(std::string(MASKSCOPE_SOURCE_DIR) + "/tests/data/images/" + file_name, std::ios::binary);
  if (!in) throw std::runtime_error("missing test file " + file_name);
  return Data(std::istreambuf_iterator<char>(in), {});
}

std::size_t find_bytes(const Data& in, const Data& what) {
  const auto found = std::search(in.begin(), in.end(), what.begin(), what.end());
  if (found == in.end()) throw std::runtime_error("the bytes looked for are not in the test file");
  return static_cast<std::size_t>(found - in.begin());
}

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "maskscope-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path ScratchFolder::write(const std::string& name, const Data& data) const {
  const std::filesystem::path path = path_ / name;
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
  return path;
}

}  // namespace maskscope::test
