// The parts of the bundled scene: arithmetic, solids, arrangements of many seeds.
#include <cmath>

#include "core/data/scene_trace.h"
#include "tests/catch.h"

using namespace maskscope;

TEST_CASE("scene arithmetic is as exact as it says") {
  for (int i = -2000; i <= 2000; ++i) {
    const double angle = i * 3.14159265 / 2000;
    const float found = scene::turns(static_cast<float>(std::sin(angle)), static_cast<float>(std::cos(angle)));
    const double difference = std::fabs(found - i / 4000.0);
    CHECK(std::min(difference, 1 - difference) < 0.001);
  }
  for (int byte = 0; byte < 256; ++byte) {
    const float linear = scene::linear_from_srgb(byte, byte, byte).x;
    const double x = byte / 255.0;
    const double exact = x <= 0.04045 ? x / 12.92 : std::pow((x + 0.055) / 1.055, 2.4);
    CHECK(linear == Approx(exact).margin(0.002));
    const double back = linear <= 0.0031308 ? linear * 12.92 : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
    CHECK(scene::srgb_from_linear(linear) == Approx(back).margin(0.004));
  }
}

TEST_CASE("solids fit into the bounds they state") {
  for (int k = 0; k < scene::num_solid_kinds; ++k) {
    const auto kind = static_cast<scene::SolidKind>(k);
    const scene::SolidShape& shape = scene::shape_of(kind);
    CAPTURE(shape.noun);
    int outside = 0, below = 0;
    float top = 0, bottom = 1;
    for (float y = -0.4f; y < 2.5f; y += 0.025f) {
      for (float x = -1.2f; x <= 1.2f; x += 0.025f) {
        for (float z = -1.2f; z <= 1.2f; z += 0.025f) {
          if (scene::solid_distance(kind, {x, y, z}) > 0) continue;
          outside += scene::length({x, y - shape.centre_y, z}) > shape.bound;
          outside += scene::length2d(x, z) > shape.footprint + 0.005f;
          below += y < -0.005f;
          top = std::max(top, y);
          bottom = std::min(bottom, y);
        }
      }
    }
    CHECK(outside == 0);
    CHECK(below == 0);
    CHECK(top == Approx(shape.height).margin(0.05));
    CHECK(bottom < 0.05f);
  }
}

TEST_CASE("demo scenes of all seeds stand free and in view") {
  const scene::Camera camera = scene::scene_camera();
  constexpr int side = 56;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    const scene::Arrangement arrangement = scene::arrange_scene(seed);
    const auto& solids = arrangement.solids;
    REQUIRE((solids.size() == 5 || solids.size() == 6));
    for (std::size_t i = 0; i < solids.size(); ++i) {
      CHECK(solids[i].z - solids[i].footprint() > scene::wall_z);
      for (std::size_t j = i + 1; j < solids.size(); ++j) {
        CHECK(solids[i].kind != solids[j].kind);
        const float apart = scene::length2d(solids[i].x - solids[j].x, solids[i].z - solids[j].z);
        CHECK(apart > solids[i].footprint() + solids[j].footprint());
      }
    }
    // Every solid shows more than half of what it would show alone, and keeps off the border.
    const scene::Tracer all(arrangement);
    std::vector<scene::Tracer> alone;
    std::vector<scene::Arrangement> single(solids.size());
    for (std::size_t i = 0; i < solids.size(); ++i) {
      single[i].solids = {solids[i]};
      alone.emplace_back(single[i]);
    }
    std::vector<int> seen(solids.size()), whole(solids.size());
    int on_border = 0;
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        const float u = (static_cast<float>(x) + 0.5f) / side * 2 - 1, v = 1 - (static_cast<float>(y) + 0.5f) / side * 2;
        const scene::Vec3 ray = scene::normalized(camera.forward + camera.right * (u * camera.half_width) +
                                                  camera.up * (v * camera.half_width));
        const scene::Hit hit = all.first_hit(camera.position, ray);
        if (hit.surface >= 0) ++seen[static_cast<std::size_t>(hit.surface)];
        on_border += hit.surface >= 0 && (x == 0 || y == 0 || x == side - 1 || y == side - 1);
        for (std::size_t i = 0; i < solids.size(); ++i) {
          whole[i] += alone[i].first_solid(camera.position, ray, 100).surface == 0;
        }
      }
    }
    CHECK(on_border == 0);
    for (std::size_t i = 0; i < solids.size(); ++i) {
      CAPTURE(scene::shape_of(solids[i].kind).noun, whole[i], seen[i]);
      CHECK(seen[i] * 2 > whole[i]);
      // Three patches of 14 x 14, which are 4 x 4 rays here.
      CHECK(seen[i] > 3 * 4 * 4);
    }
  }
}
