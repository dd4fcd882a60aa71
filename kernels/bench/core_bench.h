// Measures the core on every backend that is present.
#pragma once

#include <string>

#include "kernels/bench/report.h"

namespace maskscope {

struct CoreBenchOptions {
  std::string filter;         // regular expression, searched in the names of benchmarks; empty: all
  double min_time_s = 0.05;    // least time per benchmark, > 0
  int most_batch_samples = 65536;
  bool has_timings = true;    // false: checksums only
};

// Names: "sort", "copy", "memory", LAYOUT/STAGE/cpu1, LAYOUT/gather-fp32/cpu1 (or bf16), LAYOUT/all/BACKEND/BATCH, LAYOUT/device/BATCH.
// Throws Error when the filter is no regular expression or fits no name, and when a backend fails.
BenchReport measure_core(const CoreBenchOptions& options);

}  // namespace maskscope
