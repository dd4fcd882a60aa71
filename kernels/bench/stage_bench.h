// The stages of one layout, each timed alone, on one CPU core.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/bench/layouts.h"
#include "kernels/host_scratch.h"
#include "kernels/plan.h"
#include "kernels/serial_group.h"
#include "kernels/stages/mask_sample.h"

namespace maskscope {

enum class BenchStage { budgets, image_masks, sequence_masks, selection };
constexpr BenchStage bench_stages[] = {BenchStage::budgets, BenchStage::image_masks, BenchStage::sequence_masks,
                                       BenchStage::selection};
std::string_view to_string(BenchStage stage);  // "budgets", "image-masks", "sequence-masks", "selection"

class StageBench {
 public:
  // Samples per pass: few, so that their rows stay in the cache from stage to stage, as in a whole run. Enough for the clock.
  static constexpr int pass_samples = 16;

  explicit StageBench(const BenchLayout& layout);
  StageBench(const StageBench&) = delete;
  StageBench& operator=(const StageBench&) = delete;

  // Seconds that the stage takes for pass_samples samples with draws never used before. The stages before it are run
  // first and do not count.
  double pass_seconds(BenchStage stage);

 private:
  void run(BenchStage stage);

  MaskingPlan plan_;
  PackedSamples packed_;
  PlanView view_;
  MaskedBatch rows_;
  HostScratch scratch_;
  SerialGroup group_;
  std::uint64_t seed_ = 0;
};

}  // namespace maskscope
