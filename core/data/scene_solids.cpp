#include "core/data/scene_solids.h"

#include <cassert>

namespace maskscope::scene {
namespace {

constexpr std::array<SolidShape, num_solid_kinds> shapes{{
    {"ball", "sports ball", 1.40f, 0.70f, 0.70f, 0.71f},
    {"orange", "orange", 1.00f, 0.50f, 0.50f, 0.52f},
    {"apple", "apple", 1.12f, 0.60f, 0.52f, 0.68f},
    {"donut", "donut", 0.50f, 0.72f, 0.25f, 0.74f},
    {"bowl", "bowl", 0.72f, 0.84f, 0.40f, 0.92f},
    {"cup", "cup", 0.95f, 0.80f, 0.48f, 0.82f},
    {"vase", "vase", 1.90f, 0.59f, 0.92f, 1.05f},
    {"bottle", "bottle", 2.10f, 0.385f, 1.05f, 1.12f},
    {"book", "book", 0.34f, 0.90f, 0.17f, 0.92f},
    {"clock", "clock", 1.55f, 0.64f, 0.74f, 0.84f},
    {"cube", "", 1.08f, 0.77f, 0.54f, 0.90f},
    {"cone", "", 1.66f, 0.60f, 0.66f, 1.02f},
    {"pyramid", "", 1.21f, 0.93f, 0.45f, 1.05f},
}};

// Profile of a turned solid: cubic radius between knots at equal heights, as on a lathe.
template <int num_knots>
struct Profile {
  float height;
  std::array<float, num_knots> radius;

