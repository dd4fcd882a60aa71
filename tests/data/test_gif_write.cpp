// Animated GIFs as giflib reads them again: sizes, frames, delays, colours.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <gif_lib.h>

#include "core/data/gif_write.h"
#include "core/error.h"
#include "tests/catch.h"

using namespace maskscope;

namespace {

using Rgb = std::vector<std::uint8_t>;

struct Frame {
  int left = 0, top = 0, width = 0, height = 0, delay = 0;
  Rgb screen;  // what is seen once it is drawn
};

struct Decoded {
  int width = 0, height = 0;
  std::vector<Frame> frames;
};

Decoded decode(const std::string& bytes) {
  struct Source {
    const std::string& bytes;
    std::size_t at = 0;
  } source{bytes};
  int failure = 0;
  GifFileType* const gif = DGifOpen(
      &source,
      [](GifFileType* file, GifByteType* out, int wanted) {
        auto& from = *static_cast<Source*>(file->UserData);
        const std::size_t count = std::min<std::size_t>(static_cast<std::size_t>(wanted), from.bytes.size() - from.at);
        std::memcpy(out, from.bytes.data() + from.at, count);
        from.at += count;
        return static_cast<int>(count);
      },
      &failure);
  REQUIRE(gif != nullptr);
  REQUIRE(DGifSlurp(gif) == GIF_OK);
  Decoded decoded{gif->SWidth, gif->SHeight, {}};
  Rgb screen(static_cast<std::size_t>(gif->SWidth * gif->SHeight) * 3, 0);
  for (int i = 0; i < gif->ImageCount; ++i) {
    const SavedImage& image = gif->SavedImages[i];
    GraphicsControlBlock control{};
    REQUIRE(DGifSavedExtensionToGCB(gif, i, &control) == GIF_OK);
    const GifImageDesc& place = image.ImageDesc;
    for (int y = 0; y < place.Height; ++y) {
      for (int x = 0; x < place.Width; ++x) {
        const int index = image.RasterBits[y * place.Width + x];
        if (index == control.TransparentColor) continue;
        REQUIRE(index < gif->SColorMap->ColorCount);
        const GifColorType colour = gif->SColorMap->Colors[index];
        const auto at = static_cast<std::size_t>((place.Top + y) * gif->SWidth + place.Left + x) * 3;
        screen[at] = colour.Red, screen[at + 1] = colour.Green, screen[at + 2] = colour.Blue;
      }
    }
    decoded.frames.push_back({place.Left, place.Top, place.Width, place.Height, control.DelayTime, screen});
  }
  DGifCloseFile(gif, &failure);
  return decoded;
}

Rgb plain(int width, int height, GifColour colour) {
  Rgb rgb(static_cast<std::size_t>(width * height) * 3);
  for (std::size_t i = 0; i < rgb.size(); ++i) rgb[i] = colour[i % 3];
  return rgb;
}

void paint(Rgb& rgb, int width, int left, int top, int right, int bottom, GifColour colour) {
  for (int y = top; y < bottom; ++y) {
    for (int x = left; x < right; ++x) std::copy(colour.begin(), colour.end(), rgb.begin() + (y * width + x) * 3);
  }
}

constexpr GifColour dark = {14, 17, 22}, blue = {86, 180, 233}, orange = {230, 159, 0};

}  // namespace

TEST_CASE("gif: what was drawn is seen, and only what changed is stored") {
  constexpr int width = 40, height = 30;
  std::vector<Rgb> frames(3, plain(width, height, dark));
  paint(frames[1], width, 5, 6, 9, 8, blue);
  paint(frames[2], width, 20, 10, 31, 29, orange);
  GifWriter gif(width, height, make_palette(frames));
  gif.add(frames[0], 8);
  gif.add(frames[1], 9);
  gif.add(frames[2], 10);
  const Decoded decoded = decode(gif.finish());
  CHECK(decoded.width == width);
  CHECK(decoded.height == height);
  REQUIRE(decoded.frames.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(decoded.frames[i].screen == frames[i]);  // three colours: exactly
    CHECK(decoded.frames[i].delay == 8 + static_cast<int>(i));
  }
  CHECK(decoded.frames[0].width == width);
  const Frame& second = decoded.frames[1];
  CHECK(std::vector<int>{second.left, second.top, second.width, second.height} == std::vector<int>{5, 6, 4, 2});
  const Frame& third = decoded.frames[2];  // where the blue was and where the orange is
  CHECK(std::vector<int>{third.left, third.top, third.width, third.height} == std::vector<int>{5, 6, 26, 23});
}

TEST_CASE("gif: a frame like the one before makes that one last longer") {
  const Rgb first = plain(8, 8, dark), second = plain(8, 8, blue);
  GifWriter gif(8, 8, make_palette(std::vector<Rgb>{first, second}));
  for (int i = 0; i < 5; ++i) gif.add(first, 8);
  gif.add(second, 20);
  gif.add(second, 20);
  CHECK(gif.num_frames() == 2);
  const Decoded decoded = decode(gif.finish());
  REQUIRE(decoded.frames.size() == 2);
  CHECK(decoded.frames[0].delay == 40);
  CHECK(decoded.frames[1].delay == 40);
  CHECK(decoded.frames[1].screen == second);
}

TEST_CASE("gif: it says that it repeats for ever") {
  GifWriter gif(2, 2, {dark});
  gif.add(plain(2, 2, dark), 10);
  const std::string bytes = gif.finish();
  CHECK(bytes.substr(0, 6) == "GIF89a");
  CHECK(bytes.find(std::string("NETSCAPE2.0\x03\x01\x00\x00", 15)) != std::string::npos);
}

TEST_CASE("gif: flat colours stay what they are beside a photograph, whose colours come close") {
  constexpr int width = 128, height = 128;
  Rgb picture = plain(width, height, dark);
  for (int y = 0; y < 64; ++y) {  // a smooth gradient of 64 x 128 colours
    for (int x = 0; x < width; ++x) {
      paint(picture, width, x, y, x + 1, y + 1, {static_cast<std::uint8_t>(2 * x), static_cast<std::uint8_t>(4 * y), static_cast<std::uint8_t>(255 - x - y)});
    }
  }
  paint(picture, width, 0, 100, 60, 104, blue);
  const std::vector<Rgb> pictures = {picture};
  const std::vector<GifColour> palette = make_palette(pictures);
  CHECK(palette.size() <= static_cast<std::size_t>(max_gif_colours));
  CHECK(palette.size() > 200);
  for (const GifColour flat : {dark, blue}) CHECK(std::count(palette.begin(), palette.end(), flat) == 1);
  GifWriter gif(width, height, palette);
  gif.add(picture, 10);
  const Rgb seen = decode(gif.finish()).frames.at(0).screen;
  int worst = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) worst = std::max(worst, std::abs(seen[i] - picture[i]));
  CHECK(worst <= 24);
  CHECK(make_palette(pictures) == palette);
}

TEST_CASE("gif: sizes out of range are a sentence") {
  for (const auto& [width, height] : {std::pair{0, 5}, {5, 0}, {-1, 5}, {max_gif_side + 1, 5}, {5, 1 << 30}}) {
    CHECK_THROWS_WITH(GifWriter(width, height, {dark}), contains_text("each side must be 1 to 4096"));
  }
}
