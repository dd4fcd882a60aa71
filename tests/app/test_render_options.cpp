// maskscope render: every view in every format, and a sentence for what makes no sense.
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "app/commands/screen_area.h"
#include "core/data/image.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

namespace fs = std::filesystem;

Outcome render_to(const fs::path& path, std::vector<std::string> options = {}) {
  options.insert(options.begin(), {"render", "--backend", "cpu", "--threads", "1", "-o", path.string()});
  return run_command(options);
}

// "maskscope: wrote F (976 x 342)"
std::pair<int, int> size_said(const Outcome& outcome) {
  const std::size_t at = outcome.err.rfind('(');
  int width = 0, height = 0;
  REQUIRE(at != std::string::npos);
  REQUIRE(std::sscanf(outcome.err.c_str() + at, "(%d x %d)", &width, &height) == 2);
  return {width, height};
}

}  // namespace

TEST_CASE("render: every view as PNG, SVG and PDF, all of the same size") {
  const ScratchFolder folder;
  for (const std::string& view : commands::view_names()) {
    INFO(view);
    const fs::path png = folder.path() / (view + ".png"), svg = folder.path() / (view + ".svg"), pdf = folder.path() / (view + ".PDF");
    const Outcome pixels = render_to(png, {"--view", view, "--width", "1200", "--height", "760"});
    REQUIRE(pixels.code == 0);
    const auto [width, height] = size_said(pixels);
    const LoadedImage image = read_image(png);
    CHECK(image.picture.width == width);
    CHECK(image.picture.height == height);
    CHECK((view == "window") == (width == 1200 && height == 760));

    const Outcome vector = render_to(svg, {"--view", view, "--width", "1200", "--height", "760"});
    REQUIRE(vector.code == 0);
    CHECK(size_said(vector) == std::pair(width, height));
    const std::string text = read_all(svg);
    CHECK_THAT(text, contains_text(cat("width=\"", width, "px\" height=\"", height, "px\"")));
    CHECK_THAT(text, contains_text("</svg>"));

    REQUIRE(render_to(pdf, {"--view", view, "--width", "1200", "--height", "760"}).code == 0);
    CHECK_THAT(read_all(pdf), contains_text(cat("/MediaBox [ 0 0 ", width * 0.75, " ", height * 0.75, " ]")));
  }
}

TEST_CASE("render: a figure has the words of the window, in both languages") {
  const ScratchFolder folder;
  const fs::path path = folder.path() / "f.svg";
  REQUIRE(render_to(path, {"--view", "tokens"}).code == 0);
  CHECK_THAT(read_all(path), contains_text(">tok_depth@224</text>"));
  CHECK_THAT(read_all(path), contains_text(">behind</text>"));
  REQUIRE(render_to(path, {"--language", "zh", "--tab", "attention"}).code == 0);
  const Outcome table = render_to(path, {"--view", "table"});
  REQUIRE(table.code == 0);
  CHECK_THAT(read_all(path), contains_text("input_mask"));
}

TEST_CASE("render: the steps as a GIF") {
  const ScratchFolder folder;
  const fs::path path = folder.path() / "steps.gif";
  const Outcome outcome = render_to(path, {"--view", "packing", "--frames-per-second", "2", "--seconds", "3", "--shrink-to", "300"});
  REQUIRE(outcome.code == 0);
  CHECK(size_said(outcome).first == 300);
  const LoadedImage first = read_image(path);
  CHECK(first.format == "GIF");
  CHECK(first.picture.width == 300);
  // A name with another ending, or none, is no reason not to.
  const fs::path other = folder.path() / "steps";
  REQUIRE(render_to(other, {"--format", "gif", "--view", "packing", "--frames-per-second", "1", "--seconds", "1"}).code == 0);
  CHECK(read_all(other).substr(0, 6) == "GIF89a");
}

TEST_CASE("render: a PNG is made smaller where it is asked for") {
  const ScratchFolder folder;
  const fs::path path = folder.path() / "small.png";
  REQUIRE(render_to(path, {"--shrink-to", "400"}).code == 0);
  const LoadedImage image = read_image(path);
  CHECK(image.picture.width == 400);
  CHECK(image.picture.height == 225);
}

