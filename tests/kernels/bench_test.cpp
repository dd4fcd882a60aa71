// The bench: its masks are the oracle's, its report says so, and its program's JSON can be read. Speed is not tested.
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "core/error.h"
#include "kernels/bench/checksum.h"
#include "kernels/bench/core_bench.h"
#include "kernels/bench/layouts.h"
#include "tests/catch.h"
#include "tests/oracle/oracle.h"

namespace maskscope {
namespace {

struct Outcome {
  int code = -1;
  std::string out;
};

// The bench program with its messages among its output.
Outcome run_bench(const std::string& arguments) {
  const std::string command = "'" MASKSCOPE_CORE_BENCH "' " + arguments + " 2>&1";
  FILE* const pipe = popen(command.c_str(), "r");
  if (!pipe) throw std::runtime_error("popen failed");
  Outcome outcome;
  std::array<char, 4096> part;
  while (const std::size_t count = std::fread(part.data(), 1, part.size(), pipe)) outcome.out.append(part.data(), count);
  const int status = pclose(pipe);
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}

BenchReport checksums_only() {
  CoreBenchOptions options;
  options.has_timings = false;
  return measure_core(options);
}

}  // namespace

TEST_CASE("the checksums recorded for the bench layouts are the oracle's") {
  for (const BenchLayout& layout : bench_layouts()) {
    INFO(layout.name);
    const MaskedBatch masks = oracle::mask(layout.scheme, default_vocabulary(), layout.samples, checksum_draws.seed,
                                           checksum_draws.first_sample, checksum_draws.batch_size);
    CHECK(checksum(masks) == layout.checksum);
  }
}

TEST_CASE("a checksum sees every array and every bit") {
  const BenchLayout& layout = bench_layout("4m-7-128");
  MaskedBatch masks;
  masks.resize(layout.scheme, 2);
  const std::string before = checksum(masks);
  visit_arrays(masks, [&](auto& array, int) {
    REQUIRE_FALSE(array.empty());
    const auto value = array.back();
    array.back() = 1;
    CHECK(checksum(masks) != before);
    array.back() = value;
  });
  CHECK(checksum(masks) == before);
}

TEST_CASE("a report whose masks differ, or that compared none, is not equal") {
  BenchReport report = checksums_only();
  CHECK(report.checksums_are_equal());
  CHECK_THAT(to_table(report), contains_text("equal to the oracle's") && !contains_text("DIFFERENT"));
  report.layouts.back().checksums.back().is_equal = false;
  CHECK_FALSE(report.checksums_are_equal());
  CHECK_THAT(to_table(report), contains_text("DIFFERENT"));
  CHECK(nlohmann::json::parse(to_json(report))["layouts"].back()["checksums"].back()["is_equal"] == false);
  CHECK_FALSE(BenchReport().checksums_are_equal());
}

TEST_CASE("the bench program prints JSON with every figure") {
  const Outcome outcome = run_bench("--json --min-time 0.0001 --max-batch 16");
  REQUIRE(outcome.code == 0);
  const auto json = nlohmann::json::parse(outcome.out);
  CHECK(json["maskscope"] == MASKSCOPE_VERSION);
  CHECK(json["machine"]["hardware_threads"] > 0);
  CHECK(json["machine"]["backends"][0]["name"] == "cpu1");
  CHECK(json["yardsticks"]["sort_196_u64_us"] > 0);
  CHECK(json["yardsticks"]["copy_gb_per_s"] > 0);
  CHECK(json["memory"]["draws"] >= 50000);
  REQUIRE(json["layouts"].size() == bench_layouts().size());
  for (const auto& layout : json["layouts"]) {
    INFO(layout["name"]);
    const std::size_t num_backends = json["machine"]["backends"].size();
    REQUIRE(layout["checksums"].size() == num_backends);
    for (const auto& checksum : layout["checksums"]) CHECK(checksum["is_equal"] == true);
    CHECK(layout["bytes_written_per_sample"] > layout["num_slots"]);
    CHECK(layout["ratio_to_sort"] > 0);
    CHECK(layout["median_ratio_to_sort"] > 0);
    CHECK(layout["ratio_limit"] == 2 * layout["ratio_goal"].get<double>());
    CHECK(layout["stages_cpu1"].size() == 4);
    for (const auto& stage : layout["stages_cpu1"]) CHECK(stage["us_per_sample"] > 0);
    CHECK(layout["gather_cpu1"].size() == 2);
    for (const auto& gather : layout["gather_cpu1"]) CHECK(gather["written_gb_per_s"] > 0);
    // 1 and 16 for every backend, and 256 for the ratio.
    CHECK(layout["batches"].size() == 2 * num_backends + 1);
    for (const auto& batch : layout["batches"]) CHECK(batch["samples_per_s"] > 0);
    CHECK(layout["not_run"].empty());
  }
}

TEST_CASE("a filter leaves the other benchmarks out") {
  const std::string path = MASKSCOPE_BINARY_DIR "/filtered_bench.json";
  const Outcome outcome = run_bench("--json --min-time 0.0001 --filter '4m-7-256/sel.*cpu1' --json-file '" + path + "'");
  REQUIRE(outcome.code == 0);
  const auto json = nlohmann::json::parse(outcome.out);
  CHECK(nlohmann::json::parse(std::ifstream(path)) == json);
  CHECK(json["yardsticks"]["sort_196_u64_us"].is_null());
  CHECK(json["memory"].is_null());
  for (const auto& layout : json["layouts"]) {
    CHECK(layout["ratio_to_sort"].is_null());
    CHECK(layout["batches"].empty());
    CHECK(layout["stages_cpu1"].size() == (layout["name"] == "4m-7-256" ? 1 : 0));
  }
}

TEST_CASE("memory does not grow with the number of draws") {
  CoreBenchOptions options;
  options.filter = "memory";
  const auto memory = measure_core(options).memory;
  REQUIRE(memory.has_value());
  CHECK(memory->bytes_before > 0);
  CHECK(memory->bytes_after < memory->bytes_before + (1 << 20));
}

TEST_CASE("wrong usage of the bench program is a sentence and exit code 2") {
  for (const char* arguments : {"--no-such-option", "--filter", "--filter '['", "--filter nothing-has-this-name", "--min-time 0",
                                "--min-time nan", "--max-batch 65537", "--filter sort --json-file /", "--max-batch 3x"}) {
    INFO(arguments);
    const Outcome outcome = run_bench(arguments);
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.out, contains_text("maskscope_core_bench: ") && contains_text("."));
  }
  CHECK(run_bench("--help").code == 0);
}

}  // namespace maskscope
