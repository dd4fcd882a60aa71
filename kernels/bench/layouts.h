// The layouts that speed is measured on: official mixtures of 4M at 224 / 16.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/sample.h"
#include "core/scheme.h"
#include "kernels/backend.h"

namespace maskscope {

struct BenchLayout {
  std::string name;   // in the names of benchmarks: "4m-7-128"
  std::string title;  // for people: "4M-7, 128 input and 128 target tokens"
  Scheme scheme;
  std::vector<Sample> samples;  // row i of a batch masks sample i modulo their number
  // One core, all stages without embeddings, as a multiple of sorting 196 u64: what is aimed at. Twice that is too much.
  double sort_ratio_goal = 0;
  std::string checksum;  // of the masks for checksum_draws (kernels/bench/checksum.h), as the tests' oracle computes them
};

// 4m-7-128, 4m-7-256 and 4m-21-256.
const std::vector<BenchLayout>& bench_layouts();
// Throws Error listing the names for any other.
const BenchLayout& bench_layout(std::string_view name);

constexpr DrawRange checksum_draws{.seed = 7, .first_sample = 0, .batch_size = 64};

}  // namespace maskscope
