// What stands where in the bundled scene number `seed`, in which colours, and the camera that looks at it.
#pragma once

#include <string_view>
#include <vector>

#include "core/data/scene_solids.h"

namespace maskscope::scene {

struct NamedColour {
  std::string_view name;  // a lower-case English word
  Vec3 albedo;            // linear
};

struct Solid {
  SolidKind kind{};
  NamedColour colour;
  float x = 0, z = 0;                  // where it stands on the floor, decimetres; +x right, +z towards the camera
  float scale = 1;                     // world units per local unit
  float yaw_cos = 1, yaw_sin = 0;      // turned around the vertical

  float footprint() const { return shape_of(kind).footprint * scale; }
  // Rotations into and out of the solid's own coordinates; lengths are kept.
  Vec3 turned_to_local(Vec3 v) const { return {v.x * yaw_cos - v.z * yaw_sin, v.y, v.x * yaw_sin + v.z * yaw_cos}; }
  Vec3 turned_to_world(Vec3 v) const { return {v.x * yaw_cos + v.z * yaw_sin, v.y, v.z * yaw_cos - v.x * yaw_sin}; }
  Vec3 to_local(Vec3 p) const { return turned_to_local(p - Vec3{x, 0, z}) * (1.0f / scale); }
};

enum class FloorKind : std::uint8_t { wooden, checkered, tiled };

// The picture plane is square; a ray through picture position (u, v), each -1 .. 1 with v upwards, has the
// direction forward + right u half_width + up v half_width.
struct Camera {
  Vec3 position, right, up, forward;
  float half_width = 0;
};
// The same camera for every seed.
Camera scene_camera();

constexpr float wall_z = -3.0f;  // the back wall; the floor is y = 0

struct Arrangement {
  std::vector<Solid> solids;  // 5 or 6, all kinds different, no two touching
  FloorKind floor{};
  NamedColour wall;
};
// Pure function of the seed. Seed 0 is arranged by hand, the others are drawn.
Arrangement arrange_scene(std::uint64_t seed);

// "wooden", "checkered", "tiled".
std::string_view to_string(FloorKind floor);

}  // namespace maskscope::scene
