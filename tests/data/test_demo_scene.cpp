// The bundled scene: the same bits everywhere, maps that fit each other, words that are true.
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <sstream>

#include "core/data/demo_scene.h"
#include "core/data/scene_arrangement.h"
#include "core/error.h"
#include "tests/catch.h"

using namespace maskscope;

namespace {

std::uint64_t fnv1a(const std::vector<std::uint8_t>& bytes) {
  std::uint64_t hash = 14695981039346656037ull;
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 1099511628211ull;
  return hash;
}


// Position of a pixel's surface in the scene's decimetres, from the depth map alone.
scene::Vec3 unprojected(const DemoScene& demo, int x, int y) {
  const scene::Camera camera = scene::scene_camera();
  const float side = static_cast<float>(demo.size);
  const float u = (static_cast<float>(x) + 0.5f) / side * 2 - 1, v = 1 - (static_cast<float>(y) + 0.5f) / side * 2;
  const scene::Vec3 ray = camera.forward + camera.right * (u * camera.half_width) + camera.up * (v * camera.half_width);
  return camera.position + ray * (demo.depth_metres[static_cast<std::size_t>(y) * demo.size + x] * 10);
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) {
    if (word.back() == ',') word.pop_back();
    words.push_back(word);
  }
  return words;
}

float nearest_depth(const DemoScene& demo, int class_id) {
  float nearest = 1e9f;
  for (std::size_t i = 0; i < demo.class_id.size(); ++i) {
    if (demo.class_id[i] == class_id) nearest = std::min(nearest, demo.depth_metres[i]);
  }
  return nearest;
}

const std::set<std::string> coco_classes_used{"sports ball", "orange", "apple",  "donut", "bowl",
                                              "cup",         "vase",   "bottle", "book",  "clock"};

}  // namespace

TEST_CASE("demo scene is a pure function of its seed") {
  const DemoScene once = make_demo_scene(5, 64), again = make_demo_scene(5, 64), other = make_demo_scene(6, 64);
  CHECK(once.rgb.rgb == again.rgb.rgb);
  CHECK(once.edges.rgb == again.edges.rgb);
  CHECK(once.depth_metres == again.depth_metres);
  CHECK(once.unit_normals == again.unit_normals);
  CHECK(once.caption == again.caption);
  CHECK(once.rgb.rgb != other.rgb.rgb);
  CHECK(once.caption != other.caption);
  // The upper half of the seed counts too.
  CHECK(make_demo_scene(5 + (1ull << 40), 64).rgb.rgb != once.rgb.rgb);
}

// Recorded; no tolerance, because nothing but IEEE + - * / sqrt and floor was used.
TEST_CASE("demo scene 0 has the recorded bits") {
  const DemoScene demo = make_demo_scene(0);
  CHECK(demo.caption ==
        "a blue vase behind a pink donut, a yellow clock behind a red cube and a purple cone behind an orange on a "
        "wooden floor by a blue wall");
  CHECK(demo.detections ==
        "v0=94 v1=169 v2=330 v3=575 vase v0=384 v1=245 v2=633 v3=522 clock v0=62 v1=593 v2=397 v3=812 donut v0=709 "
        "v1=544 v2=941 v3=776 orange");
  CHECK(fnv1a(demo.class_id) == 0x440a2bb4a782fbd7ull);
  CHECK(fnv1a(demo.rgb.rgb) == 0x2074feb9dde3d96eull);
  CHECK(fnv1a(demo.depth.rgb) == 0x7c8282e87eeed9c7ull);
  CHECK(fnv1a(demo.normal.rgb) == 0x81f3229e447db97dull);
  CHECK(fnv1a(demo.semseg.rgb) == 0x99aded586ad616a4ull);
  CHECK(fnv1a(demo.edges.rgb) == 0xa04d7a1b9b0eaf83ull);
}

