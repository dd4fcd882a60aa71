#include "kernels/stage_times.h"

#include <chrono>
#include <cstddef>

#include "core/draw.h"
#include "core/error.h"
#include "kernels/backend.h"
#include "kernels/bench_layout.h"
#include "kernels/cpu_clones.h"
#include "kernels/philox_draws.h"
#include "kernels/serial_group.h"
#include "kernels/stages/mask_sample.h"

namespace maskscope {
namespace {

// One sample's arrays with everything the stages need; every function below runs one stage num_samples times.
struct Bench {
  PlanView plan;
  SampleTokens tokens;
  Scratch scratch;
  SampleRow row;
  SerialGroup group;

  static PhiloxDraws draws(int sample) { return PhiloxDraws(SampleDraws{11, static_cast<std::uint64_t>(sample)}); }
};

MASKSCOPE_CPU_CLONES
void run_budgets(Bench& bench, int num_samples) {
  for (int i = 0; i < num_samples; ++i) {
    const PhiloxDraws draws = Bench::draws(i);
    budget_stage(bench.group, draws, bench.plan, bench.scratch, bench.row);
  }
}

// The budgets are drawn too: without them the masks would all be of one size. Their own time is taken off later.
MASKSCOPE_CPU_CLONES
void run_budgets_and_masks(Bench& bench, int num_samples, ModalityKind kind) {
  for (int i = 0; i < num_samples; ++i) {
    const PhiloxDraws draws = Bench::draws(i);
    const std::int32_t component = budget_stage(bench.group, draws, bench.plan, bench.scratch, bench.row);
    for (std::int32_t m = 0; m < bench.plan.num_modalities(); ++m) {
      if (bench.plan.modalities[m].kind != kind) continue;
      const SampleError error = mask_modality(bench.group, draws, bench.plan, bench.tokens, bench.scratch, bench.row, component, m);
      if (error.error != SpanError::none) throw Error("bench: the bench layout needs more sentinels than there are.");
    }
  }
}

MASKSCOPE_CPU_CLONES
void run_selection(Bench& bench, int num_samples) {
  for (int i = 0; i < num_samples; ++i) {
    const PhiloxDraws draws = Bench::draws(i);
    select_encoder(bench.group, bench.plan, bench.scratch, bench.row);
    select_decoder(bench.group, draws, bench.plan, bench.scratch, bench.row);
  }
}

template <class Function>
double us_per_sample(int num_samples, Function function) {
  const auto start = std::chrono::steady_clock::now();
  function();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count() / num_samples;
}

}  // namespace

std::vector<StageTime> measure_stage_times(int num_samples) {
  const MaskingPlan plan = make_plan(bench_scheme(), default_vocabulary());
  const Sample sample = bench_sample();
  const PackedSamples packed = pack_samples(plan, {&sample, 1});
  MaskedBatch batch;
  batch.resize(plan.scheme, 1);
  Bench bench{plan_view(plan), all_tokens(packed), {}, first_row(batch), {}};
  const ScratchSizes sizes = scratch_sizes(plan, packed);
  std::vector<double> memory(carve_scratch(sizes, nullptr, bench.scratch) / sizeof(double));
  carve_scratch(sizes, reinterpret_cast<std::byte*>(memory.data()), bench.scratch);

  run_budgets_and_masks(bench, 1, ModalityKind::img);  // also leaves whole masks for the selection
  run_budgets_and_masks(bench, 1, ModalityKind::seq);
  const double selection = us_per_sample(num_samples, [&] { run_selection(bench, num_samples); });
  const double budgets = us_per_sample(num_samples, [&] { run_budgets(bench, num_samples); });
  const double images = us_per_sample(num_samples, [&] { run_budgets_and_masks(bench, num_samples, ModalityKind::img); });
  const double spans = us_per_sample(num_samples, [&] { run_budgets_and_masks(bench, num_samples, ModalityKind::seq); });
  return {{"budgets", budgets}, {"image masks", images - budgets}, {"span masks", spans - budgets}, {"selection", selection}};
}

}  // namespace maskscope
