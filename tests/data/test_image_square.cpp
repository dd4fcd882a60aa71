// Making pictures square, cutting them into patches, writing them.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <set>

#include "core/data/image.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/image_fixtures.h"

using namespace maskscope;
using namespace maskscope::test;
namespace fs = std::filesystem;

namespace {

Picture filled(int width, int height, Colour colour) {
  Picture picture{width, height, {}};
  for (int i = 0; i < width * height; ++i)
    for (const int channel : colour) picture.rgb.push_back(static_cast<std::uint8_t>(channel));
  return picture;
}

constexpr Colour kPadding{kFitPadding, kFitPadding, kFitPadding};

std::string write_error(const fs::path& path) {
  try {
    write_png(path, small_picture());
  } catch (const Error& error) {
    return error.what();
  }
  return "(no Error)";
}

}  // namespace

TEST_CASE("a picture of the right size is not touched") {
  Picture noise = filled(224, 224, {0, 0, 0});
  for (std::size_t i = 0; i < noise.rgb.size(); ++i) noise.rgb[i] = static_cast<std::uint8_t>(i * 2654435761u >> 13);
  for (const FitMode mode : {FitMode::centre_crop, FitMode::fit}) CHECK(to_square(noise, 224, mode).rgb == noise.rgb);
}

TEST_CASE("one colour stays that colour at every size") {
  for (const int grey : {0, 1, 10, 11, 127, 128, 254, 255})
    for (const auto& [w, h] : {std::pair{1, 1}, {3, 3}, {223, 223}, {225, 225}, {1000, 1000}}) {
      CAPTURE(grey, w, h);
      const Colour colour{grey, 255 - grey, grey};
      for (const FitMode mode : {FitMode::centre_crop, FitMode::fit})
        CHECK(to_square(filled(w, h, colour), 224, mode).rgb == filled(224, 224, colour).rgb);
    }
}

TEST_CASE("centre crop takes the middle, fit takes everything") {
  // 300 x 100: a red, a green and a blue third.
  Picture flag = filled(300, 100, {255, 0, 0});
  for (int y = 0; y < 100; ++y)
    for (int x = 100; x < 300; ++x) {
      const std::size_t at = (static_cast<std::size_t>(y) * 300 + x) * 3;
      flag.rgb[at] = 0;
      flag.rgb[at + (x < 200 ? 1 : 2)] = 255;
    }
  CHECK(to_square(flag, 448, FitMode::centre_crop).rgb == filled(448, 448, {0, 255, 0}).rgb);

  const Picture fitted = to_square(flag, 300, FitMode::fit);
  CHECK(fitted.width == 300);
  CHECK(fitted.height == 300);
  CHECK(pixel(fitted, 150, 99) == kPadding);
  CHECK(pixel(fitted, 150, 200) == kPadding);
  CHECK(pixel(fitted, 50, 100) == Colour{255, 0, 0});
  CHECK(pixel(fitted, 150, 199) == Colour{0, 255, 0});
  CHECK(pixel(fitted, 250, 150) == Colour{0, 0, 255});
}

TEST_CASE("the example of the header: 640 x 480 to 224") {
  const Picture picture = filled(640, 480, {9, 9, 9});
  const Picture fitted = to_square(picture, 224, FitMode::fit);
  for (const auto& [row, is_padding] : {std::pair{27, true}, {28, false}, {195, false}, {196, true}})
    CHECK((pixel(fitted, 0, row) == kPadding) == is_padding);

  Picture marked = picture;  // columns 0..79 and 560..639 are cropped away, all of them
  for (int y = 0; y < 480; ++y)
    for (int x = 0; x < 640; ++x)
      if (x < 80 || x >= 560) marked.rgb[(static_cast<std::size_t>(y) * 640 + x) * 3] = 255;
  CHECK(to_square(marked, 224, FitMode::centre_crop).rgb == filled(224, 224, {9, 9, 9}).rgb);
}

TEST_CASE("light is averaged, not sRGB values") {
  Picture checker = filled(448, 448, {0, 0, 0});
  for (std::size_t i = 0; i < checker.rgb.size(); ++i) checker.rgb[i] = (i / 3 % 448 + i / 3 / 448) % 2 ? 255 : 0;
  const Colour centre = pixel(to_square(checker, 64, FitMode::centre_crop), 32, 32);
  CHECK(std::abs(centre[0] - 188) <= 1);  // half the light; half the value would be 128
}

TEST_CASE("enlarging keeps order and symmetry") {
  Picture ramp = filled(8, 8, {0, 0, 0});
  for (int y = 0; y < 8; ++y)
    for (int x = 0; x < 8; ++x)
      for (std::size_t c = 0; c < 3; ++c)
        ramp.rgb[(static_cast<std::size_t>(y) * 8 + x) * 3 + c] = static_cast<std::uint8_t>(20 + 30 * x);
  const Picture large = to_square(ramp, 224, FitMode::fit);
  for (int x = 1; x < 224; ++x) REQUIRE(pixel(large, x, 100)[0] >= pixel(large, x - 1, 100)[0]);
  CHECK(pixel(large, 100, 0) == pixel(large, 100, 223));
  CHECK(std::abs(pixel(large, 14 + 28 * 3, 7)[0] - (20 + 30 * 3)) <= 2);  // the middle of a source pixel
}

