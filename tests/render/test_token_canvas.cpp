// The canvas as a whole: one call per batch, seams, clipping, pictures and their lifetime.
#include <utility>

#include "app/render/gl_token_canvas.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/render/drawing.h"

using namespace maskscope;

namespace {

constexpr ImU32 white = IM_COL32(255, 255, 255, 255);

GlTokenCanvas& gl_canvas(Stage& stage) { return dynamic_cast<GlTokenCanvas&>(stage.gui.canvas()); }

}  // namespace

TEST_CASE("each batch is one draw call, however many quads it has") {
  Stage stage;
  std::vector<TokenQuad> grid;
  for (int i = 0; i < 196; ++i)
    grid.push_back(quad_at(static_cast<float>(i % 14 * 5), static_cast<float>(i / 14 * 5), 5, 5, TokenStyle::encoder, white, has_grid));
  stage.frame([&](ImDrawList& list) {
    stage.gui.canvas().draw(list, {}, grid);
    stage.gui.canvas().draw(list, {}, std::span(grid).first(3));
    stage.gui.canvas().draw(list, {}, {});
  });
  CHECK(gl_canvas(stage).counters().batches == 2);
  CHECK(gl_canvas(stage).counters().calls == 2);
  CHECK(gl_canvas(stage).counters().quads == 199);
  stage.frame([](ImDrawList&) {});
  CHECK(gl_canvas(stage).counters().batches == 0);
}

TEST_CASE("discarded cells look the same from their own shader") {
  for (const float scale : {1.0f, 1.5f, 2.0f}) {
    Stage stage(120, 80, scale);
    Picture colours = plain_picture(16, 16, {});
    for (std::size_t i = 0; i < colours.rgb.size(); ++i) colours.rgb[i] = static_cast<std::uint8_t>(i * 37 % 251);
    const OwnedPicture picture(stage.gui.canvas(), colours);
    std::vector<TokenQuad> grid;
    for (int i = 0; i < 25; ++i) {
      const auto column = static_cast<float>(i % 5), row = static_cast<float>(i / 5);
      const int mark = i == 7 ? is_hovered : i == 12 ? is_pinned : i % 4 == 1 ? is_dimmed : 0;
      TokenQuad cell = quad_at(20.3f + column * 12.7f, 8.6f + row * 12.7f, 12.7f, 12.7f,
                               i % 3 == 2 ? TokenStyle::decoder : TokenStyle::discarded, IM_COL32(230, 159, 0, 255), has_picture | has_grid | mark);
      cell.u0 = column / 5;
      cell.v0 = row / 5;
      cell.u1 = (column + 1) / 5;
      cell.v1 = (row + 1) / 5;
      cell.opacity = i % 5 == 3 ? 100 : 255;
      grid.push_back(cell);
    }
    const PixelBuffer split = stage.frame_of(grid, picture.handle());
    CHECK(gl_canvas(stage).counters().calls == 2);
    CHECK(gl_canvas(stage).counters().quads == 25);
    // A radius too small to be seen keeps them with the other cells.
    for (TokenQuad& cell : grid) cell.corner_radius = 1e-4f;
    const PixelBuffer together = stage.frame_of(grid, picture.handle());
    CHECK(gl_canvas(stage).counters().calls == 1);
    int differences = 0;
    for (int y = 0; y < 80; ++y)
      for (int x = 0; x < 120; ++x) differences += !is_near(at(split, x, y), at(together, x, y), 1);
    CHECK(differences == 0);
    CHECK_FALSE(at(split, 25, 12) == stage.ground());
  }
}

