#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "app/resources.h"
#include "core/error.h"
#include "tests/catch.h"

using namespace maskscope;

TEST_CASE("shaders are found from the build tree") { CHECK(read_resource("shaders/token.vert").find("#version 330 core") == 0); }

TEST_CASE("MASKSCOPE_RESOURCES goes before everything else") {
  const auto folder = std::filesystem::temp_directory_path() / "maskscope_test_resources";
  std::filesystem::create_directories(folder / "shaders");
  std::ofstream(folder / "shaders/token.vert") << "mine";
  setenv("MASKSCOPE_RESOURCES", folder.c_str(), 1);
  CHECK(read_resource("shaders/token.vert") == "mine");
  CHECK(read_resource("shaders/token.frag").size() > 100);  // not there: the next folder is asked
  CHECK_THROWS_WITH(read_resource("shaders/token.vert", 3), contains_text("4 bytes found, at most 3"));
  unsetenv("MASKSCOPE_RESOURCES");
  std::filesystem::remove_all(folder);
}

TEST_CASE("a missing file of the program names the folders searched") {
  CHECK_THROWS_WITH(resource_path("shaders/none.frag"),
                    contains_text("shaders/none.frag") && contains_text("share/maskscope"));
}
