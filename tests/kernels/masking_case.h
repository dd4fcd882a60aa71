// A scheme with a few samples and the draws to mask them with, and the memory in which a group of threads does so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/draw.h"
#include "core/masked_batch.h"
#include "core/sample.h"
#include "core/scheme.h"
#include "kernels/backend.h"
#include "kernels/host_scratch.h"
#include "kernels/philox_draws.h"
#include "kernels/plan.h"
#include "kernels/stages/mask_sample.h"
#include "tests/kernels/barrier_group.h"
#include "tests/kernels/random_scheme.h"

namespace maskscope {

struct Case {
  Scheme scheme;
  SequenceVocabulary vocabulary = default_vocabulary();
  std::vector<Sample> samples;
  DrawRange draws;
};

inline Case random_case(std::uint32_t seed) {
  RandomScheme random(seed);
  Case result;
  result.scheme = random.scheme();
  for (int i = random.between(1, 3); i > 0; --i) {
    result.samples.push_back(random.sample(result.scheme, result.vocabulary));
  }
  result.draws = {seed * 0x9E3779B97F4A7C15ULL, random.one_in(2) ? 0u : (std::uint64_t{1} << 33) + seed,
                  random.between(1, 5)};
  return result;
}

// What mask_sample and the stages in it are called with, for one sample.
struct SampleArguments {
  PhiloxDraws draws;
  PlanView plan;
  SampleTokens tokens;
  Scratch scratch;
  SampleRow out;
};

// The plan, the packed samples, the scratch and the results of one case, for one group at a time.
class CaseMemory {
 public:
  explicit CaseMemory(const Case& input)
      : plan_(make_plan(input.scheme, input.vocabulary)),
        packed_(pack_samples(plan_, view_of(input.samples))),
        draws_(input.draws),
        scratch_(scratch_sizes(plan_, packed_)) {
    masks_.resize(plan_.scheme, draws_.batch_size);
  }

  const MaskedBatch& masks() const { return masks_; }
  std::size_t num_rows() const { return static_cast<std::size_t>(draws_.batch_size); }

  SampleArguments arguments(std::size_t row) {
    const auto sample = static_cast<std::ptrdiff_t>(row % static_cast<std::size_t>(packed_.count));
    return {PhiloxDraws(SampleDraws{draws_.seed, draws_.first_sample + row}), plan_view(plan_),
            tokens_of(packed_, sample), scratch_.get(), row_of(first_row(masks_), row_shape(masks_), row)};
  }

 private:
  MaskingPlan plan_;
  PackedSamples packed_;
  DrawRange draws_;
  MaskedBatch masks_;
  HostScratch scratch_;
};

// Every sample of the case, one after the other, by all threads of the group.
template <Group G>
void mask_case(G& group, CaseMemory& memory) {
  for (std::size_t row = 0; row < memory.num_rows(); ++row) {
    const SampleArguments sample = memory.arguments(row);
    mask_sample(group, sample.draws, sample.plan, sample.tokens, sample.scratch, sample.out);
  }
}

}  // namespace maskscope