TEST_CASE("tiles look the same from their own shader") {
  const ImU32 blue = IM_COL32(86, 180, 233, 255);
  Stage stage(120, 80);
  Picture colours = plain_picture(16, 16, {});
  for (std::size_t i = 0; i < colours.rgb.size(); ++i) colours.rgb[i] = static_cast<std::uint8_t>(i * 37 % 251);
  const OwnedPicture picture(stage.gui.canvas(), colours);
  std::vector<TokenQuad> tiles;
  for (int i = 0; i < 25; ++i) {
    const auto column = static_cast<float>(i % 5), row = static_cast<float>(i / 5);
    TokenQuad tile = quad_at(20.3f + column * 12.7f, 8.6f + row * 12.7f, 12.7f, 12.7f, TokenStyle::tile, blue, (i % 4 == 0 ? 0 : has_picture) | (i % 7 == 1 ? is_dimmed : 0));
    tile.u0 = column / 5;
    tile.v0 = row / 5;
    tile.u1 = (column + 1) / 5;
    tile.v1 = (row + 1) / 5;
    tile.cover = static_cast<std::uint8_t>(i * 10);
    tile.opacity = i % 5 == 3 ? 100 : 255;
    tiles.push_back(tile);
  }
  const PixelBuffer own = stage.frame_of(tiles, picture.handle());
  CHECK(gl_canvas(stage).counters().calls == 1);
  for (TokenQuad& tile : tiles) tile.corner_radius = 1e-4f;  // too small to be seen, and no plain tile any more
  const PixelBuffer common = stage.frame_of(tiles, picture.handle());
  int differences = 0;
  for (int y = 0; y < 80; ++y)
    for (int x = 0; x < 120; ++x) differences += !is_near(at(own, x, y), at(common, x, y), 1);
  CHECK(differences == 0);
  CHECK(at(own, 25, 12) == pixel_of(blue));  // without a picture: the colour
  // And where none has a picture.
  for (TokenQuad& tile : tiles) tile.flags &= static_cast<std::uint8_t>(~has_picture);
  const PixelBuffer flat_common = stage.frame_of(tiles, picture.handle());
  for (TokenQuad& tile : tiles) tile.corner_radius = 0;
  const PixelBuffer flat = stage.frame_of(tiles, picture.handle());
  for (int y = 0; y < 80; ++y)
    for (int x = 0; x < 120; ++x) differences += !is_near(at(flat, x, y), at(flat_common, x, y), 1);
  CHECK(differences == 0);
}

TEST_CASE("quads that are no cells keep their order around discarded cells") {
  Stage stage;
  const OwnedPicture picture(stage.gui.canvas(), plain_picture(2, 2, {250, 250, 250}));
  const TokenQuad quads[] = {quad_at(20, 20, 40, 40, TokenStyle::bar, IM_COL32(0, 90, 0, 255)),
                             quad_at(20, 20, 40, 40, TokenStyle::discarded, white, has_picture | has_grid)};
  const Pixel over = at(stage.frame_of(quads, picture.handle()), 30, 30);
  CHECK(is_near(over, {50, 122, 50}));  // a fifth of the picture over the bar, not under it
}

TEST_CASE("ImGui draws on unharmed before and after a batch") {
  Stage stage;
  const TokenQuad quad = quad_at(40, 10, 20, 20, TokenStyle::bar, IM_COL32(0, 255, 0, 255));
  const PixelBuffer pixels = stage.frame([&](ImDrawList& list) {
    list.AddRectFilled({10, 10}, {50, 30}, IM_COL32(255, 0, 0, 255));
    stage.gui.canvas().draw(list, {}, {&quad, 1});
    list.AddRectFilled({50, 10}, {90, 30}, IM_COL32(0, 0, 255, 255));
  });
  CHECK(at(pixels, 20, 20) == Pixel{255, 0, 0});
  CHECK(at(pixels, 45, 20) == Pixel{0, 255, 0});  // over what came before
  CHECK(at(pixels, 55, 20) == Pixel{0, 0, 255});  // under what comes after
  CHECK(glGetError() == GL_NO_ERROR);
}

TEST_CASE("the clip rectangle of the draw list holds") {
  Stage stage;
  const TokenQuad quad = quad_at(10, 10, 80, 60, TokenStyle::bar, white);
  const PixelBuffer pixels = stage.frame([&](ImDrawList& list) {
    list.PushClipRect({30, 20}, {50, 40});
    stage.gui.canvas().draw(list, {}, {&quad, 1});
    list.PopClipRect();
  });
  CHECK(at(pixels, 30, 20) == Pixel{255, 255, 255});
  CHECK(at(pixels, 49, 39) == Pixel{255, 255, 255});
  CHECK(at(pixels, 29, 25) == stage.ground());
  CHECK(at(pixels, 50, 25) == stage.ground());
  CHECK(at(pixels, 40, 19) == stage.ground());
  CHECK(at(pixels, 40, 40) == stage.ground());
}