TEST_CASE("demo scene maps are aligned") {
  const auto [seed, size] = GENERATE(
      table<std::uint64_t, int>({{0, 224}, {0, 448}, {1, 224}, {2, 96}, {3, 224}, {9, 97}, {77, 64}}));
  CAPTURE(seed, size);
  const DemoScene demo = make_demo_scene(seed, size);
  const scene::Arrangement arrangement = scene::arrange_scene(seed);
  const std::size_t count = static_cast<std::size_t>(size) * size;
  REQUIRE(demo.size == size);
  for (const Picture* picture : {&demo.rgb, &demo.depth, &demo.normal, &demo.semseg, &demo.edges}) {
    REQUIRE(picture->width == size);
    REQUIRE(picture->height == size);
    REQUIRE(picture->rgb.size() == count * 3);
  }
  REQUIRE(demo.depth_metres.size() == count);
  REQUIRE(demo.unit_normals.size() == count * 3);
  REQUIRE(demo.class_id.size() == count);

  int bad_depth = 0, bad_normal = 0, turned_away = 0, bad_normal_colour = 0, bad_class_colour = 0, misplaced = 0;
  const scene::Camera camera = scene::scene_camera();
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      const std::size_t i = static_cast<std::size_t>(y) * size + x;
      bad_depth += !(demo.depth_metres[i] > 0.3f && demo.depth_metres[i] < 2.0f);
      const scene::Vec3 normal{demo.unit_normals[i * 3], demo.unit_normals[i * 3 + 1], demo.unit_normals[i * 3 + 2]};
      bad_normal += std::fabs(scene::length(normal) - 1) > 1e-4f;
      const scene::Vec3 place = unprojected(demo, x, y);
      const scene::Vec3 ray = place - camera.position;
      const scene::Vec3 seen{dot(ray, camera.right), dot(ray, camera.up), -dot(ray, camera.forward)};
      turned_away += scene::dot(normal, seen) >= 0;
      const int id = demo.class_id[i];
      REQUIRE(id < num_demo_classes);
      for (std::size_t c = 0; c < 3; ++c) {
        const float n = demo.unit_normals[i * 3 + c];
        bad_normal_colour += std::fabs(static_cast<float>(demo.normal.rgb[i * 3 + c]) - (n * 0.5f + 0.5f) * 255) > 0.502f;
        bad_class_colour += demo.semseg.rgb[i * 3 + c] != demo_class(id).colour[c];
      }
      // What depth says must be where the class says.
      if (id == demo_class_floor) {
        misplaced += std::fabs(place.y) > 0.01f;
      } else if (id == demo_class_wall) {
        misplaced += std::fabs(place.z - scene::wall_z) > 0.01f;
      } else {
        bool is_near_its_solid = false;
        for (const scene::Solid& solid : arrangement.solids) {
          if (scene::shape_of(solid.kind).noun != demo_class(id).name) continue;
          is_near_its_solid = std::fabs(scene::solid_distance(solid.kind, solid.to_local(place))) < 0.01f &&
                              scene::length2d(place.x - solid.x, place.z - solid.z) < solid.footprint() + 0.02f;
        }
        misplaced += !is_near_its_solid || place.y < -0.01f;
      }
    }
  }
  CHECK(bad_depth == 0);
  CHECK(bad_normal == 0);
  CHECK(turned_away == 0);
  CHECK(bad_normal_colour == 0);
  CHECK(bad_class_colour == 0);
  CHECK(misplaced == 0);

  // Boxes are tight, counts are right, and every class that is seen is listed.
  std::set<int> listed{demo_class_wall, demo_class_floor};
  for (const DemoObject& object : demo.objects) {
    int left = size, right = -1, top = size, bottom = -1, pixels = 0;
    for (int i = 0; i < static_cast<int>(count); ++i) {
      if (demo.class_id[static_cast<std::size_t>(i)] != object.class_id) continue;
      left = std::min(left, i % size);
      right = std::max(right, i % size);
      top = std::min(top, i / size);
      bottom = std::max(bottom, i / size);
      ++pixels;
    }
    CAPTURE(demo_class(object.class_id).name);
    CHECK(object.visible_pixels == pixels);
    CHECK(object.x0 * static_cast<float>(size) == Approx(left).margin(1e-3));
    CHECK(object.y0 * static_cast<float>(size) == Approx(top).margin(1e-3));
    CHECK(object.x1 * static_cast<float>(size) == Approx(right + 1).margin(1e-3));
    CHECK(object.y1 * static_cast<float>(size) == Approx(bottom + 1).margin(1e-3));
    CHECK(listed.insert(object.class_id).second);
  }
  CHECK(std::set<int>(demo.class_id.begin(), demo.class_id.end()) == listed);
}

