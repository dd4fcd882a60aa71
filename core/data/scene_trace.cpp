#include "core/data/scene_trace.h"

namespace maskscope::scene {
namespace {

// Walks from the bounding sphere into the solid; negative when the ray passes by.
float march(const Solid& solid, Vec3 origin, Vec3 direction, float begin, float end) {
  const float per_unit = 1.0f / solid.scale;
  const Vec3 start = solid.to_local(origin + direction * begin);
  const Vec3 step = solid.turned_to_local(direction);
  const float length = (end - begin) * per_unit;
  constexpr int most_steps = 256;  // few rays need more than 20; those that graze a surface creep along it
  float t = 0;
  for (int i = 0; i < most_steps && t < length; ++i) {
    const float distance = solid_distance(solid.kind, start + step * t);
    if (distance < 0.0006f) return begin + t * solid.scale;
    t += distance;
  }
  return -1;
}

}  // namespace

Tracer::Tracer(const Arrangement& arrangement) : solids_(&arrangement.solids) {
  for (const Solid& solid : *solids_) {
    const SolidShape& shape = shape_of(solid.kind);
    bounds_.push_back({{solid.x, shape.centre_y * solid.scale, solid.z}, shape.bound * solid.scale});
  }
}

Hit Tracer::first_solid(Vec3 origin, Vec3 direction, float farthest) const {
  Hit hit{no_surface, farthest};
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    const Vec3 to_centre = bounds_[i].centre - origin;
    const float along = dot(to_centre, direction);
    const float half_chord_squared = bounds_[i].radius * bounds_[i].radius - dot(to_centre, to_centre) + along * along;
    if (half_chord_squared <= 0) continue;
    const float half_chord = std::sqrt(half_chord_squared);
    const float begin = std::max(along - half_chord, 0.0f);
    const float end = std::min(along + half_chord, hit.distance);
    if (begin >= end) continue;
    const float distance = march((*solids_)[i], origin, direction, begin, end);
    if (distance >= 0 && distance < hit.distance) hit = {static_cast<int>(i), distance};
  }
  return hit;
}

Hit Tracer::first_hit(Vec3 origin, Vec3 direction) const {
  Hit plane;
  if (direction.z < 0) plane = {wall_surface, (wall_z - origin.z) / direction.z};
  if (direction.y < 0) {
    const float distance = -origin.y / direction.y;
    if (distance < plane.distance) plane = {floor_surface, distance};
  }
  const Hit hit = first_solid(origin, direction, plane.distance);
  return hit.surface == no_surface ? plane : hit;
}

Vec3 Tracer::normal_at(int surface, Vec3 point) const {
  if (surface == wall_surface) return {0, 0, 1};
  if (surface == floor_surface) return {0, 1, 0};
  const Solid& hit = solid(surface);
  return hit.turned_to_world(solid_normal(hit.kind, hit.to_local(point)));
}

float Tracer::light_reaching(Vec3 point, Vec3 to_light) const {
  constexpr float sharpness = 6;  // distance over the width of the penumbra
  constexpr float farthest = 6;
  float lit = 1;
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    const Vec3 to_centre = bounds_[i].centre - point;
    const float along = dot(to_centre, to_light);
    const float reach = bounds_[i].radius + std::max(along, 0.0f) * (1.0f / sharpness);
    const float chord_squared = reach * reach - dot(to_centre, to_centre) + along * along;
    if (chord_squared <= 0) continue;
    const float half_chord = std::sqrt(chord_squared);
    const float end = std::min(along + half_chord, farthest);
    const Solid& solid = (*solids_)[i];
    const float per_unit = 1.0f / solid.scale;
    const Vec3 start = solid.to_local(point);
    const Vec3 step = solid.turned_to_local(to_light) * per_unit;
    float t = std::max(along - half_chord, 0.03f);
    for (int k = 0; k < 32 && t < end; ++k) {
      const float distance = solid_distance(solid.kind, start + step * t) * solid.scale;
      lit = std::min(lit, sharpness * distance / t);
      if (lit <= 0) return 0;
      t += std::max(distance, 0.03f);  // thin walls are 0.05: never stepped over
    }
  }
  return lit * lit * (3 - 2 * lit);
}

float Tracer::openness(Vec3 point, Vec3 normal) const {
  constexpr float walks[] = {0.06f, 0.18f, 0.38f, 0.70f};
  constexpr float fading = 0.62f;  // weight of a walk, relative to the one before
  constexpr float all_weights = 1 + fading + fading * fading + fading * fading * fading;
  constexpr float longest = walks[3];
  // Only solids within reach of the longest walk matter: no point is farther from its middle than half of it, and
  // none looks farther than its own length.
  const Vec3 middle = point + normal * (0.5f * longest);
  std::array<std::size_t, 8> near{};
  std::size_t num_near = 0;
  for (std::size_t i = 0; i < bounds_.size() && num_near < near.size(); ++i) {
    const Vec3 away = middle - bounds_[i].centre;
    const float reach = bounds_[i].radius + 1.5f * longest;
    if (dot(away, away) < reach * reach) near[num_near++] = i;
  }
  // Walking outwards, the nearest surface should recede as fast as the walk goes.
  float hidden = 0, weight = 1;
  for (const float walk : walks) {
    const Vec3 there = point + normal * walk;
    float nearest = std::min(walk, std::min(there.y, there.z - wall_z));
    for (std::size_t k = 0; k < num_near; ++k) {
      const Bound& bound = bounds_[near[k]];
      const Vec3 away = there - bound.centre;
      const float reach = bound.radius + nearest;
      if (dot(away, away) >= reach * reach) continue;
      const Solid& solid = (*solids_)[near[k]];
      nearest = std::min(nearest, solid_distance(solid.kind, solid.to_local(there)) * solid.scale);
    }
    hidden += weight * (walk - nearest) / walk;
    weight *= fading;
  }
  return clamp01(1 - 1.05f * hidden / all_weights);
}

}  // namespace maskscope::scene