TEST_CASE("render: what makes no sense ends with exit code 2 and a sentence, and writes nothing") {
  const ScratchFolder folder;
  struct Case {
    const char* file;
    std::vector<std::string> options;
    const char* says;
  };
  const std::vector<Case> cases = {
      {"x", {}, "End it with .png, .svg, .pdf or .gif, or add --format"},
      {"x.jpg", {}, "the ending does not say which kind of picture is wanted"},
      {"x.png", {"--format", "jpg"}, "--format"},
      {"x.png", {"--view", "everything"}, "--view"},
      {"x.png", {"--tab", "everything"}, "--tab"},
      {"x.png", {"--view", "attention", "--tab", "table"}, "Leave one of them out"},
      {"x.png", {"--step", "7"}, "--step"},
      {"x.png", {"--step", "0.5"}, "--step"},
      {"x.png", {"--step", "nan"}, "--step"},
      {"x.gif", {"--step", "3"}, "it shows all steps"},
      {"x.png", {"--seconds", "3"}, "are of a GIF"},
      {"x.gif", {"--seconds", "0"}, "--seconds"},
      {"x.gif", {"--seconds", "1e9"}, "--seconds"},
      {"x.gif", {"--frames-per-second", "1000"}, "--frames-per-second"},
      {"x.svg", {"--shrink-to", "300"}, "has no pixels"},
      {"x.png", {"--shrink-to", "0"}, "--shrink-to"},
      {"x.svg", {"--width", "0"}, "--width"},
      {"x.svg", {"--width", "100000"}, "--width"},
      {"x.svg", {"--view", "inspector", "--width", "60", "--height", "40"}, "has no room for it"},
  };
  for (const Case& wrong : cases) {
    const fs::path path = folder.path() / wrong.file;
    const Outcome outcome = render_to(path, wrong.options);
    INFO(outcome.err);
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.err, contains_text(wrong.says));
    CHECK_FALSE(fs::exists(path));
  }
}

TEST_CASE("render: a file that can't be written is a sentence, and the old one stays") {
  const ScratchFolder folder;
  for (const char* ending : {"png", "svg", "pdf", "gif"}) {
    std::vector<std::string> options = {"--view", "packing"};
    if (std::string(ending) == "gif") options.insert(options.end(), {"--frames-per-second", "1", "--seconds", "1"});
    const Outcome missing = render_to(folder.path() / "none" / (std::string("x.") + ending), options);
    INFO(missing.err);
    CHECK(missing.code == 2);
    CHECK_THAT(missing.err, contains_text("could not be written"));
    options.insert(options.end(), {"--format", ending});
    const Outcome full = render_to("/dev/full", options);
    INFO(full.err);
    CHECK(full.code == 2);
    CHECK_THAT(full.err, contains_text("/dev/full: "));
  }
}

TEST_CASE("render: figure and pixels look alike") {
  if (std::system("rsvg-convert --version > /dev/null 2>&1") != 0) {
    WARN("SKIPPED: rsvg-convert is not installed");
    return;
  }
  const ScratchFolder folder;
  const fs::path png = folder.path() / "p.png", svg = folder.path() / "v.svg", drawn = folder.path() / "v.png";
  for (const std::vector<std::string>& look : std::vector<std::vector<std::string>>{{"--theme", "dark"}, {"--theme", "light", "--language", "zh"}, {"--scale", "2", "--width", "2400", "--height", "1500"}}) {
    REQUIRE(render_to(png, look).code == 0);
    REQUIRE(render_to(svg, look).code == 0);
    const std::string zoom = look[0] == "--scale" ? "2" : "1";
    REQUIRE(std::system(cat("rsvg-convert -z ", zoom, " -o '", drawn.string(), "' '", svg.string(), "'").c_str()) == 0);
    const Picture a = read_image(png).picture, b = read_image(drawn).picture;
    REQUIRE(a.width == b.width);
    REQUIRE(a.height == b.height);
    // Letters are hinted on the screen and not in figures; areas are the same.
    double sum = 0;
    std::size_t far = 0;
    for (std::size_t i = 0; i < a.rgb.size(); ++i) {
      const int difference = std::abs(a.rgb[i] - b.rgb[i]);
      sum += difference;
      far += difference > 60;
    }
    INFO(look[1] << ": mean difference " << sum / static_cast<double>(a.rgb.size()) << ", far apart " << static_cast<double>(far) / static_cast<double>(a.rgb.size()));
    CHECK(sum / static_cast<double>(a.rgb.size()) < 2.0);
    CHECK(static_cast<double>(far) / static_cast<double>(a.rgb.size()) < 0.01);
  }
}
