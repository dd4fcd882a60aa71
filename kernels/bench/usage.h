// How a scheme uses the slots of encoder and decoder, and what becomes of the rest: averages over many draws.
// docs/presets.md explains the columns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/sample.h"
#include "core/scheme.h"
#include "kernels/bench/layouts.h"

namespace maskscope {

constexpr int usage_draws = 20000;  // samples per figure

// Averages per sample, in tokens. asked = clamped + unreachable + short_text + other_side + gap + shift + beyond + used, and
// slots = used + ignored.
struct SideUsage {
  double slots = 0;        // N or M, or all that the scheme's modalities can fill, if fewer
  double asked = 0;        // the total that was drawn
  double clamped = 0;      // of a budget above what its modality has (left)
  double unreachable = 0;  // written for modalities that do not reach this side of the model, rows as targets included
  double short_text = 0;   // budget beyond all that the text could fill
  double other_side = 0;   // budget that the text could fill, had not more of it been masked (encoder) or shown (decoder)
  double gap = 0;          // decoder: budget left over by a target that was cut, which begins at a sentinel
  double shift = 0;        // decoder: the first token of every text's target is only read, never predicted
  double beyond = 0;       // used, but beyond the slots
  double used = 0;
  double ignored = 0;   // slots without a token
  double cut_away = 0;  // decoder: tokens of targets that did not fit their budget, where there is one; not in the sums
};

struct SlotUsage {
  SideUsage encoder, decoder;
};

// Over num_draws samples of the CPU backend; sample after sample in turn, each with all modalities present.
// The same figures on every machine. Throws Error for schemes that make_plan refuses.
SlotUsage measure_usage(const Scheme& scheme, const std::vector<Sample>& samples, int num_draws, std::uint64_t seed);

// One row of the tables below, for a preset.
struct UsageRows {
  std::string encoder, decoder;
};
UsageRows usage_rows(std::string_view preset, TextLength length, int num_draws);

// The tables of docs/presets.md in Markdown: all presets, typical and full texts.
std::string usage_tables(int num_draws);

}  // namespace maskscope
