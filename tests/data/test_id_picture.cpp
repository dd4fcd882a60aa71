// Token ids as pictures: stable colours, cells exactly where the grid has them.
#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>
#include <vector>

#include "core/data/id_picture.h"
#include "tests/catch.h"

using namespace maskscope;

namespace {

using Colour = std::array<std::uint8_t, 3>;

Colour pixel(const Picture& picture, int x, int y) {
  const std::size_t at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) + static_cast<std::size_t>(x)) * 3;
  return {picture.rgb[at], picture.rgb[at + 1], picture.rgb[at + 2]};
}

int distance(const Colour& a, const Colour& b) {
  int sum = 0;
  for (std::size_t c = 0; c < 3; ++c) sum += std::abs(a[c] - b[c]);
  return sum;
}

std::vector<std::int32_t> counting(int count) {
  std::vector<std::int32_t> ids;
  for (int i = 0; i < count; ++i) ids.push_back(i * 37 + 5);
  return ids;
}

Picture filled(int width, int height, Colour colour) {
  Picture picture{width, height, {}};
  for (int i = 0; i < width * height; ++i) picture.rgb.insert(picture.rgb.end(), colour.begin(), colour.end());
  return picture;
}

}  // namespace

TEST_CASE("id colours: frozen, for pictures made today and tomorrow are compared") {
  CHECK(id_colour(0) == Colour{152, 93, 112});
  CHECK(id_colour(1) == Colour{67, 120, 137});
  CHECK(id_colour(4711) == Colour{90, 190, 197});
  CHECK(id_colour(16383) == Colour{165, 143, 83});
  CHECK(id_colour(2147483647) == Colour{197, 157, 210});
  CHECK(id_colour(-1) == id_colour(-2147483647 - 1));
  CHECK(id_colour(-1)[0] == Approx(id_colour(-1)[2]).margin(12));  // grey
}

TEST_CASE("id colours: neighbouring ids are clearly different, and all are of middle lightness and moderate saturation") {
  int nearest = 765;
  std::set<Colour> different;
  for (std::int32_t id = 0; id < 16384; ++id) {
    const Colour colour = id_colour(id);
    different.insert(colour);
    nearest = std::min(nearest, distance(colour, id_colour(id + 1)));
    const auto [low, high] = std::minmax_element(colour.begin(), colour.end());
    REQUIRE(*high - *low <= 170);
    const int grey = (2126 * colour[0] + 7152 * colour[1] + 722 * colour[2]) / 10000;
    REQUIRE(grey >= 85);
    REQUIRE(grey <= 215);
  }
  CHECK(nearest >= 60);
  CHECK(different.size() > 6000);
}

TEST_CASE("picture of ids: every pixel is of its cell's colour") {
  for (const auto& [columns, side] : {std::pair{14, 224}, std::pair{16, 224}, std::pair{4, 224}, std::pair{28, 448}, std::pair{3, 7}, std::pair{1, 1}, std::pair{5, 3}}) {
    INFO(columns << " columns, " << side << " pixels");
    const std::vector<std::int32_t> ids = counting(columns * columns);
    const Picture picture = picture_of_ids(ids, columns, side);
    REQUIRE(picture.width == side);
    REQUIRE(picture.height == side);
    REQUIRE(picture.rgb.size() == static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 3);
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        REQUIRE(pixel(picture, x, y) == id_colour(ids[static_cast<std::size_t>(y * columns / side * columns + x * columns / side)]));
      }
    }
  }
}

TEST_CASE("picture of ids: unknown ids and missing ones are grey, senseless sizes give an empty picture") {
  const std::vector<std::int32_t> unknown(16, -1);
  CHECK(pixel(picture_of_ids(unknown, 4, 8), 3, 3) == id_colour(-1));
  const std::vector<std::int32_t> five = counting(5);
  const Picture cut = picture_of_ids(five, 4, 16);
  CHECK(pixel(cut, 0, 4) == id_colour(five[4]));
  CHECK(pixel(cut, 4, 4) == id_colour(-1));
  CHECK(pixel(cut, 15, 15) == id_colour(-1));
  CHECK(picture_of_ids(counting(6), 1, 6).rgb.size() == 6 * 6 * 3);  // more rows than columns
  CHECK(pixel(picture_of_ids(counting(6), 1, 6), 5, 3) == id_colour(counting(6)[3]));
  for (const int bad : {0, -1, 65536, 2147483647}) {
    CHECK(picture_of_ids(five, bad, 16).rgb.empty());
    CHECK(picture_of_ids(five, 4, bad).rgb.empty());
  }
  CHECK(picture_of_ids({}, 4, 16).rgb.empty());
  CHECK(overlay_of_ids(five, 4, {}).rgb.empty());
  CHECK(overlay_of_ids({}, 4, filled(4, 4, {1, 2, 3})).rgb.empty());
}

TEST_CASE("overlay of ids: the id is read on the frame of a cell, the picture within it") {
  const std::vector<std::int32_t> ids = counting(196);
  const Picture dark = filled(224, 224, {20, 20, 20}), bright = filled(224, 224, {240, 240, 240});
  const Picture over_dark = overlay_of_ids(ids, 14, dark), over_bright = overlay_of_ids(ids, 14, bright);
  for (int cell = 0; cell < 196; ++cell) {
    const int x = cell % 14 * 16, y = cell / 14 * 16;
    const Colour colour = id_colour(ids[static_cast<std::size_t>(cell)]);
    for (const auto& [dx, dy] : {std::pair{0, 0}, std::pair{15, 15}, std::pair{2, 8}, std::pair{8, 13}}) {
      REQUIRE(distance(pixel(over_dark, x + dx, y + dy), colour) < 70);
      REQUIRE(distance(pixel(over_bright, x + dx, y + dy), colour) < 70);
    }
    REQUIRE(distance(pixel(over_dark, x + 8, y + 8), pixel(over_bright, x + 8, y + 8)) > 400);
  }
  // Other shapes than square, and cells smaller than a pixel.
  CHECK(overlay_of_ids(ids, 14, filled(320, 200, {9, 9, 9})).rgb.size() == 320 * 200 * 3);
  CHECK(overlay_of_ids(ids, 14, filled(3, 5, {9, 9, 9})).rgb.size() == 3 * 5 * 3);
}
