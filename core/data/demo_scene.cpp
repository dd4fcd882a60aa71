#include "core/data/demo_scene.h"

#include "core/data/scene_maps.h"
#include "core/data/scene_shading.h"
#include "core/data/scene_words.h"
#include "core/error.h"

namespace maskscope {
namespace {

using namespace scene;

constexpr int first_solid_class = 2;
constexpr float metres_per_unit = 0.1f;
// A solid that shows less than this share of the picture is not spoken of.
constexpr float least_visible_share = 0.002f;

constexpr std::array<std::array<std::uint8_t, 3>, num_demo_classes> class_colours{{
    {46, 58, 78},     // wall
    {108, 120, 142},  // floor
    {239, 91, 91},    // ball
    {247, 148, 62},   // orange
    {196, 52, 84},    // apple
    {240, 130, 184},  // donut
    {72, 191, 145},   // bowl
    {86, 204, 242},   // cup
    {66, 122, 230},   // vase
    {96, 168, 74},    // bottle
    {168, 116, 78},   // book
    {246, 206, 84},   // clock
    {214, 74, 50},    // cube
    {150, 108, 226},  // cone
    {206, 190, 140},  // pyramid
}};

std::array<DemoClass, num_demo_classes> make_classes() {
  std::array<DemoClass, num_demo_classes> classes;
  classes[demo_class_wall] = {"wall", "", class_colours[demo_class_wall]};
  classes[demo_class_floor] = {"floor", "", class_colours[demo_class_floor]};
  for (int kind = 0; kind < num_solid_kinds; ++kind) {
    const SolidShape& shape = shape_of(static_cast<SolidKind>(kind));
    const int id = first_solid_class + kind;
    classes[id] = {shape.noun, shape.coco_class, class_colours[id]};
  }
  return classes;
}

std::uint8_t class_of(const Arrangement& arrangement, int surface) {
  if (surface == wall_surface) return demo_class_wall;
  if (surface == floor_surface) return demo_class_floor;
  return static_cast<std::uint8_t>(first_solid_class + static_cast<int>(arrangement.solids[surface].kind));
}

class Renderer {
 public:
  Renderer(const Arrangement& arrangement, int size)
      : arrangement_(arrangement), tracer_(arrangement), camera_(scene_camera()), size_(size) {}

  // One ray through every pixel's centre: fills depth, normals and classes, and a first colour.
  void trace_centres(DemoScene& scene);
  // More rays where neighbours differ; fills scene.rgb.
  void smooth_colours(DemoScene& scene) const;

 private:
  Vec3 direction_through(float column, float row) const;
  Sighting look(Vec3 direction) const;
  bool differs_from_neighbours(int column, int row) const;
  // Light for a ray beside a pixel's centre: borrowed from a centre nearby that sees the same face, else gathered.
  void find_light(Sighting& sighting, int column, int row) const;

