#include "kernels/plan.h"

#include <algorithm>

#include "core/error.h"
#include "kernels/stages/plan_view.h"
#include "kernels/stages/sample_row.h"
#include "kernels/stages/scratch.h"

namespace maskscope {
namespace {

constexpr double smallest_alpha = 1e-9;
constexpr std::size_t max_sentinels = 1 << 16;

ModalityPlan plan_modality(const SchemeModality& entry, const MaskingPlan& plan) {
  const Modality& modality = entry.modality;
  ModalityPlan result{};
  result.kind = modality.kind;
  result.id = modality.id;
  result.min_tokens = modality.min_tokens;
  result.max_tokens = modality.max_tokens;
  result.num_slots = modality.num_slots();
  result.slot_offset = plan.num_slots;
  result.token_offset = plan.packed_tokens;
  result.encoder_offset = entry.reaches_encoder() ? plan.encoder_concat_slots : -1;
  result.reaches_decoder = entry.reaches_decoder();
  result.direct_encoder_tokens = entry.direct_encoder_tokens;
  result.direct_decoder_tokens = entry.direct_decoder_tokens;
  return result;
}

// Says which sample and modality the message is about.
template <class... Parts>
[[noreturn]] void refuse(const Sample& sample, const Modality& modality, const Parts&... parts) {
  throw Error(cat("Sample \"", sample.key, "\", modality ", modality.name, ": ", parts...));
}

void check_id(const Sample& sample, const Modality& modality, std::size_t position, std::int32_t id) {
  const bool is_unknown = modality.kind == ModalityKind::img && id == unknown_token_id;
  if (is_unknown || (id >= 0 && (modality.vocab_size == 0 || id < modality.vocab_size))) return;
  if (modality.vocab_size == 0) {
    refuse(sample, modality, "the token id at position ", position, " is ", id,
           ". Token ids must not be negative.");
  }
  refuse(sample, modality, "the token id at position ", position, " is ", id, ", but the vocabulary has ",
         modality.vocab_size, " ids, 0 to ", modality.vocab_size - 1,
         ". Check that the tokens were made with the tokenizer of this modality.");
}

// Writes the ids of one modality and returns how many there are.
std::int32_t pack_modality(const Sample& sample, const Modality& modality, const ModalityTokens& tokens,
                           std::int32_t eos_id, std::int32_t* packed) {
  if (!tokens.is_present) return -1;
  const std::vector<std::int32_t>& ids = tokens.ids;
  const auto max_tokens = static_cast<std::size_t>(modality.max_tokens);
  if (modality.kind == ModalityKind::img) {
    if (ids.empty()) {
      std::fill_n(packed, max_tokens, unknown_token_id);
      return modality.max_tokens;
    }
    if (ids.size() != max_tokens) {
      refuse(sample, modality, "found ", ids.size(), " token ids, expected ", max_tokens,
             " (one per cell of the grid). Give all of them, or none when they are unknown.");
    }
    for (std::size_t i = 0; i < max_tokens; ++i) {
      check_id(sample, modality, i, ids[i]);
      packed[i] = ids[i];
    }
    return modality.max_tokens;
  }
  // As with_eos_truncated.
  const std::size_t num_ids = std::min(ids.size(), max_tokens);
  for (std::size_t i = 0; i < num_ids; ++i) {
    check_id(sample, modality, i, ids[i]);
    packed[i] = ids[i];
  }
  if (num_ids == max_tokens) return modality.max_tokens;
  packed[num_ids] = eos_id;
  return static_cast<std::int32_t>(num_ids) + 1;
}

}  // namespace

MaskingPlan make_plan(const Scheme& scheme, const SequenceVocabulary& vocabulary) {
  validate(scheme);
  if (vocabulary.sentinel_ids.size() < 2) {
    throw Error(cat("The tokenizer's vocabulary has ", vocabulary.sentinel_ids.size(),
                    " sentinel tokens ([S_0], [S_1], …), but span masking needs at least two. "
                    "Use a tokenizer.json with the sentinels of 4M."));
  }
  if (vocabulary.sentinel_ids.size() > max_sentinels) {
    throw Error(cat("The tokenizer's vocabulary has ", vocabulary.sentinel_ids.size(), " sentinel tokens. At most ",
                    max_sentinels, " are supported."));
  }
  MaskingPlan plan;
  plan.scheme = scheme;
  plan.vocabulary = vocabulary;
  plan.sorted_sentinel_ids = vocabulary.sentinel_ids;
  std::sort(plan.sorted_sentinel_ids.begin(), plan.sorted_sentinel_ids.end());
  for (const SchemeModality& entry : scheme.modalities) {
    const ModalityPlan modality = plan_modality(entry, plan);
    plan.num_slots += modality.num_slots;
    plan.packed_tokens += modality.max_tokens;
    if (entry.reaches_encoder()) plan.encoder_concat_slots += modality.num_slots;
    // The shift costs a sequence one slot.
    if (entry.reaches_decoder()) plan.decoder_concat_slots += modality.num_slots - (modality.kind == ModalityKind::seq);
    plan.modalities.push_back(modality);
  }
  for (std::size_t c = 0; c < static_cast<std::size_t>(scheme.num_components()); ++c) {
    for (const SchemeModality& entry : scheme.modalities) {
      plan.input_alphas.push_back(std::max(entry.input_alphas[c], smallest_alpha));
      plan.target_alphas.push_back(std::max(entry.target_alphas[c], smallest_alpha));
      const KeepScheme keep = c < entry.keep.size() ? entry.keep[c] : KeepScheme::random;
      plan.keep_schemes.push_back(static_cast<std::uint8_t>(keep));
    }
  }
  return plan;
}

PackedSamples pack_samples(const MaskingPlan& plan, View<const Sample> samples) {
  PackedSamples packed;
  packed.count = static_cast<int>(samples.size);
  packed.num_modalities = plan.scheme.num_modalities();
  packed.tokens_per_sample = plan.packed_tokens;
  const auto num_modalities = static_cast<std::size_t>(packed.num_modalities);
  const auto tokens_per_sample = static_cast<std::size_t>(packed.tokens_per_sample);
  packed.ids.resize(static_cast<std::size_t>(packed.count) * tokens_per_sample);
  packed.lengths.reserve(static_cast<std::size_t>(packed.count) * num_modalities);
  std::int32_t* row = packed.ids.data();
  for (const Sample& sample : samples) {
    if (sample.modalities.size() != num_modalities) {
      throw Error(cat("Sample \"", sample.key, "\" holds ", sample.modalities.size(), " modalities, but the scheme has ",
                      num_modalities, ". Give one entry per modality of the scheme; mark those it lacks as absent."));
    }
    for (std::size_t m = 0; m < num_modalities; ++m) {
      packed.lengths.push_back(pack_modality(sample, plan.scheme.modalities[m].modality, sample.modalities[m],
                                             plan.vocabulary.eos_id, row + plan.modalities[m].token_offset));
    }
    row += tokens_per_sample;
  }
  return packed;
}

PlanView plan_numbers(const MaskingPlan& plan) {
  const Scheme& scheme = plan.scheme;
  PlanView view;
  view.pad_id = plan.vocabulary.pad_id;
  view.num_components = scheme.num_components();
  view.mode = scheme.mode;
  view.input_tokens = scheme.input_tokens;
  view.has_target_tokens = scheme.target_tokens.has_value();
  view.target_tokens = scheme.target_tokens.value_or(TokenRange{});
  view.max_tries = scheme.max_tries;
  view.num_slots = plan.num_slots;
  view.encoder_slots = std::min(scheme.encoder_slots, plan.encoder_concat_slots);
  view.decoder_slots = std::min(scheme.decoder_slots, plan.decoder_concat_slots);
  return view;
}

PlanView plan_view(const MaskingPlan& plan) {
  PlanView view = plan_numbers(plan);
  view.modalities = view_of(plan.modalities);
  view.input_alphas = view_of(plan.input_alphas);
  view.target_alphas = view_of(plan.target_alphas);
  view.keep_schemes = view_of(plan.keep_schemes);
  view.sampling_weights = view_of(plan.scheme.sampling_weights);
  view.sentinel_ids = view_of(plan.vocabulary.sentinel_ids);
  view.sorted_sentinel_ids = view_of(plan.sorted_sentinel_ids);
  return view;
}

SampleRow first_row(MaskedBatch& batch) {
  return {.component = batch.component.data(),
          .num_input_tokens = batch.num_input_tokens.data(),
          .num_target_tokens = batch.num_target_tokens.data(),
          .budget_flags = batch.budget_flags.data(),
          .input_budget = batch.input_budget.data(),
          .target_budget = batch.target_budget.data(),
          .tensor = batch.tensor.data(),
          .input_mask = batch.input_mask.data(),
          .target_mask = batch.target_mask.data(),
          .decoder_attention_mask = batch.decoder_attention_mask.data(),
          .slot_origin = batch.slot_origin.data(),
          .keep_probability = batch.keep_probability.data(),
          .num_attempts = batch.num_attempts.data(),
          .uncut_target_tokens = batch.uncut_target_tokens.data(),
          .target_window_begin = batch.target_window_begin.data(),
          .encoder_source = batch.encoder_source.data(),
          .encoder_mask = batch.encoder_mask.data(),
          .encoder_modality = batch.encoder_modality.data(),
          .encoder_valid = batch.encoder_valid.data(),
          .decoder_order = batch.decoder_order.data(),
          .decoder_source = batch.decoder_source.data(),
          .decoder_mask = batch.decoder_mask.data(),
          .decoder_modality = batch.decoder_modality.data(),
          .target_ids = batch.target_ids.data(),
          .decoder_attention = batch.decoder_attention.data(),
          .decoder_attention_modality = batch.decoder_attention_modality.data(),
          .decoder_valid = batch.decoder_valid.data()};
}

ScratchSizes scratch_sizes(const MaskingPlan& plan) {
  // Several vectors at once keep a block busy; their memory stays small.
  constexpr std::int32_t most_entries = 512;
  ScratchSizes sizes;
  for (const ModalityPlan& modality : plan.modalities) {
    sizes.noise = std::max(sizes.noise, (modality.max_tokens + 3) / 4 * 4);
    if (modality.kind == ModalityKind::seq) sizes.text_tokens = std::max(sizes.text_tokens, modality.max_tokens);
  }
  sizes.num_modalities = plan.scheme.num_modalities();
  sizes.dirichlet_vectors = std::max(1, std::min(most_entries / sizes.num_modalities, sizes.num_modalities));
  sizes.slots = std::max(plan_numbers(plan).encoder_slots, plan_numbers(plan).decoder_slots);
  return sizes;
}

}  // namespace maskscope
