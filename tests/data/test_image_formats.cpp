// Every format with its kinds: are the pixels right, and is what was converted said?
#include <algorithm>
#include <cstdlib>

#include "core/data/image.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/image_fixtures.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

bool has_note(const LoadedImage& image, const std::string& part) {
  return std::any_of(image.notes.begin(), image.notes.end(),
                     [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

bool is_near(const Colour& a, const Colour& b, int tolerance) {
  for (std::size_t c = 0; c < 3; ++c)
    if (std::abs(a[c] - b[c]) > tolerance) return false;
  return true;
}

const Data kBmpPixels{0, 0, 0, 128, 128, 128, 255, 255, 255, 0, 0, 0,  // bottom row first, BGR, padded to 12
                      0, 0, 255, 0, 255, 0, 255, 0, 0, 0, 0, 0};
const Data kBgrPixels{0, 0, 255, 0, 255, 0, 255, 0, 0, 0, 0, 0, 128, 128, 128, 255, 255, 255};

// The six blocks of tests/data/images/six*.jpg.
void check_six(const LoadedImage& image) {
  REQUIRE(image.picture.width == 24);
  REQUIRE(image.picture.height == 16);
  const Colour expected[] = {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 255}, {128, 128, 128}, {255, 255, 0}};
  for (int y = 0; y < 16; ++y)
    for (int x = 0; x < 24; ++x) {
      CAPTURE(x, y);
      REQUIRE(is_near(pixel(image.picture, x, y), expected[y / 8 * 3 + x / 8], 2));
    }
}

}  // namespace

TEST_CASE("plain 8-bit files give their pixels and no note") {
  const Picture expected = small_picture();
  const Data rgb(expected.rgb.begin(), expected.rgb.end());
  const std::pair<std::string, Data> files[] = {
      {"PNG", png(3, 8, 2, {Data(rgb.begin(), rgb.begin() + 9), Data(rgb.begin() + 9, rgb.end())})},
      {"PNG", png(3, 4, 3, {{0x01, 0x20}, {0x34, 0x50}},
                  png_chunk("PLTE", {255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 128, 128, 128, 255, 255, 255}))},
      {"BMP", bmp(3, 2, kBmpPixels)},
      {"TGA", tga(3, 2, 2, 24, kBgrPixels)},
      {"TGA", tga(3, 2, 10, 24, Data{0x05} + kBgrPixels)},
      {"PNM", text("P6\n# a comment\n3 2\n255\n") + rgb},
      {"PNM", text("P3 3 2 255 255 0 0 0 255 0 0 0 255 0 0 0 128 128 128 255 255 255")},
      {"PSD", psd(3, 2, 3, 8, 3, 0, {255, 0, 0, 0, 128, 255, 0, 255, 0, 0, 128, 255, 0, 0, 255, 0, 128, 255})},
  };
  for (const auto& [format, data] : files) {
    CAPTURE(format, data.size());
    const LoadedImage image = decode_image(data, "picture");
    CHECK(image.format == format);
    CHECK(image.original_width == 3);
    CHECK(image.original_height == 2);
    CHECK(image.picture.width == 3);
    CHECK(image.picture.height == 2);
    CHECK(image.picture.rgb == expected.rgb);
    CHECK(image.notes.empty());
  }
}

TEST_CASE("read_image gives what is in the file, whatever its name and path are") {
  const ScratchFolder folder;
  const auto path = folder.write("Фото 照片.jpg", bmp(3, 2, kBmpPixels));
  const LoadedImage image = read_image(path);
  CHECK(image.format == "BMP");
  CHECK(image.picture.rgb == small_picture().rgb);
}

TEST_CASE("JPEG: baseline, progressive, with restarts, greyscale") {
  for (const char* file : {"six.jpg", "six_progressive.jpg", "six_restart.jpg"}) {
    CAPTURE(file);
    const LoadedImage image = decode_image(fixture(file), file);
    CHECK(image.format == "JPEG");
    CHECK(image.notes.empty());
    check_six(image);
  }
  const LoadedImage grey = decode_image(fixture("six_grey.jpg"), "six_grey.jpg");
  const int luma[] = {54, 182, 18, 255, 128, 237};
  for (int block = 0; block < 6; ++block) {
    const Colour found = pixel(grey.picture, block % 3 * 8 + 4, block / 3 * 8 + 4);
    CAPTURE(block, found[0]);
    CHECK(is_near(found, {luma[block], luma[block], luma[block]}, 2));
  }
}

TEST_CASE("JPEG: four components as YCCK, Adobe CMYK and plain CMYK") {
  const Data ycck = fixture("cmyk.jpg");
  const std::size_t adobe = find_bytes(ycck, text("Adobe"));
  // Samples stored in the file: inverted inks, the first three as YCbCr of 255 - ink's complement.
  const double c = 50, m = 100, y = 200, k = 200;  // 255 - ink
  const double r = 255 - c, g = 255 - m, b = 255 - y;
  const double luma = 0.299 * r + 0.587 * g + 0.114 * b;
  const double cb = 128 + (b - luma) / 1.772, cr = 128 + (r - luma) / 1.402;
  const auto product = [](double p, double q) { return static_cast<int>(p * q / 255 + 0.5); };

  const LoadedImage first = decode_image(ycck, "ycck.jpg");
  CHECK(has_note(first, "CMYK was converted to RGB"));
  CHECK(is_near(pixel(first.picture, 5, 5), {product(c, k), product(m, k), product(y, k)}, 2));

  Data wrong_transform = ycck;  // 1 (YCbCr) makes no sense with four components
  wrong_transform[adobe + 11] = 1;
  CHECK(decode_image(wrong_transform, "wrong.jpg").picture.rgb == first.picture.rgb);

  Data cmyk = ycck;
  cmyk[adobe + 11] = 0;
  CHECK(is_near(pixel(decode_image(cmyk, "cmyk.jpg").picture, 5, 5),
                {product(luma, k), product(cb, k), product(cr, k)}, 2));

  Data plain = ycck;  // without Adobe's segment the samples are inks, not inverted
  plain.erase(plain.begin() + static_cast<std::ptrdiff_t>(adobe) - 4,
              plain.begin() + static_cast<std::ptrdiff_t>(adobe) + 12);
  const LoadedImage image = decode_image(plain, "plain.jpg");
  CHECK(has_note(image, "CMYK was converted to RGB"));
  CHECK(is_near(pixel(image.picture, 5, 5),
                {product(255 - luma, 255 - k), product(255 - cb, 255 - k), product(255 - cr, 255 - k)}, 2));
}

TEST_CASE("EXIF orientation: all eight, both byte orders, JPEG and PNG") {
  // Where the stored picture's top left and top right blocks are seen: "row 0 is the visual …, column 0 the visual …".
  enum { top_left, top_right, bottom_left, bottom_right };
  const int first_corner[] = {top_left, top_right, bottom_right, bottom_left,
                              top_left, top_right, bottom_right, bottom_left};
  const int second_corner[] = {top_right, top_left, bottom_left, bottom_right,
                               bottom_left, bottom_right, top_right, top_left};
  const auto corner = [](const Picture& p, int which) {
    return pixel(p, which == top_left || which == bottom_left ? 0 : p.width - 1,
                 which == top_left || which == top_right ? 0 : p.height - 1);
  };
  const Picture small = small_picture();
  const std::vector<Data> rows{{255, 0, 0, 0, 255, 0, 0, 0, 255}, {0, 0, 0, 128, 128, 128, 255, 255, 255}};
  for (int orientation = 1; orientation <= 8; ++orientation)
    for (const bool is_big_endian : {false, true}) {
      CAPTURE(orientation, is_big_endian);
      const LoadedImage jpeg =
          decode_image(with_exif_orientation(fixture("six.jpg"), orientation, is_big_endian), "photo.jpg");
      const LoadedImage still =
          decode_image(png(3, 8, 2, rows, png_chunk("eXIf", tiff_orientation(orientation, is_big_endian))), "p.png");
      for (const LoadedImage* image : {&jpeg, &still}) {
        const bool is_turned = orientation >= 5;
        CHECK((image->picture.width > image->picture.height) != is_turned);
        CHECK(image->original_width > image->original_height);
        CHECK(is_near(corner(image->picture, first_corner[orientation - 1]), {255, 0, 0}, 2));
        CHECK(is_near(corner(image->picture, second_corner[orientation - 1]), {0, 0, 255}, 2));
        if (orientation == 1)
          CHECK(image->notes.empty());
        else
          CHECK(has_note(*image, "EXIF orientation " + std::to_string(orientation) + " was applied."));
      }
    }
  for (const int invalid : {0, 9, 65535}) {
    const LoadedImage image = decode_image(with_exif_orientation(fixture("six.jpg"), invalid, false), "photo.jpg");
    CHECK(has_note(image, "EXIF orientation " + std::to_string(invalid) + " is not one of 1 to 8"));
    check_six(image);
  }
}

TEST_CASE("transparency is composited over white and said") {
  const Data rgba{255, 0, 0, 255, 0, 0, 0, 128, 10, 20, 30, 0};
  const LoadedImage image = decode_image(png(3, 8, 6, {rgba}), "logo.png");
  CHECK(pixel(image.picture, 0, 0) == Colour{255, 0, 0});
  CHECK(pixel(image.picture, 1, 0) == Colour{127, 127, 127});
  CHECK(pixel(image.picture, 2, 0) == Colour{255, 255, 255});
  CHECK(has_note(image, "composited over white"));

  CHECK(decode_image(png(1, 8, 6, {{1, 2, 3, 255}}), "opaque.png").notes.empty());

  const LoadedImage keyed = decode_image(png(2, 8, 2, {{1, 2, 3, 4, 5, 6}}, png_chunk("tRNS", {0, 1, 0, 2, 0, 3})), "k");
  CHECK(pixel(keyed.picture, 0, 0) == Colour{255, 255, 255});
  CHECK(pixel(keyed.picture, 1, 0) == Colour{4, 5, 6});
  CHECK(has_note(keyed, "composited over white"));

  const LoadedImage unused = decode_image(tga(1, 1, 2, 32, {3, 2, 1, 0}), "unused.tga");
  CHECK(pixel(unused.picture, 0, 0) == Colour{1, 2, 3});
  CHECK(has_note(unused, "alpha channel is zero everywhere"));
}

TEST_CASE("16 bits per channel become 8 and it is said") {
  const LoadedImage wide = decode_image(png(2, 16, 2, {{255, 255, 128, 0, 0, 0, 1, 255, 0, 200, 254, 1}}), "wide.png");
  CHECK(pixel(wide.picture, 0, 0) == Colour{255, 128, 0});
  CHECK(pixel(wide.picture, 1, 0) == Colour{1, 0, 254});
  CHECK(has_note(wide, "16 bits per channel were reduced to 8."));

  const LoadedImage pgm = decode_image(text("P5 2 1 65535\n") + Data{255, 255, 128, 128}, "wide.pgm");
  CHECK(pixel(pgm.picture, 0, 0) == Colour{255, 255, 255});
  CHECK(pixel(pgm.picture, 1, 0) == Colour{128, 128, 128});
  CHECK(has_note(pgm, "16 bits per channel"));

  const LoadedImage document = decode_image(psd(1, 1, 3, 16, 3, 0, {255, 255, 128, 0, 1, 0}), "wide.psd");
  CHECK(pixel(document.picture, 0, 0) == Colour{255, 128, 1});
  CHECK(has_note(document, "16 bits per channel"));
}

TEST_CASE("PNM: bitmaps and small maximum values") {
  const LoadedImage packed = decode_image(text("P4 3 2\n") + Data{0b1010'0000, 0b0100'0000}, "bits.pbm");
  const LoadedImage digits = decode_image(text("P1 3 2 101\n010"), "bits.pbm");
  CHECK(packed.picture.rgb == digits.picture.rgb);
  CHECK(pixel(packed.picture, 0, 0) == Colour{0, 0, 0});
  CHECK(pixel(packed.picture, 1, 0) == Colour{255, 255, 255});
  const LoadedImage scaled = decode_image(text("P2 3 1 4 0 2 4"), "four.pgm");
  CHECK(pixel(scaled.picture, 1, 0) == Colour{128, 128, 128});
  CHECK(pixel(scaled.picture, 2, 0) == Colour{255, 255, 255});
}

TEST_CASE("GIF: the first frame, transparency, animation, a cut behind the first frame") {
  const LoadedImage still = decode_image(gif({{0, 1}}), "still.gif");
  CHECK(still.format == "GIF");
  CHECK(pixel(still.picture, 0, 0) == Colour{255, 0, 0});
  CHECK(pixel(still.picture, 1, 0) == Colour{0, 0, 255});
  CHECK(still.notes.empty());

  const LoadedImage animated = decode_image(gif({{1, 0}, {0, 1}, {0, 0}}), "animated.gif");
  CHECK(pixel(animated.picture, 0, 0) == Colour{0, 0, 255});
  CHECK(has_note(animated, "the first of its 3 frames"));

  const LoadedImage clear = decode_image(gif({{0, 1}}, 0), "clear.gif");
  CHECK(pixel(clear.picture, 0, 0) == Colour{255, 255, 255});
  CHECK(has_note(clear, "composited over white"));

  Data cut = gif({{0, 1}, {1, 1}});
  cut.resize(cut.size() - 4);
  const LoadedImage first = decode_image(cut, "cut.gif");
  CHECK(pixel(first.picture, 1, 0) == Colour{0, 0, 255});
  CHECK(has_note(first, "behind its first frame"));
}

TEST_CASE("PSD: run-length encoded, and extra channels are no transparency") {
  // Three rows of table per channel (height 1): a literal of 3 bytes each.
  const auto row = [](int a, int b, int c) {
    return Data{2, static_cast<std::uint8_t>(a), static_cast<std::uint8_t>(b), static_cast<std::uint8_t>(c)};
  };
  const Data planes = row(255, 0, 10) + row(0, 255, 20) + row(0, 0, 30);
  const LoadedImage three = decode_image(psd(3, 1, 3, 8, 3, 1, be16(4) + be16(4) + be16(4) + planes), "three.psd");
  const LoadedImage four = decode_image(
      psd(3, 1, 4, 8, 3, 1, be16(4) + be16(4) + be16(4) + be16(2) + planes + Data{254, 100}), "four.psd");
  const LoadedImage raw =
      decode_image(psd(3, 1, 4, 8, 3, 0, {255, 0, 10, 0, 255, 20, 0, 0, 30, 100, 100, 100}), "raw.psd");
  for (const LoadedImage* image : {&three, &four, &raw}) {
    CHECK(pixel(image->picture, 0, 0) == Colour{255, 0, 0});
    CHECK(pixel(image->picture, 2, 0) == Colour{10, 20, 30});
    CHECK(image->notes.empty());
  }
}