TEST_CASE("demo scene depth colours rise from far to near") {
  const DemoScene demo = make_demo_scene(0, 96);
  std::vector<std::size_t> order(demo.depth_metres.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return demo.depth_metres[a] > demo.depth_metres[b]; });
  const auto lightness = [&](std::size_t i) {
    return 0.2126 * demo.depth.rgb[i * 3] + 0.7152 * demo.depth.rgb[i * 3 + 1] + 0.0722 * demo.depth.rgb[i * 3 + 2];
  };
  int falls = 0;
  for (std::size_t k = 1; k < order.size(); ++k) falls += lightness(order[k]) < lightness(order[k - 1]) - 1.5;
  CHECK(falls == 0);
  CHECK(lightness(order.front()) < 40);
  CHECK(lightness(order.back()) > 200);
}

TEST_CASE("demo scene edges lie on discontinuities and follow every outline") {
  const auto seed = GENERATE(std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{4}, std::uint64_t{8});
  CAPTURE(seed);
  const DemoScene demo = make_demo_scene(seed);
  const int size = demo.size;
  const auto at = [size](int x, int y) { return static_cast<std::size_t>(y) * size + x; };
  const auto is_edge = [&](int x, int y) { return demo.edges.rgb[at(x, y) * 3] > 0; };

  int num_edges = 0, baseless = 0, solid_blocks = 0, outline = 0, outline_found = 0;
  for (int y = 2; y < size - 2; ++y) {
    for (int x = 2; x < size - 2; ++x) {
      const std::size_t i = at(x, y);
      bool is_solid_block = true;
      int classes_differ = 0;
      float colour_change = 0, normal_change = 0;
      for (int dy = -2; dy <= 2; ++dy) {
        for (int dx = -2; dx <= 2; ++dx) {
          const std::size_t k = at(x + dx, y + dy);
          classes_differ += demo.class_id[k] != demo.class_id[i];
          for (std::size_t c = 0; c < 3; ++c) {
            colour_change = std::max(colour_change, std::fabs(static_cast<float>(demo.rgb.rgb[k * 3 + c]) -
                                                              static_cast<float>(demo.rgb.rgb[i * 3 + c])));
            normal_change = std::max(normal_change, std::fabs(demo.unit_normals[k * 3 + c] - demo.unit_normals[i * 3 + c]));
          }
          if (std::abs(dx) <= 1 && std::abs(dy) <= 1) is_solid_block = is_solid_block && is_edge(x + dx, y + dy);
        }
      }
      if (is_edge(x, y)) {
        ++num_edges;
        baseless += classes_differ == 0 && colour_change < 12 && normal_change < 0.15f;
        solid_blocks += is_solid_block;
      }
      // An outline: two classes side by side, both clearly there.
      if (demo.class_id[i] != demo.class_id[at(x + 1, y)] || demo.class_id[i] != demo.class_id[at(x, y + 1)]) {
        ++outline;
        bool is_found = false;
        for (int dy = -1; dy <= 2; ++dy) {
          for (int dx = -1; dx <= 2; ++dx) is_found = is_found || is_edge(x + dx, y + dy);
        }
        outline_found += is_found;
      }
    }
  }
  CHECK(baseless == 0);
  CHECK(solid_blocks == 0);
  CHECK(num_edges > size * size / 50);
  CHECK(num_edges < size * size / 6);
  CHECK(outline > 500);
  CHECK(outline_found > outline * 97 / 100);
}

