#include "core/data/scene_shading.h"

namespace maskscope::scene {
namespace {

const Vec3 to_key = normalized({-0.80f, 1.0f, 0.34f});
const Vec3 to_rim = normalized({0.75f, 0.35f, -0.40f});
constexpr Vec3 key_light{2.45f, 2.22f, 1.90f};  // warm
constexpr Vec3 rim_light{0.30f, 0.36f, 0.46f};  // cool, from behind
constexpr Vec3 sky_light{0.50f, 0.56f, 0.68f};
constexpr Vec3 bounce_light{0.34f, 0.27f, 0.21f};  // from the floor

// What a mirror would show in this direction: a dim room with one large soft window beside the key light.
Vec3 surroundings(Vec3 direction) {
  Vec3 light = mix(Vec3{0.16f, 0.13f, 0.11f}, Vec3{0.34f, 0.38f, 0.46f}, smoothstep(-0.25f, 0.6f, direction.y));
  const Vec3 across = normalized(cross(Vec3{0, 1, 0}, to_key)), above = cross(to_key, across);
  const float facing = dot(direction, to_key);
  if (facing > 0) {
    const float u = std::fabs(dot(direction, across)), v = std::fabs(dot(direction, above));
    const float window = (1 - smoothstep(0.20f, 0.27f, u)) * (1 - smoothstep(0.24f, 0.31f, v));
    light = light + Vec3{6.5f, 6.2f, 5.6f} * window;
  }
  return light;
}


Material material_at(const Arrangement& arrangement, int surface, Vec3 point) {
  if (surface == wall_surface) return wall_material(arrangement.wall, point.x, point.y);
  if (surface == floor_surface) return floor_material(arrangement.floor, point.x, point.z);
  const Solid& solid = arrangement.solids[static_cast<std::size_t>(surface)];
  return solid_material(solid, solid.to_local(point));
}

Vec3 ambient(Vec3 normal) { return mix(bounce_light, sky_light, 0.5f + 0.5f * normal.y); }

// The key light is a lamp in the room: it fades towards the sides of the picture.
float lamp_falloff(Vec3 point) {
  const Vec3 from_middle = point - Vec3{-0.5f, 0.6f, 0.2f};
  return 1.0f / (1.0f + 0.05f * dot(from_middle, from_middle));
}

Vec3 tone_mapped(Vec3 light) {
  const auto channel = [](float x) {
    x *= 0.62f;
    return clamp01(x * (2.51f * x + 0.03f) / (x * (2.43f * x + 0.59f) + 0.14f));
  };
  return {channel(light.x), channel(light.y), channel(light.z)};
}

}  // namespace

void gather_light(const Tracer& tracer, Sighting& sighting) {
  const bool faces_key = dot(sighting.normal, to_key) > 0;
  sighting.lit = faces_key ? tracer.light_reaching(sighting.point + sighting.normal * 0.012f, to_key) : 0;
  sighting.openness = tracer.openness(sighting.point, sighting.normal);
}

Vec3 shade(const Arrangement& arrangement, const Tracer& tracer, const Sighting& sighting, Vec3 direction) {
  const int surface = sighting.hit.surface;
  const Vec3 point = sighting.point, normal = sighting.normal;
  const Material material = material_at(arrangement, surface, point);
  const float lit = sighting.lit * lamp_falloff(point), open = sighting.openness;

  Vec3 diffuse = key_light * (std::max(dot(normal, to_key), 0.0f) * lit) + ambient(normal) * open;
  if (surface >= 0) diffuse = diffuse + rim_light * (std::max(dot(normal, to_rim), 0.0f) * open);
  Vec3 light = material.albedo * diffuse;

  if (material.gloss > 0) {
    const float grazing = 1 - clamp01(-dot(normal, direction));
    const float fresnel = (0.04f + 0.96f * power_of_two(grazing, 2) * grazing) * material.gloss;
    const Vec3 mirrored = reflected(direction, normal);
    Vec3 seen = surroundings(mirrored) * (0.35f + 0.65f * lit) * open;
    if (surface == floor_surface) {
      // A polished floor shows what stands on it, more faintly the higher up it is.
      constexpr float mirror_range = 0.9f;
      seen = Vec3{0.30f, 0.30f, 0.32f} * open;
      const Hit mirror_hit = tracer.first_solid(point, mirrored, mirror_range);
      if (mirror_hit.surface >= 0) {
        const Vec3 there = point + mirrored * mirror_hit.distance;
        const Vec3 facing = tracer.normal_at(mirror_hit.surface, there);
        const Vec3 glow = material_at(arrangement, mirror_hit.surface, there).albedo *
                          (key_light * (std::max(dot(facing, to_key), 0.0f) * 0.8f) + ambient(facing));
        seen = mix(glow, seen, smoothstep(0, mirror_range, mirror_hit.distance));
      }
    }
    light = light + seen * fresnel;
  }
  return tone_mapped(light);
}

}  // namespace maskscope::scene