TEST_CASE("extreme shapes") {
  for (const auto& [w, h] : {std::pair{1, 5000}, {5000, 1}, {2, 65535}, {100000, 1}, {1, 1}, {1, 2}}) {
    CAPTURE(w, h);
    const Picture thin = filled(w, h, {200, 100, 50});
    const Picture cropped = to_square(thin, 224, FitMode::centre_crop);
    CHECK(cropped.rgb == filled(224, 224, {200, 100, 50}).rgb);
    const Picture fitted = to_square(thin, 448, FitMode::fit);
    CHECK(fitted.width == 448);
    CHECK(fitted.height == 448);
    CHECK(pixel(fitted, 223, 223) == Colour{200, 100, 50});
    CHECK((pixel(fitted, 0, 0) == kPadding) == (w != h));
  }
}

TEST_CASE("patches tile the picture row by row") {
  for (const auto& [side, patch] : {std::pair{224, 16}, {224, 14}, {448, 16}, {448, 14}}) {
    const int grid = side / patch;
    std::set<std::pair<int, int>> corners;
    for (int slot = 0; slot < grid * grid; ++slot) {
      const PixelRect rect = patch_rect(slot, side, patch);
      CHECK(slot == rect.y / patch * grid + rect.x / patch);
      CHECK((rect.width == patch && rect.height == patch));
      CHECK((rect.x % patch == 0 && rect.y % patch == 0 && rect.x < side && rect.y < side));
      corners.emplace(rect.x, rect.y);
    }
    CHECK(corners.size() == static_cast<std::size_t>(grid * grid));
  }
  CHECK(patch_rect(15, 224, 16) == PixelRect{16, 16, 16, 16});
  CHECK(patch_rect(195, 224, 16) == PixelRect{208, 208, 16, 16});
}

TEST_CASE("the mean colour of a patch") {
  const Picture picture = small_picture();
  CHECK(mean_colour(picture, {0, 0, 1, 1}) == std::array<std::uint8_t, 3>{255, 0, 0});
  CHECK(mean_colour(picture, {1, 1, 2, 1}) == std::array<std::uint8_t, 3>{192, 192, 192});  // (128 + 255) / 2 = 191.5
  CHECK(mean_colour(picture, {0, 0, 3, 2}) == std::array<std::uint8_t, 3>{106, 106, 106});  // 638 / 6 = 106.3
}

TEST_CASE("a written PNG is read back the same") {
  const ScratchFolder folder;
  const fs::path path = folder.path() / "снимок.png";
  write_png(path, small_picture());
  write_png(path, small_picture());  // replaces
  const LoadedImage image = read_image(path);
  CHECK(image.format == "PNG");
  CHECK(image.picture.rgb == small_picture().rgb);
  CHECK(image.notes.empty());

  const Data rgba{10, 20, 30, 255, 0, 0, 0, 0};
  write_png(path, 2, 1, 4, rgba);
  CHECK(pixel(read_image(path).picture, 0, 0) == Colour{10, 20, 30});
  CHECK(pixel(read_image(path).picture, 1, 0) == Colour{255, 255, 255});
  write_png(path, 2, 1, 1, Data{7, 8});
  CHECK(pixel(read_image(path).picture, 1, 0) == Colour{8, 8, 8});
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);  // nothing left beside it

  fs::create_symlink(path, folder.path() / "link.png");
  write_png(folder.path() / "link.png", small_picture());
  CHECK(fs::is_symlink(folder.path() / "link.png"));
  CHECK(read_image(path).picture.rgb == small_picture().rgb);
}

TEST_CASE("what cannot be written is said, and nothing is left behind") {
  const ScratchFolder folder;
  const fs::path missing = folder.path() / "missing" / "out.png";
  CHECK(write_error(missing) ==
        missing.string() + ": the picture could not be written (No such file or directory). Make its folder first.");
  CHECK(write_error(folder.path()).find("could not be written (Is a directory)") != std::string::npos);
  if (fs::exists("/dev/full"))
    CHECK(write_error("/dev/full") ==
          "/dev/full: the picture could not be written (No space left on device). Free some space or choose another disk.");
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("writing into a folder without permission") {
  if (::geteuid() == 0) {
    std::cout << "SKIPPED: root may write everywhere\n";
    return;
  }
  const ScratchFolder folder;
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  CHECK(write_error(folder.path() / "out.png").find("Choose a folder you can write to.") != std::string::npos);
  fs::permissions(folder.path(), fs::perms::owner_all);
}
