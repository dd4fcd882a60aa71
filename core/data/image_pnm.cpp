#include "core/data/image_pnm.h"

#include <algorithm>

namespace maskscope {

namespace {

class PnmReader {
 public:
  PnmReader(Bytes file, const std::string& name) : file_(file), name_(name) {}

  Picture read(ImageHeader& header) {
    header.format = ImageFormat::pnm;
    kind_ = file_[1] - '0';
    header.width = number("width");
    header.height = number("height");
    check_dimensions(header.width, header.height, name_, ImageFormat::pnm);
    if (!is_bitmap()) max_value_ = number("maximum value");
    if (max_value_ < 1 || max_value_ > 65535)
      throw damaged(cat("its maximum value is ", max_value_, ", expected 1 to 65535"));
    if (is_binary()) ++at_;  // one white space ends the header
    header.bits_per_channel = max_value_ > 255 ? 16 : 8;

    width_ = static_cast<std::size_t>(header.width);
    height_ = static_cast<std::size_t>(header.height);
    const std::size_t available = file_.size() - std::min(at_, file_.size());
    // Nothing is allocated for pixels that cannot be there.
    if (available < least_bytes())
      throw truncated_image(name_, ImageFormat::pnm, file_.size(), cat("its header announces ", at_ + least_bytes()));
    Picture picture{static_cast<int>(width_), static_cast<int>(height_),
                    std::vector<std::uint8_t>(width_ * height_ * 3)};
    auto out = picture.rgb.begin();
    for (std::size_t y = 0; y < height_; ++y)
      for (std::size_t x = 0; x < width_; ++x)
        if (channels() == 3)
          for (int c = 0; c < 3; ++c) *out++ = sample(x, y);
        else
          out = std::fill_n(out, 3, sample(x, y));
    return picture;
  }

 private:
  bool is_bitmap() const { return kind_ == 1 || kind_ == 4; }
  bool is_binary() const { return kind_ >= 4; }
  std::size_t channels() const { return kind_ == 3 || kind_ == 6 ? 3 : 1; }
  std::size_t sample_bytes() const { return max_value_ > 255 ? 2 : 1; }
  std::size_t bitmap_row_bytes() const { return (width_ + 7) / 8; }

  std::size_t least_bytes() const {
    if (kind_ == 4) return bitmap_row_bytes() * height_;
    const std::size_t samples = width_ * height_ * channels();
    if (is_binary()) return samples * sample_bytes();
    return is_bitmap() ? samples : 2 * samples - 1;  // digits, in P2 and P3 with white space between
  }

  Error damaged(const std::string& detail) const { return damaged_image(name_, ImageFormat::pnm, detail); }
  bool is_at_end() const { return at_ >= file_.size(); }
  static bool is_space(std::uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
  static bool is_digit(std::uint8_t c) { return c >= '0' && c <= '9'; }

  void skip_space_and_comments() {
    while (!is_at_end() && (is_space(file_[at_]) || file_[at_] == '#')) {
      if (file_[at_] == '#')
        while (!is_at_end() && file_[at_] != '\n' && file_[at_] != '\r') ++at_;
      else
        ++at_;
    }
  }

  // Values that no picture has saturate at a billion.
  std::int64_t number(const char* what) {
    skip_space_and_comments();
    if (is_at_end())
      throw truncated_image(name_, ImageFormat::pnm, file_.size(), cat("a number (", what, ") is missing at the end"));
    if (!is_digit(file_[at_])) throw damaged(cat("byte ", at_, " is not part of a number (", what, ")"));
    std::int64_t value = 0;
    while (!is_at_end() && is_digit(file_[at_]))
      value = std::min<std::int64_t>(value * 10 + (file_[at_++] - '0'), 1'000'000'000);
    return value;
  }

  std::uint8_t sample(std::size_t x, std::size_t y) {
    if (kind_ == 4) {
      const std::uint8_t byte = file_[at_ + y * bitmap_row_bytes() + x / 8];
      return byte >> (7 - x % 8) & 1 ? 0 : 255;  // 1 is black
    }
    if (kind_ == 1) {  // digits need no space between them
      skip_space_and_comments();
      if (is_at_end()) throw truncated_image(name_, ImageFormat::pnm, file_.size(), "pixels are missing at the end");
      const std::uint8_t digit = file_[at_++];
      if (digit != '0' && digit != '1') throw damaged(cat("byte ", at_ - 1, " is neither 0 nor 1"));
      return digit == '1' ? 0 : 255;
    }
    std::int64_t value = 0;
    if (!is_binary()) {
      value = number("pixel");
    } else if (sample_bytes() == 2) {
      value = be16(file_, at_);
      at_ += 2;
    } else {
      value = file_[at_++];
    }
    if (value > max_value_)
      throw damaged(cat("a pixel has the value ", value, ", above the maximum of ", max_value_));
    return static_cast<std::uint8_t>((value * 255 + max_value_ / 2) / max_value_);
  }

  Bytes file_;
  const std::string& name_;
  std::size_t at_ = 2;
  int kind_ = 0;  // the digit behind the P
  std::int64_t max_value_ = 1;
  std::size_t width_ = 0, height_ = 0;
};

}  // namespace

Picture decode_pnm(Bytes file, const std::string& name, ImageHeader& header) {
  return PnmReader(file, name).read(header);
}

}  // namespace maskscope
