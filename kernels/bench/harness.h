// Google Benchmark behind a small door: it chooses the number of passes and repetitions, we keep the times by name.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace maskscope {

// Seconds per item. Whatever else runs on the machine only adds time, so the fastest repetition says most about the code.
struct Timing {
  double fastest_s = 0;
  double median_s = 0;  // of the repetitions
};

class Harness {
 public:
  // filter: a regular expression, searched in the names; empty: everything. min_time_s: least time per repetition, > 0.
  Harness(std::string filter, double min_time_s);

  bool wants(const std::string& name) const;

  // pass does some work on `items` items and returns the seconds it took. Not called before run.
  void add(const std::string& name, double items, std::function<double()> pass);

  // Runs what was added since the last run and is wanted. Several repetitions come in random order, so that all of them
  // see the same machine.
  void run(int repetitions);

  // Nothing when the filter left the name out.
  std::optional<Timing> timing(const std::string& name) const;
  std::size_t num_timings() const { return timings_.size(); }

 private:
  struct Entry {
    std::string name;
    double items = 1;
    std::function<double()> pass;
  };

  std::string filter_;
  double min_time_s_;
  std::vector<Entry> waiting_;
  std::map<std::string, Timing> timings_;
};

enum class BenchClock {
  cpu,   // processor time of the whole process: for work on one core, not disturbed by other programs' turns on it
  wall,  // for several threads and for GPUs
};

double seconds_now(BenchClock clock);

// Seconds that function() takes. The processor's clock costs about a microsecond to read: give it some work.
template <class Function>
double seconds_of(BenchClock clock, Function&& function) {
  const double start = seconds_now(clock);
  function();
  return seconds_now(clock) - start;
}

}  // namespace maskscope
