#include "core/data/scene_arrangement.h"

#include "core/philox.h"

namespace maskscope::scene {
namespace {

constexpr NamedColour red{"red", linear_from_srgb(194, 58, 50)};
constexpr NamedColour orange{"orange", linear_from_srgb(236, 112, 22)};
constexpr NamedColour yellow{"yellow", linear_from_srgb(232, 178, 58)};
constexpr NamedColour green{"green", linear_from_srgb(66, 142, 82)};
constexpr NamedColour blue{"blue", linear_from_srgb(50, 92, 160)};
constexpr NamedColour purple{"purple", linear_from_srgb(118, 84, 156)};
constexpr NamedColour pink{"pink", linear_from_srgb(226, 124, 152)};
constexpr NamedColour white{"white", linear_from_srgb(236, 230, 218)};

constexpr NamedColour walls[] = {
    {"blue", linear_from_srgb(104, 138, 176)},
    {"green", linear_from_srgb(122, 156, 132)},
    {"pink", linear_from_srgb(206, 152, 152)},
    {"grey", linear_from_srgb(152, 154, 160)},
    {"purple", linear_from_srgb(140, 126, 174)},
};

// Colours in which a solid is believable.
struct Palette {
  std::array<NamedColour, 6> colours;
  int count;
};
constexpr Palette palette_of(SolidKind kind) {
  switch (kind) {
    case SolidKind::orange: return {{orange}, 1};
    case SolidKind::apple: return {{red, green}, 2};
    case SolidKind::donut: return {{pink, white, purple}, 3};
    case SolidKind::bottle: return {{green, blue, red}, 3};
    case SolidKind::ball: return {{red, blue, green, purple}, 4};
    default: return {{red, yellow, green, blue, purple, pink}, 6};
  }
}

// Draws from one stream; `counter` is the position in it.
class SceneDraws {
 public:
  explicit SceneDraws(std::uint64_t seed)
      : key_{{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}} {}
  std::uint32_t bits() {
    // The counter's last word keeps these draws apart from the named draws of masks.
    const PhiloxBlock block = philox4x32_10({{position_++, 0, 0, 0xffffffffu}}, key_);
    return block.word[0];
  }
  float uniform() { return static_cast<float>(bits() >> 8) * (1.0f / 16777216.0f); }
  float between(float low, float high) { return mix(low, high, uniform()); }
  int below(int count) { return static_cast<int>(bits() % static_cast<std::uint32_t>(count)); }

