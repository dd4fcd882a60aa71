// The layout that speed is measured on: 4M-7 at 224 / 16.
#pragma once

#include <vector>

#include "core/sample.h"
#include "core/scheme.h"

namespace maskscope {

// Six grids of 196 tokens and two texts, 128 input and 128 target tokens sampled. Alphas of 0.5 on both sides, as in the
// all-to-all files of 4M-7: such gamma variates cost the most.
Scheme bench_scheme();

// One sample for it: ids for every cell, texts of 40 tokens, [EOS] included.
Sample bench_sample();

}  // namespace maskscope