  const Arrangement& arrangement_;
  Tracer tracer_;
  Camera camera_;
  int size_;
  std::vector<Sighting> centres_;  // (size, size)
  std::vector<Vec3> colours_;      // (size, size) linear, of the centres
};

Vec3 Renderer::direction_through(float column, float row) const {
  const float to_plane = 2 * camera_.half_width / static_cast<float>(size_);
  const float half = 0.5f * static_cast<float>(size_);
  return normalized(camera_.forward + camera_.right * ((column - half) * to_plane) + camera_.up * ((half - row) * to_plane));
}

Sighting Renderer::look(Vec3 direction) const {
  Sighting sighting;
  sighting.hit = tracer_.first_hit(camera_.position, direction);
  sighting.point = camera_.position + direction * sighting.hit.distance;
  sighting.normal = tracer_.normal_at(sighting.hit.surface, sighting.point);
  // At outlines, differences of distances may point a little away from the eye: turned back to what it can see.
  constexpr float least = 0.02f;
  const float facing = -dot(sighting.normal, direction);
  if (facing < least) sighting.normal = normalized(sighting.normal - direction * (least - facing));
  return sighting;
}

void Renderer::trace_centres(DemoScene& scene) {
  const std::size_t count = static_cast<std::size_t>(size_) * size_;
  scene.depth_metres.reserve(count);
  scene.unit_normals.reserve(count * 3);
  scene.class_id.reserve(count);
  centres_.reserve(count);
  colours_.reserve(count);
  for (int row = 0; row < size_; ++row) {
    for (int column = 0; column < size_; ++column) {
      const Vec3 direction = direction_through(static_cast<float>(column) + 0.5f, static_cast<float>(row) + 0.5f);
      Sighting seen = look(direction);
      gather_light(tracer_, seen);
      scene.depth_metres.push_back(seen.hit.distance * dot(direction, camera_.forward) * metres_per_unit);
      for (const Vec3 axis : {camera_.right, camera_.up, -camera_.forward}) {
        scene.unit_normals.push_back(dot(seen.normal, axis));
      }
      scene.class_id.push_back(class_of(arrangement_, seen.hit.surface));
      colours_.push_back(shade(arrangement_, tracer_, seen, direction));
      centres_.push_back(seen);
    }
  }
}

bool Renderer::differs_from_neighbours(int column, int row) const {
  constexpr float visible_step = 0.03f;  // of 1, on the perceptual scale of a square root
  const std::size_t i = static_cast<std::size_t>(row) * size_ + column;
  const Vec3 here = colours_[i];
  for (int y = std::max(row - 1, 0); y <= std::min(row + 1, size_ - 1); ++y) {
    for (int x = std::max(column - 1, 0); x <= std::min(column + 1, size_ - 1); ++x) {
      const std::size_t k = static_cast<std::size_t>(y) * size_ + x;
      if (centres_[k].hit.surface != centres_[i].hit.surface) return true;
      const Vec3 difference = colours_[k] - here;
      const float most = std::max(std::fabs(difference.x), std::max(std::fabs(difference.y), std::fabs(difference.z)));
      // |sqrt a - sqrt b| > s without the roots: |a - b| > s (sqrt a + sqrt b), and green stands for the level.
      if (most * most > visible_step * visible_step * 4 * (here.y + 0.02f)) return true;
    }
  }
  return false;
}

void Renderer::find_light(Sighting& sighting, int column, int row) const {
  for (const auto& step : {std::array{0, 0}, {-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
    const int x = column + step[0], y = row + step[1];
    if (x < 0 || y < 0 || x >= size_ || y >= size_) continue;
    const Sighting& centre = centres_[static_cast<std::size_t>(y) * size_ + x];
    if (centre.hit.surface != sighting.hit.surface || dot(centre.normal, sighting.normal) < 0.95f) continue;
    sighting.lit = centre.lit;
    sighting.openness = centre.openness;
    return;
  }
  gather_light(tracer_, sighting);
}

void Renderer::smooth_colours(DemoScene& scene) const {
  // With the centre five points, no two in the same row or column.
  constexpr float offsets[4][2] = {{-0.4f, -0.2f}, {0.2f, -0.4f}, {0.4f, 0.2f}, {-0.2f, 0.4f}};
  scene.rgb = {size_, size_, {}};
  scene.rgb.rgb.reserve(colours_.size() * 3);
  std::size_t i = 0;
  for (int row = 0; row < size_; ++row) {
    for (int column = 0; column < size_; ++column, ++i) {
      Vec3 colour = colours_[i];
      if (differs_from_neighbours(column, row)) {
        for (const auto& offset : offsets) {
          const Vec3 direction = direction_through(static_cast<float>(column) + 0.5f + offset[0],
                                                   static_cast<float>(row) + 0.5f + offset[1]);
          Sighting seen = look(direction);
          find_light(seen, column, row);
          colour = colour + shade(arrangement_, tracer_, seen, direction);
        }
        colour = colour * 0.2f;
      }
      for (const float channel : {colour.x, colour.y, colour.z}) scene.rgb.rgb.push_back(to_byte(srgb_from_linear(channel)));
    }
  }
}

// The visible solids with their boxes, from left to right; depths: metres to where each stands.
std::vector<DemoObject> find_objects(const Arrangement& arrangement, const DemoScene& scene, std::vector<float>& depths) {
  struct Extent {
    int left = 1 << 30, top = 1 << 30, right = -1, bottom = -1, pixels = 0;
  };
  std::array<Extent, num_demo_classes> extents;
  std::size_t i = 0;
  for (int row = 0; row < scene.size; ++row) {
    for (int column = 0; column < scene.size; ++column, ++i) {
      Extent& extent = extents[scene.class_id[i]];
      extent.left = std::min(extent.left, column);
      extent.right = std::max(extent.right, column);
      extent.top = std::min(extent.top, row);
      extent.bottom = std::max(extent.bottom, row);
      ++extent.pixels;
    }
  }
  const Camera camera = scene_camera();
  const float side = static_cast<float>(scene.size);
  struct Found {
    DemoObject object;
    float depth;
  };
  std::vector<Found> found;
  for (const Solid& solid : arrangement.solids) {
    const int id = first_solid_class + static_cast<int>(solid.kind);
    const Extent& extent = extents[id];
    if (static_cast<float>(extent.pixels) < std::max(1.0f, least_visible_share * side * side)) continue;
    DemoObject object{static_cast<std::uint8_t>(id), std::string(solid.colour.name), extent.pixels,
                      static_cast<float>(extent.left) / side, static_cast<float>(extent.top) / side,
                      static_cast<float>(extent.right + 1) / side, static_cast<float>(extent.bottom + 1) / side};
    found.push_back({object, dot(Vec3{solid.x, 0, solid.z} - camera.position, camera.forward) * metres_per_unit});
  }
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return a.object.x0 + a.object.x1 < b.object.x0 + b.object.x1;
  });
  std::vector<DemoObject> objects;
  for (const Found& entry : found) {
    objects.push_back(entry.object);
    depths.push_back(entry.depth);
  }
  return objects;
}

}  // namespace

const DemoClass& demo_class(int class_id) {
  static const std::array<DemoClass, num_demo_classes> classes = make_classes();
  return classes.at(static_cast<std::size_t>(class_id));
}

DemoScene make_demo_scene(std::uint64_t seed, int size) {
  if (size < min_demo_scene_size || size > max_demo_scene_size) {
    throw Error(cat("The bundled scene cannot be drawn ", size, " pixels wide. Choose a size from ", min_demo_scene_size,
                    " to ", max_demo_scene_size, "."));
  }
  const Arrangement arrangement = arrange_scene(seed);
  DemoScene scene;
  scene.size = size;
  Renderer renderer(arrangement, size);
  renderer.trace_centres(scene);
  renderer.smooth_colours(scene);

  scene.depth = depth_picture(scene.depth_metres, size);
  scene.normal = normal_picture(scene.unit_normals, size);
  scene.semseg = {size, size, {}};
  scene.semseg.rgb.reserve(scene.class_id.size() * 3);
  for (const std::uint8_t id : scene.class_id) {
    const auto& colour = demo_class(id).colour;
    scene.semseg.rgb.insert(scene.semseg.rgb.end(), colour.begin(), colour.end());
  }
  scene.edges = edge_picture(scene.rgb, scene.unit_normals, scene.depth_metres, scene.semseg);

  std::vector<float> depths;
  scene.objects = find_objects(arrangement, scene, depths);
  scene.caption = caption_of(scene.objects, depths, to_string(arrangement.floor), arrangement.wall.name);
  scene.detections = detections_of(scene.objects);
  return scene;
}

}  // namespace maskscope
