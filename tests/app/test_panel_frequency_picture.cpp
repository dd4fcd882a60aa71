// A frequency map on the canvas: painted where its texture is shared, uploaded else, with the same bytes; by a painter that
// writes to the canvas's memory instead of a texture.
#include "app/panels/frequency_picture.h"

#include <map>
#include <memory>
#include <vector>

#include "core/error.h"
#include "kernels/map_sharing.h"
#include "tests/catch.h"

namespace maskscope::test {
namespace {

using Texels = std::vector<std::uint32_t>;

// Keeps its pictures' pixels, and lets others write them.
class TexelCanvas final : public RecordingCanvas {
 public:
  using TokenCanvas::upload;
  PictureHandle upload(const Picture& picture, Sampling sampling) override {
    const PictureHandle handle = RecordingCanvas::upload(picture, sampling);
    update(handle, picture);
    return handle;
  }
  void update(PictureHandle handle, const Picture& picture) override {
    Texels& texels = textures[handle.id];
    texels.clear();
    for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
      texels.push_back(IM_COL32(picture.rgb[i], picture.rgb[i + 1], picture.rgb[i + 2], 255));
    }
    ++num_stored;
  }
  bool write(PictureHandle handle, const std::function<bool(std::uint32_t)>& writer) override { return writer(handle.id); }

  std::map<std::uint32_t, Texels> textures;
  int num_stored = 0;
};

struct PainterLog {
  int opened = 0, closed = 0, painted = 0;
  int fails_at = 0;  // the paint that fails, counted from 1
};

class FakePainter final : public MapPainter {
 public:
  FakePainter(TexelCanvas& canvas, std::uint32_t texture, PainterLog& log) : texels_(canvas.textures.at(texture)), log_(log) { ++log_.opened; }
  ~FakePainter() override { ++log_.closed; }
  void paint(const FrequencyMap& map, std::shared_ptr<const std::uint64_t> counts) override {
    if (++log_.painted == log_.fails_at) throw Error("The GPU fell off the bus.");
    REQUIRE(texels_.size() == static_cast<std::size_t>(map.width()) * static_cast<std::size_t>(map.width()));
    for (int y = 0; y < map.width(); ++y) {
      for (int x = 0; x < map.width(); ++x) texels_[static_cast<std::size_t>(y * map.width() + x)] = frequency_texel(map, counts.get(), x, y);
    }
  }

 private:
  Texels& texels_;
  PainterLog& log_;
};

struct Scene {
  TexelCanvas canvas;
  PainterLog log;
  FrequencyPicture picture{SharedMap([this](std::uint32_t texture) { return std::make_unique<FakePainter>(canvas, texture, log); })};

  const Texels& shown() { return canvas.textures.at(picture.handle().id); }
};

// 4 x 4 cells, of which each has been seen another number of times.
DrawingResult result_of(std::uint64_t draws, bool is_on_gpu) {
  DrawingResult result;
  result.tally = Tally(TallyShape{{{0, 16, 1}}, 8, 8});
  std::vector<std::uint64_t>& counts = result.tally.counts();
  counts[static_cast<std::size_t>(TallyLayout::draws())] = draws;
  for (int cell = 0; cell < 16; ++cell) {
    const auto at = static_cast<std::size_t>(result.tally.shape().layout().position(TallySide::encoder, cell));
    counts[at] = draws * static_cast<std::uint64_t>(cell) / 16;
  }
  if (is_on_gpu) {
    const auto copy = std::make_shared<std::vector<std::uint64_t>>(counts);
    result.counts_on_gpu = {copy, copy->data()};
  }
  return result;
}

FrequencyMap map_of(const DrawingResult& result, int cells = 4) {
  const TallyLayout layout = result.tally.shape().layout();
  return {.fate = MapFate::encoder, .cells = cells, .zoom = 3, .num_positions = cells * cells, .encoder_at = layout.position(TallySide::encoder, 0),
          .decoder_at = layout.position(TallySide::decoder, 0), .full = result.tally.draws(), .low = 0xff101418, .high = 0xff00a0e6};
}

Texels uploaded(const DrawingResult& result, int cells = 4) {
  TexelCanvas canvas;
  FrequencyPicture picture;
  picture.show(canvas, map_of(result, cells), result);
  return canvas.textures.at(picture.handle().id);
}

}  // namespace

