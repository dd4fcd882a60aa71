// The stages of masking, in the order of the pipeline, as functions that a test can call one by one with any group.
#pragma once

#include <cstdint>
#include <tuple>

#include "core/modality.h"
#include "kernels/stages/budget.h"
#include "kernels/stages/mask_sample.h"
#include "kernels/stages/select.h"
#include "tests/kernels/masking_case.h"

namespace maskscope {

template <class Run>
struct Stage {
  const char* name;
  Run run;  // run(group, sample): called by all threads of the group, writes to sample.out
};

template <class G>
void mask_modalities_of(ModalityKind kind, G& group, const SampleArguments& s) {
  for (std::int32_t m = 0; m < s.plan.num_modalities(); ++m) {
    if (s.plan.modalities[m].kind != kind) continue;
    mask_modality(group, s.draws, s.plan, s.tokens, s.scratch, s.out, *s.out.component, m);
  }
}

// A new stage is a new entry: the test runs it by a team and by one thread on what the entries before it have left,
// and compares the batches. (One that writes elsewhere needs that memory in CaseMemory, and in the comparison.)
constexpr std::tuple stages{
    Stage{"budget", [](auto& group, const SampleArguments& s) { budget_stage(group, s.draws, s.plan, s.scratch, s.out); }},
    Stage{"grids", [](auto& group, const SampleArguments& s) { mask_modalities_of(ModalityKind::img, group, s); }},
    Stage{"texts", [](auto& group, const SampleArguments& s) { mask_modalities_of(ModalityKind::seq, group, s); }},
    Stage{"token sequences",
          [](auto& group, const SampleArguments& s) { mask_modalities_of(ModalityKind::seq_token, group, s); }},
    Stage{"rows", [](auto& group, const SampleArguments& s) { mask_modalities_of(ModalityKind::seq_emb, group, s); }},
    Stage{"select_encoder", [](auto& group, const SampleArguments& s) { select_encoder(group, s.plan, s.scratch, s.out); }},
    Stage{"select_decoder",
          [](auto& group, const SampleArguments& s) { select_decoder(group, s.draws, s.plan, s.scratch, s.out); }},
};

}  // namespace maskscope
