// Rays through an arrangement: what they hit, how much light reaches a point.
#pragma once

#include "core/data/scene_arrangement.h"

namespace maskscope::scene {

constexpr int wall_surface = -1, floor_surface = -2, no_surface = -3;

struct Hit {
  int surface = no_surface;  // index of a solid, or one of the above
  float distance = 1e9f;     // along the unit direction, decimetres
};

// The solids with what rays need of them at hand. Refers to the arrangement, which must outlive it.
class Tracer {
 public:
  explicit Tracer(const Arrangement& arrangement);

  // First hit of a ray with a unit direction; floor and wall are endless.
  Hit first_hit(Vec3 origin, Vec3 direction) const;
  // As above, with the solids alone.
  Hit first_solid(Vec3 origin, Vec3 direction, float farthest) const;
  // Outward unit normal of a hit.
  Vec3 normal_at(int surface, Vec3 point) const;
  // Share of the key light that reaches a point, 0 .. 1, with a penumbra that widens with the distance.
  float light_reaching(Vec3 point, Vec3 to_light) const;
  // Share of the surroundings that a point sees, 0 .. 1: 0 in deep corners.
  float openness(Vec3 point, Vec3 normal) const;

  const Solid& solid(int index) const { return (*solids_)[static_cast<std::size_t>(index)]; }

 private:
  struct Bound {
    Vec3 centre;
    float radius;
  };

  const std::vector<Solid>* solids_;
  std::vector<Bound> bounds_;  // a sphere around every solid
};

}  // namespace maskscope::scene
