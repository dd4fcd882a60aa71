// The markers of a JPEG: frame, tables, scans and the end-of-image marker.
#include <algorithm>
#include <array>

#include "core/data/image_container.h"

namespace maskscope {

namespace {

// More scans than any encoder makes; each costs a pass over the whole picture.
constexpr int kMaxScans = 256;

class JpegWalk {
 public:
  JpegWalk(Bytes file, const std::string& name) : file_(file), name_(name) { header_.format = ImageFormat::jpeg; }

  JpegHeader run() {
    at_ = 2;
    for (;;) {
      const std::uint8_t marker = next_marker();
      if (marker == 0xD9) break;
      if (marker == 0xD8 || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7))
        throw damaged(cat("a marker that does not belong here is at byte ", at_ - 2));
      if (file_.size() - at_ < 2) throw truncated(cat("the segment at byte ", at_ - 2, " is cut"));
      const std::size_t length = be16(file_, at_);
      if (length < 2) throw damaged(cat("the segment at byte ", at_ - 2, " has the impossible length ", length));
      if (file_.size() - at_ < length)
        throw truncated(cat("the segment at byte ", at_ - 2, " needs ", at_ + length));
      const std::size_t data_at = at_ + 2;
      at_ += length;
      segment(marker, data_at, file_.subspan(data_at, length - 2));
    }
    if (!has_frame_ || num_scans_ == 0) throw damaged("it ends before any picture data");
    for (const Component& c : components_)
      if (!c.has_dc) throw damaged("one of its colour components has no picture data");
    return std::move(header_);
  }

 private:
  struct Component {
    int id = 0, quantisation = 0;
    int blocks_wide = 0, blocks_high = 0;  // of 8 x 8 samples, without the padding of interleaved scans
    int sampling_x = 1, sampling_y = 1;
    bool has_dc = false;
  };

  Error damaged(const std::string& detail) const { return damaged_image(name_, ImageFormat::jpeg, detail); }
  Error truncated(const std::string& detail) const {
    return truncated_image(name_, ImageFormat::jpeg, file_.size(), detail);
  }

  // at_ moves behind the marker.
  std::uint8_t next_marker() {
    if (at_ < file_.size() && file_[at_] != 0xFF) throw damaged(cat("no marker begins at byte ", at_));
    while (at_ < file_.size() && file_[at_] == 0xFF) ++at_;
    if (at_ >= file_.size()) throw truncated("its end-of-image marker is missing");
    if (file_[at_] == 0) throw damaged(cat("no marker begins at byte ", at_ - 1));
    return file_[at_++];
  }

  void segment(std::uint8_t marker, std::size_t data_at, Bytes data) {
    switch (marker) {
      case 0xC0:  // baseline
      case 0xC1:  // extended sequential
      case 0xC2:  // progressive
        is_progressive_ = marker == 0xC2;
        return frame(data);
      case 0xC3: case 0xC5: case 0xC6: case 0xC7: case 0xCB: case 0xCD: case 0xCE: case 0xCF:
        throw unsupported_image(name_, "a lossless or hierarchical JPEG", "a baseline or progressive one");
      case 0xC9: case 0xCA: case 0xCC:
        throw unsupported_image(name_, "an arithmetic-coded JPEG", "a Huffman-coded one");
      case 0xC4: return huffman_tables(data);
      case 0xDB: return quantisation_tables(data);
      case 0xDD:
        if (data.size() != 2) throw damaged("its restart interval has the wrong length");
        restart_interval_ = static_cast<int>(be16(data, 0));
        return;
      case 0xDA: return scan(data);
      case 0xE1:
        if (header_.exif.empty() && data.size() > 6 && std::equal(data.begin(), data.begin() + 6, "Exif\0"))
          header_.exif.assign(data.begin(), data.end());
        return;
      case 0xEE:
        if (data.size() >= 12 && std::equal(data.begin(), data.begin() + 6, "Adobe"))
          header_.adobe_transform_at = data_at + 11;
        return;
      default: return;
    }
  }

  void frame(Bytes data) {
    if (has_frame_) throw damaged("it has two frame headers");
    if (data.size() < 6 || data.size() != 6 + 3 * std::size_t{data[5]}) throw damaged("its frame header is malformed");
    header_.height = be16(data, 1);
    header_.width = be16(data, 3);
    check_dimensions(header_.width, header_.height, name_, ImageFormat::jpeg);
    if (data[0] != 8)
      throw unsupported_image(name_, cat("a JPEG with ", static_cast<int>(data[0]), " bits per channel"), "8 bits");
    header_.components = data[5];
    if (header_.components != 1 && header_.components != 3 && header_.components != 4)
      throw unsupported_image(name_, cat("a JPEG with ", header_.components, " colour components"), "1, 3 or 4");
    int max_x = 1, max_y = 1;
    for (std::size_t spec = 6; spec < data.size(); spec += 3) {
      Component c;
      c.id = data[spec];
      c.sampling_x = data[spec + 1] >> 4;
      c.sampling_y = data[spec + 1] & 15;
      c.quantisation = data[spec + 2];
      if (c.sampling_x < 1 || c.sampling_x > 4 || c.sampling_y < 1 || c.sampling_y > 4 || c.quantisation > 3)
        throw damaged("its frame header names an impossible sampling or table");
      max_x = std::max(max_x, c.sampling_x);
      max_y = std::max(max_y, c.sampling_y);
      components_.push_back(c);
    }
    const auto blocks = [](std::int64_t pixels, int sampling, int max_sampling) {
      const std::int64_t samples = (pixels * sampling + max_sampling - 1) / max_sampling;
      return static_cast<int>((samples + 7) / 8);
    };
    for (Component& c : components_) {
      c.blocks_wide = blocks(header_.width, c.sampling_x, max_x);
      c.blocks_high = blocks(header_.height, c.sampling_y, max_y);
    }
    interleaved_units_ = blocks(header_.width, 1, max_x) * std::int64_t{blocks(header_.height, 1, max_y)};
    has_frame_ = true;
  }

