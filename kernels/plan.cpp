#include "kernels/plan.h"

#include <algorithm>
#include <limits>

#include "core/error.h"
#include "kernels/philox_draws.h"
#include "kernels/stages/plan_view.h"
#include "kernels/stages/sample_row.h"
#include "kernels/stages/scratch.h"

namespace maskscope {
namespace {

constexpr double smallest_alpha = 1e-9;
constexpr std::size_t max_sentinels = 1 << 16;
constexpr std::size_t max_chunks = 65535;

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
  result.transfer_role = entry.transfer_role;
  return result;
}

void check_vocabulary(const SequenceVocabulary& vocabulary) {
  const std::vector<std::int32_t>& sentinels = vocabulary.sentinel_ids;
  if (sentinels.size() < 2) {
    throw Error(cat("The tokenizer's vocabulary has ", sentinels.size(),
                    " sentinel tokens ([S_0], [S_1], …), but span masking needs at least two. "
                    "Use a tokenizer.json with the sentinels of 4M."));
  }
  if (sentinels.size() > max_sentinels) {
    throw Error(cat("The tokenizer's vocabulary has ", sentinels.size(), " sentinel tokens. At most ", max_sentinels,
                    " are supported; use a tokenizer.json with fewer."));
  }
  const auto require_id = [](std::int32_t id, auto... token) {
    if (id >= 0) return;
    throw Error(cat("The tokenizer's vocabulary, ", token..., ": found the id ", id,
                    ", but ids are not negative. Use another tokenizer.json."));
  };
  require_id(vocabulary.pad_id, "[PAD]");
  require_id(vocabulary.eos_id, "[EOS]");
  for (std::size_t k = 0; k < sentinels.size(); ++k) require_id(sentinels[k], "[S_", k, "]");
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

void check_offset_id(const Sample& sample, const Modality& modality, std::size_t position, std::int32_t id) {
  if (id <= std::numeric_limits<std::int32_t>::max() - modality.vocab_offset) return;
  refuse(sample, modality, "the token id at position ", position, " is ", id, ", and vocab_offset ", modality.vocab_offset,
         " takes it beyond 2147483647. Lower the one or the other.");
}

// Ids a modality can have at most: a pre-tokenized sequence is not truncated, so all that could be placed.
std::int32_t most_ids(const Modality& modality) {
  switch (modality.kind) {
    case ModalityKind::seq_emb: return 0;
    case ModalityKind::seq_token: return modality.num_slots();
    case ModalityKind::img:
    case ModalityKind::seq: break;
  }
  return modality.max_tokens;
}

void check_grid(const Sample& sample, const Modality& modality, const ModalityTokens& tokens) {
  if (tokens.ids.empty() || tokens.ids.size() == static_cast<std::size_t>(modality.max_tokens)) return;
  refuse(sample, modality, "found ", tokens.ids.size(), " token ids, expected ", modality.max_tokens,
         " (one per cell of the grid). Give all of them, or none when they are unknown.");
}

void check_rows(const Sample& sample, const Modality& modality, const ModalityTokens& tokens) {
  if (!tokens.ids.empty()) {
    refuse(sample, modality, "found ", tokens.ids.size(), " token ids, but its tokens are vectors. Give the number of rows.");
  }
  if (tokens.num_rows >= 0) return;
  refuse(sample, modality, "found num_rows ", tokens.num_rows, ". Give a number that is not negative.");
}

void check_chunks(const Sample& sample, const Modality& modality, const ModalityTokens& tokens, BudgetMode mode) {
  const std::vector<std::int32_t>& lengths = tokens.chunk_lengths;
  if (lengths.empty()) return;
  if (modality.kind != ModalityKind::seq) {
    refuse(sample, modality, "found ", lengths.size(), " chunks, but only texts (seq) are masked by chunks. Give its ids in one piece.");
  }
  if (mode == BudgetMode::transfer) {
    refuse(sample, modality, "found a text in ", lengths.size(), " chunks, but transfer masking takes a text in one piece. Join them.");
  }
  if (lengths.size() > max_chunks) {
    refuse(sample, modality, "found ", lengths.size(), " chunks. At most ", max_chunks, " are supported.");
  }
  std::int64_t total = 0;
  for (std::size_t c = 0; c < lengths.size(); ++c) {
    if (lengths[c] < 0) refuse(sample, modality, "chunk ", c, " has the length ", lengths[c], ". Give a length that is not negative.");
    total += lengths[c];
  }
  if (total != static_cast<std::int64_t>(tokens.ids.size())) {
    refuse(sample, modality, "its chunks hold ", total, " ids together, but there are ", tokens.ids.size(),
           ". Give chunk lengths that add up to the number of ids.");
  }
}

void check_tokens(const Sample& sample, const Modality& modality, const ModalityTokens& tokens, BudgetMode mode) {
  check_chunks(sample, modality, tokens, mode);
  if (modality.kind == ModalityKind::img) check_grid(sample, modality, tokens);
  if (modality.kind == ModalityKind::seq_emb) return check_rows(sample, modality, tokens);
  if (tokens.num_rows != 0) {
    refuse(sample, modality, "found ", tokens.num_rows, " rows, but only embedding vectors (seq_emb) come in rows. Give its token ids.");
  }
  if (modality.kind == ModalityKind::seq_token && tokens.ids.size() > static_cast<std::size_t>(most_ids(modality))) {
    refuse(sample, modality, "found ", tokens.ids.size(), " token ids, but its tensor has ", most_ids(modality),
           " slots, and such ids are not cut to max_tokens. Give at most max_tokens, which is ", modality.max_tokens, ".");
  }
  for (std::size_t i = 0; i < tokens.ids.size(); ++i) {
    check_id(sample, modality, i, tokens.ids[i]);
    if (modality.kind == ModalityKind::seq_token) check_offset_id(sample, modality, i, tokens.ids[i]);
  }
}

void check_sample(const MaskingPlan& plan, const Sample& sample) {
  const std::vector<SchemeModality>& modalities = plan.scheme.modalities;
  if (sample.modalities.size() != modalities.size()) {
    throw Error(cat("Sample \"", sample.key, "\" holds ", sample.modalities.size(), " modalities, but the scheme has ",
                    modalities.size(), ". Give one entry per modality of the scheme; mark those it lacks as absent."));
  }
  for (std::size_t m = 0; m < modalities.size(); ++m) {
    if (sample.modalities[m].is_present) {
      check_tokens(sample, modalities[m].modality, sample.modalities[m], plan.scheme.mode);
    }
  }
}

// Writes the ids of one modality and what belongs to them.
void pack_modality(const Modality& modality, const ModalityTokens& tokens, std::int32_t eos_id, std::int32_t* ids,
                   PackedSamples& packed) {
  packed.first_chunk.push_back(static_cast<std::int64_t>(packed.chunk_ends.size()));
  packed.num_chunks.push_back(-1);
  if (!tokens.is_present) {
    packed.lengths.push_back(-1);
    return;
  }
  if (modality.kind == ModalityKind::img) {
    packed.lengths.push_back(modality.max_tokens);
    if (tokens.ids.empty()) {
      std::fill_n(ids, modality.max_tokens, unknown_token_id);
    } else {
      std::copy(tokens.ids.begin(), tokens.ids.end(), ids);
    }
    return;
  }
  const SequenceTokens sequence = sequence_tokens(modality, tokens, eos_id);
  packed.lengths.push_back(static_cast<std::int32_t>(sequence.ids.size()));
  if (modality.kind != ModalityKind::seq_emb) std::copy(sequence.ids.begin(), sequence.ids.end(), ids);
  if (tokens.chunk_lengths.empty()) return;
  const auto num_chunks = static_cast<std::int32_t>(sequence.chunk_ends.size());
  packed.num_chunks.back() = num_chunks;
  packed.most_chunks = std::max(packed.most_chunks, num_chunks);
  packed.chunk_ends.insert(packed.chunk_ends.end(), sequence.chunk_ends.begin(), sequence.chunk_ends.end());
}

}  // namespace

MaskingPlan make_plan(const Scheme& scheme, const SequenceVocabulary& vocabulary) {
  validate(scheme);
  check_vocabulary(vocabulary);
  MaskingPlan plan;
  plan.scheme = scheme;
  plan.vocabulary = vocabulary;
  plan.sorted_sentinel_ids = vocabulary.sentinel_ids;
  std::sort(plan.sorted_sentinel_ids.begin(), plan.sorted_sentinel_ids.end());
  for (const SchemeModality& entry : scheme.modalities) {
    const ModalityPlan modality = plan_modality(entry, plan);
    plan.num_slots += modality.num_slots;
    plan.packed_tokens += most_ids(entry.modality);
    if (entry.reaches_encoder()) plan.encoder_concat_slots += modality.num_slots;
    // The shift costs a sequence one slot.
    if (entry.reaches_decoder()) plan.decoder_concat_slots += modality.num_slots - has_spans_in_decoder(modality.kind);
    plan.modalities.push_back(modality);
  }
  for (std::size_t c = 0; c < static_cast<std::size_t>(scheme.num_components()); ++c) {
    for (const SchemeModality& entry : scheme.modalities) {
      plan.input_alphas.push_back(std::max(entry.input_alphas[c], smallest_alpha));
      plan.target_alphas.push_back(std::max(entry.target_alphas[c], smallest_alpha));
      const KeepScheme keep = c < entry.keep.size() ? entry.keep[c] : KeepScheme::random;
      plan.keep_schemes.push_back(static_cast<std::uint8_t>(keep));
    }
    const auto num_modalities = static_cast<std::ptrdiff_t>(plan.modalities.size());
    const auto shapes_of = [&](const std::vector<double>& alphas) {
      return make_gamma_shapes(view_of(plan.modalities),
                               view_of(alphas).subview(static_cast<std::ptrdiff_t>(c) * num_modalities, num_modalities));
    };
    plan.input_shapes.push_back(shapes_of(plan.input_alphas));
    plan.target_shapes.push_back(shapes_of(plan.target_alphas));
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
  for (const Sample& sample : samples) check_sample(plan, sample);
  packed.ids.resize(static_cast<std::size_t>(packed.count) * tokens_per_sample);
  packed.lengths.reserve(static_cast<std::size_t>(packed.count) * num_modalities);
  std::int32_t* row = packed.ids.data();
  for (const Sample& sample : samples) {
    for (std::size_t m = 0; m < num_modalities; ++m) {
      pack_modality(plan.scheme.modalities[m].modality, sample.modalities[m], plan.vocabulary.eos_id,
                    row + plan.modalities[m].token_offset, packed);
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
  view.keep_probability_decay = plan.keep_probability_decay;
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
  view.input_shapes = view_of(plan.input_shapes);
  view.target_shapes = view_of(plan.target_shapes);
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

ScratchSizes scratch_sizes(const MaskingPlan& plan, const PackedSamples& samples) {
  // Several vectors at once keep a block busy; their memory stays small.
  constexpr std::int32_t most_entries = 512;
  ScratchSizes sizes;
  std::int32_t most_draws = samples.most_chunks;
  sizes.span_units = samples.most_chunks;
  for (const SchemeModality& entry : plan.scheme.modalities) {
    const Modality& modality = entry.modality;
    const std::int32_t units = std::max(most_ids(modality), modality.max_tokens);
    most_draws = std::max(most_draws, units);
    if (has_spans_in_decoder(modality.kind)) sizes.span_units = std::max(sizes.span_units, units);
  }
  sizes.noise = (most_draws + draws_at_once - 1) / draws_at_once * draws_at_once;
  sizes.num_modalities = plan.scheme.num_modalities();
  sizes.dirichlet_vectors = std::max(1, std::min(most_entries / sizes.num_modalities, sizes.num_modalities));
  return sizes;
}

}  // namespace maskscope
