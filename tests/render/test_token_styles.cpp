// Every style of TokenStyle at specific pixels.
#include <cmath>

#include "tests/catch.h"
#include "tests/render/drawing.h"

using namespace maskscope;

namespace {

constexpr ImU32 blue = IM_COL32(86, 180, 233, 255);
constexpr ImU32 orange = IM_COL32(230, 159, 0, 255);
constexpr Pixel light{200, 190, 180};

// A quad of 40 x 40 at (20, 20) with a plain light picture.
PixelBuffer draw_one(Stage& stage, TokenStyle style, ImU32 colour, int flags) {
  const OwnedPicture picture(stage.gui.canvas(), plain_picture(8, 8, light));
  const TokenQuad quad = quad_at(20, 20, 40, 40, style, colour, flags);
  return stage.frame_of({&quad, 1}, picture.handle());
}

Pixel blend(Pixel below, Pixel above, double share) {
  const auto channel = [share](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * share)); };
  return {channel(below.r, above.r), channel(below.g, above.g), channel(below.b, above.b)};
}

// How often the row changes between near the colour and not.
int num_changes(const PixelBuffer& pixels, int y, int from_x, int to_x, Pixel colour, int tolerance) {
  int changes = 0;
  for (int x = from_x + 1; x < to_x; ++x)
    changes += is_near(at(pixels, x, y), colour, tolerance) != is_near(at(pixels, x - 1, y), colour, tolerance);
  return changes;
}

}  // namespace

TEST_CASE("source shows the plain picture to its very edge") {
  Stage stage;
  const PixelBuffer pixels = draw_one(stage, TokenStyle::source, blue, has_picture);
  for (const int place : {20, 40, 59}) CHECK(at(pixels, place, place) == light);
  CHECK(at(pixels, 19, 40) == stage.ground());
  CHECK(at(pixels, 60, 40) == stage.ground());
}

TEST_CASE("encoder shows the picture in full inside a solid border") {
  Stage stage;
  const PixelBuffer pixels = draw_one(stage, TokenStyle::encoder, blue, has_picture);
  CHECK(at(pixels, 40, 40) == light);
  for (int along = 20; along < 60; ++along) {
    CHECK(at(pixels, along, 20) == pixel_of(blue));
    CHECK(at(pixels, 20, along) == pixel_of(blue));
    CHECK(at(pixels, along, 59) == pixel_of(blue));
    CHECK(at(pixels, 59, along) == pixel_of(blue));
  }
}

TEST_CASE("decoder tints and darkens the picture inside a dashed border") {
  Stage stage;
  const PixelBuffer pixels = draw_one(stage, TokenStyle::decoder, orange, has_picture);
  const Pixel centre = at(pixels, 40, 40);
  CHECK(centre.grey() < light.grey() * 3 / 4);
  CHECK(centre.grey() > light.grey() / 4);
  CHECK(centre.r - centre.b > 40);
  CHECK(is_near(at(pixels, 20, 20), pixel_of(orange), 12));  // corners lie within dashes
  CHECK(is_near(at(pixels, 59, 59), pixel_of(orange), 12));
  CHECK(num_changes(pixels, 20, 20, 60, pixel_of(orange), 12) >= 12);
}

TEST_CASE("discarded leaves a fifth of the picture and no border") {
  Stage stage;
  const PixelBuffer pixels = draw_one(stage, TokenStyle::discarded, blue, has_picture);
  const Pixel expected = blend(stage.ground(), light, 0.2);
  for (const int place : {20, 21, 40, 59}) CHECK(is_near(at(pixels, place, place), expected, 2));
}

TEST_CASE("ignored is hatched, without the picture") {
  Stage stage;
  const PixelBuffer pixels = draw_one(stage, TokenStyle::ignored, IM_COL32(150, 150, 150, 255), has_picture);
  const int changes = num_changes(pixels, 40, 22, 58, stage.ground(), 12);
  CHECK(changes >= 8);
  CHECK(changes <= 14);  // a line every 7 px
  for (int x = 20; x < 60; ++x) CHECK(at(pixels, x, 40).grey() <= 152);
  // Diagonal: one row down, the pattern has moved by one pixel.
  for (int x = 30; x < 50; ++x) CHECK(at(pixels, x, 40) == at(pixels, x - 1, 41));
}

TEST_CASE("hatching runs through neighbours without a break") {
  Stage stage;
  const ImU32 grey = IM_COL32(150, 150, 150, 255);
  const TokenQuad pair[] = {quad_at(20, 20, 21, 30, TokenStyle::ignored, grey), quad_at(41, 20, 19, 30, TokenStyle::ignored, grey)};
  const PixelBuffer two = stage.frame_of(pair);
  const TokenQuad whole = quad_at(20, 20, 40, 30, TokenStyle::ignored, grey);
  const PixelBuffer one = stage.frame_of({&whole, 1});
  for (int x = 22; x < 58; ++x)
    if (x < 40 || x > 42) CHECK(at(two, x, 35) == at(one, x, 35));
}

