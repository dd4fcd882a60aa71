// The bench command's own part; what it measures of the core is tested in tests/kernels/bench_test.cpp.
#include <nlohmann/json.hpp>

#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

TEST_CASE("bench of the core alone prints JSON without frames") {
  const Outcome outcome = run_command({"bench", "--core-only", "--json", "--min-time", "0.0001", "--filter", "^sort$"});
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  const auto json = nlohmann::json::parse(outcome.out);
  CHECK(json["yardsticks"]["sort_196_u64_us"] > 0);
  CHECK(json["layouts"].size() == 3);
  CHECK_FALSE(json.contains("frames_window"));
}

TEST_CASE("bench measures reading a data set where one is named") {
  const Outcome outcome = run_command({"bench", "--core-only", "--json", "--min-time", "0.0001", "--filter", "^sort$", "--data", MASKSCOPE_GOLDEN_DIR "/dataset/shards"});
  CHECK(outcome.code == 0);
  const auto json = nlohmann::json::parse(outcome.out);
  CHECK(json["data"]["samples"] == 12);
  CHECK(json["data"]["files_per_sample"] == 16);
  CHECK(json["data"]["loading_x_decoding"] > 0);
}

TEST_CASE("a filter of bench that fits no benchmark is refused") {
  for (const char* filter : {"no-such-benchmark", "["}) {
    const Outcome outcome = run_command({"bench", "--core-only", "--filter", filter});
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, contains_text(filter));
  }
}