  // Older stb_image writes past its tables when a table lists more than 256 codes, and reads wild when one is used
  // that was never defined: both end here.
  void huffman_tables(Bytes data) {
    while (!data.empty()) {
      if (data.size() < 17) throw damaged("a Huffman table is cut");
      const int table_class = data[0] >> 4, slot = data[0] & 15;
      if (table_class > 1 || slot > 3) throw damaged("a Huffman table has an impossible number");
      std::size_t num_codes = 0;
      std::int64_t free_codes = 1;  // of the current length
      for (std::size_t length = 1; length <= 16; ++length) {
        free_codes = 2 * free_codes - data[length];
        num_codes += data[length];
        if (free_codes < 0) throw damaged("a Huffman table has impossible code lengths");
      }
      if (num_codes > 256 || data.size() < 17 + num_codes) throw damaged("a Huffman table is too long");
      has_huffman_[static_cast<std::size_t>(table_class)][static_cast<std::size_t>(slot)] = true;
      data = data.subspan(17 + num_codes);
    }
  }

  void quantisation_tables(Bytes data) {
    while (!data.empty()) {
      const std::size_t length = data[0] >> 4 ? 129 : 65;
      if (data[0] >> 4 > 1 || (data[0] & 15) > 3 || data.size() < length)
        throw damaged("a quantisation table is malformed");
      has_quantisation_[data[0] & 15] = true;
      data = data.subspan(length);
    }
  }

  void scan(Bytes data) {
    if (!has_frame_) throw damaged("picture data comes before the frame header");
    if (++num_scans_ > kMaxScans) throw damaged(cat("it has more than ", kMaxScans, " scans"));
    const std::size_t count = data.empty() ? 0 : data[0];
    if (count < 1 || count > components_.size() || data.size() != 4 + 2 * count)
      throw damaged("a scan header is malformed");
    const int first_coefficient = data[1 + 2 * count];
    const bool is_first_pass = data[3 + 2 * count] >> 4 == 0;
    std::int64_t units = interleaved_units_;
    for (std::size_t i = 0; i < count; ++i) {
      const auto found = std::find_if(components_.begin(), components_.end(),
                                      [&](const Component& c) { return c.id == data[1 + 2 * i]; });
      if (found == components_.end()) throw damaged("a scan names a colour component that does not exist");
      const std::size_t dc = data[2 + 2 * i] >> 4, ac = data[2 + 2 * i] & 15;
      const bool needs_dc = !is_progressive_ || (first_coefficient == 0 && is_first_pass);
      const bool needs_ac = !is_progressive_ || first_coefficient > 0;
      if (dc > 3 || ac > 3 || (needs_dc && !has_huffman_[0][dc]) || (needs_ac && !has_huffman_[1][ac]) ||
          !has_quantisation_[static_cast<std::size_t>(found->quantisation)])
        throw damaged("a scan uses a table that is not defined");
      if (needs_dc) found->has_dc = true;
      if (!found->has_dc) throw damaged("a scan refines a colour component that has no picture data yet");
      if (count == 1) units = std::int64_t{found->blocks_wide} * found->blocks_high;
    }
    picture_data(units);
  }

  // Moves at_ to the marker behind the entropy-coded data; restart markers belong to the data.
  void picture_data(std::int64_t units) {
    const std::size_t begin = at_;
    std::int64_t restarts = 0;
    for (;; ++at_) {
      const auto rest = file_.subspan(at_);
      at_ += static_cast<std::size_t>(std::find(rest.begin(), rest.end(), 0xFF) - rest.begin());
      while (at_ + 1 < file_.size() && file_[at_ + 1] == 0xFF) ++at_;
      if (at_ + 1 >= file_.size())
        throw truncated(cat("the picture data that begins at byte ", begin, " has no end-of-image marker behind it"));
      const std::uint8_t next = file_[at_ + 1];
      if (next >= 0xD0 && next <= 0xD7)
        ++restarts;
      else if (next != 0)
        break;
      ++at_;
    }
    const std::int64_t expected = restart_interval_ == 0 ? 0 : (units - 1) / restart_interval_;
    // A marker behind the very last unit is superfluous but harmless.
    if (restarts < expected)
      throw damaged(cat("a part of the picture data is missing: ", restarts, " restart markers, expected ", expected));
  }

  Bytes file_;
  const std::string& name_;
  JpegHeader header_;
  std::size_t at_ = 0;
  std::vector<Component> components_;
  std::int64_t interleaved_units_ = 0;  // minimum coded units of an interleaved scan
  int restart_interval_ = 0;            // in minimum coded units; 0: none
  int num_scans_ = 0;
  bool has_frame_ = false, is_progressive_ = false;
  std::array<std::array<bool, 4>, 2> has_huffman_{};
  std::array<bool, 4> has_quantisation_{};
};

}  // namespace

JpegHeader inspect_jpeg(Bytes file, const std::string& name) { return JpegWalk(file, name).run(); }

}  // namespace maskscope
