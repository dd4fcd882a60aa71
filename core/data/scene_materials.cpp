#include "core/data/scene_shading.h"

namespace maskscope::scene {
namespace {

constexpr Vec3 cream = linear_from_srgb(242, 234, 216);
constexpr Vec3 ink = linear_from_srgb(38, 34, 40);
constexpr Vec3 leaf = linear_from_srgb(74, 128, 52);
constexpr Vec3 bark = linear_from_srgb(92, 62, 40);

// 1 on a line of this half width around 0, with soft borders.
float stripe(float from_centre, float half_width, float softness) {
  return 1 - smoothstep(half_width - softness, half_width + softness, std::fabs(from_centre));
}

Material ball_material(Vec3 main, Vec3 p) {
  // Six panels around an axis that leans towards the eye.
  const Vec3 q = (p - Vec3{0, ball_radius, 0}) * (1.0f / ball_radius);
  constexpr Vec3 axis{0.36f, 0.80f, 0.48f}, side{0.8f, -0.52f, 0.2666667f};
  const Vec3 front = cross(side, axis);
  const float height = dot(q, axis);
  if (std::fabs(height) > 0.955f) return {main * 0.8f, 0.7f};
  const float panel = turns(dot(q, front), dot(q, side)) * 6 + 3.25f;
  const bool is_main = static_cast<int>(std::floor(panel)) % 2 == 0;
  return {is_main ? main : cream, 0.7f};
}

Material orange_material(Vec3 main, Vec3 p) {
  const Vec3 q = (p - Vec3{0, orange_radius, 0}) * (1.0f / orange_radius);
  // The green button on top, and pores.
  if (q.y > 0.985f) return {leaf * 0.8f, 0.1f};
  const float pores = noise2(turns(q.z, q.x) * 60, q.y * 17, 11);
  return {main * (0.90f + 0.16f * smoothstep(0.15f, 0.6f, pores)), 0.35f};
}

Material apple_material(Vec3 main, Vec3 p) {
  if (p.y > 0.62f && apple_stem_distance(p) < 0.004f) return {bark, 0.1f};
  if (p.y > 0.72f && apple_leaf_distance(p) < 0.004f) return {leaf, 0.3f};
  const float around = turns(p.z, p.x);
  const float streaks = noise2(around * 64 + 80, p.y * 2.2f, 5) * 0.5f + noise2(around * 5 + 40, p.y * 2, 6) * 0.5f;
  const Vec3 blush = mix(main, linear_from_srgb(236, 196, 84), 0.6f);
  const float from_dimple = smoothstep(0.06f, 0.30f, length2d(p.x, p.z));
  const float how_much = smoothstep(0.50f, 0.95f, streaks) * 0.55f + (1 - from_dimple) * 0.6f;
  return {mix(main, blush, clamp01(how_much)), 0.75f};
}

Material donut_material(Vec3 main, Vec3 p) {
  const float around = turns(p.z, p.x);
  const float ring = length2d(p.x, p.z) - donut_ring_radius;
  const float across = turns(p.y - donut_tube_radius, ring);  // 0.25 on top
  const float edge = 0.02f + 0.035f * (noise2(around * 9 + 40, 0.5f, 3) + noise2(around * 17 + 40, 0.5f, 4) - 1);
  const float up = std::fabs(across) > 0.25f ? 0.5f - std::fabs(across) : std::fabs(across);
  const bool is_iced = p.y > donut_tube_radius && up > edge;
  if (!is_iced) {
    const Vec3 dough = mix(linear_from_srgb(196, 128, 62), linear_from_srgb(224, 168, 100), noise2(p.x * 9, p.z * 9, 8));
    return {dough, 0.15f};
  }
  // One sprinkle per cell of a grid over the icing.
  constexpr float columns = 20, rows = 11;
  const float u = (around + 0.5f) * columns, v = across * 2 * rows * 0.5f;
  const int i = static_cast<int>(std::floor(u)), j = static_cast<int>(std::floor(v));
  const float dx = u - static_cast<float>(i) - 0.3f - 0.4f * lattice(i, j, 21);
  const float dy = v - static_cast<float>(j) - 0.3f - 0.4f * lattice(i, j, 22);
  const float tilt = lattice(i, j, 23) * 2 - 1;
  const float norm = 1 / std::sqrt(1 + tilt * tilt);
  const float along = (dx + dy * tilt) * norm, aside = (dy - dx * tilt) * norm;
  const bool is_sprinkle = length2d(std::max(std::fabs(along) - 0.16f, 0.0f), aside) < 0.10f && lattice(i, j, 24) < 0.8f;
  if (!is_sprinkle) return {main, 0.6f};
  constexpr Vec3 colours[] = {linear_from_srgb(250, 244, 230), linear_from_srgb(250, 206, 70),
                              linear_from_srgb(86, 176, 214), linear_from_srgb(110, 62, 44)};
  return {colours[static_cast<int>(lattice(i, j, 25) * 4)], 0.4f};
}

Material turned_material(const Solid& solid, Vec3 p) {
  const Vec3 main = solid.colour.albedo;
  const bool is_inside = length2d(p.x, p.z) < turned_radius(solid.kind, p.y) - 0.04f;
  switch (solid.kind) {
    case SolidKind::bowl:
      if (is_inside) return {cream, 0.7f};
      return {mix(main, cream, std::max(stripe(p.y - 0.53f, 0.035f, 0.01f), stripe(p.y - 0.43f, 0.015f, 0.01f))), 0.7f};
    case SolidKind::cup: {
      if (is_inside && p.x < 0.44f) return {cream, 0.7f};
      const bool is_handle = p.x > 0.44f && length2d(p.x, p.z) > turned_radius(solid.kind, p.y) + 0.02f;
      return {is_handle ? main : mix(main, cream, stripe(p.y - 0.16f, 0.05f, 0.01f)), 0.7f};
    }
    case SolidKind::vase: {
      if (is_inside) return {main * 0.35f, 0.3f};
      const float rings = std::max(stripe(p.y - 0.96f, 0.028f, 0.01f),
                                   std::max(stripe(p.y - 0.40f, 0.028f, 0.01f), stripe(p.y - 1.60f, 0.02f, 0.01f)));
      // A row of diamonds between two rings.
      const float u = (turns(p.z, p.x) + 0.5f) * 14;
      const float from_middle = std::fabs(u - std::floor(u) - 0.5f) * 0.42f + std::fabs(p.y - 0.68f);
      const float diamonds = 1 - smoothstep(0.14f, 0.16f, from_middle);
      return {mix(main, cream, std::max(rings, diamonds)), 0.8f};
    }
    case SolidKind::bottle: {
      if (p.y > 1.93f) return {linear_from_srgb(208, 176, 112), 0.5f};
      const bool is_label = p.y > 0.42f && p.y < 1.02f;
      if (!is_label) return {main * 0.8f, 1.0f};
      const float border = std::max(stripe(p.y - 0.50f, 0.018f, 0.008f), stripe(p.y - 0.94f, 0.018f, 0.008f));
      const float emblem = 1 - smoothstep(0.115f, 0.13f, length2d(turns(p.x, p.z) * 2.3f, p.y - 0.72f));
      return {mix(cream, main * 0.9f, std::max(border, emblem)), 0.15f};
    }
    default: {  // cone
      const float band = std::max(stripe(p.y - 0.52f, 0.09f, 0.01f), stripe(p.y - 1.02f, 0.06f, 0.01f));
      return {mix(main, cream, band * 0.9f), 0.3f};
    }
  }
}

Material book_material(Vec3 main, Vec3 p) {
  if (book_pages_distance(p) < 0.003f) {
    const float sheet = noise2(p.y * 60, 0.5f, 9);
    return {cream * (0.80f + 0.2f * sheet), 0};
  }
  // A golden frame on the cover and two bands on the spine.
  const float frame = std::max(std::fabs(p.x - 0.05f) - 0.53f, std::fabs(p.z) - 0.40f);
  const float emblem = std::fabs(p.x - 0.05f) + std::fabs(p.z) - 0.2f;
  const bool is_gold = p.y > 0.33f ? std::fabs(frame) < 0.025f || emblem < 0
                                   : p.x < -0.70f && std::fabs(std::fabs(p.z) - 0.34f) < 0.04f;
  return {is_gold ? linear_from_srgb(240, 208, 130) : main, is_gold ? 0.5f : 0.25f};
}

Material clock_material(Vec3 main, Vec3 p) {
  const float x = p.x, y = p.y - clock_centre_y;
  const float r = length2d(x, y);
  if (r > 0.525f || p.z < clock_half_depth - 0.10f) {
    const bool is_metal = p.y > clock_centre_y + clock_radius + 0.01f || p.y < 0.12f;
    return {is_metal ? linear_from_srgb(150, 146, 142) : main, is_metal ? 0.9f : 0.6f};
  }
  // Ten past ten, as in every shop window.
  const auto hand = [&](float to_x, float to_y, float half_width) {
    const float t = clamp01((x * to_x + y * to_y) / (to_x * to_x + to_y * to_y));
    return length2d(x - to_x * t, y - to_y * t) < half_width;
  };
  if (r < 0.05f || hand(-0.23f, 0.135f, 0.035f) || hand(0.34f, 0.20f, 0.026f)) return {ink, 0.2f};
  const float hour = turns(x, y) * 12;
  const float from_tick = std::fabs(hour - std::floor(hour + 0.5f)) * r * 0.52f;
  if (r > 0.40f && r < 0.48f && from_tick < 0.018f) return {ink, 0.2f};
  return {cream, 0.3f};
}

}  // namespace

Material solid_material(const Solid& solid, Vec3 p) {
  const Vec3 main = solid.colour.albedo;
  switch (solid.kind) {
    case SolidKind::ball: return ball_material(main, p);
    case SolidKind::orange: return orange_material(main, p);
    case SolidKind::apple: return apple_material(main, p);
    case SolidKind::donut: return donut_material(main, p);
    case SolidKind::book: return book_material(main, p);
    case SolidKind::clock: return clock_material(main, p);
    case SolidKind::cube: {
      // A toy block: a pale line along the borders of every face.
      const Vec3 q{std::fabs(p.x), std::fabs(p.y - 0.54f), std::fabs(p.z)};
      const float middle = std::max(std::min(q.x, q.y), std::min(std::max(q.x, q.y), q.z));
      return {mix(main, cream, 0.85f * stripe(middle - 0.39f, 0.032f, 0.012f)), 0.35f};
    }
    case SolidKind::pyramid: {
      // Courses of stones.
      const float course = p.y * 6.0f;
      const int row = static_cast<int>(std::floor(course));
      const float along = (std::fabs(p.x) > std::fabs(p.z) ? p.z : p.x) * 3.2f + (row % 2 == 0 ? 0.5f : 0.0f);
      const float joint = std::max(stripe(std::fabs(course - std::floor(course) - 0.5f) - 0.5f, 0.06f, 0.03f),
                                   stripe(std::fabs(along - std::floor(along) - 0.5f) - 0.5f, 0.035f, 0.02f));
      const float tint = 0.86f + 0.24f * lattice(static_cast<int>(std::floor(along)), row, p.x > std::fabs(p.z) ? 31 : 32);
      return {main * (tint * (1 - 0.45f * joint)), 0.1f};
    }
    default: return turned_material(solid, p);
  }
}

Material floor_material(FloorKind floor, float x, float z) {
  switch (floor) {
    case FloorKind::wooden: {
      constexpr float width = 0.86f, length = 5.2f;
      const float across = x / width + 0.5f;
      const float plank = std::floor(across);
      const int number = static_cast<int>(plank);
      const float along = z / length + lattice(number, 7, 41);
      const int board = static_cast<int>(std::floor(along));
      const float tone = lattice(number, board, 42);
      const float shift = tone * 37;
      // Long fibres, bent by slow noise.
      const float bend = noise2(x * 1.3f + shift, z * 0.55f, 43);
      const float rings = noise2(x * 7 + bend * 5 + shift, z * 0.45f, 44);
      const float fibre = noise2(x * 38 + shift, z * 1.6f, 45);
      const Vec3 pale = linear_from_srgb(212, 164, 112), dark = linear_from_srgb(158, 106, 64);
      Vec3 wood = mix(pale, dark, clamp01(0.15f + 0.62f * rings + 0.16f * fibre)) * (0.84f + 0.26f * tone);
      const float side = (0.5f - std::fabs(across - plank - 0.5f)) * width;
      const float end = (0.5f - std::fabs(along - std::floor(along) - 0.5f)) * length;
      const float gap = 1 - smoothstep(0.008f, 0.024f, std::min(side, end));
      return {wood * (1 - 0.6f * gap), 0.45f * (1 - gap)};
    }
    case FloorKind::checkered: {
      constexpr float size = 0.8f;
      const int i = static_cast<int>(std::floor(x / size + 0.5f)), j = static_cast<int>(std::floor(z / size));
      const bool is_light = (i + j) % 2 == 0;
      const float grain = noise2(x * 3, z * 3, 51) * 0.6f + noise2(x * 9, z * 9, 52) * 0.4f;
      const Vec3 light = linear_from_srgb(226, 218, 202), dark = linear_from_srgb(104, 112, 124);
      return {(is_light ? light : dark) * (0.86f + 0.2f * grain), 0.5f};
    }
    case FloorKind::tiled: {
      constexpr float size = 1.15f;
      const float u = x / size + 0.5f, v = z / size + 0.35f;
      const int i = static_cast<int>(std::floor(u)), j = static_cast<int>(std::floor(v));
      const float tone = lattice(i, j, 61);
      const float clouds = noise2(x * 2.2f + tone * 9, z * 2.2f, 62) * 0.6f + noise2(x * 7, z * 7 + tone * 9, 63) * 0.4f;
      const Vec3 clay = mix(linear_from_srgb(196, 128, 98), linear_from_srgb(168, 100, 74), clouds);
      const float side = std::min(0.5f - std::fabs(u - std::floor(u) - 0.5f), 0.5f - std::fabs(v - std::floor(v) - 0.5f));
      const float joint = 1 - smoothstep(0.014f, 0.03f, side);
      return {mix(clay * (0.86f + 0.24f * tone), linear_from_srgb(206, 192, 174), joint), 0.25f * (1 - joint)};
    }
  }
  return {};
}

Material wall_material(const NamedColour& wall, float x, float y) {
  // Plaster: broad clouds and a fine grain.
  const float clouds = noise2(x * 0.8f + 20, y * 0.8f, 71), grain = noise2(x * 11 + 90, y * 11, 72);
  return {wall.albedo * (0.95f + 0.07f * clouds + 0.04f * grain), 0};
}

}  // namespace maskscope::scene
