// A separable resampler of our own: stb_image_resize needs 2.4 GB and 20 s for a picture of 64,000,000 x 1 pixels,
// its second edition has another interface, and here the same file gives the same pixels with every library version.
#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>

#include "core/data/image.h"

namespace maskscope {

namespace {

const std::array<float, 256>& linear_from_srgb() {
  static const std::array<float, 256> table = [] {
    std::array<float, 256> t{};
    for (std::size_t i = 0; i < t.size(); ++i) {
      const double s = static_cast<double>(i) / 255;
      t[i] = static_cast<float>(s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4));
    }
    return t;
  }();
  return table;
}

std::uint8_t srgb_from_linear(float linear) {
  const float v = std::clamp(linear, 0.0f, 1.0f);  // both filters overshoot at edges
  const float s = v <= 0.0031308f ? v * 12.92f : 1.055f * std::pow(v, 1 / 2.4f) - 0.055f;
  return static_cast<std::uint8_t>(s * 255 + 0.5f);
}

// The cubic of Mitchell and Netravali (1988), zero from |x| = 2 on.
float cubic(float x, float b, float c) {
  x = std::abs(x);
  if (x < 1) return ((12 - 9 * b - 6 * c) * x * x * x + (-18 + 12 * b + 6 * c) * x * x + (6 - 2 * b)) / 6;
  if (x < 2)
    return ((-b - 6 * c) * x * x * x + (6 * b + 30 * c) * x * x + (-12 * b - 48 * c) * x + (8 * b + 24 * c)) / 6;
  return 0;
}

struct Taps {
  int first = 0;               // index of the first source sample
  std::vector<float> weights;  // sum 1; samples beyond the edges repeat the edge's
};

// What output sample index of out_size is made of, when in_size samples become out_size.
Taps taps_of(int index, int in_size, int out_size) {
  const double scale = static_cast<double>(in_size) / out_size;
  const bool is_shrinking = scale > 1;
  const float b = is_shrinking ? 1.0f / 3 : 0.0f;  // Mitchell-Netravali, else Catmull-Rom
  const float c = is_shrinking ? 1.0f / 3 : 0.5f;
  const double stretch = std::max(scale, 1.0);
  const double centre = (index + 0.5) * scale - 0.5;
  const int begin = static_cast<int>(std::ceil(centre - 2 * stretch));
  const int end = static_cast<int>(std::floor(centre + 2 * stretch)) + 1;
  Taps taps;
  taps.first = std::clamp(begin, 0, in_size - 1);
  const int last = std::clamp(end - 1, 0, in_size - 1);
  taps.weights.assign(static_cast<std::size_t>(last - taps.first + 1), 0.0f);
  double sum = 0;
  for (int i = begin; i < end; ++i) {
    const float weight = cubic(static_cast<float>((i - centre) / stretch), b, c);
    taps.weights[static_cast<std::size_t>(std::clamp(i, taps.first, last) - taps.first)] += weight;
    sum += weight;
  }
  for (float& weight : taps.weights) weight = static_cast<float>(weight / sum);
  return taps;
}

struct Planes {
  int width = 0, height = 0;
  std::vector<float> linear;  // (height, width, 3)
};

// row(y) yields a row of 3 * width values that operator[] reads as linear light.
template <class Row>
Planes resample_height(Row row, int width, int height, int out_height) {
  const std::size_t row_size = static_cast<std::size_t>(width) * 3;
  Planes out{width, out_height, std::vector<float>(row_size * static_cast<std::size_t>(out_height))};
  for (int y = 0; y < out_height; ++y) {
    const Taps taps = taps_of(y, height, out_height);
    float* to = out.linear.data() + static_cast<std::size_t>(y) * row_size;
    for (std::size_t i = 0; i < taps.weights.size(); ++i) {
      const auto from = row(taps.first + static_cast<int>(i));
      const float weight = taps.weights[i];
      for (std::size_t k = 0; k < row_size; ++k) to[k] += weight * from[k];
    }
  }
  return out;
}

template <class Row>
Planes resample_width(Row row, int width, int height, int out_width) {
  Planes out{out_width, height, std::vector<float>(static_cast<std::size_t>(out_width) * height * 3)};
  for (int x = 0; x < out_width; ++x) {
    const Taps taps = taps_of(x, width, out_width);
    for (int y = 0; y < height; ++y) {
      const auto from = row(y);
      float sum[3] = {};
      std::size_t k = static_cast<std::size_t>(taps.first) * 3;
      for (const float weight : taps.weights)
        for (float& channel : sum) channel += weight * from[k++];
      std::copy_n(sum, 3, out.linear.data() + (static_cast<std::size_t>(y) * out_width + x) * 3);
    }
  }
  return out;
}

struct SrgbRow {
  const std::uint8_t* values;
  const std::array<float, 256>& table;
  float operator[](std::size_t i) const { return table[values[i]]; }
};

Planes resample(const Picture& picture, const PixelRect& rect, int out_width, int out_height) {
  const auto srgb_row = [&, &table = linear_from_srgb()](int y) {
    return SrgbRow{picture.rgb.data() + (static_cast<std::size_t>(rect.y + y) * picture.width + rect.x) * 3, table};
  };
  const auto row_of = [](const Planes& planes) {
    return [&planes](int y) { return planes.linear.data() + static_cast<std::size_t>(y) * planes.width * 3; };
  };
  // The longer side first: what lies between the passes stays small even for 1 x 64,000,000 pixels.
  if (rect.height >= rect.width) {
    const Planes planes = resample_height(srgb_row, rect.width, rect.height, out_height);
    return resample_width(row_of(planes), rect.width, out_height, out_width);
  }
  const Planes planes = resample_width(srgb_row, rect.width, rect.height, out_width);
  return resample_height(row_of(planes), out_width, rect.height, out_height);
}

int scaled(int length, int side, int longest) {
  const std::int64_t twice = 2 * std::int64_t{length} * side + longest;
  return std::max(1, static_cast<int>(twice / (2 * std::int64_t{longest})));
}

}  // namespace

Picture to_square(const Picture& picture, int side, FitMode mode) {
  assert(picture.width > 0 && picture.height > 0 && side >= 1 && side <= 4096);
  assert(picture.rgb.size() == static_cast<std::size_t>(picture.width) * picture.height * 3);
  if (picture.width == side && picture.height == side) return picture;
  PixelRect from{0, 0, picture.width, picture.height};
  PixelRect to{0, 0, side, side};
  if (mode == FitMode::centre_crop) {
    const int shortest = std::min(picture.width, picture.height);
    from = {(picture.width - shortest) / 2, (picture.height - shortest) / 2, shortest, shortest};
  } else {
    const int longest = std::max(picture.width, picture.height);
    to.width = scaled(picture.width, side, longest);
    to.height = scaled(picture.height, side, longest);
    to.x = (side - to.width) / 2;
    to.y = (side - to.height) / 2;
  }
  const Planes planes = resample(picture, from, to.width, to.height);
  Picture square{side, side, std::vector<std::uint8_t>(static_cast<std::size_t>(side) * side * 3, kFitPadding)};
  for (int y = 0; y < to.height; ++y) {
    const float* in = planes.linear.data() + static_cast<std::size_t>(y) * to.width * 3;
    std::uint8_t* out = square.rgb.data() + (static_cast<std::size_t>(to.y + y) * side + to.x) * 3;
    std::transform(in, in + static_cast<std::ptrdiff_t>(to.width) * 3, out, srgb_from_linear);
  }
  return square;
}

}  // namespace maskscope
