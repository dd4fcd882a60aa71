// The masking of rows of a batch on a device, in three steps, each a launch of its own: a step's code and registers are
// fewer than those of the whole, so more groups of threads run at once, and the modalities of a sample are masked side by
// side. The bits are those of mask_sample. All pointers are into the device's memory.
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
#include "kernels/stages/tally.h"

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
  SpanError* errors = nullptr;  // (num_rows, K)
  ScratchSizes scratch_sizes;
  std::byte* scratch = nullptr;  // Device::scratch_bytes(scratch_sizes) bytes
  TallyView tally;  // where TallyStep counts

  MASKSCOPE_HD PhiloxDraws draws(std::int32_t row) const {
    return PhiloxDraws(SampleDraws{first_draws.seed, first_draws.sample + static_cast<std::uint64_t>(row)});
  }
  MASKSCOPE_HD SampleRow row_at(std::int32_t row) const { return row_of(rows, shape, static_cast<std::size_t>(row)); }
};

// A step: how many items it has, each worked on by one group in any order; which parts of the scratch it uses; and the work.
// An item may read what earlier steps wrote, and nothing that its own step writes for other items.
struct BudgetStep {
  static std::int64_t num_items(const MaskingLaunch& launch) { return launch.num_rows; }
  MASKSCOPE_HD static ScratchSizes scratch_sizes(const ScratchSizes& all) {
    return {.dirichlet_vectors = all.dirichlet_vectors, .num_modalities = all.num_modalities};
  }
  template <Group G>
  MASKSCOPE_HD static void run(G& group, const MaskingLaunch& launch, std::int64_t item, const Scratch& scratch) {
    const auto row = static_cast<std::int32_t>(item);
    const PhiloxDraws draws = launch.draws(row);
    budget_stage(group, draws, launch.plan, scratch, launch.row_at(row));
  }
};

struct ContentMaskStep {
  static std::int64_t num_items(const MaskingLaunch& launch) {
    return std::int64_t{launch.num_rows} * launch.shape.num_modalities;
  }
  MASKSCOPE_HD static ScratchSizes scratch_sizes(const ScratchSizes& all) {
    return {.noise = all.noise, .span_units = all.span_units};
  }
  template <Group G>
  MASKSCOPE_HD static void run(G& group, const MaskingLaunch& launch, std::int64_t item, const Scratch& scratch) {
    const std::int32_t num_modalities = launch.shape.num_modalities;
    const auto row = static_cast<std::int32_t>(item / num_modalities), m = static_cast<std::int32_t>(item % num_modalities);
    const std::uint64_t number = launch.first_row + static_cast<std::uint64_t>(row);
    const auto sample = static_cast<std::ptrdiff_t>(number % static_cast<std::uint64_t>(launch.num_samples));
    const SampleTokens tokens = tokens_of(launch.samples, sample, launch.tokens_per_sample, num_modalities);
    const PhiloxDraws draws = launch.draws(row);
    const SampleRow out = launch.row_at(row);
    const SampleError error = mask_modality(group, draws, launch.plan, tokens, scratch, out, *out.component, m);
    group.once([&] { launch.errors[item] = error.error; });
  }
};

// Also of rows with an error: their masks are whole, only not those that were asked for.
struct SelectionStep {
  static std::int64_t num_items(const MaskingLaunch& launch) { return launch.num_rows; }
  MASKSCOPE_HD static ScratchSizes scratch_sizes(const ScratchSizes& all) {
    return {.dirichlet_vectors = 0, .num_modalities = all.num_modalities};
  }
  template <Group G>
  MASKSCOPE_HD static void run(G& group, const MaskingLaunch& launch, std::int64_t item, const Scratch& scratch) {
    const auto row = static_cast<std::int32_t>(item);
    const PhiloxDraws draws = launch.draws(row);
    const SampleRow out = launch.row_at(row);
    select_encoder(group, launch.plan, out);
    select_decoder(group, draws, launch.plan, scratch, out);
  }
};

// Counts the masks of rows without an error: those of others are not whole. Groups share the counts, so Add says how to add.
template <class Add>
struct TallyStep {
  static std::int64_t num_items(const MaskingLaunch& launch) { return launch.num_rows; }
  MASKSCOPE_HD static ScratchSizes scratch_sizes(const ScratchSizes&) { return {.dirichlet_vectors = 0}; }
  template <Group G>
  MASKSCOPE_HD static void run(G& group, const MaskingLaunch& launch, std::int64_t item, const Scratch&) {
    const std::int32_t num_modalities = launch.shape.num_modalities;
    const SpanError* const errors = launch.errors + item * num_modalities;
    if (group.find_first(num_modalities, [=](std::int32_t m) { return errors[m] != SpanError::none; }) < num_modalities) return;
    tally_sample(group, launch.plan, launch.row_at(static_cast<std::int32_t>(item)), launch.tally, Add{});
  }
};

// Bytes of scratch that one group needs for a step; memory aligned to 8 bytes.
template <class Step>
MASKSCOPE_HD std::size_t carve_step_scratch(const ScratchSizes& all, std::byte* memory, Scratch& scratch) {
  return carve_scratch(Step::scratch_sizes(all), memory, scratch);
}

}  // namespace maskscope
