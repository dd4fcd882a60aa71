#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>

#include <epoxy/gl.h>

#include "app/render/offscreen_target.h"
#include "core/error.h"
#include "tests/catch.h"

using namespace maskscope;

TEST_CASE("pixels are read from the top, at any odd size") {
  OffscreenTarget target(13, 7);
  glClearColor(0, 0, 1, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  glEnable(GL_SCISSOR_TEST);
  glScissor(0, 5, 3, 2);  // OpenGL counts from the bottom: the two upper rows, three columns
  glClearColor(1, 0, 0, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  const PixelBuffer pixels = target.read_pixels();
  REQUIRE(pixels.rgba.size() == 13 * 7 * 4);
  for (std::size_t y = 0; y < 7; ++y)
    for (std::size_t x = 0; x < 13; ++x) {
      const bool is_red = x < 3 && y < 2;
      const std::uint8_t* pixel = &pixels.rgba[(y * 13 + x) * 4];
      CHECK(pixel[0] == (is_red ? 255 : 0));
      CHECK(pixel[2] == (is_red ? 0 : 255));
      CHECK(pixel[3] == 255);
    }
}

TEST_CASE("the target changes its size") {
  OffscreenTarget target(4, 4);
  target.resize(300, 20);
  CHECK(target.width() == 300);
  CHECK(target.height() == 20);
  CHECK(target.read_pixels().rgba.size() == 300 * 20 * 4);
}

TEST_CASE("impossible sizes are refused in a sentence") {
  CHECK_THROWS_WITH(OffscreenTarget(0, 10), contains_text("0 x 10"));
  CHECK_THROWS_AS(OffscreenTarget(10, -1), Error);
  CHECK_THROWS_AS(OffscreenTarget(OffscreenTarget::max_side + 1, 1), Error);
}

TEST_CASE("several targets live side by side") {
  OffscreenTarget first(2, 2);
  glClearColor(1, 1, 1, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  {
    OffscreenTarget second(2, 2);
    glClearColor(0, 0, 0, 1);
    glClear(GL_COLOR_BUFFER_BIT);
  }
  first.make_current();
  CHECK(first.read_pixels().rgba[0] == 255);
}

// Run by the next case in a process of its own, as Mesa reads the variable once.
TEST_CASE("print why there is no context", "[.]") {
  try {
    OffscreenTarget target(8, 8);
    std::cout << "a context was made\n";
  } catch (const Error& error) {
    std::cout << error.what() << "\n";
  }
}

TEST_CASE("an OpenGL too old is named") {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  const std::string command = cat("MESA_GL_VERSION_OVERRIDE=2.1 '", self, "' 'print why there is no context' 2>&1");
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  REQUIRE(pipe);
  std::string printed;
  std::array<char, 512> piece{};
  while (std::fgets(piece.data(), piece.size(), pipe.get()) != nullptr) printed += piece.data();
  CHECK_THAT(printed, contains_text("OpenGL 2.1 found, OpenGL 3.3 needed"));
}