TEST_CASE("cells of fractional size leave no gap and no overlap") {
  Stage stage;
  const OwnedPicture picture(stage.gui.canvas(), plain_picture(14, 1, {255, 255, 255}));
  std::vector<TokenQuad> row;
  const float width = 73.37f / 14;
  for (int i = 0; i < 14; ++i)
    row.push_back(quad_at(20.3f + static_cast<float>(i) * width, 20, width, 20, TokenStyle::discarded, white, has_picture));
  const PixelBuffer pixels = stage.frame_of(row, picture.handle());
  const Pixel first = at(pixels, 21, 30);
  CHECK(first != stage.ground());
  for (int x = 20; x < 94; ++x) CHECK(at(pixels, x, 30) == first);  // an overlap would be brighter, a gap darker
  CHECK(at(pixels, 94, 30) == stage.ground());
}

TEST_CASE("pictures stand upright and the pixels are read from the top") {
  Stage stage;
  Picture corners = plain_picture(2, 2, {});
  corners.rgb = {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255};
  const OwnedPicture picture(stage.gui.canvas(), corners);
  const TokenQuad quad = quad_at(0, 0, 40, 40, TokenStyle::source, white, has_picture);
  const PixelBuffer pixels = stage.frame_of({&quad, 1}, picture.handle());
  CHECK(is_near(at(pixels, 2, 2), {255, 0, 0}));
  CHECK(is_near(at(pixels, 37, 2), {0, 255, 0}));
  CHECK(is_near(at(pixels, 2, 37), {0, 0, 255}));
  CHECK(is_near(at(pixels, 37, 37), {255, 255, 255}));
}

TEST_CASE("a sharp picture has a rectangle for every pixel, a smooth one runs over") {
  Stage stage;
  Picture pair = plain_picture(2, 1, {0, 0, 0});
  pair.rgb = {200, 0, 0, 0, 0, 200};
  const TokenQuad quad = quad_at(0, 0, 80, 40, TokenStyle::source, white, has_picture);
  const OwnedPicture smooth(stage.gui.canvas(), pair);
  OwnedPicture sharp(stage.gui.canvas(), pair, Sampling::sharp);
  const PixelBuffer blurred = stage.frame_of({&quad, 1}, smooth.handle());
  CHECK(at(blurred, 36, 20).b > 50);
  const auto check_sharp = [&] {
    const PixelBuffer pixels = stage.frame_of({&quad, 1}, sharp.handle());
    for (int x = 0; x < 80; ++x) CHECK(at(pixels, x, 20) == (x < 40 ? Pixel{200, 0, 0} : Pixel{0, 0, 200}));
  };
  check_sharp();
  stage.gui.canvas().update(sharp.handle(), pair);  // keeps the sampling
  check_sharp();
}

TEST_CASE("a picture can be shown in parts, updated and used by ImGui itself") {
  Stage stage;
  Picture halves = plain_picture(8, 2, {255, 0, 0});
  for (std::size_t row = 0; row < 2; ++row)
    for (std::size_t x = 4; x < 8; ++x) halves.rgb[(row * 8 + x) * 3] = 0;
  const OwnedPicture picture(stage.gui.canvas(), halves);
  TokenQuad right = quad_at(0, 0, 30, 30, TokenStyle::source, white, has_picture);
  right.u0 = 0.6f;
  CHECK(is_near(at(stage.frame_of({&right, 1}, picture.handle()), 15, 15), {0, 0, 0}));

  stage.gui.canvas().update(picture.handle(), plain_picture(3, 5, {1, 200, 3}));
  const PixelBuffer pixels = stage.frame([&](ImDrawList& list) {
    list.AddImage(stage.gui.canvas().texture(picture.handle()), {0, 0}, {20, 20});
  });
  CHECK(at(pixels, 10, 10) == Pixel{1, 200, 3});
}

TEST_CASE("pictures are released with their owner") {
  Stage stage;
  GlTokenCanvas& canvas = gl_canvas(stage);
  {
    OwnedPicture first(canvas, plain_picture(4, 4, {1, 2, 3}));
    OwnedPicture second = std::move(first);
    CHECK(canvas.num_pictures() == 1);
    CHECK_FALSE(first.handle());  // NOLINT: moved from on purpose
    second = OwnedPicture(canvas, plain_picture(4, 4, {4, 5, 6}));
    CHECK(canvas.num_pictures() == 1);
    CHECK(canvas.texture(second.handle()) != ImTextureID{});
  }
  CHECK(canvas.num_pictures() == 0);
  CHECK(canvas.texture({1}) == ImTextureID{});
}

