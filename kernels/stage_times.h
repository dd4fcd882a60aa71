// What each stage of the masking core costs on one CPU core, for `maskscope bench`.
#pragma once

#include <string>
#include <vector>

namespace maskscope {

struct StageTime {
  std::string name;           // "budgets", "image masks", "span masks", "selection"
  double us_per_sample = 0;   // mean over the samples
};

// Runs every stage alone over num_samples (>= 1) samples of the bench layout, with fresh draws for each.
std::vector<StageTime> measure_stage_times(int num_samples);

}  // namespace maskscope
