// Cut and bent files of every format: an Error that names the file or a picture of the announced size, never more.
#include <random>

#include "core/data/image.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/image_fixtures.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

std::vector<std::pair<std::string, Data>> samples() {
  const Data rgb(18, 77);
  const Data row{1, 2, 3, 4, 5, 6, 7, 8, 9};
  const Data six = fixture("six.jpg");
  return {{"rgb.png", png(3, 8, 2, {row, row})},
          {"palette.png", png(3, 4, 3, {{0x01, 0x20}}, png_chunk("PLTE", row) + png_chunk("tRNS", {0, 128, 255}))},
          {"deep.png", png(1, 16, 6, {{1, 2, 3, 4, 5, 6, 7, 8}})},
          {"six.jpg", six},
          {"turned.jpg", with_exif_orientation(six, 6, false)},
          {"progressive.jpg", fixture("six_progressive.jpg")},
          {"restart.jpg", fixture("six_restart.jpg")},
          {"grey.jpg", fixture("six_grey.jpg")},
          {"cmyk.jpg", fixture("cmyk.jpg")},
          {"pattern.webp", fixture("pattern.webp")},
          {"pattern_alpha.webp", fixture("pattern_alpha.webp")},
          {"pattern_lzw.tif", fixture("pattern_lzw.tif")},
          {"pattern_alpha.tif", fixture("pattern_alpha.tif")},
          {"grey16.tif", fixture("grey16.tif")},
          {"pattern.jp2", fixture("pattern.jp2")},
          {"picture.bmp", bmp(3, 2, Data(24, 9))},
          {"raw.tga", tga(3, 2, 2, 32, Data(24, 9))},
          {"packed.tga", tga(3, 2, 10, 24, Data{0x05} + rgb)},
          {"binary.ppm", text("P6 3 2 255\n") + rgb},
          {"deep.pgm", text("P5 3 3 65535\n") + rgb},
          {"text.ppm", text("P3 2 1 255 1 2 3 4 5 6")},
          {"animated.gif", gif({{0, 1}, {1, 0}}, 1)},
          {"raw.psd", psd(3, 2, 4, 8, 3, 0, Data(24, 9))},
          {"packed.psd", psd(2, 1, 3, 8, 3, 1, be16(3) + be16(3) + be16(3) + Data{1, 2, 3, 1, 4, 5, 1, 6, 7})}};
}

// Returns whether a picture came out.
bool survives(const Data& data, const std::string& name) {
  try {
    const LoadedImage image = decode_image(data, name);
    const Picture& picture = image.picture;
    REQUIRE(picture.width > 0);
    REQUIRE(picture.height > 0);
    REQUIRE(picture.rgb.size() == static_cast<std::size_t>(picture.width) * picture.height * 3);
    return true;
  } catch (const Error& error) {
    REQUIRE(std::string(error.what()).rfind(name + ": ", 0) == 0);
    REQUIRE(std::string(error.what()).back() == '.');
    return false;
  }
}

}  // namespace

TEST_CASE("files cut at every byte") {
  for (const auto& [name, data] : samples()) {
    CAPTURE(name);
    REQUIRE(survives(data, name));
    for (std::size_t size = 0; size < data.size(); ++size) {
      CAPTURE(size);
      const bool is_read = survives(Data(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(size)), name);
      // The padding of a BMP's last row and what a GIF has behind its first frame are not missed.
      const bool may_be_read = name == "picture.bmp" || name == "animated.gif";
      REQUIRE((!is_read || may_be_read));
    }
  }
}

TEST_CASE("files with every single bit flipped") {
  for (const auto& [name, data] : samples()) {
    CAPTURE(name);
    Data bent = data;
    for (std::size_t bit = 0; bit < 8 * data.size(); ++bit) {
      const auto mask = static_cast<std::uint8_t>(1 << bit % 8);
      bent[bit / 8] ^= mask;
      survives(bent, name);
      bent[bit / 8] ^= mask;
    }
  }
}

TEST_CASE("files with several random bytes replaced") {
  std::mt19937 random(20240615);
  for (const auto& [name, data] : samples()) {
    CAPTURE(name);
    for (int round = 0; round < 500; ++round) {
      Data bent = data;
      for (int i = 0; i <= round % 6; ++i) bent[random() % bent.size()] = static_cast<std::uint8_t>(random());
      survives(bent, name);
    }
  }
}
