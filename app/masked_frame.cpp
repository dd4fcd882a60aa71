#include "app/masked_frame.h"

#include <chrono>

#include "app/dumped_frame.h"
#include "app/open_dataset.h"
#include "core/error.h"
#include "kernels/budget_trace.h"

namespace maskscope {
namespace {

// Masks frame.sample with frame.scheme.
void mask_frame(const Document& document, const MaskingRun& run, MaskedFrame& frame) {
  frame.random = document.random;
  frame.seed = document.seed;
  frame.sample_index = draw_number(document);
  const MaskingPlan plan = make_plan(frame.scheme, frame.vocabulary);
  const PackedSamples packed = pack_samples(plan, {&frame.sample, 1});
  const auto start = std::chrono::steady_clock::now();
  if (frame.random == RandomSource::torch) {
    frame.torch.emplace();
    if (frame.inputs && frame.inputs->loaded && frame.inputs->loaded->generators) {
      TorchGenerators generators = *frame.inputs->loaded->generators;  // the loader's transforms have drawn from them
      mask_with_torch_generators(plan, packed, generators, frame.sample_index, frame.batch, &*frame.torch);
    } else {
      mask_with_torch_generators(plan, packed, {frame.seed, frame.sample_index, 1}, frame.batch, &*frame.torch);
    }
  } else {
    run(plan, packed, {frame.seed, frame.sample_index, 1}, frame.batch);
  }
  frame.compute_us = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
  frame.drawn_budgets = frame.torch ? std::move(frame.torch->budgets) : trace_budgets(plan, {frame.seed, frame.sample_index});
  frame.conclude();
}

}  // namespace

MaskedFrame mask_inputs(const Document& document, const std::shared_ptr<const Inputs>& inputs, const MaskingRun& run) {
  if (document.inputs.picture == PictureSource::dump) {
    // Nothing of the document's scheme matters: the seed alone names the decoder's order.
    DumpView how;
    how.seed = document.seed;
    how.vocabulary = inputs->tokenizer->vocabulary();
    MaskedFrame dumped = make_dumped_frame(*inputs->dump, document.inputs.dump.sample, how).frame;
    dumped.inputs = inputs;
    return dumped;
  }
  MaskedFrame frame;
  frame.inputs = inputs;
  frame.scheme = with_content(document.scheme, *inputs, document.disabled);
  if (document.random == RandomSource::torch) {
    // What only other data sets of the mixture have is no part of this one's draws: the streams must not see it.
    std::erase_if(frame.scheme.modalities, [](const SchemeModality& entry) { return !entry.is_in_domain && !entry.is_out_domain; });
  }
  if (frame.scheme.modalities.empty()) {
    throw Error(
        "No modality is left: the scheme and the inputs have none in common, or all are switched off. "
        "Choose another preset, open an image or a text, or switch a modality on.");
  }
  // The reference's loaders use the weights with shards only, and not for validation.
  const bool has_weights = !inputs->dataset || (inputs->dataset->layout() == DatasetLayout::shards && !document.inputs.dataset.is_validation);
  if (!has_weights) frame.scheme.sampling_weights.clear();
  frame.vocabulary = inputs->tokenizer->vocabulary();
  frame.sample = make_sample(*inputs, frame.scheme);
  mask_frame(document, run, frame);
  return frame;
}

MaskedFrame mask_tokens(const Document& document, const NamedTokens& tokens, const std::string& key,
                        const SequenceVocabulary& vocabulary, const MaskingRun& run) {
  MaskedFrame frame;
  frame.scheme = document.scheme;
  frame.vocabulary = vocabulary;
  frame.sample.key = key;
  frame.sample.modalities.resize(frame.scheme.modalities.size());
  for (const auto& [name, ids] : tokens) {
    const int at = frame.scheme.find(name);
    if (at < 0) {
      throw Error(cat(key, ", modality ", name, ": the scheme ", frame.scheme.name,
                      " has no modality of this name. Choose another scheme, or take it out."));
    }
    frame.sample.modalities[static_cast<std::size_t>(at)] = ids;
  }
  mask_frame(document, run, frame);
  return frame;
}

}  // namespace maskscope
