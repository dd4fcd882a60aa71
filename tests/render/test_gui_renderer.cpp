#include <epoxy/gl.h>

#include "core/error.h"
#include "tests/catch.h"
#include "tests/render/drawing.h"

using namespace maskscope;

TEST_CASE("an empty frame shows the ground of the theme") {
  Stage stage;
  CHECK(at(stage.frame([](ImDrawList&) {}), 60, 40) == stage.ground());
  Look light = stage.gui.look();
  light.theme = ThemeKind::light;
  stage.gui.set_look(light);
  CHECK(at(stage.frame([](ImDrawList&) {}), 60, 40) == pixel_of(theme(ThemeKind::light).ground));
}

TEST_CASE("a new scale brings larger fonts and spacings with the next frame") {
  Stage stage;
  stage.frame([](ImDrawList&) {});
  const float before = stage.gui.fonts().body->FontSize;
  const float padding = ImGui::GetStyle().WindowPadding.x;
  Look look = stage.gui.look();
  look.scale = 2;
  stage.gui.set_look(look);
  const PixelBuffer pixels = stage.frame([&](ImDrawList& list) { list.AddText({4, 4}, IM_COL32_WHITE, "MMMM"); });
  CHECK(stage.gui.scale() == 2);
  CHECK(stage.gui.fonts().body->FontSize == Approx(2 * before).margin(1));
  CHECK(ImGui::GetStyle().WindowPadding.x == Approx(2 * padding));
  int lit = 0;
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 80; ++x) lit += at(pixels, x, y).grey() > 128;
  CHECK(lit > 100);  // the new atlas is on the GPU: text is visible
  CHECK(glGetError() == GL_NO_ERROR);
}

TEST_CASE("frames of no size and absurd scales do no harm") {
  Stage stage;
  stage.gui.begin_frame(0, 0, 0.0f);
  ImGui::Begin("window");
  ImGui::End();
  stage.gui.end_frame();
  stage.gui.render();
  Look look = stage.gui.look();
  look.scale = -3;
  stage.gui.set_look(look);
  CHECK(stage.gui.look().scale == 0.5f);
  look.scale = 1e9f;
  stage.gui.set_look(look);
  CHECK(stage.gui.look().scale == 8);
}

TEST_CASE("two renderers one after the other leave nothing behind") {
  for (int i = 0; i < 2; ++i) {
    Stage stage;
    const TokenQuad quad = quad_at(10, 10, 20, 20, TokenStyle::bar, IM_COL32_WHITE);
    CHECK(at(stage.frame_of({&quad, 1}), 20, 20) == Pixel{255, 255, 255});
  }
}
