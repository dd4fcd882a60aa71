// Arithmetic of the bundled scene. Only IEEE + - * / sqrt and floor in a fixed order (the project compiles with
// contraction off), no other function of the C library: the pictures have the same bits on every machine.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace maskscope::scene {

struct Vec3 {
  float x = 0, y = 0, z = 0;
};

constexpr Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
constexpr Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
constexpr Vec3 operator-(Vec3 a) { return {-a.x, -a.y, -a.z}; }
constexpr Vec3 operator*(Vec3 a, Vec3 b) { return {a.x * b.x, a.y * b.y, a.z * b.z}; }
constexpr Vec3 operator*(Vec3 a, float k) { return {a.x * k, a.y * k, a.z * k}; }
constexpr float dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
constexpr Vec3 cross(Vec3 a, Vec3 b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline float length(Vec3 a) { return std::sqrt(dot(a, a)); }
inline float length2d(float a, float b) { return std::sqrt(a * a + b * b); }
inline Vec3 normalized(Vec3 a) { return a * (1.0f / length(a)); }
constexpr Vec3 reflected(Vec3 direction, Vec3 normal) { return direction - normal * (2 * dot(direction, normal)); }

constexpr float clamp01(float x) { return x < 0 ? 0 : x > 1 ? 1 : x; }
constexpr float mix(float a, float b, float t) { return a + (b - a) * t; }
constexpr Vec3 mix(Vec3 a, Vec3 b, float t) { return a + (b - a) * t; }
// 0 below low, 1 above high, a smooth cubic between.
constexpr float smoothstep(float low, float high, float x) {
  const float t = clamp01((x - low) / (high - low));
  return t * t * (3 - 2 * t);
}
// x to the power 2^doublings.
constexpr float power_of_two(float x, int doublings) {
  for (int i = 0; i < doublings; ++i) x = x * x;
  return x;
}
// Maximum rounded over a band of width k.
constexpr float smooth_max(float a, float b, float k) {
  const float h = clamp01(0.5f + 0.5f * (a - b) / k);
  return mix(b, a, h) + k * h * (1 - h);
}
constexpr float smooth_min(float a, float b, float k) { return -smooth_max(-a, -b, k); }

// Angle of (x, y) in turns, -0.5 .. 0.5; error below 0.001 turns, continuous.
inline float turns(float y, float x) {
  const float ax = std::fabs(x), ay = std::fabs(y);
  const float high = std::max(ax, ay);
  if (high == 0) return 0;
  const float q = std::min(ax, ay) / high;
  float turn = q * (0.159155f + q * q * (-0.052206f + q * q * (0.029f - q * q * 0.010949f)));
  if (ay > ax) turn = 0.25f - turn;
  if (x < 0) turn = 0.5f - turn;
  return y < 0 ? -turn : turn;
}

constexpr std::uint32_t hash(std::uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  return x ^ x >> 16;
}
// Hash of a lattice point as a float in [0, 1).
constexpr float lattice(int x, int y, int z) {
  std::uint32_t h = hash(static_cast<std::uint32_t>(z));
  h = hash(static_cast<std::uint32_t>(y) ^ h);
  h = hash(static_cast<std::uint32_t>(x) ^ h);
  return static_cast<float>(h >> 8) * (1.0f / 16777216.0f);
}
// Value noise in the plane, 0 .. 1, continuous; layer picks one of many.
inline float noise2(float x, float y, int layer) {
  const float fx = std::floor(x), fy = std::floor(y);
  const int ix = static_cast<int>(fx), iy = static_cast<int>(fy);
  const float u = smoothstep(0, 1, x - fx), v = smoothstep(0, 1, y - fy);
  return mix(mix(lattice(ix, iy, layer), lattice(ix + 1, iy, layer), u),
             mix(lattice(ix, iy + 1, layer), lattice(ix + 1, iy + 1, layer), u), v);
}

// sRGB bytes to linear light, by the cubic fit x (x (0.305306 x + 0.682171) + 0.012523).
constexpr Vec3 linear_from_srgb(int r, int g, int b) {
  const auto channel = [](int byte) {
    const float x = static_cast<float>(byte) / 255.0f;
    return x * (x * (x * 0.305306011f + 0.682171111f) + 0.012522878f);
  };
  return {channel(r), channel(g), channel(b)};
}
// Linear light 0 .. 1 to sRGB 0 .. 1, from square roots alone; error below one step of 8 bit.
inline float srgb_from_linear(float x) {
  if (x <= 0.0031308f) return 12.92f * x;
  const float s1 = std::sqrt(x), s2 = std::sqrt(s1), s3 = std::sqrt(s2);
  return clamp01(0.662002687f * s1 + 0.684122060f * s2 - 0.323583601f * s3 - 0.0225411470f * x);
}
// 0 .. 1 to 0 .. 255.
constexpr std::uint8_t to_byte(float x) { return static_cast<std::uint8_t>(clamp01(x) * 255.0f + 0.5f); }

}  // namespace maskscope::scene
