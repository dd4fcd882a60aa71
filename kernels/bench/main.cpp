// The core's bench without the rest of the program, for machines without window libraries.
#include <charconv>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "core/error.h"
#include "kernels/bench/core_bench.h"
#include "kernels/bench/usage.h"

namespace {

constexpr const char* usage =
    "maskscope_core_bench [OPTIONS]: measures the masking core on every backend present (docs/bench.md).\n"
    "  --json           print JSON for programs\n"
    "  --json-file FILE write the JSON there, besides\n"
    "  --checksums      compare the masks with the oracle's, measure nothing\n"
    "  --usage          print how the presets use their slots, as docs/presets.md has it, measure nothing\n"
    "  --filter REGEX   only benchmarks with such a name, e.g. '4m-7-128/.*cpu1'\n"
    "  --min-time S     least seconds per benchmark; 0.05 if not given\n"
    "  --max-batch N    no batches of more samples; 65536 if not given\n"
    "Exit codes: 0 fine, 1 masks differ from the oracle's, 2 wrong usage or failure.\n";

template <class Number>
Number number_from(std::string_view option, const std::string& text, Number least, Number most) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (problem != std::errc() || stop != end || !(value >= least && value <= most)) {
    throw maskscope::Error(maskscope::cat(option, ": \"", text, "\" is not a number from ", least, " to ", most, "."));
  }
  return value;
}

struct Options {
  maskscope::CoreBenchOptions core;
  bool is_json = false;
  std::string json_file;
  bool is_help = false, is_usage = false;
};

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    const auto value = [&]() -> std::string {
      if (i + 1 >= argc) throw maskscope::Error(maskscope::cat(option, " needs a value after it."));
      return argv[++i];
    };
    if (option == "--json") {
      options.is_json = true;
    } else if (option == "--json-file") {
      options.json_file = value();
    } else if (option == "--checksums") {
      options.core.has_timings = false;
    } else if (option == "--usage") {
      options.is_usage = true;
    } else if (option == "--filter") {
      options.core.filter = value();
    } else if (option == "--min-time") {
      options.core.min_time_s = number_from(option, value(), 1e-6, 1e3);
    } else if (option == "--max-batch") {
      options.core.most_batch_samples = number_from(option, value(), 1, 65536);
    } else if (option == "--help" || option == "-h") {
      options.is_help = true;
    } else {
      throw maskscope::Error(maskscope::cat("There is no option ", option, ". maskscope_core_bench --help lists them."));
    }
  }
  return options;
}

void write_file(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  if (!file) throw maskscope::Error(maskscope::cat(path, ": cannot be written. Name a file in a folder that exists."));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = parse(argc, argv);
    if (options.is_help) {
      std::cout << usage;
      return 0;
    }
    if (options.is_usage) {
      std::cout << maskscope::usage_tables(maskscope::usage_draws);
      return 0;
    }
    const maskscope::BenchReport report = maskscope::measure_core(options.core);
    if (!options.json_file.empty()) write_file(options.json_file, to_json(report));
    std::cout << (options.is_json ? to_json(report) : to_table(report)) << std::flush;
    if (report.checksums_are_equal()) return 0;
    std::cerr << "maskscope_core_bench: masks differ from those of the tests' oracle.\n";
    return 1;
  } catch (const std::exception& error) {
    std::cerr << "maskscope_core_bench: " << error.what() << '\n';
    return 2;
  }
}