TEST_CASE("another may write a picture's texture, which is seen at every size") {
  Stage stage;
  TokenCanvas& canvas = stage.gui.canvas();
  OwnedPicture picture(canvas, plain_picture(64, 64, {200, 0, 0}));
  const auto shown = [&](float side) {
    const TokenQuad quad = quad_at(10, 10, side, side, TokenStyle::source, white, has_picture);
    const int middle = 10 + static_cast<int>(side) / 2;
    return at(stage.frame_of({&quad, 1}, picture.handle()), middle, middle);
  };
  CHECK(is_near(shown(64), {200, 0, 0}));
  // What CUDA writes: four bytes a pixel, level 0 alone.
  const std::vector<std::uint32_t> green(64 * 64, IM_COL32(0, 180, 0, 255));
  bool has_alpha = false;
  const auto write = [&](std::uint32_t texture) {
    glBindTexture(GL_TEXTURE_2D, texture);
    GLint alpha_bits = 0;
    glGetTexLevelParameteriv(GL_TEXTURE_2D, 0, GL_TEXTURE_ALPHA_SIZE, &alpha_bits);
    has_alpha = alpha_bits == 8;
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, 64, 64, GL_RGBA, GL_UNSIGNED_BYTE, green.data());
    return true;
  };
  CHECK(canvas.write(picture.handle(), write));
  CHECK(has_alpha);
  CHECK(is_near(shown(64), {0, 180, 0}));
  CHECK(is_near(shown(8), {0, 180, 0}));  // from a smaller level
  CHECK_FALSE(canvas.write(picture.handle(), [](std::uint32_t) { return false; }));
  picture.reset();
  CHECK_FALSE(canvas.write({1}, write));
}

TEST_CASE("impossible pictures are refused in a sentence") {
  Stage stage;
  TokenCanvas& canvas = stage.gui.canvas();
  CHECK_FALSE(canvas.upload(Picture{}));
  Picture short_of_bytes{10, 10, std::vector<std::uint8_t>(7)};
  CHECK_THROWS_AS(canvas.upload(short_of_bytes), Error);
  Picture too_wide{1 << 20, 1, std::vector<std::uint8_t>(3u << 20)};
  CHECK_THROWS_WITH(canvas.upload(too_wide), contains_text("1048576 x 1"));
  CHECK(gl_canvas(stage).num_pictures() == 0);
}

TEST_CASE("GL objects are moved, not copied, and deleted once") {
  Stage stage;
  gl::Buffer buffer = gl::Buffer::make();
  const GLuint name = buffer.name();
  glBindBuffer(GL_ARRAY_BUFFER, name);
  REQUIRE(glIsBuffer(name) == GL_TRUE);
  gl::Buffer moved = std::move(buffer);
  CHECK(moved.name() == name);
  moved.reset();
  CHECK(glIsBuffer(name) == GL_FALSE);
  CHECK(moved.name() == 0);
}

TEST_CASE("the recording canvas keeps batches in drawing order") {
  ImGui::CreateContext();
  ImGui::GetIO().DisplaySize = ImVec2(100, 100);
  ImGui::GetIO().Fonts->Build();
  ImGui::NewFrame();
  RecordingCanvas canvas;
  OwnedPicture picture(canvas, plain_picture(2, 2, {}));
  canvas.begin_frame({.scale = 2, .highlight = white, .separator = white});
  const TokenQuad quads[] = {quad_at(0, 0, 1, 1, TokenStyle::bar, white, is_pinned), quad_at(1, 0, 1, 1, TokenStyle::bar, white, is_hovered),
                             quad_at(2, 0, 1, 1, TokenStyle::bar, white), quad_at(3, 0, 1, 1, TokenStyle::bar, white)};
  canvas.draw(*ImGui::GetForegroundDrawList(), picture.handle(), quads);
  REQUIRE(canvas.batches().size() == 1);
  CHECK(canvas.num_quads() == 4);
  CHECK(canvas.num_pictures() == 1);
  CHECK(canvas.frame().scale == 2);
  const auto& kept = canvas.batches()[0].quads;
  CHECK(kept[0].x == 2);
  CHECK(kept[1].x == 3);
  CHECK(kept[2].x == 1);
  CHECK(kept[3].x == 0);
  picture.reset();
  CHECK(canvas.num_pictures() == 0);
  ImGui::EndFrame();
  ImGui::DestroyContext();
}
