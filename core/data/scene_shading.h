// Materials and light of the bundled scene.
#pragma once

#include "core/data/scene_trace.h"

namespace maskscope::scene {

struct Material {
  Vec3 albedo;      // linear, 0 .. 1
  float gloss = 0;  // 0 matt .. 1 glazed
};
Material solid_material(const Solid& solid, Vec3 local);
Material floor_material(FloorKind floor, float x, float z);
Material wall_material(const NamedColour& wall, float x, float y);

// What a ray found, with all that its colour depends on.
struct Sighting {
  Hit hit;
  Vec3 point, normal;  // normal: unit, towards the eye
  float lit = 0;       // share of the key light that arrives, 0 .. 1
  float openness = 0;  // share of the surroundings that is seen, 0 .. 1
};
// Fills lit and openness: by far the most work, and smooth wherever the normal is.
void gather_light(const Tracer& tracer, Sighting& sighting);

// Light that leaves towards the eye: linear, tone-mapped to 0 .. 1. direction: of the ray, unit.
Vec3 shade(const Arrangement& arrangement, const Tracer& tracer, const Sighting& sighting, Vec3 direction);

}  // namespace maskscope::scene