 private:
  PhiloxKey key_;
  std::uint32_t position_ = 0;
};

// A rotation whose half angle has this tangent: exact without sine and cosine.
void set_yaw(Solid& solid, float half_tangent) {
  const float square = half_tangent * half_tangent;
  solid.yaw_cos = (1 - square) / (1 + square);
  solid.yaw_sin = 2 * half_tangent / (1 + square);
}

Solid make_solid(SolidKind kind, NamedColour colour, float x, float z, float scale, float half_tangent) {
  Solid solid{kind, colour, x, z, scale, 1, 0};
  set_yaw(solid, half_tangent);
  return solid;
}

Arrangement default_arrangement() {
  using enum SolidKind;
  Arrangement scene;
  scene.floor = FloorKind::wooden;
  scene.wall = walls[0];
  scene.solids = {
      make_solid(vase, blue, -1.42f, -0.95f, 1.0f, 0.1f),
      make_solid(clock, yellow, 0.05f, -1.15f, 1.0f, 0.06f),
      make_solid(cone, purple, 1.48f, -0.75f, 1.0f, 0),
      make_solid(donut, pink, -1.10f, 1.05f, 0.95f, 0.3f),
      make_solid(cube, red, 0.22f, 0.62f, 0.72f, 0.28f),
      make_solid(orange, scene::orange, 1.30f, 1.15f, 0.92f, 0.2f),
  };
  return scene;
}

// Rectangle around a solid in picture coordinates.
struct Frame {
  float left, right, bottom, top, depth;
};
Frame frame_of(const Solid& solid, const Camera& camera) {
  Frame frame{9, -9, 9, -9, 0};
  const SolidShape& shape = shape_of(solid.kind);
  const Vec3 foot = Vec3{solid.x, 0, solid.z} - camera.position;
  frame.depth = dot(foot, camera.forward);
  for (int corner = 0; corner < 6; ++corner) {
    const float radius = solid.footprint();
    const Vec3 offset{corner % 3 == 0 ? radius : corner % 3 == 1 ? -radius : 0, corner < 3 ? 0 : shape.height * solid.scale,
                      radius * (corner % 3 == 2 ? 1.0f : 0.4f)};
    const Vec3 p = foot + offset;
    const float depth = dot(p, camera.forward) * camera.half_width;
    const float u = dot(p, camera.right) / depth, v = dot(p, camera.up) / depth;
    frame.left = std::min(frame.left, u);
    frame.right = std::max(frame.right, u);
    frame.bottom = std::min(frame.bottom, v);
    frame.top = std::max(frame.top, v);
  }
  return frame;
}

// What spoils an arrangement: 0 is perfect, unusable and more must not be shown.
constexpr float unusable = 100;
float flaws(const std::vector<Solid>& solids, const Camera& camera) {
  constexpr float border = 0.94f, most_hidden = 0.35f, least_gap = 0.06f;
  // Beyond a limit: unusable, and the worse the farther, so that small moves can find back.
  const auto beyond = [](float excess) { return excess > 0 ? unusable * (1 + excess) : 0; };
  float total = 0;
  std::array<Frame, 6> frames;
  float left = border, right = -border;
  for (std::size_t i = 0; i < solids.size(); ++i) {
    const Frame& frame = frames[i] = frame_of(solids[i], camera);
    left = std::min(left, frame.left);
    right = std::max(right, frame.right);
    total += beyond(std::max(std::max(-frame.left, -frame.bottom), std::max(frame.right, frame.top)) - border);
  }
  for (std::size_t i = 0; i < solids.size(); ++i) {
    const Frame& a = frames[i];
    float hidden = 0;
    for (std::size_t j = 0; j < solids.size(); ++j) {
      if (j > i) {
        const float apart = length2d(solids[i].x - solids[j].x, solids[i].z - solids[j].z);
        total += beyond(least_gap - apart + solids[i].footprint() + solids[j].footprint());
      }
      const Frame& b = frames[j];
      if (b.depth >= a.depth) continue;
      const float width = std::min(a.right, b.right) - std::max(a.left, b.left);
      const float height = std::min(a.top, b.top) - std::max(a.bottom, b.bottom);
      if (width > 0 && height > 0) hidden += width * height / ((a.right - a.left) * (a.top - a.bottom));
    }
    total += 2 * hidden + beyond(hidden - most_hidden);
  }
  // The group should stand in the middle and fill the picture.
  return total + std::fabs(left + right) + std::max(0.0f, 1.6f - (right - left));
}

template <class T, std::size_t size>
void shuffle(std::array<T, size>& values, SceneDraws& draws) {
  for (std::size_t i = size - 1; i > 0; --i) {
    const auto j = static_cast<std::size_t>(draws.below(static_cast<int>(i) + 1));
    std::swap(values[i], values[j]);
  }
}

// Picks a believable colour that no solid has yet and that is not the wall's.
NamedColour pick_colour(SolidKind kind, const Arrangement& scene, SceneDraws& draws) {
  const Palette palette = palette_of(kind);
  const int first = draws.below(palette.count);
  NamedColour best = palette.colours[static_cast<std::size_t>(first)];
  int best_clashes = 99;
  for (int i = 0; i < palette.count; ++i) {
    const NamedColour& colour = palette.colours[static_cast<std::size_t>((first + i) % palette.count)];
    int clashes = colour.name == scene.wall.name ? 1 : 0;
    for (const Solid& other : scene.solids) clashes += other.colour.name == colour.name ? 2 : 0;
    if (clashes < best_clashes) {
      best_clashes = clashes;
      best = colour;
    }
  }
  return best;
}

// Brings solids of like size on the picture.
float base_scale(SolidKind kind) {
  switch (kind) {
    case SolidKind::pyramid: return 0.82f;
    case SolidKind::ball: return 0.96f;
    case SolidKind::book: return 0.92f;
    case SolidKind::bowl: return 0.92f;
    case SolidKind::cube: return 0.75f;
    default: return 1;
  }
}

// Puts a solid near its place in its row.
void place(Solid& solid, float row_x, bool is_behind, SceneDraws& draws) {
  solid.x = row_x + draws.between(-0.45f, 0.45f);
  solid.z = is_behind ? draws.between(-1.6f, -0.45f) : draws.between(0.7f, 1.6f);
  const float turn = draws.between(-0.3f, 0.3f);
  set_yaw(solid, solid.kind == SolidKind::clock ? 0.4f * turn : turn);
}

Arrangement drawn_arrangement(std::uint64_t seed) {
  using enum SolidKind;
  SceneDraws draws(seed);
  Arrangement scene;
  scene.floor = static_cast<FloorKind>(draws.below(3));
  scene.wall = walls[draws.below(static_cast<int>(std::size(walls)))];

  // Three taller solids behind, two or three low ones in front, so that little is hidden.
  std::array<SolidKind, 6> tall{vase, bottle, clock, cone, pyramid, ball};
  std::array<SolidKind, 7> low{orange, apple, donut, bowl, cup, book, cube};
  shuffle(tall, draws);
  shuffle(low, draws);
  constexpr int num_tall = 3;
  constexpr float widest_row = 1.85f;  // sum of radii that fits into the front of the picture
  float row = 0;
  for (int i = 0; i < 3; ++i) row += shape_of(low[i]).footprint * base_scale(low[i]);
  const bool has_three_low = draws.below(3) > 0 && row < widest_row;
  const int num_low = has_three_low ? 3 : 2;
  std::vector<SolidKind> kinds(tall.begin(), tall.begin() + num_tall);
  kinds.insert(kinds.end(), low.begin(), low.begin() + num_low);
  for (const SolidKind kind : kinds) {
    const float size = (has_three_low ? 0.92f : 1.0f) * draws.between(0.95f, 1.03f);
    scene.solids.push_back(make_solid(kind, {}, 0, 0, base_scale(kind) * size, 0));
  }
  // Those with the least choice of colour choose first.
  for (int choices = 1; choices <= 6; ++choices) {
    for (Solid& solid : scene.solids) {
      if (palette_of(solid.kind).count == choices) solid.colour = pick_colour(solid.kind, scene, draws);
    }
  }

  // Move one solid at a time, and keep what looks better.
  const Camera camera = scene_camera();
  const auto move = [&](std::vector<Solid>& solids, std::size_t i) {
    const bool is_behind = i < num_tall;
    const int number = static_cast<int>(is_behind ? i : i - num_tall), row_size = is_behind ? num_tall : num_low;
    const float spread = is_behind ? 1.45f : num_low == 3 ? 1.2f : 0.95f;
    place(solids[i], spread * (2 * static_cast<float>(number) / static_cast<float>(row_size - 1) - 1), is_behind, draws);
  };
  for (std::size_t i = 0; i < scene.solids.size(); ++i) move(scene.solids, i);
  float least = flaws(scene.solids, camera);
  constexpr int enough_moves = 120, most_moves = 1500;
  for (int moves = 0; moves < (least < unusable ? enough_moves : most_moves); ++moves) {
    std::vector<Solid> moved = scene.solids;
    move(moved, static_cast<std::size_t>(draws.below(static_cast<int>(moved.size()))));
    const float found = flaws(moved, camera);
    if (found >= least) continue;
    least = found;
    scene.solids = std::move(moved);
  }
  return scene;
}

}  // namespace

Camera scene_camera() {
  Camera camera;
  camera.position = {0, 4.1f, 8.4f};
  constexpr Vec3 target{0, 0.66f, -0.05f};
  camera.forward = normalized(target - camera.position);
  camera.right = {1, 0, 0};
  camera.up = cross(camera.right, camera.forward);
  camera.half_width = 0.248f;
  return camera;
}

Arrangement arrange_scene(std::uint64_t seed) { return seed == 0 ? default_arrangement() : drawn_arrangement(seed); }

std::string_view to_string(FloorKind floor) {
  switch (floor) {
    case FloorKind::wooden: return "wooden";
    case FloorKind::checkered: return "checkered";
    case FloorKind::tiled: return "tiled";
  }
  return "";
}

}  // namespace maskscope::scene