TEST_CASE("demo scene caption tells what is seen and where") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const DemoScene demo = make_demo_scene(seed, 112);
    CAPTURE(seed, demo.caption);
    for (const char c : demo.caption) CHECK((c == ' ' || c == ',' || (c >= 'a' && c <= 'z')));
    const std::vector<std::string> words = words_of(demo.caption);

    // Each object's noun once, in order, after its colour; no other noun.
    std::map<std::string, const DemoObject*> by_noun;
    for (const DemoObject& object : demo.objects) by_noun[std::string(demo_class(object.class_id).name)] = &object;
    std::vector<std::pair<std::size_t, const DemoObject*>> mentions;
    for (std::size_t w = 0; w < words.size(); ++w) {
      bool is_noun = false;
      for (int id = 2; id < num_demo_classes; ++id) is_noun = is_noun || demo_class(id).name == words[w];
      if (!is_noun) continue;
      REQUIRE(by_noun.count(words[w]) == 1);
      const DemoObject* object = by_noun[words[w]];
      mentions.push_back({w, object});
      if (words[w] == "orange") {
        CHECK(words[w - 1] == "an");
      } else if (words[w] == "ball") {
        CHECK(words[w - 3] == object->colour);
      } else {
        CHECK(words[w - 1] == object->colour);
      }
    }
    REQUIRE(mentions.size() == demo.objects.size());
    for (std::size_t m = 0; m < mentions.size(); ++m) CHECK(mentions[m].second == &demo.objects[m]);

    // The relation inside each pair, against the maps.
    for (std::size_t m = 0; m + 1 < mentions.size(); m += 2) {
      const DemoObject &a = *mentions[m].second, &b = *mentions[m + 1].second;
      const std::string relation = words[mentions[m].first + 1];
      const float depth_a = nearest_depth(demo, a.class_id), depth_b = nearest_depth(demo, b.class_id);
      CAPTURE(demo_class(a.class_id).name, relation, demo_class(b.class_id).name, depth_a, depth_b);
      if (relation == "behind") {
        CHECK(depth_a > depth_b);
        CHECK(a.x1 > b.x0);
      } else if (relation == "in") {
        CHECK(depth_a < depth_b);
        CHECK(a.x1 > b.x0);
      } else if (relation == "beside") {
        CHECK(std::fabs(depth_a - depth_b) < 0.13f);
      } else {
        CHECK(relation == "to");
        CHECK(a.x0 + a.x1 < b.x0 + b.x1);
      }
    }
    CHECK(words.back() == "wall");
    CHECK(words[words.size() - 5] == "floor");
  }
}

TEST_CASE("demo scene detections are what 4M would write") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const DemoScene demo = make_demo_scene(seed, 112);
    CAPTURE(seed, demo.detections);
    std::multiset<std::string> expected, found;
    for (const DemoObject& object : demo.objects) {
      const DemoClass& kind = demo_class(object.class_id);
      if (kind.coco_class.empty()) continue;
      CHECK(coco_classes_used.count(std::string(kind.coco_class)) == 1);
      std::ostringstream text;
      int number = 0;
      // nearbyint rounds half to even in the default mode.
      for (const float c : {object.x0, object.y0, object.x1, object.y1}) {
        text << 'v' << number++ << '=' << static_cast<int>(std::nearbyint(static_cast<double>(c) * 999)) << ' ';
      }
      expected.insert(text.str() + std::string(kind.coco_class));
    }
    REQUIRE(expected.size() >= 2);

    // Words up to the next "v0=" make one entry.
    std::string rest = demo.detections;
    int last_key = -1;
    while (!rest.empty()) {
      const std::size_t next = rest.find(" v0=");
      const std::string entry = rest.substr(0, next);
      found.insert(entry);
      rest = next == std::string::npos ? "" : rest.substr(next + 1);
      int v[4];
      REQUIRE(std::sscanf(entry.c_str(), "v0=%d v1=%d v2=%d v3=%d ", &v[0], &v[1], &v[2], &v[3]) == 4);
      CHECK((0 <= v[0] && v[0] < v[2] && v[2] <= 999));
      CHECK((0 <= v[1] && v[1] < v[3] && v[3] <= 999));
      // Sorted before rounding: allow the rounding of one bin.
      const int key = v[0] * v[0] + v[1] * v[1];
      CHECK(key >= last_key - 2000);
      last_key = key;
    }
    CHECK(found == expected);
  }
}

TEST_CASE("demo scene refuses sizes it cannot draw") {
  for (const int size : {-1, 0, 15, 2049, 1 << 30}) {
    CAPTURE(size);
    CHECK_THROWS_AS(make_demo_scene(0, size), Error);
  }
  CHECK(make_demo_scene(0, 16).rgb.rgb.size() == 16 * 16 * 3);
}
