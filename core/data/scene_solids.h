// The solids of the bundled scene as signed distance fields.
//
// Every solid stands on y = 0 around the y axis in its own (local) coordinates, at its natural scale; +z is its
// front. World units are decimetres: a table-top scene of about half a metre.
#pragma once

#include <array>
#include <string_view>

#include "core/data/scene_math.h"

namespace maskscope::scene {

enum class SolidKind : std::uint8_t {
  ball, orange, apple, donut, bowl, cup, vase, bottle, book, clock, cube, cone, pyramid,
};
constexpr int num_solid_kinds = 13;

struct SolidShape {
  std::string_view noun;        // what the caption calls it
  std::string_view coco_class;  // one of the 80 COCO classes, or "" where none names it honestly
  float height;                 // local units
  float footprint;              // radius of the vertical cylinder around the solid
  float centre_y, bound;        // bounding sphere: centre (0, centre_y, 0) and radius
};
const SolidShape& shape_of(SolidKind kind);

// Lower bound of the distance from a local point to the surface; negative inside.
float solid_distance(SolidKind kind, Vec3 local);
// Outward unit normal at a point on the surface.
Vec3 solid_normal(SolidKind kind, Vec3 local);

// The parts that materials must tell apart.
float apple_stem_distance(Vec3 local);
float apple_leaf_distance(Vec3 local);
float book_pages_distance(Vec3 local);
constexpr float donut_ring_radius = 0.47f, donut_tube_radius = 0.25f;
constexpr float ball_radius = 0.7f, orange_radius = 0.5f;
constexpr float clock_centre_y = 0.72f, clock_radius = 0.62f, clock_half_depth = 0.17f;
// Outer radius of a turned solid (bowl, cup, vase, bottle, cone) at a height.
float turned_radius(SolidKind kind, float y);

}  // namespace maskscope::scene
