// Pixels that were read back: cut out and made smaller.
#include "app/render/pixels.h"
#include "tests/catch.h"
#include "tests/render/drawing.h"

using namespace maskscope;

namespace {

// Column x of row y is (10 x, 10 y, 7).
PixelBuffer numbered(int width, int height) {
  PixelBuffer pixels{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (const int value : {10 * x, 10 * y, 7, 255}) pixels.rgba.push_back(static_cast<std::uint8_t>(value));
    }
  }
  return pixels;
}

}  // namespace

TEST_CASE("pixels: a part is cut out, within the picture") {
  const PixelBuffer pixels = numbered(6, 5);
  const PixelBuffer part = crop(pixels, 2, 1, 3, 2);
  CHECK(part.width == 3);
  CHECK(part.height == 2);
  CHECK(at(part, 0, 0) == Pixel{20, 10, 7});
  CHECK(at(part, 2, 1) == Pixel{40, 20, 7});
  CHECK(crop(pixels, -2, 3, 4, 9).width == 2);
  CHECK(crop(pixels, -2, 3, 4, 9).height == 2);
  CHECK(crop(pixels, 6, 0, 2, 2).rgba.empty());
  CHECK(crop(pixels, 0, 0, 0, 2).rgba.empty());
}

TEST_CASE("pixels: made smaller, each is the mean of what it covers") {
  const PixelBuffer half = shrink(numbered(8, 4), 4);
  CHECK(half.width == 4);
  CHECK(half.height == 2);
  CHECK(at(half, 0, 0) == Pixel{5, 5, 7});
  CHECK(at(half, 3, 1) == Pixel{65, 25, 7});
  const PixelBuffer odd = shrink(numbered(3, 3), 2);  // the middle column counts for both
  CHECK(odd.height == 2);
  CHECK(is_near(at(odd, 0, 0), {3, 3, 7}, 1));
  CHECK(is_near(at(odd, 1, 1), {17, 17, 7}, 1));
  CHECK(shrink(numbered(4, 2), 4).rgba == numbered(4, 2).rgba);
  CHECK(shrink(numbered(20, 1), 3).height == 1);
}

TEST_CASE("pixels: opacity is left out") {
  const PixelBuffer pixels = numbered(2, 1);
  CHECK(rgb_of(pixels) == std::vector<std::uint8_t>{0, 0, 7, 10, 0, 7});
}

TEST_CASE("pixels: a capture takes what is drawn while it lives") {
  Stage stage(40, 30);
  const PixelBuffer before = stage.frame_of(std::vector{quad_at(0, 0, 40, 30, TokenStyle::bar, IM_COL32(1, 2, 3, 255))});
  PixelBuffer captured;
  {
    const FrameCapture capture(20, 10);
    stage.gui.begin_frame(20, 10, 1.0f / 60);
    stage.gui.canvas().draw(*ImGui::GetBackgroundDrawList(), {}, std::vector{quad_at(0, 0, 20, 10, TokenStyle::bar, IM_COL32(200, 100, 50, 255))});
    stage.gui.end_frame();
    stage.gui.render();
    captured = capture.read();
  }
  CHECK(captured.width == 20);
  CHECK(at(captured, 10, 5) == Pixel{200, 100, 50});
  CHECK(stage.target.read_pixels().rgba == before.rgba);
}
