#include "core/data/scene_maps.h"

namespace maskscope::scene {
namespace {

using Plane = std::vector<float>;  // (size, size)

std::size_t pixels_of(int size) { return static_cast<std::size_t>(size) * static_cast<std::size_t>(size); }

// The gradients of many maps as one symmetric 2 x 2 matrix per pixel (Di Zenzo, "A note on the gradient of a
// multi-image", 1986).
struct GradientTensor {
  Plane xx, xy, yy;
};

// Binomial 1 4 6 4 1 in both directions, borders repeated.
void blur(Plane& plane, Plane& scratch, int size) {
  const auto weighted = [](float far_low, float low, float here, float high, float far_high) {
    return (far_low + far_high + 4 * (low + high) + 6 * here) * (1.0f / 16);
  };
  const int last = size - 1;
  for (int y = 0; y < size; ++y) {
    const float* from = &plane[static_cast<std::size_t>(y) * size];
    float* to = &scratch[static_cast<std::size_t>(y) * size];
    for (int x = 2; x + 2 < size; ++x) to[x] = weighted(from[x - 2], from[x - 1], from[x], from[x + 1], from[x + 2]);
    for (const int x : {0, 1, last - 1, last}) {
      const auto at = [&](int k) { return from[std::clamp(k, 0, last)]; };
      to[x] = weighted(at(x - 2), at(x - 1), at(x), at(x + 1), at(x + 2));
    }
  }
  for (int y = 0; y < size; ++y) {
    const auto row = [&](int k) { return &scratch[static_cast<std::size_t>(std::clamp(k, 0, last)) * size]; };
    const float *a = row(y - 2), *b = row(y - 1), *c = row(y), *d = row(y + 1), *e = row(y + 2);
    float* to = &plane[static_cast<std::size_t>(y) * size];
    for (int x = 0; x < size; ++x) to[x] = weighted(a[x], b[x], c[x], d[x], e[x]);
  }
}

void add_gradients(const Plane& plane, int size, GradientTensor& sum) {
  for (int y = 1; y + 1 < size; ++y) {
    for (int x = 1; x + 1 < size; ++x) {
      const std::size_t i = static_cast<std::size_t>(y) * size + x;
      const float* up = &plane[i - size];
      const float* here = &plane[i];
      const float* down = &plane[i + size];
      // Sobel's two filters.
      const float gx = (up[1] - up[-1] + down[1] - down[-1] + 2 * (here[1] - here[-1])) * 0.125f;
      const float gy = (down[-1] - up[-1] + down[1] - up[1] + 2 * (down[0] - up[0])) * 0.125f;
      sum.xx[i] += gx * gx;
      sum.xy[i] += gx * gy;
      sum.yy[i] += gy * gy;
    }
  }
}

// Marks the crests of the gradient: its length there, 0 elsewhere.
Plane crests_of(const GradientTensor& tensor, int size) {
  Plane strength(pixels_of(size)), crests(pixels_of(size));
  for (std::size_t i = 0; i < strength.size(); ++i) {
    const float trace = tensor.xx[i] + tensor.yy[i], difference = tensor.xx[i] - tensor.yy[i];
    strength[i] = std::sqrt(0.5f * (trace + std::sqrt(difference * difference + 4 * tensor.xy[i] * tensor.xy[i])));
  }
  for (int y = 1; y + 1 < size; ++y) {
    for (int x = 1; x + 1 < size; ++x) {
      const std::size_t i = static_cast<std::size_t>(y) * size + x;
      if (strength[i] == 0) continue;
      // Direction of the strongest change: twice its angle has cosine `along` and sine `2 xy`.
      const float along = tensor.xx[i] - tensor.yy[i], twice = 2 * tensor.xy[i];
      int step = 0;
      if (std::fabs(twice) <= std::fabs(along)) {
        step = along > 0 ? 1 : size;
      } else {
        step = twice > 0 ? size + 1 : size - 1;
      }
      // One side strict, the other not: of two equal neighbours one remains.
      if (strength[i] > strength[i - step] && strength[i] >= strength[i + step]) crests[i] = strength[i];
    }
  }
  return crests;
}

struct RampStop {
  float position;
  Vec3 srgb;  // 0 .. 255
};
constexpr RampStop depth_ramp[] = {
    {0.00f, {24, 18, 64}},    {0.16f, {58, 28, 116}},   {0.32f, {112, 38, 134}}, {0.48f, {172, 50, 122}},
    {0.64f, {224, 82, 88}},   {0.78f, {248, 134, 62}},  {0.90f, {252, 192, 84}}, {1.00f, {252, 240, 178}},
};

Vec3 ramp_colour(float t) {
  for (std::size_t i = 1; i < std::size(depth_ramp); ++i) {
    const RampStop &low = depth_ramp[i - 1], &high = depth_ramp[i];
    if (t <= high.position) return mix(low.srgb, high.srgb, (t - low.position) / (high.position - low.position));
  }
  return depth_ramp[std::size(depth_ramp) - 1].srgb;
}

}  // namespace

Picture depth_picture(const std::vector<float>& depth, int size) {
  const auto [nearest, farthest] = std::minmax_element(depth.begin(), depth.end());
  const float low = 1 / *farthest, range = 1 / *nearest - low;
  Picture picture{size, size, {}};
  picture.rgb.reserve(depth.size() * 3);
  for (const float metres : depth) {
    const Vec3 colour = ramp_colour(range > 0 ? (1 / metres - low) / range : 0) * (1.0f / 255);
    picture.rgb.insert(picture.rgb.end(), {to_byte(colour.x), to_byte(colour.y), to_byte(colour.z)});
  }
  return picture;
}

Picture normal_picture(const std::vector<float>& normals, int size) {
  Picture picture{size, size, std::vector<std::uint8_t>(normals.size())};
  std::transform(normals.begin(), normals.end(), picture.rgb.begin(), [](float n) { return to_byte(n * 0.5f + 0.5f); });
  return picture;
}

Picture edge_picture(const Picture& rgb, const std::vector<float>& normals, const std::vector<float>& depth,
                     const Picture& segments) {
  const int size = rgb.width;
  const std::size_t count = pixels_of(size);
  GradientTensor tensor{Plane(count), Plane(count), Plane(count)};
  Plane plane(count), scratch(count);
  const auto add = [&](auto value_at) {
    for (std::size_t i = 0; i < count; ++i) plane[i] = value_at(i);
    blur(plane, scratch, size);
    add_gradients(plane, size, tensor);
  };
  // Weights bring the maps to one scale, on which 1 is a step from black to white.
  for (std::size_t c = 0; c < 3; ++c) {
    add([&](std::size_t i) { return static_cast<float>(rgb.rgb[i * 3 + c]) * (0.8f / 255); });
    add([&](std::size_t i) { return normals[i * 3 + c] * 0.35f; });
    add([&](std::size_t i) { return static_cast<float>(segments.rgb[i * 3 + c]) * (0.5f / 255); });
  }
  const float farthest = *std::max_element(depth.begin(), depth.end());
  add([&](std::size_t i) { return farthest / depth[i] * 0.6f; });

  const Plane crests = crests_of(tensor, size);
  constexpr float weak = 0.035f, strong = 0.075f;
  // Follow the weak crests from the strong ones.
  std::vector<std::uint8_t> is_edge(count);
  std::vector<std::size_t> to_visit;
  for (std::size_t i = 0; i < count; ++i) {
    if (crests[i] < strong || is_edge[i]) continue;
    is_edge[i] = 1;
    to_visit.push_back(i);
    while (!to_visit.empty()) {
      const std::size_t at = to_visit.back();
      to_visit.pop_back();
      for (const int step : {-size - 1, -size, -size + 1, -1, 1, size - 1, size, size + 1}) {
        const std::size_t next = at + step;  // never outside: crests keep away from the border
        if (crests[next] < weak || is_edge[next]) continue;
        is_edge[next] = 1;
        to_visit.push_back(next);
      }
    }
  }
  Picture picture{size, size, std::vector<std::uint8_t>(count * 3)};
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_edge[i]) continue;
    // Fainter edges a little darker.
    const float light = mix(0.55f, 1.0f, smoothstep(weak, 0.16f, crests[i]));
    picture.rgb[i * 3] = to_byte(0.91f * light);
    picture.rgb[i * 3 + 1] = to_byte(0.94f * light);
    picture.rgb[i * 3 + 2] = to_byte(light);
  }
  return picture;
}

}  // namespace maskscope::scene
