#include "kernels/bench/stage_bench.h"

#include <cstddef>

#include "core/draw.h"
#include "core/error.h"
#include "kernels/bench/harness.h"
#include "kernels/cpu_clones.h"
#include "kernels/serial_draws.h"

namespace maskscope {
namespace {

// A sample of the pass, as the stages take it.
struct Row {
  PlanView plan;
  SampleTokens tokens;
  Scratch scratch;
  SampleRow out;
  SampleDraws draws;
};

MASKSCOPE_CPU_CLONES
void run_budgets(SerialGroup& group, const Row& row) {
  const SerialDraws draws(row.draws);
  budget_stage(group, draws, row.plan, row.scratch, row.out);
}

MASKSCOPE_CPU_CLONES
void run_masks(SerialGroup& group, const Row& row, bool is_image) {
  const SerialDraws draws(row.draws);
  for (std::int32_t m = 0; m < row.plan.num_modalities(); ++m) {
    if ((row.plan.modalities[m].kind == ModalityKind::img) != is_image) continue;
    const SampleError error = mask_modality(group, draws, row.plan, row.tokens, row.scratch, row.out, *row.out.component, m);
    if (error.error != SpanError::none) throw Error("A bench layout cannot be masked. Report this as a fault of the program.");
  }
}

MASKSCOPE_CPU_CLONES
void run_selection(SerialGroup& group, const Row& row) {
  const SerialDraws draws(row.draws);
  select_encoder(group, row.plan, row.out);
  select_decoder(group, draws, row.plan, row.scratch, row.out);
}

}  // namespace

std::string_view to_string(BenchStage stage) {
  switch (stage) {
    case BenchStage::budgets: return "budgets";
    case BenchStage::image_masks: return "image-masks";
    case BenchStage::sequence_masks: return "sequence-masks";
    case BenchStage::selection: return "selection";
  }
  return "";
}

StageBench::StageBench(const BenchLayout& layout)
    : plan_(make_plan(layout.scheme, default_vocabulary())),
      packed_(pack_samples(plan_, view_of(layout.samples))),
      view_(plan_view(plan_)),
      scratch_(scratch_sizes(plan_, packed_)) {
  rows_.resize(plan_.scheme, pass_samples);
}

void StageBench::run(BenchStage stage) {
  const RowShape shape = row_shape(rows_);
  const SampleRow first = first_row(rows_);
  for (std::ptrdiff_t i = 0; i < pass_samples; ++i) {
    const Row row{view_,
                  tokens_of(packed_, i % packed_.count),
                  scratch_.get(),
                  row_of(first, shape, static_cast<std::size_t>(i)),
                  {seed_, static_cast<std::uint64_t>(i)}};
    switch (stage) {
      case BenchStage::budgets: run_budgets(group_, row); break;
      case BenchStage::image_masks: run_masks(group_, row, true); break;
      case BenchStage::sequence_masks: run_masks(group_, row, false); break;
      case BenchStage::selection: run_selection(group_, row); break;
    }
  }
}

double StageBench::pass_seconds(BenchStage stage) {
  ++seed_;
  for (const BenchStage earlier : bench_stages) {
    if (earlier == stage) break;
    run(earlier);
  }
  return seconds_of(BenchClock::cpu, [&] { run(stage); });
}

}  // namespace maskscope
