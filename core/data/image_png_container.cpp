// The chunks of a PNG: order, checksums, and how much picture data they inflate to.
#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

#include "core/data/image_container.h"

namespace maskscope {

namespace {

struct PngFrame {
  std::int64_t width = 0, height = 0;
  int bits = 0, colour_type = 0;
  bool is_interlaced = false;

  int channels() const { return colour_type == 2 ? 3 : colour_type == 4 ? 2 : colour_type == 6 ? 4 : 1; }

  static std::int64_t pass_bytes(std::int64_t w, std::int64_t h, int bits_per_pixel) {
    return w == 0 || h == 0 ? 0 : h * (1 + (w * bits_per_pixel + 7) / 8);  // 1: the row's filter byte
  }
  // Bytes of the inflated picture data.
  std::int64_t raw_bytes() const {
    const int bits_per_pixel = bits * channels();
    if (!is_interlaced) return pass_bytes(width, height, bits_per_pixel);
    constexpr int adam7[7][4] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                 {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};  // x, y, step x, step y
    std::int64_t sum = 0;
    for (const auto& [x, y, dx, dy] : adam7)
      sum += pass_bytes((width - x + dx - 1) / dx, (height - y + dy - 1) / dy, bits_per_pixel);
    return sum;
  }
};

PngFrame read_frame(Bytes data, const std::string& name) {
  const auto damaged = [&](const std::string& detail) { return damaged_image(name, ImageFormat::png, detail); };
  if (data.size() != 13) throw damaged(cat("its IHDR chunk has ", data.size(), " bytes instead of 13"));
  PngFrame frame{be32(data, 0), be32(data, 4), data[8], data[9], data[12] == 1};
  check_dimensions(frame.width, frame.height, name, ImageFormat::png);
  constexpr std::array<std::uint32_t, 7> allowed_bits{0b1'0000'0001'0001'0110, 0, 0b1'0000'0001'0000'0000,
                                                      0b1'0001'0110,           0b1'0000'0001'0000'0000, 0,
                                                      0b1'0000'0001'0000'0000};
  if (frame.colour_type > 6 || frame.bits > 16 || (allowed_bits[frame.colour_type] >> frame.bits & 1) == 0)
    throw damaged(cat("colour type ", frame.colour_type, " with ", frame.bits, " bits does not exist"));
  if (data[10] != 0 || data[11] != 0 || data[12] > 1)
    throw damaged("its IHDR chunk names an unknown compression, filter or interlacing");
  return frame;
}

// Inflates into a window that is thrown away: only the length is of interest, so a compression bomb stays small.
class PictureDataCounter {
 public:
  PictureDataCounter() { is_ready_ = inflateInit(&stream_) == Z_OK; }
  ~PictureDataCounter() {
    if (is_ready_) inflateEnd(&stream_);
  }
  PictureDataCounter(const PictureDataCounter&) = delete;
  PictureDataCounter& operator=(const PictureDataCounter&) = delete;

  // Returns false when the compressed data is invalid. Stops counting just above limit.
  bool feed(Bytes data, std::int64_t limit) {
    if (!is_ready_) throw std::bad_alloc();
    stream_.next_in = const_cast<Bytef*>(data.data());  // zlib does not write through it
    stream_.avail_in = static_cast<uInt>(data.size());
    while (!is_complete_ && count_ <= limit) {
      stream_.next_out = window_.data();
      stream_.avail_out = static_cast<uInt>(window_.size());
      const int result = inflate(&stream_, Z_NO_FLUSH);
      count_ += static_cast<std::int64_t>(window_.size() - stream_.avail_out);
      is_complete_ = result == Z_STREAM_END;
      if (result == Z_BUF_ERROR || (result == Z_OK && stream_.avail_in == 0 && stream_.avail_out != 0)) break;
      if (result != Z_OK && result != Z_STREAM_END) return false;
    }
    return true;
  }
  std::int64_t count() const { return count_; }
  bool is_complete() const { return is_complete_; }