  // Radius at a height and its slope there.
  void at(float y, float& r, float& slope) const {
    const float scaled = std::clamp(y / height, 0.0f, 1.0f) * (num_knots - 1);
    const int i = std::min(static_cast<int>(scaled), num_knots - 2);
    const float u = scaled - static_cast<float>(i);
    const float r0 = radius[i], r1 = radius[i + 1];
    const float m0 = i > 0 ? 0.5f * (r1 - radius[i - 1]) : r1 - r0;
    const float m1 = i + 2 < num_knots ? 0.5f * (radius[i + 2] - r0) : r1 - r0;
    const float c2 = 3 * (r1 - r0) - 2 * m0 - m1, c3 = 2 * (r0 - r1) + m0 + m1;
    r = r0 + u * (m0 + u * (c2 + u * c3));
    slope = (m0 + u * (2 * c2 + u * 3 * c3)) * (num_knots - 1) / height;
  }
};
constexpr Profile<5> bowl_profile{0.72f, {0.34f, 0.55f, 0.70f, 0.79f, 0.84f}};
constexpr Profile<5> cup_profile{0.95f, {0.40f, 0.45f, 0.465f, 0.475f, 0.48f}};
constexpr Profile<10> vase_profile{1.90f, {0.30f, 0.44f, 0.54f, 0.58f, 0.56f, 0.46f, 0.33f, 0.25f, 0.24f, 0.33f}};
constexpr Profile<12> bottle_profile{
    2.10f, {0.36f, 0.38f, 0.38f, 0.38f, 0.38f, 0.38f, 0.35f, 0.24f, 0.145f, 0.13f, 0.13f, 0.14f}};
constexpr Profile<2> cone_profile{1.66f, {0.60f, 0.02f}};

// Solid of revolution; wall > 0 hollows it out from the top down to floor.
template <int num_knots>
float turned_distance(const Profile<num_knots>& profile, Vec3 p, float edge, float wall, float floor) {
  const float r = length2d(p.x, p.z);
  float radius = 0, slope = 0;
  profile.at(p.y, radius, slope);
  const float steepness = 1.0f / std::sqrt(1 + slope * slope);
  const float side = (r - radius) * steepness;
  const float half = 0.5f * profile.height;
  float distance = smooth_max(side, std::fabs(p.y - half) - half, edge);
  if (wall > 0) {
    const float inside = std::max((r - radius + wall) * steepness, floor - p.y);
    distance = smooth_max(distance, -inside, 0.5f * wall);
  }
  return distance;
}

float box_distance(Vec3 p, Vec3 half, float rounding) {
  const Vec3 q{std::fabs(p.x) - half.x + rounding, std::fabs(p.y) - half.y + rounding, std::fabs(p.z) - half.z + rounding};
  const Vec3 outside{std::max(q.x, 0.0f), std::max(q.y, 0.0f), std::max(q.z, 0.0f)};
  return length(outside) + std::min(std::max(q.x, std::max(q.y, q.z)), 0.0f) - rounding;
}
float capsule_distance(Vec3 p, Vec3 a, Vec3 b, float radius) {
  const Vec3 along = b - a;
  const float t = clamp01(dot(p - a, along) / dot(along, along));
  return length(p - a - along * t) - radius;
}

float apple_distance(Vec3 p) {
  // A spindle torus has the apple's dimples; it narrows towards the bottom.
  const float y = p.y - 0.42f;
  const float r = length2d(p.x, p.z) * (1.0f - 0.24f * y);
  const float body = (length2d(r - 0.20f, y * 0.92f) - 0.385f) * 0.86f;
  if (y < 0.1f) return body;
  return std::min(body, std::min(apple_stem_distance(p), apple_leaf_distance(p)));
}

float cup_distance(Vec3 p) {
  const float body = turned_distance(cup_profile, p, 0.04f, 0.06f, 0.10f);
  if (p.x < 0.30f) return body;
  const Vec3 q = p - Vec3{0.50f, 0.48f, 0};
  const float ring = length2d(length2d(q.x, q.y * 0.85f) - 0.22f, q.z) - 0.062f;
  // The handle ends in the wall and does not reach inside.
  const float handle = std::max(ring, 0.43f - length2d(p.x, p.z));
  return smooth_min(body, handle, 0.04f);
}

float book_distance(Vec3 p) {
  const Vec3 q = p - Vec3{0, 0.17f, 0};
  const float shell = box_distance(q, {0.72f, 0.17f, 0.54f}, 0.015f);
  // Open on three sides, with the spine at -x.
  const float gap = std::max(std::fabs(q.y) - 0.125f, -0.66f - q.x);
  return std::min(std::max(shell, -gap), book_pages_distance(p));
}

float clock_distance(Vec3 p) {
  const Vec3 q = p - Vec3{0, clock_centre_y, 0};
  const float r = length2d(q.x, q.y);
  const float disc = smooth_max(r - clock_radius, std::fabs(q.z) - clock_half_depth, 0.09f);
  // The dial lies deeper than the rim.
  const float dial = std::max(r - 0.52f, clock_half_depth - 0.07f - q.z);
  float distance = smooth_max(disc, -dial, 0.03f);
  const float side = std::fabs(p.x);
  distance = std::min(distance, capsule_distance({side, p.y, p.z}, {0.33f, 0.06f, 0}, {0.27f, 0.25f, 0}, 0.06f));
  // Two bells and the knob between them.
  const Vec3 bell = Vec3{side, p.y, p.z} - Vec3{0.33f, 1.27f, 0};
  const float cap = std::max(length(bell) - 0.20f, -(bell.x * 0.45f + bell.y * 0.893f) - 0.02f);
  distance = std::min(distance, cap);
  return std::min(distance, capsule_distance(p, {0, 1.30f, 0}, {0, 1.49f, 0}, 0.05f));
}

float pyramid_distance(Vec3 p) {
  // Four planes of slope 1.2 / 0.66 above the base.
  constexpr float nx = 0.8762f, ny = 0.4819f;
  const float side = std::max(std::fabs(p.x), std::fabs(p.z)) * nx + (p.y - 1.22f) * ny;
  const float other = std::min(std::fabs(p.x), std::fabs(p.z)) * nx + (p.y - 1.22f) * ny;
  return smooth_max(smooth_max(side, other, 0.03f), -p.y, 0.03f);
}

}  // namespace

const SolidShape& shape_of(SolidKind kind) { return shapes[static_cast<std::size_t>(kind)]; }

float apple_stem_distance(Vec3 p) { return capsule_distance(p, {0, 0.72f, 0}, {0.05f, 1.08f, 0.01f}, 0.035f); }

float apple_leaf_distance(Vec3 p) {
  const Vec3 q = p - Vec3{0.22f, 0.98f, 0.03f};
  const float along = q.x * 0.91f + q.y * 0.41f, up = q.y * 0.91f - q.x * 0.41f;
  // Two overlapping discs make the pointed outline.
  const float outline = length2d(along, std::fabs(q.z) + 0.14f) - 0.25f;
  return smooth_max(outline, std::fabs(up + 0.5f * along * along) - 0.02f, 0.02f) * 0.9f;
}

float book_pages_distance(Vec3 p) {
  return box_distance(p - Vec3{-0.03f, 0.17f, 0}, {0.68f, 0.13f, 0.50f}, 0.005f);
}

float turned_radius(SolidKind kind, float y) {
  float r = 0, slope = 0;
  switch (kind) {
    case SolidKind::bowl: bowl_profile.at(y, r, slope); break;
    case SolidKind::cup: cup_profile.at(y, r, slope); break;
    case SolidKind::vase: vase_profile.at(y, r, slope); break;
    case SolidKind::bottle: bottle_profile.at(y, r, slope); break;
    case SolidKind::cone: cone_profile.at(y, r, slope); break;
    default: assert(false && "not a turned solid");
  }
  return r;
}

float solid_distance(SolidKind kind, Vec3 p) {
  switch (kind) {
    case SolidKind::ball: return length(p - Vec3{0, ball_radius, 0}) - ball_radius;
    case SolidKind::orange: return length(p - Vec3{0, orange_radius, 0}) - orange_radius;
    case SolidKind::apple: return apple_distance(p);
    case SolidKind::donut:
      return length2d(length2d(p.x, p.z) - donut_ring_radius, p.y - donut_tube_radius) - donut_tube_radius;
    case SolidKind::bowl: return 0.85f * turned_distance(bowl_profile, p, 0.03f, 0.06f, 0.07f);
    case SolidKind::cup: return cup_distance(p);
    case SolidKind::vase: return 0.9f * turned_distance(vase_profile, p, 0.03f, 0.05f, 1.0f);
    case SolidKind::bottle: return 0.8f * turned_distance(bottle_profile, p, 0.04f, 0, 0);
    case SolidKind::book: return book_distance(p);
    case SolidKind::clock: return clock_distance(p);
    case SolidKind::cube: return box_distance(p - Vec3{0, 0.54f, 0}, {0.54f, 0.54f, 0.54f}, 0.05f);
    case SolidKind::cone: return 0.95f * turned_distance(cone_profile, p, 0.04f, 0, 0);
    case SolidKind::pyramid: return pyramid_distance(p);
  }
  return 0;
}

Vec3 solid_normal(SolidKind kind, Vec3 p) {
  // Differences along the four diagonals of a cube: four evaluations instead of six.
  constexpr float step = 0.003f;
  constexpr Vec3 a{1, -1, -1}, b{-1, -1, 1}, c{-1, 1, -1}, d{1, 1, 1};
  const float da = solid_distance(kind, p + a * step), db = solid_distance(kind, p + b * step);
  const float dc = solid_distance(kind, p + c * step), dd = solid_distance(kind, p + d * step);
  return normalized(a * da + b * db + c * dc + d * dd);
}

}  // namespace maskscope::scene