TEST_CASE("chips without a picture are washes of their colour") {
  Stage stage;
  const auto chip = [&](TokenStyle style) {
    TokenQuad quad = quad_at(20, 20, 40, 22, style, blue);
    quad.corner_radius = 5;
    return stage.frame_of({&quad, 1});
  };
  const PixelBuffer encoder = chip(TokenStyle::encoder);
  CHECK(is_near(at(encoder, 40, 30), blend(stage.ground(), pixel_of(blue), 0.20), 2));
  CHECK(at(encoder, 40, 20) == pixel_of(blue));
  CHECK(at(encoder, 20, 20) == stage.ground());  // rounded corner
  const PixelBuffer sentinel = chip(TokenStyle::sentinel);
  CHECK(is_near(at(sentinel, 40, 30), blend(stage.ground(), pixel_of(blue), 0.30), 2));
  CHECK(at(sentinel, 57, 22) == pixel_of(blue));  // filled corner
  const PixelBuffer end = chip(TokenStyle::end_of_text);
  CHECK(at(end, 40, 41) == pixel_of(blue));
  CHECK(at(end, 40, 40) == pixel_of(blue));  // heavy bottom edge
  CHECK(at(encoder, 40, 40) != pixel_of(blue));
  const PixelBuffer discarded = chip(TokenStyle::discarded);
  CHECK(at(discarded, 40, 30) == stage.ground());
}

TEST_CASE("bands are filled, with a dark line between ticks") {
  Stage stage;
  const TokenQuad ticks[] = {quad_at(20, 20, 8, 30, TokenStyle::band, blue), quad_at(28, 20, 8, 30, TokenStyle::band, blue)};
  const PixelBuffer pixels = stage.frame_of(ticks);
  CHECK(at(pixels, 22, 35) == pixel_of(blue));
  CHECK(at(pixels, 27, 35).grey() < pixel_of(blue).grey() / 2 + 20);
  CHECK(at(pixels, 28, 35) == pixel_of(blue));
  // So narrow ticks that lines would cover them have none.
  const TokenQuad narrow = quad_at(20, 20, 2, 30, TokenStyle::band, blue);
  CHECK(at(stage.frame_of({&narrow, 1}), 21, 35) == pixel_of(blue));
}

TEST_CASE("bars are plain, striped bars alternate") {
  Stage stage;
  const TokenQuad plain = quad_at(20, 20, 60, 10, TokenStyle::bar, orange);
  CHECK(num_changes(stage.frame_of({&plain, 1}), 25, 20, 80, pixel_of(orange), 3) == 0);
  const TokenQuad striped = quad_at(20, 20, 60, 10, TokenStyle::striped_bar, orange);
  CHECK(num_changes(stage.frame_of({&striped, 1}), 25, 20, 80, pixel_of(orange), 3) >= 18);
}

TEST_CASE("grid lines are one thin dark pixel at the right and the bottom, at scale 2 two") {
  for (const int scale : {1, 2}) {
    Stage stage(120, 80, static_cast<float>(scale));
    const PixelBuffer pixels = draw_one(stage, TokenStyle::source, blue, has_picture | has_grid);
    for (int i = 0; i < scale; ++i) {
      CHECK(at(pixels, 59 - i, 40).grey() < light.grey() * 6 / 10);
      CHECK(at(pixels, 40, 59 - i).grey() < light.grey() * 6 / 10);
    }
    CHECK(at(pixels, 59 - scale, 40) == light);
    CHECK(at(pixels, 20, 40) == light);
  }
}

TEST_CASE("dimmed tokens fade, opacity 0 shows nothing") {
  Stage stage;
  CHECK(is_near(at(draw_one(stage, TokenStyle::source, blue, has_picture | is_dimmed), 40, 40), blend(stage.ground(), light, 0.22), 2));
  TokenQuad quad = quad_at(20, 20, 40, 40, TokenStyle::bar, blue);
  quad.opacity = 0;
  CHECK(at(stage.frame_of({&quad, 1}), 40, 40) == stage.ground());
  quad.opacity = 128;
  CHECK(is_near(at(stage.frame_of({&quad, 1}), 40, 40), blend(stage.ground(), pixel_of(blue), 128 / 255.0), 2));
}

TEST_CASE("the pinned frame lies over neighbours that come later") {
  Stage stage;
  const TokenQuad quads[] = {quad_at(20, 20, 20, 20, TokenStyle::bar, blue, is_pinned), quad_at(40, 20, 20, 20, TokenStyle::bar, orange)};
  const PixelBuffer pixels = stage.frame_of(quads);
  CHECK(at(pixels, 40, 30) == Pixel{255, 255, 255});
  CHECK(at(pixels, 39, 30) == Pixel{255, 255, 255});
  CHECK(at(pixels, 30, 30) == pixel_of(blue));
  CHECK(at(pixels, 50, 30) == pixel_of(orange));
}

TEST_CASE("the fates differ without any colour") {
  // All drawn in the same grey over the same picture: what is left is the second cue.
  Stage stage;
  const ImU32 grey = IM_COL32(160, 160, 160, 255);
  for (const int flags : {0, static_cast<int>(has_picture)}) {
    std::vector<PixelBuffer> drawn;
    for (const TokenStyle style : {TokenStyle::encoder, TokenStyle::decoder, TokenStyle::discarded, TokenStyle::ignored,
                                   TokenStyle::sentinel, TokenStyle::end_of_text}) {
      const bool is_text_only = style == TokenStyle::sentinel || style == TokenStyle::end_of_text;
      drawn.push_back(draw_one(stage, style, grey, is_text_only ? 0 : flags));
    }
    for (std::size_t a = 0; a < drawn.size(); ++a)
      for (std::size_t b = a + 1; b < drawn.size(); ++b) {
        int clearly_different = 0;
        for (int y = 20; y < 60; ++y)
          for (int x = 20; x < 60; ++x) clearly_different += std::abs(at(drawn[a], x, y).grey() - at(drawn[b], x, y).grey()) >= 12;
        CAPTURE(flags, a, b, clearly_different);
        CHECK(clearly_different >= 40);  // of 1600
      }
  }
}
