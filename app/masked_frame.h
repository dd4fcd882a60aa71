// One sample masked: all that a panel, a command or a test needs to know about it. Recomputed, never edited. Whoever fills one in
// calls conclude() at the end.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "app/document.h"
#include "core/data/token_file.h"
#include "core/passport.h"
#include "core/problems.h"
#include "core/waterfall.h"
#include "kernels/backend.h"
#include "kernels/torch_masking.h"

namespace maskscope {

struct MaskedFrame {
  std::shared_ptr<const Inputs> inputs;  // null where token ids were given instead of pictures and texts
  Scheme scheme;
  SequenceVocabulary vocabulary;
  Sample sample;
  MaskedBatch batch;  // of one
  RandomSource random = RandomSource::named;
  std::uint64_t seed = 0;
  std::uint64_t sample_index = 0;
  std::optional<TorchTrace> torch;  // the draws, when they came from PyTorch's generators
  std::optional<DrawnBudgets> drawn_budgets;  // before the clamp; absent: masks from a file
  bool are_draws_known = true;      // false: masks from a file (app/dumped_frame.h); seed and sample_index name the decoder's order alone
  Waterfall waterfall;              // this and the next: by conclude()
  std::vector<Problem> problems;
  double compute_us = 0.0;  // of the masking core alone, for display

  // What was loaded for a modality of the scheme; nullptr where nothing was: token ids alone, or missing in this sample.
  const ModalityContent* content(int modality) const {
    return inputs ? inputs->find(scheme.modalities[static_cast<std::size_t>(modality)].modality.name) : nullptr;
  }
  // false: this sample lacks the modality, all its slots are masked on both sides.
  bool is_present(int modality) const { return sample.modalities[static_cast<std::size_t>(modality)].is_present; }

  SampleMasks masks() const {
    return {scheme, sample, vocabulary, batch, 0, seed, sample_index, torch ? &torch->noise : nullptr, are_draws_known};
  }
  // What follows from all that is above, counted once for everybody.
  void conclude() {
    waterfall = make_waterfall(masks(), drawn_budgets ? &*drawn_budgets : nullptr);
    problems = find_problems(masks());
  }
};

// What masks with named draws: Backend::run, or something around it.
using MaskingRun = std::function<void(const MaskingPlan&, const PackedSamples&, DrawRange, MaskedBatch&)>;

// The document's scheme, reduced to the modalities these inputs have content for and that are not switched off, masked.
// Throws Error when nothing is left or the scheme cannot be computed.
MaskedFrame mask_inputs(const Document& document, const std::shared_ptr<const Inputs>& inputs, const MaskingRun& run);

// The document's whole scheme on given token ids; modalities that are not named are absent. vocabulary: where sentinels and
// [EOS] are. Throws Error, also for ids of a modality that the scheme does not have.
MaskedFrame mask_tokens(const Document& document, const NamedTokens& tokens, const std::string& key,
                        const SequenceVocabulary& vocabulary, const MaskingRun& run);

}  // namespace maskscope
