#include "core/data/resize_bicubic.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace maskscope {

namespace {

// 8 bits of the pixel, 2 for sums beyond it and one for the sign are left of 32.
constexpr int fraction_bits = 32 - 8 - 2;

double cubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
  return 0.0;
}

// What each output pixel is the weighted sum of.
struct Taps {
  int count = 0;                       // room for weights per output pixel
  std::vector<std::pair<int, int>> bounds;  // first input pixel, number of weights
  std::vector<std::int32_t> weights;   // (out, count) fixed-point
};

// As precompute_coeffs and normalize_coeffs_8bpc in Pillow's Resample.c.
Taps taps_of(int in_size, int out_size) {
  const double scale = static_cast<double>(in_size) / out_size;
  const double filter_scale = std::max(scale, 1.0);
  const double support = 2.0 * filter_scale;
  Taps taps;
  taps.count = static_cast<int>(std::ceil(support)) * 2 + 1;
  taps.weights.assign(static_cast<std::size_t>(out_size) * static_cast<std::size_t>(taps.count), 0);
  std::vector<double> weights(static_cast<std::size_t>(taps.count));
  const double inverse = 1.0 / filter_scale;
  for (int out = 0; out < out_size; ++out) {
    const double centre = (out + 0.5) * scale;
    const int first = std::max(static_cast<int>(centre - support + 0.5), 0);
    const int end = std::min(static_cast<int>(centre + support + 0.5), in_size);
    double sum = 0.0;
    for (int i = 0; i < end - first; ++i) {
      weights[static_cast<std::size_t>(i)] = cubic((i + first - centre + 0.5) * inverse);
      sum += weights[static_cast<std::size_t>(i)];
    }
    for (int i = 0; i < end - first; ++i) {
      double weight = weights[static_cast<std::size_t>(i)];
      if (sum != 0.0) weight /= sum;
      const double fixed = weight * (1 << fraction_bits);
      taps.weights[static_cast<std::size_t>(out) * static_cast<std::size_t>(taps.count) + static_cast<std::size_t>(i)] =
          static_cast<std::int32_t>(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
    }
    taps.bounds.emplace_back(first, end - first);
  }
  return taps;
}

constexpr std::int32_t one_half = 1 << (fraction_bits - 1);
std::uint8_t to_pixel(std::int32_t sum) { return static_cast<std::uint8_t>(std::clamp(sum >> fraction_bits, 0, 255)); }

// row: one row of input pixels. to: one row of output pixels.
void resize_row(const std::uint8_t* row, const Taps& taps, std::uint8_t* to) {
  const std::int32_t* weights = taps.weights.data();
  for (const auto& [first, count] : taps.bounds) {
    const std::uint8_t* from = row + static_cast<std::size_t>(first) * 3;
    std::int32_t red = one_half, green = one_half, blue = one_half;
    for (int i = 0; i < count; ++i, from += 3) {
      red += from[0] * weights[i];
      green += from[1] * weights[i];
      blue += from[2] * weights[i];
    }
    *to++ = to_pixel(red);
    *to++ = to_pixel(green);
    *to++ = to_pixel(blue);
    weights += taps.count;
  }
}

// Row y of the crop: that of the picture, black beyond it.
void copy_row(const Picture& picture, const CropSettings& crop, int y, std::uint8_t* to) {
  std::fill_n(to, static_cast<std::size_t>(crop.width) * 3, std::uint8_t{0});
  const int source_y = crop.top + y;
  const int first = std::max(crop.left, 0), end = std::min(crop.left + crop.width, picture.width);
  if (source_y < 0 || source_y >= picture.height || first >= end) return;
  const std::size_t from =
      static_cast<std::size_t>(source_y) * static_cast<std::size_t>(picture.width) + static_cast<std::size_t>(first);
  std::copy_n(picture.rgb.begin() + static_cast<std::ptrdiff_t>(from * 3), static_cast<std::size_t>(end - first) * 3,
              to + (first - crop.left) * 3);
}

// The crop, its rows already as wide as they will be: nothing of the crop's own size is ever held.
Picture crop_and_resize_width(const Picture& picture, const CropSettings& crop, int width) {
  Picture out{width, crop.height,
              std::vector<std::uint8_t>(static_cast<std::size_t>(width) * static_cast<std::size_t>(crop.height) * 3)};
  const Taps taps = taps_of(crop.width, width);
  std::vector<std::uint8_t> row(static_cast<std::size_t>(crop.width) * 3);
  for (int y = 0; y < crop.height; ++y) {
    std::uint8_t* to = out.rgb.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width) * 3;
    if (crop.width == width) {
      copy_row(picture, crop, y, to);
    } else {
      copy_row(picture, crop, y, row.data());
      resize_row(row.data(), taps, to);
    }
  }
  return out;
}

Picture resize_height(const Picture& in, int height) {
  const Taps taps = taps_of(in.height, height);
  const std::size_t row_size = static_cast<std::size_t>(in.width) * 3;
  Picture out{in.width, height, std::vector<std::uint8_t>(row_size * static_cast<std::size_t>(height))};
  std::vector<std::int32_t> sums(row_size);
  for (int y = 0; y < height; ++y) {
    const auto [first, count] = taps.bounds[static_cast<std::size_t>(y)];
    const std::int32_t* weight = taps.weights.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(taps.count);
    std::fill(sums.begin(), sums.end(), one_half);
    for (int i = 0; i < count; ++i) {
      const std::uint8_t* from = in.rgb.data() + static_cast<std::size_t>(first + i) * row_size;
      for (std::size_t k = 0; k < row_size; ++k) sums[k] += from[k] * weight[i];
    }
    std::transform(sums.begin(), sums.end(), out.rgb.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(y) * row_size),
                   to_pixel);
  }
  return out;
}

void flip(Picture& picture) {
  for (int y = 0; y < picture.height; ++y) {
    std::uint8_t* row = picture.rgb.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) * 3;
    for (int a = 0, b = picture.width - 1; a < b; ++a, --b) std::swap_ranges(row + a * 3, row + a * 3 + 3, row + b * 3);
  }
}

}  // namespace

Picture crop_and_resize(const Picture& picture, const CropSettings& crop, int side) {
  assert(crop.height >= 1 && crop.width >= 1 && side >= 1 && side <= 4096);
  Picture out = crop_and_resize_width(picture, crop, side);
  if (out.height != side) out = resize_height(out, side);
  if (crop.is_flipped) flip(out);
  return out;
}

}  // namespace maskscope
