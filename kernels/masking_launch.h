// One launch of the masking on a device: rows of a batch, each masked by one group of threads. All pointers are into the
// device's memory.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/draw.h"
#include "kernels/group.h"
#include "kernels/philox_draws.h"
#include "kernels/stages/mask_sample.h"
#include "kernels/stages/plan_view.h"
#include "kernels/stages/sample_row.h"
#include "kernels/stages/scratch.h"

namespace maskscope {

struct MaskingLaunch {
  PlanView plan;
  SampleTokens samples;  // of all samples
  std::int32_t num_samples = 0;
  std::int32_t tokens_per_sample = 0;
  SampleDraws first_draws;      // of row 0
  std::uint64_t first_row = 0;  // row 0's number in the whole batch: it decides which sample is masked
  std::int32_t num_rows = 0;
  SampleRow rows{};  // row 0
  RowShape shape;
  SampleError* errors = nullptr;  // (num_rows)
  ScratchSizes scratch_sizes;
  std::byte* scratch = nullptr;  // Device::scratch_bytes(scratch_sizes) bytes
};

// What one group does: row number row, 0 .. num_rows - 1.
template <Group G>
MASKSCOPE_HD void mask_row(G& group, const MaskingLaunch& launch, std::int32_t row, const Scratch& scratch) {
  const std::uint64_t number = launch.first_row + static_cast<std::uint64_t>(row);
  const auto sample = static_cast<std::ptrdiff_t>(number % static_cast<std::uint64_t>(launch.num_samples));
  const SampleTokens tokens =
      tokens_of(launch.samples, sample, launch.tokens_per_sample, launch.plan.num_modalities());
  const PhiloxDraws draws(
      SampleDraws{launch.first_draws.seed, launch.first_draws.sample + static_cast<std::uint64_t>(row)});
  const SampleError error = mask_sample(group, draws, launch.plan, tokens, scratch,
                                        row_of(launch.rows, launch.shape, static_cast<std::size_t>(row)));
  group.once([&] { launch.errors[row] = error; });
}

}  // namespace maskscope
