#include "kernels/bench/harness.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <regex>

#include "core/error.h"

namespace maskscope {
namespace {

// Seconds per pass of every repetition, by name.
class Collector final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.iterations == 0) continue;
      passes_[run.run_name.function_name].push_back(run.real_accumulated_time / static_cast<double>(run.iterations));
    }
  }

  std::map<std::string, std::vector<double>>& passes() { return passes_; }

 private:
  std::map<std::string, std::vector<double>> passes_;
};

// The library takes this setting from a command line only.
void set_random_interleaving(bool is_wanted) {
  std::string program = "bench", flag = cat("--benchmark_enable_random_interleaving=", is_wanted ? "true" : "false");
  char* arguments[] = {program.data(), flag.data(), nullptr};
  int count = 2;
  benchmark::Initialize(&count, arguments);
}

std::regex compiled(const std::string& filter) {
  try {
    return std::regex(filter, std::regex::extended);
  } catch (const std::regex_error&) {
    throw Error(cat("\"", filter, "\" is no regular expression. Write one, such as \"4m-7.*cpu1\"."));
  }
}

}  // namespace

Harness::Harness(std::string filter, double min_time_s) : filter_(std::move(filter)), min_time_s_(min_time_s) {
  compiled(filter_);
}

bool Harness::wants(const std::string& name) const { return std::regex_search(name, compiled(filter_)); }

void Harness::add(const std::string& name, double items, std::function<double()> pass) {
  if (wants(name)) waiting_.push_back({name, items, std::move(pass)});
}

void Harness::run(int repetitions) {
  if (waiting_.empty()) return;
  set_random_interleaving(repetitions > 1);
  for (const Entry& entry : waiting_) {
    const auto run_passes = [&entry](benchmark::State& state) {
      for ([[maybe_unused]] const auto pass : state) state.SetIterationTime(entry.pass());
    };
    benchmark::RegisterBenchmark(entry.name.c_str(), run_passes)
        ->UseManualTime()
        ->MinTime(min_time_s_)
        ->Repetitions(repetitions);
  }
  Collector collector;
  benchmark::RunSpecifiedBenchmarks(&collector, ".");
  benchmark::ClearRegisteredBenchmarks();
  for (const Entry& entry : waiting_) {
    std::vector<double>& seconds = collector.passes()[entry.name];
    if (seconds.empty()) throw Error(cat("Nothing was measured for ", entry.name, ". Report this as a fault of the program."));
    std::sort(seconds.begin(), seconds.end());
    timings_[entry.name] = {seconds.front() / entry.items, seconds[seconds.size() / 2] / entry.items};
  }
  waiting_.clear();
}

std::optional<Timing> Harness::timing(const std::string& name) const {
  const auto found = timings_.find(name);
  if (found == timings_.end()) return std::nullopt;
  return found->second;
}

double seconds_now(BenchClock clock) {
  if (clock == BenchClock::wall) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }
  std::timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace maskscope