 private:
  z_stream stream_{};
  std::array<Bytef, 1 << 15> window_;
  std::int64_t count_ = 0;
  bool is_ready_ = false, is_complete_ = false;
};

bool is_letter(std::uint8_t c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

}  // namespace

ImageHeader inspect_png(Bytes file, const std::string& name) {
  const auto damaged = [&](const std::string& detail) { return damaged_image(name, ImageFormat::png, detail); };
  const auto truncated = [&](const std::string& detail) {
    return truncated_image(name, ImageFormat::png, file.size(), detail);
  };
  PngFrame frame;
  ImageHeader header;
  const auto counter = std::make_unique<PictureDataCounter>();
  bool has_frame = false, has_palette = false, has_transparent_colour = false;

  for (std::size_t at = 8;;) {
    if (file.size() - at < 12) throw truncated("its end chunk (IEND) is missing");
    const std::size_t length = be32(file, at);
    const Bytes type_bytes = file.subspan(at + 4, 4);
    if (!std::all_of(type_bytes.begin(), type_bytes.end(), is_letter))
      throw damaged(cat("no chunk begins at byte ", at));
    const std::string type(type_bytes.begin(), type_bytes.end());
    if (file.size() - at - 12 < length)
      throw truncated(cat("the chunk ", type, " at byte ", at, " needs ", at + 12 + length));
    const Bytes data = file.subspan(at + 8, length);
    if (type == "CgBI")
      throw unsupported_image(name, "a PNG in Apple's private variant (CgBI)", "a standard PNG");
    // tRNS changes pixels; what other ancillary chunks say is not used, so their damage does not matter.
    const bool is_used = (type_bytes[0] & 0x20) == 0 || type == "tRNS";
    if (is_used && crc32(crc32(0, nullptr, 0), type_bytes.data(), static_cast<uInt>(length + 4)) !=
                       be32(file, at + 8 + length))
      throw damaged(cat("the checksum of the chunk ", type, " at byte ", at, " is wrong"));
    if (has_frame == (type == "IHDR"))
      throw damaged(has_frame ? "it has two IHDR chunks" : "its first chunk is " + type + ", not IHDR");

    if (type == "IHDR") {
      frame = read_frame(data, name);
      has_frame = true;
    } else if (type == "PLTE") {
      has_palette = true;
    } else if (type == "tRNS") {
      has_transparent_colour = true;
    } else if (type == "eXIf" && header.exif.empty() && length <= 65536) {
      header.exif = {'E', 'x', 'i', 'f', 0, 0};
      header.exif.insert(header.exif.end(), data.begin(), data.end());
    } else if (type == "acTL" && length == 8 && be32(data, 0) > 1) {
      header.notes.push_back(cat("The PNG is animated: the still picture of its ", be32(data, 0), " frames is shown."));
    } else if (type == "IDAT") {
      if (!counter->feed(data, frame.raw_bytes()))
        throw damaged(cat("the compressed picture data in the chunk at byte ", at, " is invalid"));
      if (counter->count() > frame.raw_bytes())
        throw damaged(cat("it holds more picture data than ", frame.width, " x ", frame.height, " pixels need"));
    } else if (type == "IEND") {
      break;
    }
    at += 12 + length;
  }
  if (frame.colour_type == 3 && !has_palette) throw damaged("its palette (PLTE) is missing");
  if (counter->count() < frame.raw_bytes())
    throw truncated(cat("its picture data inflates to ", counter->count(), " bytes of ", frame.raw_bytes()));

  header.format = ImageFormat::png;
  header.width = frame.width;
  header.height = frame.height;
  header.bits_per_channel = frame.bits == 16 ? 16 : 8;
  header.may_have_alpha = frame.colour_type == 4 || frame.colour_type == 6 || has_transparent_colour;
  return header;
}

}  // namespace maskscope
