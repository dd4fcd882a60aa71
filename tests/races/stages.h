// The stages of masking, in the order of the pipeline, as functions that a test can call one by one with any group.
#pragma once

#include <cstdint>
#include <tuple>

#include "core/modality.h"
#include "kernels/stages/budget.h"
#include "kernels/stages/mask_sample.h"
#include "kernels/stages/select.h"
#include "kernels/stages/tally.h"
#include "kernels/tally_view.h"
#include "tests/kernels/masking_case.h"
#include "tests/races/model_inputs.h"

namespace maskscope {

// What the stages of a case's first sample read and write: what a stage writes is compared.
class StageMemory {
 public:
  explicit StageMemory(const Case& input)
      : memory_(input), sample_(memory_.arguments(0)), model_(sample_.plan), counts_(shape_of(input)) {}
  const SampleArguments& sample() const { return sample_; }
  ModelInputs& model() { return model_; }
  Tally& counts() { return counts_; }
  bool operator==(const StageMemory& other) const {
    return memory_.masks() == other.memory_.masks() && model_ == other.model_ && counts_ == other.counts_;
  }

 private:
  static TallyShape shape_of(const Case& input) {
    const MaskingPlan plan = make_plan(input.scheme, input.vocabulary);
    return tally_shape(plan, pack_samples(plan, view_of(input.samples)));
  }

  CaseMemory memory_;
  SampleArguments sample_;  // points into the memory
  ModelInputs model_;
  Tally counts_;
};

template <class Run>
struct Stage {
  const char* name;
  Run run;  // run(group, memory): called by all threads of the group
};
template <class Run>
Stage(const char*, Run) -> Stage<Run>;  // Clang 14 does not find it by itself

template <class G>
void mask_modalities_of(ModalityKind kind, G& group, const SampleArguments& s) {
  for (std::int32_t m = 0; m < s.plan.num_modalities(); ++m) {
    if (s.plan.modalities[m].kind != kind) continue;
    mask_modality(group, s.draws, s.plan, s.tokens, s.scratch, s.out, *s.out.component, m);
  }
}

// A new stage is a new entry: the test runs it by a team and by one thread on what the entries before it have left,
// and compares the memories.
constexpr std::tuple stages{
    Stage{"budget",
          [](auto& group, StageMemory& memory) {
            const SampleArguments& s = memory.sample();
            budget_stage(group, s.draws, s.plan, s.scratch, s.out);
          }},
    Stage{"grids", [](auto& group, StageMemory& memory) { mask_modalities_of(ModalityKind::img, group, memory.sample()); }},
    Stage{"texts", [](auto& group, StageMemory& memory) { mask_modalities_of(ModalityKind::seq, group, memory.sample()); }},
    Stage{"token_sequences",
          [](auto& group, StageMemory& memory) { mask_modalities_of(ModalityKind::seq_token, group, memory.sample()); }},
    Stage{"rows", [](auto& group, StageMemory& memory) { mask_modalities_of(ModalityKind::seq_emb, group, memory.sample()); }},
    Stage{"select_encoder",
          [](auto& group, StageMemory& memory) {
            const SampleArguments& s = memory.sample();
            select_encoder(group, s.plan, s.out);
          }},
    Stage{"select_decoder",
          [](auto& group, StageMemory& memory) {
            const SampleArguments& s = memory.sample();
            select_decoder(group, s.draws, s.plan, s.scratch, s.out);
          }},
    Stage{"attention", [](auto& group, StageMemory& memory) { memory.model().attention(group, memory.sample().out); }},
    Stage{"positions", [](auto& group, StageMemory& memory) { memory.model().positions(group, memory.sample().out); }},
    Stage{"slot_rows", [](auto& group, StageMemory& memory) { memory.model().slot_rows(group, memory.sample().out); }},
    Stage{"vectors", [](auto& group, StageMemory& memory) { memory.model().vectors(group); }},
    Stage{"tally",
          [](auto& group, StageMemory& memory) {
            const SampleArguments& s = memory.sample();
            tally_sample(group, s.plan, s.out, tally_view(memory.counts()), AddAlone{});
          }},
};

}  // namespace maskscope
