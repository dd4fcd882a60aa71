// Help, version and the dispatch of commands.
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

TEST_CASE("help of every command that takes inputs lists every shared option") {
  for (const char* command : {"view", "mask", "render"}) {
    for (const char* flag : {"--help", "-h"}) {
      const Outcome outcome = run_command({command, flag});
      INFO(command);
      CHECK(outcome.code == 0);
      CHECK(outcome.err.empty());
      for (const char* option : {"--image", "--text", "--text-file", "--tokenizer", "--scheme", "--input-tokens", "--target-tokens", "--budget", "--seed",
                                 "--backend", "--threads", "--scene", "--draw", "--rng", "--transfer", "--size", "--patch", "--fit", "FILES"}) {
        CHECK_THAT(outcome.out, contains_text(option));
      }
      for (const std::string& preset : preset_names()) CHECK_THAT(outcome.out, contains_text(preset));
    }
  }
}

TEST_CASE("help of the other commands") {
  for (const char* command : {"bench", "info"}) {
    const Outcome outcome = run_command({command, "--help"});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, contains_text(command));
  }
}

TEST_CASE("the program's help names every command, its version is printed alone") {
  for (const char* flag : {"--help", "-h"}) {
    const Outcome outcome = run_command({flag});
    CHECK(outcome.code == 0);
    for (const char* command : {"view", "mask", "render", "bench", "info"}) CHECK_THAT(outcome.out, contains_text(cat("  ", command, " ")));
    CHECK_THAT(outcome.out, contains_text("Exit codes"));
  }
  const Outcome version = run_command({"--version"});
  CHECK(version.code == 0);
  CHECK(version.out == cat("maskscope ", MASKSCOPE_VERSION, "\n"));
}

TEST_CASE("unknown options of every command end with exit code 2") {
  for (const char* command : {"view", "mask", "render", "bench", "info"}) {
    std::vector<std::string> arguments = {command, "--no-such-option"};
    if (arguments[0] == "render") arguments.insert(arguments.end(), {"-o", "x.png"});
    const Outcome outcome = run_command(arguments);
    INFO(command);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, contains_text("--no-such-option"));
    CHECK_THAT(outcome.err, contains_text(cat("maskscope ", command, " --help")));
  }
}

TEST_CASE("info tells the backend and why CUDA is or is not used") {
  const Outcome outcome = run_command({"info"});
  CHECK(outcome.code == 0);
  for (const char* line : {"maskscope", "backend", "CUDA", "OpenGL", "frequency maps", "GLFW", "Dear ImGui", "resources"}) CHECK_THAT(outcome.out, contains_text(line));
}

TEST_CASE("info tells whether frequency maps are shared with OpenGL or uploaded, and why") {
  const std::string out = run_command({"info"}).out;
  const CudaStatus cuda = cuda_status();
  if (cuda.is_usable) {
    CHECK_THAT(out, contains_text("\nfrequency maps  shared with OpenGL: ") || contains_text("\nfrequency maps  uploaded: "));
  } else {
    CHECK_THAT(out, contains_text(cat("\nfrequency maps  uploaded: CUDA is not used: ", cuda.reason, "\n")));
  }
}
