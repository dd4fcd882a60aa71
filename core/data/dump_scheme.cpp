#include "core/data/dump_scheme.h"

#include <algorithm>
#include <cmath>

namespace maskscope {
namespace {

int num_used(std::span<const std::uint8_t> mask) { return static_cast<int>(std::count(mask.begin(), mask.end(), 0)); }

// Decoder slots of a sequence: those whose token and next token are targets.
int num_used_pairs(std::span<const std::uint8_t> mask) {
  int count = 0;
  for (std::size_t i = 0; i + 1 < mask.size(); ++i) count += !mask[i] && !mask[i + 1];
  return count;
}

// A square grid of this many tokens; sizes of 0 when it is no square. Pixels say how large a patch is.
void set_grid(const DumpedModality& dumped, Modality& modality) {
  constexpr int usual_patch_size = 16;
  const int side = static_cast<int>(std::lround(std::sqrt(dumped.num_slots)));
  modality.input_size = modality.patch_size = 0;
  if (side * side != dumped.num_slots) return;
  modality.patch_size = usual_patch_size;
  if (dumped.ids.empty() && dumped.tensor_shape.size() == 3) {
    const std::int64_t pixels = dumped.tensor_shape[1];
    if (pixels == dumped.tensor_shape[2] && pixels > 0 && pixels % side == 0 && pixels <= 65535) modality.patch_size = static_cast<int>(pixels) / side;
  }
  modality.input_size = side * modality.patch_size;
}

// At most five bytes, without half a character at the end.
std::string short_name_of(const std::string& name) {
  std::size_t length = std::min<std::size_t>(name.size(), 5);
  while (length < name.size() && length > 0 && (name[length] & 0xc0) == 0x80) --length;
  return name.substr(0, length);
}

Modality modality_of(const DumpedModality& dumped) {
  Modality modality;
  for (const int patch_size : {14, 16}) {
    const auto known = builtin_modality(dumped.name, patch_size);
    if (!known || known->kind != dumped.kind) continue;
    modality = *known;
    if (modality.num_slots() == dumped.num_slots) return modality;
  }
  if (modality.name.empty()) {
    modality.name = dumped.name;
    modality.short_name = short_name_of(dumped.name);
    modality.id = modality_id(dumped.name);
    modality.kind = dumped.kind;
    modality.has_decoder_embedding = dumped.kind != ModalityKind::seq_emb && !(dumped.kind == ModalityKind::img && dumped.ids.empty());
  }
  modality.max_tokens = has_spans_in_decoder(dumped.kind) ? dumped.num_slots / 2 - 1 : dumped.num_slots;
  if (modality.kind == ModalityKind::img) set_grid(dumped, modality);
  return modality;
}

}  // namespace

Scheme scheme_of_dump(const BatchDump& dump, const ModelSlots& slots) {
  Scheme scheme;
  scheme.name = "dumped batch";
  scheme.mode = BudgetMode::direct;
  std::vector<long long> encoder_used(static_cast<std::size_t>(dump.batch_size)), decoder_used(encoder_used.size());
  for (const DumpedModality& dumped : dump.modalities) {
    SchemeModality entry;
    entry.modality = modality_of(dumped);
    entry.input_alphas = entry.target_alphas = {1.0};
    entry.keep = {KeepScheme::random};
    const int most = entry.modality.max_tokens;
    for (int sample = 0; sample < dump.batch_size; ++sample) {
      const auto input = dumped.row(dumped.input_mask, sample), target = dumped.row(dumped.target_mask, sample);
      const auto at = static_cast<std::size_t>(sample);
      if (entry.reaches_encoder()) encoder_used[at] += num_used(input);
      if (entry.reaches_decoder()) decoder_used[at] += has_spans_in_decoder(dumped.kind) ? num_used_pairs(target) : num_used(target);
      entry.direct_encoder_tokens = std::max(entry.direct_encoder_tokens, std::min(num_used(input), most));
      entry.direct_decoder_tokens = std::max(entry.direct_decoder_tokens, std::min(num_used(target), most));
    }
    // Of different samples, or of one that breaks the rules: a grid's budgets add up to no more than it has.
    if (dumped.kind == ModalityKind::img) entry.direct_decoder_tokens = std::min(entry.direct_decoder_tokens, most - entry.direct_encoder_tokens);
    scheme.modalities.push_back(std::move(entry));
  }
  const auto most_used = [](const std::vector<long long>& used) {
    return static_cast<int>(std::clamp<long long>(*std::max_element(used.begin(), used.end()), 1, max_tokens_together));
  };
  scheme.encoder_slots = slots.encoder.value_or(most_used(encoder_used));
  scheme.decoder_slots = slots.decoder.value_or(most_used(decoder_used));
  return scheme;
}

}  // namespace maskscope
