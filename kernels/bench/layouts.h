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

// How long the texts and rows of made-up samples are.
enum class TextLength {
  typical,  // of the reference's data, [EOS] included: caption 40, det 40, metadata 13, human_poses 120, color_palette 15,
            // sam_instance 60 tokens, t5_caption 20 rows
  full,     // as long as max_tokens allows
};
// Sixteen samples with all modalities of the scheme, no two alike. Throws Error for sequences that 4M doesn't have.
std::vector<Sample> made_up_samples(const Scheme& scheme, TextLength length);

// 4m-7-128, 4m-7-256 and 4m-21-256.
const std::vector<BenchLayout>& bench_layouts();
// Throws Error listing the names for any other.
const BenchLayout& bench_layout(std::string_view name);

constexpr DrawRange checksum_draws{.seed = 7, .first_sample = 0, .batch_size = 64};

}  // namespace maskscope