TEST_CASE("a map is uploaded once, then painted, with the bytes that an upload has") {
  Scene scene;
  for (const std::uint64_t draws : {256u, 1000u, 131072u}) {
    const DrawingResult result = result_of(draws, true);
    scene.picture.show(scene.canvas, map_of(result), result);
    CHECK(scene.shown() == uploaded(result));
  }
  CHECK(scene.shown() != uploaded(result_of(0, false)));
  CHECK(scene.canvas.num_stored == 1);
  CHECK(scene.log.opened == 1);
  CHECK(scene.log.painted == 2);
}

TEST_CASE("counts that no GPU has are uploaded, and the texture is let go of first") {
  Scene scene;
  const DrawingResult first = result_of(256, true), second = result_of(1000, false), third = result_of(5000, true);
  for (const DrawingResult* result : {&first, &first, &second}) scene.picture.show(scene.canvas, map_of(*result), *result);
  CHECK(scene.shown() == uploaded(second));
  CHECK(scene.log.opened == 1);
  CHECK(scene.log.closed == 1);
  // A GPU that counts again is used again.
  scene.picture.show(scene.canvas, map_of(third), third);
  CHECK(scene.shown() == uploaded(third));
  CHECK(scene.log.opened == 2);
}

TEST_CASE("a map of another size gets its texture by an upload, and is then painted") {
  Scene scene;
  const DrawingResult result = result_of(1000, true);
  for (const int cells : {4, 4, 2, 2}) {
    scene.picture.show(scene.canvas, map_of(result, cells), result);
    CHECK(scene.shown() == uploaded(result, cells));
  }
  CHECK(scene.canvas.num_stored == 2);
  CHECK(scene.log.painted == 2);
  CHECK(scene.log.opened == 2);
  CHECK(scene.log.closed == 1);
}

TEST_CASE("a painter that fails is not asked again, and nothing is missing on the screen") {
  Scene scene;
  scene.log.fails_at = 2;
  for (const std::uint64_t draws : {256u, 500u, 1000u, 2000u, 3000u}) {
    const DrawingResult result = result_of(draws, true);
    scene.picture.show(scene.canvas, map_of(result), result);
    CHECK(scene.shown() == uploaded(result));
  }
  CHECK(scene.log.painted == 2);
  CHECK(scene.log.opened == 1);
  CHECK(scene.log.closed == 1);
  CHECK(scene.canvas.num_stored == 4);  // the first, and all from the failure on
}

TEST_CASE("a texture that is refused is asked for once") {
  TexelCanvas canvas;
  int asked = 0;
  const bool is_thrown = GENERATE(false, true);
  FrequencyPicture picture(SharedMap([&](std::uint32_t) -> std::unique_ptr<MapPainter> {
    ++asked;
    if (is_thrown) throw Error("The drivers do not share it.");
    return nullptr;
  }));
  for (const std::uint64_t draws : {256u, 1000u, 2000u}) {
    const DrawingResult result = result_of(draws, true);
    picture.show(canvas, map_of(result), result);
    CHECK(canvas.textures.at(picture.handle().id) == uploaded(result));
  }
  CHECK(asked == 1);
}

TEST_CASE("a painter goes before its texture does") {
  TexelCanvas canvas;
  bool was_there = false;
  struct Watcher final : MapPainter {
    TexelCanvas& canvas;
    bool& was_there;
    Watcher(TexelCanvas& on, bool& is_there) : canvas(on), was_there(is_there) {}
    ~Watcher() override { was_there = canvas.num_pictures() == 1; }
    void paint(const FrequencyMap&, std::shared_ptr<const std::uint64_t>) override {}
  };
  {
    FrequencyPicture picture(SharedMap([&](std::uint32_t) { return std::make_unique<Watcher>(canvas, was_there); }));
    const DrawingResult result = result_of(256, true);
    picture.show(canvas, map_of(result), result);
    picture.show(canvas, map_of(result), result);
  }
  CHECK(was_there);
  CHECK(canvas.num_pictures() == 0);
}

}  // namespace maskscope::test
