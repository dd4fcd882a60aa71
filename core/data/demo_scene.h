// The bundled scene: a small still life, ray-traced, with every map of it that 4M knows, exactly aligned.
// It is what the program shows before anything is opened, and what tests and lessons run on.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/picture.h"

namespace maskscope {

constexpr int min_demo_scene_size = 16, max_demo_scene_size = 2048;

// Class of a pixel; DemoScene::class_id holds these values.
constexpr std::uint8_t demo_class_wall = 0, demo_class_floor = 1;
constexpr int num_demo_classes = 15;

struct DemoClass {
  std::string_view name;        // as the caption has it: "wall", "floor", "ball", "orange", …
  std::string_view coco_class;  // one of the 80 COCO classes, "sports ball"; empty where none names the thing honestly
  std::array<std::uint8_t, 3> colour;  // its colour in DemoScene::semseg
};
// class_id: 0 .. num_demo_classes - 1.
const DemoClass& demo_class(int class_id);

// Something that stands in the scene. No two are of the same class, so class_id tells them apart.
struct DemoObject {
  std::uint8_t class_id = 0;
  std::string colour;     // English word; the caption has it before the name, unless both are the same ("orange")
  int visible_pixels = 0;
  // Box around its visible pixels as fractions of the picture's side, 0 .. 1; x1 and y1 are exclusive borders.
  float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};

// size x size pixels; all maps show the same rays through the pixel centres (rgb is smoothed over each pixel).
struct DemoScene {
  int size = 0;
  Picture rgb;
  Picture depth;    // inverse depth, scaled to the scene: pale yellow is near, dark blue far
  Picture normal;   // camera coordinates (x right, y up, z towards the camera), n * 0.5 + 0.5
  Picture semseg;   // demo_class(id).colour
  Picture edges;    // Canny on colour, normals and depth together: light lines, one pixel wide, on black
  std::vector<float> depth_metres;      // (size, size) along the camera's axis, finite, > 0
  std::vector<float> unit_normals;      // (size, size, 3) what `normal` was rounded from
  std::vector<std::uint8_t> class_id;   // (size, size)
  std::vector<DemoObject> objects;      // the visible ones, from left to right by the middle of their boxes
  std::string caption;     // lower-case ASCII: "a blue vase behind a pink donut, … on a wooden floor …"
  std::string detections;  // "v0=… v1=… v2=… v3=… class …" of the objects with a COCO class, as 4M writes `det`:
                           // round half to even of coordinate * 999, stably sorted by x0^2 + y0^2
};

// Any seed gives 5 or 6 solids that do not touch, all in view. Pure function: the same bits on every machine with
// IEEE floats. size: min_demo_scene_size .. max_demo_scene_size; throws Error for any other.
DemoScene make_demo_scene(std::uint64_t seed, int size = 224);

}  // namespace maskscope
