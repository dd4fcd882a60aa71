// What cannot be read is named: which file, what was found, what to do.
#include <sys/stat.h>
#include <unistd.h>

#include <iostream>

#include "core/data/image.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/image_fixtures.h"

using namespace maskscope;
using namespace maskscope::test;
namespace fs = std::filesystem;

namespace {

std::string message_of(const fs::path& path) {
  try {
    (void)read_image(path);
  } catch (const Error& error) {
    return error.what();
  }
  return "(no Error)";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// A whole sentence or more that begins with the file and ends with advice.
void check_message(const fs::path& path, std::initializer_list<const char*> parts) {
  const std::string message = message_of(path);
  CAPTURE(message);
  CHECK(message.rfind(path.string() + ": ", 0) == 0);
  CHECK(message.back() == '.');
  for (const char* part : parts) {
    CAPTURE(part);
    CHECK(contains(message, part));
  }
}

constexpr const char* kCopyAgain = "Copy or save it again.";

Data cut(const Data& data, std::size_t size) { return Data(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(size)); }
Data without_end(const Data& data, std::size_t bytes) { return cut(data, data.size() - bytes); }

}  // namespace

TEST_CASE("files that are no files") {
  const ScratchFolder folder;
  check_message(folder.path() / "missing.png", {"there is no such file", "Check the path."});
  check_message(folder.path() / "missing" / "picture.png", {"there is no such file"});
  check_message(folder.path(), {"this is a directory", "Choose a file in it."});
  check_message("/dev/zero", {"device, pipe or socket", "Choose a regular file."});
  const fs::path pipe = folder.path() / "pipe.png";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  check_message(pipe, {"device, pipe or socket"});
  check_message(folder.write("empty.png", {}), {"empty (0 bytes)", "expected a PNG, JPEG", kCopyAgain});
}

TEST_CASE("a file without read permission") {
  if (::geteuid() == 0) {
    std::cout << "SKIPPED: root may read every file\n";
    return;
  }
  const ScratchFolder folder;
  const fs::path path = folder.write("secret.png", text("x"));
  fs::permissions(path, fs::perms::none);
  check_message(path, {"no permission to read this file", "chmod u+r"});
}

TEST_CASE("files larger than the limit are refused before they are read") {
  const ScratchFolder folder;
  const fs::path path = folder.write("huge.png", png_header(1, 1, 8, 2));
  fs::resize_file(path, kMaxImageFileBytes + 1);  // sparse: takes no space
  check_message(path, {"the file has 512 MiB", "the limit is 512 MiB", "Scale the picture down"});
}

TEST_CASE("files that hold something else") {
  const ScratchFolder folder;
  check_message(folder.write("text.png", text("a red cube on a blue floor\n")), {"holds text", "open this file as a text"});
  Data cyrillic;
  while (cyrillic.size() < 5000) cyrillic = std::move(cyrillic) + text("к");  // cut inside a letter at byte 4096
  check_message(folder.write("text.jpg", text("x") + cyrillic), {"holds text"});
  check_message(folder.write("a.avif", be32(24) + text("ftypavif")), {"an AVIF picture", "Save it as PNG"});
  check_message(folder.write("a.png", text("PK\x03\x04") + Data(40, 0)), {"a ZIP archive"});
  check_message(folder.write("b.png", Data{0xDE, 0xAD, 0xBE, 0xEF, 1, 2, 3, 4, 5, 6}),
                {"de ad be ef 01 02 03 04", "no known picture", "Save it as PNG or JPEG first."});
  check_message(folder.write("c.png", Data(64, 0)), {"00 00 00 00", "no known picture"});
}

TEST_CASE("WebP, TIFF and JPEG 2000 that are none inside") {
  const ScratchFolder folder;
  check_message(folder.write("a.webp", text("RIFF") + le32(20) + text("WEBPVP8 ")), {"the WebP file ends in the middle", "it has 16 bytes"});
  check_message(folder.write("b.webp", text("RIFF") + le32(20) + text("WEBPVP8X") + Data(12, 9)), {"the WebP file is damaged"});
  check_message(folder.write("a.tif", text("II*") + Data{0, 8, 0, 0, 0}),
                {"the TIFF file is damaged: its directory cannot be read (Can not read TIFF directory count)", "Copy it again"});
  check_message(folder.write("a.jp2", be32(12) + text("jP  ") + Data(20, 0)), {"the JPEG 2000 file is damaged: its header cannot be read"});
  check_message(folder.write("a.j2k", Data{0xFF, 0x4F, 0xFF, 0x51, 0, 1}), {"the JPEG 2000 file is damaged: its header cannot be read"});
  Data huge = fixture("pattern.jp2");
  const auto size_at = static_cast<std::ptrdiff_t>(find_bytes(huge, text("ihdr"))) + 4;
  std::fill_n(huge.begin() + size_at, 8, std::uint8_t{0x7F});  // the box only: its codestream says otherwise
  check_message(folder.write("b.jp2", huge), {"JPEG 2000"});
}

TEST_CASE("pictures without pixels") {
  const ScratchFolder folder;
  const Data end = png_chunk("IEND", {});
  check_message(folder.write("zero.png", png_header(0, 0, 8, 2) + end), {"says 0 x 0 pixels", "expected at least 1 x 1"});
  check_message(folder.write("zero.bmp", bmp(0, 5, {})), {"0 x 5"});
  check_message(folder.write("zero.tga", tga(0, 0, 2, 24, Data(9, 0))), {"0 x 0"});
  check_message(folder.write("zero.ppm", text("P6 0 0 255\n")), {"0 x 0"});
  check_message(folder.write("zero.psd", psd(0, 0, 3, 8, 3, 0, {})), {"0 x 0"});
  Data jpeg = fixture("six.jpg");
  const std::size_t frame = find_bytes(jpeg, {0xFF, 0xC0});
  std::fill_n(jpeg.begin() + static_cast<std::ptrdiff_t>(frame) + 5, 4, std::uint8_t{0});
  check_message(folder.write("zero.jpg", jpeg), {"0 x 0"});
  Data still = gif({{0, 1}});
  std::fill_n(still.begin() + 6, 4, std::uint8_t{0});
  check_message(folder.write("zero.gif", still), {"0 x 0"});
}

TEST_CASE("pictures above 64 megapixels are refused by their header alone") {
  const ScratchFolder folder;
  const auto expect = {"30000 x 30000 pixels (900 megapixels)", "the limit is 64 megapixels", "Scale it down"};
  check_message(folder.write("large.png", png_header(30000, 30000, 8, 2) + png_chunk("IDAT", {1, 2, 3})), expect);
  check_message(folder.write("large.bmp", bmp(30000, 30000, {})), expect);
  check_message(folder.write("large.tga", tga(30000, 30000, 2, 24, {})), expect);
  check_message(folder.write("large.ppm", text("P6 30000 30000 255\n")), expect);
  check_message(folder.write("large.psd", psd(30000, 30000, 3, 8, 3, 0, {})), expect);
  Data jpeg = fixture("six.jpg");
  const auto frame = static_cast<std::ptrdiff_t>(find_bytes(jpeg, {0xFF, 0xC0}));
  const Data size = be16(30000) + be16(30000);
  std::copy(size.begin(), size.end(), jpeg.begin() + frame + 5);
  check_message(folder.write("large.jpg", jpeg), expect);
  Data still = gif({{0, 1}});
  const Data screen = le16(30000) + le16(30000);
  std::copy(screen.begin(), screen.end(), still.begin() + 6);
  check_message(folder.write("large.gif", still), expect);

  check_message(folder.write("line.png", png_header(64'000'001, 1, 8, 0) + png_chunk("IEND", {})), {"64000001 x 1"});
  check_message(folder.write("most.png", png_header(0xFFFFFFFF, 0xFFFFFFFF, 8, 0)), {"4294967295 x 4294967295"});
  check_message(folder.write("lowest.bmp", bmp(3, 0x80000000, {})), {"3 x 2147483648"});
  check_message(folder.write("digits.ppm", text("P6 99999999999999999999 99999999999999999999 255\n")), {"the limit is"});
  // Just allowed: what is missing then is the data.
  check_message(folder.write("allowed.png", png_header(8000, 8000, 8, 2) + png_chunk("IEND", {})), {"0 bytes of 192008000"});
}

TEST_CASE("truncated files") {
  const ScratchFolder folder;
  const Data whole_png = png(3, 8, 2, {Data(9, 1), Data(9, 2)});
  const auto expect = {"ends in the middle of the picture", "it has ", kCopyAgain};
  check_message(folder.write("tail.png", without_end(whole_png, 1)), expect);
  check_message(folder.write("middle.png", without_end(whole_png, 25)), expect);
  check_message(folder.write("head.png", cut(whole_png, 20)), expect);
  check_message(folder.write("signature.png", cut(whole_png, 5)), expect);
  for (const char* name : {"six.jpg", "six_progressive.jpg", "six_restart.jpg", "cmyk.jpg"}) {
    const Data jpeg = fixture(name);
    check_message(folder.write("tail.jpg", without_end(jpeg, 2)), expect);
    check_message(folder.write("middle.jpg", without_end(jpeg, 30)), expect);
    check_message(folder.write("head.jpg", cut(jpeg, 12)), expect);
  }
  check_message(folder.write("rows.bmp", without_end(bmp(3, 2, Data(24, 0)), 8)), {"ends in the middle", "announces 78"});
  check_message(folder.write("rows.tga", tga(3, 2, 2, 24, Data(17, 0))), {"ends in the middle", "announces 36"});
  check_message(folder.write("runs.tga", tga(3, 2, 10, 24, {0x82, 1, 2, 3})), {"enough for 3 of 6 pixels"});
  check_message(folder.write("rows.ppm", text("P6 3 2 255\n") + Data(17, 0)), {"ends in the middle", "announces 29"});
  check_message(folder.write("rows.pgm", text("P2 3 2 255 1 2 3 4 5     ")), {"ends in the middle"});
  check_message(folder.write("header.ppm", text("P6 3")), {"ends in the middle", "height"});
  check_message(folder.write("frame.gif", without_end(gif({{0, 1}}), 3)), {"ends in the middle", "first frame"});
  check_message(folder.write("head.gif", cut(gif({{0, 1}}), 10)), expect);
  check_message(folder.write("rows.psd", psd(3, 2, 3, 8, 3, 0, Data(17, 0))), {"ends in the middle"});
  check_message(folder.write("runs.psd", psd(3, 1, 3, 8, 3, 1, be16(4) + be16(4) + be16(4) + Data(11, 0))), expect);
}

TEST_CASE("damaged files") {
  const ScratchFolder folder;
  const Data row(9, 1);
  Data flipped = png(3, 8, 2, {row});
  flipped[flipped.size() - 20] ^= 1;
  check_message(folder.write("flipped.png", flipped), {"is damaged", "checksum of the chunk IDAT", "Copy it again"});
  check_message(folder.write("bomb.png", png_header(1, 1, 8, 2) + png_chunk("IDAT", zlib_stored(Data(1 << 20, 0))) +
                                             png_chunk("IEND", {})),
                {"is damaged", "more picture data than 1 x 1 pixels"});
  check_message(folder.write("few.png", png_header(3, 2, 8, 2) + png_chunk("IDAT", zlib_stored(Data(10, 0))) +
                                            png_chunk("IEND", {})),
                {"inflates to 10 bytes of 20"});
  check_message(folder.write("noise.png", png_header(3, 2, 8, 2) + png_chunk("IDAT", Data(30, 0xAB)) + png_chunk("IEND", {})),
                {"compressed picture data", "invalid"});
  check_message(folder.write("type.png", png_header(3, 2, 5, 2)), {"colour type 2 with 5 bits"});

  Data restarts = fixture("six_restart.jpg");
  restarts.erase(restarts.begin() + static_cast<std::ptrdiff_t>(find_bytes(restarts, {0xFF, 0xD2})),
                 restarts.begin() + static_cast<std::ptrdiff_t>(find_bytes(restarts, {0xFF, 0xD4})));
  check_message(folder.write("restarts.jpg", restarts), {"is damaged", "3 restart markers, expected 5"});
  Data table = fixture("six.jpg");
  table[find_bytes(table, {0xFF, 0xC4}) + 5] = 200;
  check_message(folder.write("table.jpg", table), {"is damaged", "Huffman table"});
  Data undefined = fixture("six.jpg");
  undefined[find_bytes(undefined, {0xFF, 0xDA}) + 6] = 0x33;
  check_message(folder.write("undefined.jpg", undefined), {"is damaged", "table that is not defined"});
  check_message(folder.write("value.pgm", text("P2 2 1 7 3 8")), {"the value 8, above the maximum of 7"});
}

TEST_CASE("kinds that are not read") {
  const ScratchFolder folder;
  check_message(folder.write("cmyk.psd", psd(1, 1, 4, 8, 4, 0, Data(4, 0))), {"a PSD in CMYK mode", "expected RGB mode"});
  check_message(folder.write("deep.psd", psd(1, 1, 3, 32, 3, 0, Data(12, 0))), {"32 bits per channel"});
  Data jpeg = fixture("six.jpg");
  jpeg[find_bytes(jpeg, {0xFF, 0xC0}) + 1] = 0xC9;
  check_message(folder.write("arithmetic.jpg", jpeg), {"an arithmetic-coded JPEG", "Save it as PNG or JPEG first."});
  Data packed = bmp(3, 2, Data(24, 0));
  packed[30] = 1;
  check_message(folder.write("packed.bmp", packed), {"a compressed BMP"});
}
