#include <chrono>
#include <cstdio>
#include <iostream>

#include "app/commands/bench_data.h"
#include "app/commands/bench_frames.h"
#include "app/commands/bench_steps.h"
#include "app/commands/commands.h"
#include "app/commands/options.h"
#include "core/error.h"
#include "kernels/bench/core_bench.h"

namespace maskscope::commands {
namespace {

void print_table(const BenchJson& json, const std::string& indent) {
  for (const auto& [key, value] : json.items()) {
    if (value.is_object()) {
      std::cout << indent << key << '\n';
      print_table(value, indent + "  ");
      continue;
    }
    char number[64];
    if (value.is_number_float()) std::snprintf(number, sizeof number, "%.3f", value.get<double>());
    std::cout << indent << key << std::string(key.size() < 32 ? 32 - key.size() : 1, ' ')
              << (value.is_number_float() ? number : value.is_string() ? value.get<std::string>() : value.dump()) << '\n';
  }
}

}  // namespace

int bench(const Arguments& arguments) {
  const auto program_start = std::chrono::steady_clock::now();
  CLI::App app("Measures the masking core on every backend present, the window and, with --data, reading a data set. docs/bench.md explains the figures; compare the\n"
               "ratios, the times are this machine's.", "bench");
  SharedOptions shared;
  add_shared_options(app, shared);
  CoreBenchOptions core;
  bool is_json = false, is_core_only = false;
  int frames = 60, memory_frames = 500;
  app.add_flag("--json", is_json, "print JSON for programs");
  app.add_flag("--core-only", is_core_only, "measure the masking core, draw no frames");
  app.add_option("--filter", core.filter, "of the core, only benchmarks with such a name, e.g. '4m-7-128/.*cpu1'")->type_name("REGEX");
  app.add_option("--min-time", core.min_time_s, "least seconds per benchmark of the core; 0.05 if not given")
      ->type_name("S")->check(factor_between(1e-6, 1e3));
  app.add_option("--max-batch", core.most_batch_samples, "no batches of more samples; 65536 if not given")
      ->type_name("N")->check(CLI::Range(1, 65536));
  app.add_option("--frames", frames, "frames to measure; 60 if not given")->type_name("N")->check(CLI::Range(1, 100000));
  app.add_option("--memory-frames", memory_frames, "frames over which memory is watched; 500 if not given")->type_name("N")->check(CLI::Range(1, 1000000));
  if (const auto code = parse(app, arguments)) return *code;

  BenchJson drawing = BenchJson::object();
  if (shared.data || shared.config) {
    const Document document = make_document(shared);
    if (document.inputs.picture == PictureSource::dataset) drawing["data"] = measure_data(document);
  }
  if (!is_core_only) {
    drawing["frames_offscreen"] = measure_offscreen(shared, program_start, frames);
    drawing["steps"] = measure_steps(shared, frames, memory_frames);
    drawing["frames_window"] = measure_window(shared, frames);
    drawing["idle"] = measure_idle(shared);
  }
  const BenchReport report = measure_core(core);
  if (is_json) {
    BenchJson json = BenchJson::parse(to_json(report));
    json.update(drawing);
    std::cout << json.dump(2) << '\n';
  } else {
    print_table(drawing, "");
    std::cout << to_table(report);
  }
  if (report.checksums_are_equal()) return exit_fine;
  std::cerr << "maskscope bench: masks differ from those of the tests' oracle. Report this as a fault of the program.\n";
  return exit_problems;
}

}  // namespace maskscope::commands
