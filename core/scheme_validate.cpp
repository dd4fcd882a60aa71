#include <cmath>
#include <set>

#include "core/error.h"
#include "core/scheme.h"

namespace maskscope {
namespace {

// Limits that bound every allocation, and keep the names of draws (core/draw.h) unique.
constexpr int max_modalities = 256;
constexpr int max_tokens_of_modality = 65535;
constexpr int max_components = 4096;
constexpr int max_redraws = 4095;
constexpr double max_alpha = 1e9;
constexpr int num_modality_ids = 1 << 15;
constexpr int max_size = 65535;  // of sizes in pixels, channels and tables: their products stay within 64 bits

template <class... Parts>
[[noreturn]] void refuse(const Parts&... parts) {
  throw Error(cat(parts...));
}

void check_range(const char* field, TokenRange range) {
  if (range.low < 0) {
    refuse("Scheme, ", field, ": the lower end is ", range.low, ". Give a number of tokens that is not negative.");
  }
  if (range.low > range.high) {
    refuse("Scheme, ", field, ": the lower end ", range.low, " is above the upper end ", range.high,
           ". Swap them, or make them equal.");
  }
  if (range.high > max_tokens_together) {
    refuse("Scheme, ", field, ": the upper end is ", range.high, ". At most ", max_tokens_together,
           " tokens are supported.");
  }
}

void check_slots(const char* field, int slots) {
  if (slots < 1 || slots > max_tokens_together) {
    refuse("Scheme, ", field, ": found ", slots, ". Give a number of slots from 1 to ", max_tokens_together, ".");
  }
}

void check_size(const Modality& modality, const char* field, int size, const char* meaning) {
  if (size < 0 || size > max_size) {
    refuse("Modality ", modality.name, ", ", field, ": found ", size, ". Give a number from 0 to ", max_size, ": ", meaning, ".");
  }
}

void check_modality(const Modality& modality) {
  if (modality.name.empty()) refuse("Scheme: a modality has an empty name. Give every modality a name.");
  if (modality.id < 0 || modality.id >= num_modality_ids) {
    refuse("Modality ", modality.name, ", id: found ", modality.id, ". Ids go from 0 to ", num_modality_ids - 1, ".");
  }
  if (modality.max_tokens < 1 || modality.max_tokens > max_tokens_of_modality) {
    refuse("Modality ", modality.name, ", max_tokens: found ", modality.max_tokens, ". Give a number from 1 to ",
           max_tokens_of_modality, ".");
  }
  if (modality.min_tokens < 0) {
    refuse("Modality ", modality.name, ", min_tokens: found ", modality.min_tokens,
           ". Give a number that is not negative.");
  }
  if (modality.min_tokens > modality.max_tokens) {
    refuse("Modality ", modality.name, ", min_tokens: ", modality.min_tokens, " is above max_tokens, which is ",
           modality.max_tokens, ". Lower the one or raise the other.");
  }
  if (modality.kind > ModalityKind::seq_emb) {
    refuse("Modality ", modality.name, ", type: found number ", static_cast<int>(modality.kind),
           ". Use img, seq, seq_token or seq_emb.");
  }
  if (modality.kind == ModalityKind::seq_emb && modality.has_decoder_embedding) {
    refuse("Modality ", modality.name, ", has_decoder_embedding: found true, but vectors (seq_emb) cannot be predicted. Set it to false.");
  }
  if (modality.vocab_size < 0) {
    refuse("Modality ", modality.name, ", vocab_size: found ", modality.vocab_size,
           ". Give the number of token ids, or 0 for pixels.");
  }
  if (modality.vocab_offset < 0) {
    refuse("Modality ", modality.name, ", vocab_offset: found ", modality.vocab_offset,
           ". Give a number that is not negative.");
  }
  check_size(modality, "input_size", modality.input_size, "pixels per side, or 0 for text");
  check_size(modality, "patch_size", modality.patch_size, "pixels per side, or 0 for text");
  check_size(modality, "num_channels", modality.num_channels, "values per pixel, or 0 for all but pixels");
  check_size(modality, "max_positions", modality.max_positions, "rows of the position table, or 0 for max_tokens");
  if (modality.kind == ModalityKind::img && modality.input_size > 0 && modality.patch_size > 0) {
    const long long side = modality.grid_side();
    if (side * side != modality.max_tokens) {
      refuse("Modality ", modality.name, ", max_tokens: found ", modality.max_tokens, ", but input_size ",
             modality.input_size, " and patch_size ", modality.patch_size, " make a grid of ", side * side,
             " tokens. Set max_tokens to that.");
    }
  }
}

void check_alphas(const std::string& name, const char* field, const std::vector<double>& alphas,
                  std::size_t num_components) {
  if (alphas.size() != num_components) {
    refuse("Modality ", name, ", ", field, ": found ", alphas.size(), " entries, but the scheme has ", num_components,
           " mixture components (as many as the first modality has input_alphas). Give one entry per component.");
  }
  for (std::size_t c = 0; c < alphas.size(); ++c) {
    if (!(alphas[c] >= 0.0 && alphas[c] <= max_alpha)) {  // false for NaN too
      refuse("Modality ", name, ", ", field, ", component ", c + 1, ": found ", alphas[c],
             ". Give a finite number from 0 to ", max_alpha, ".");
    }
  }
}

void check_mixture(const SchemeModality& entry, std::size_t num_components) {
  const std::string& name = entry.modality.name;
  check_alphas(name, "input_alphas", entry.input_alphas, num_components);
  check_alphas(name, "target_alphas", entry.target_alphas, num_components);
  if (entry.modality.kind == ModalityKind::img) return;
  if (entry.keep.size() != num_components) {
    refuse("Modality ", name, ", keep: found ", entry.keep.size(), " entries, but the scheme has ", num_components,
           " mixture components. Give one keep scheme per component.");
  }
  for (const KeepScheme keep : entry.keep) {
    if (keep > KeepScheme::binary) {
      refuse("Modality ", name, ", keep: found an unknown keep scheme. Use random, all or binary.");
    }
  }
}

void check_direct_budgets(const SchemeModality& entry) {
  const Modality& modality = entry.modality;
  const int encoder = entry.direct_encoder_tokens;
  const int decoder = entry.direct_decoder_tokens;
  if (encoder < 0 || encoder > modality.max_tokens) {
    refuse("Modality ", modality.name, ", encoder tokens: found ", encoder, ". Give a number from 0 to its ",
           modality.max_tokens, " tokens.");
  }
  if (decoder < 0 || decoder > modality.max_tokens) {
    refuse("Modality ", modality.name, ", decoder tokens: found ", decoder, ". Give a number from 0 to its ",
           modality.max_tokens, " tokens.");
  }
  if (modality.kind == ModalityKind::img && encoder + decoder > modality.max_tokens) {
    refuse("Modality ", modality.name, ": ", encoder, " encoder tokens and ", decoder, " decoder tokens are ",
           encoder + decoder, " together, but it has only ", modality.max_tokens,
           " tokens, and an image token can be in one place only. Lower one of the two.");
  }
}

void check_transfer(const SchemeModality& entry) {
  const Modality& modality = entry.modality;
  if (modality.kind != ModalityKind::img && modality.kind != ModalityKind::seq) {
    refuse("Modality ", modality.name, ", type: found ", to_string(modality.kind),
           ", but transfer mode takes img and seq only. Take it out, or choose another mode.");
  }
  if (entry.transfer_role != TransferRole::input && entry.transfer_role != TransferRole::target) {
    refuse("Modality ", modality.name, ", transfer_role: found neither input nor target. In transfer mode give every modality one "
           "of the two.");
  }
}

void check_sampling_weights(const Scheme& scheme) {
  const std::vector<double>& weights = scheme.sampling_weights;
  if (weights.empty()) return;
  if (weights.size() != static_cast<std::size_t>(scheme.num_components())) {
    refuse("Scheme, sampling_weights: found ", weights.size(), " entries, but the scheme has ",
           scheme.num_components(), " mixture components. Give one weight per component, or none.");
  }
  double sum = 0.0;
  for (std::size_t c = 0; c < weights.size(); ++c) {
    if (!(weights[c] >= 0.0) || !std::isfinite(weights[c])) {
      refuse("Scheme, sampling_weights, component ", c + 1, ": found ", weights[c],
             ". Give a finite number that is not negative.");
    }
    sum += weights[c];
  }
  if (!(sum > 0.0) || !std::isfinite(sum)) {
    refuse("Scheme, sampling_weights: the weights add up to ", sum,
           ". Give at least one component a weight above 0, and keep their sum finite.");
  }
}

}  // namespace

void validate(const Scheme& scheme) {
  if (scheme.modalities.empty()) {
    refuse("The scheme has no modality. Add at least one, for example rgb@224 or caption.");
  }
  if (scheme.modalities.size() > max_modalities) {
    refuse("The scheme has ", scheme.modalities.size(), " modalities. At most ", max_modalities, " are supported.");
  }
  if (scheme.mode > BudgetMode::transfer) {
    refuse("Scheme, mode: found an unknown mode. Use sampled, direct or transfer.");
  }
  const std::size_t num_components = scheme.modalities.front().input_alphas.size();
  if (num_components == 0) {
    refuse("Modality ", scheme.modalities.front().modality.name,
           ", input_alphas: the list is empty, so the scheme has no mixture component. Give at least one alpha.");
  }
  if (num_components > max_components) {
    refuse("The scheme has ", num_components, " mixture components. At most ", max_components, " are supported.");
  }

  std::set<int> ids;
  const std::string* previous_name = nullptr;
  long long total_tokens = 0;
  for (const SchemeModality& entry : scheme.modalities) {
    const Modality& modality = entry.modality;
    check_modality(modality);
    if (previous_name && *previous_name == modality.name) {
      refuse("Modality ", modality.name, ": the name is there twice. Names must be unique within a scheme.");
    }
    if (previous_name && *previous_name > modality.name) {
      refuse("Modality ", modality.name, " comes after ", *previous_name,
             ". Modalities must be sorted by name, because that is the order of every concatenation.");
    }
    if (!ids.insert(modality.id).second) {
      refuse("Modality ", modality.name, ", id: ", modality.id,
             " is also the id of another modality. Ids must be unique; rename one of the two.");
    }
    check_mixture(entry, num_components);
    if (scheme.mode == BudgetMode::direct) check_direct_budgets(entry);
    if (scheme.mode == BudgetMode::transfer) check_transfer(entry);
    previous_name = &modality.name;
    total_tokens += modality.max_tokens;
  }
  if (total_tokens > max_tokens_together) {
    refuse("The modalities have ", total_tokens, " tokens together. At most ", max_tokens_together,
           " are supported; lower max_tokens or take out a modality.");
  }

  check_sampling_weights(scheme);
  check_range("input tokens", scheme.input_tokens);
  if (scheme.target_tokens) check_range("target tokens", *scheme.target_tokens);
  if (scheme.max_tries < 1 || scheme.max_tries > max_redraws) {
    refuse("Scheme, max_tries: found ", scheme.max_tries, ". Give a number from 1 to ", max_redraws, ".");
  }
  check_slots("encoder slots", scheme.encoder_slots);
  check_slots("decoder slots", scheme.decoder_slots);
}

}  // namespace maskscope
