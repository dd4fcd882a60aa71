// Schemes and samples made at random for comparing implementations: small, and often at the edges.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/sample.h"
#include "core/scheme.h"

namespace maskscope {

class RandomScheme {
 public:
  explicit RandomScheme(std::uint32_t seed) : generator_(seed) {}

  Scheme scheme() {
    Scheme scheme;
    scheme.name = "random";
    const int num_modalities = between(1, 6);
    const int num_components = between(1, 3);
    for (int m = 0; m < num_modalities; ++m) scheme.modalities.push_back(modality(m, num_components));
    scheme.mode = one_in(3) ? BudgetMode::direct : BudgetMode::sampled;
    if (one_in(8)) make_transfer(scheme);
    if (one_in(2)) {
      for (int c = 0; c < num_components; ++c) scheme.sampling_weights.push_back(one_in(4) ? 0.0 : between(1, 9) / 4.0);
      scheme.sampling_weights.back() += 0.5;
    }
    scheme.input_tokens = range(60);
    scheme.target_tokens = range(60);
    if (one_in(4)) scheme.target_tokens.reset();
    scheme.max_tries = between(1, 4);
    scheme.encoder_slots = between(1, 80);
    scheme.decoder_slots = between(1, 80);
    return scheme;
  }

  Sample sample(const Scheme& scheme, const SequenceVocabulary& vocabulary) {
    Sample sample;
    sample.key = "random";
    for (const SchemeModality& entry : scheme.modalities) {
      const Modality& modality = entry.modality;
      ModalityTokens tokens;
      tokens.is_present = !one_in(8);
      if (modality.kind == ModalityKind::seq_emb) {
        tokens.num_rows = between(0, modality.max_tokens + 3);
        sample.modalities.push_back(tokens);
        continue;
      }
      const bool is_img = modality.kind == ModalityKind::img;
      // Longer texts are truncated; longer pre-tokenized sequences may not fit the tensor.
      const int most = modality.max_tokens + (modality.kind == ModalityKind::seq ? 3 : 0);
      const int num_ids = is_img ? (one_in(4) ? 0 : modality.max_tokens) : between(0, most);
      for (int i = 0; i < num_ids; ++i) {
        // Sentinels may stand in a text.
        const bool is_sentinel = !is_img && one_in(8);
        const int last_sentinel = static_cast<int>(vocabulary.sentinel_ids.size()) - 1;
        tokens.ids.push_back(is_sentinel ? vocabulary.sentinel_ids[static_cast<std::size_t>(between(0, last_sentinel))]
                                         : between(0, std::max(0, modality.vocab_size - 1)));
      }
      if (modality.kind == ModalityKind::seq && scheme.mode != BudgetMode::transfer && one_in(3)) {
        tokens.chunk_lengths = chunks(num_ids);
      }
      sample.modalities.push_back(tokens);
    }
    return sample;
  }

  int between(int low, int high) { return low + static_cast<int>(generator_() % static_cast<std::uint32_t>(high - low + 1)); }
  bool one_in(int n) { return between(1, n) == 1; }

 private:
  SchemeModality modality(int position, int num_components) {
    SchemeModality entry;
    entry.modality.name = "modality " + std::to_string(position);
    entry.modality.id = modality_id(entry.modality.name);
    entry.modality.kind = one_in(2)   ? ModalityKind::img
                          : one_in(4) ? ModalityKind::seq_emb
                          : one_in(4) ? ModalityKind::seq_token
                                      : ModalityKind::seq;
    entry.modality.max_tokens = one_in(5) ? 1 : between(2, one_in(6) ? 300 : 50);
    entry.modality.min_tokens = one_in(4) ? between(0, std::min(3, entry.modality.max_tokens)) : 0;
    entry.modality.vocab_size = 1000;
    entry.modality.has_encoder_embedding = !one_in(6);
    entry.modality.has_decoder_embedding = !one_in(6) && entry.modality.kind != ModalityKind::seq_emb;
    if (entry.modality.kind == ModalityKind::seq_token) entry.modality.vocab_offset = between(0, 500);
    entry.is_in_domain = !one_in(6);
    entry.is_out_domain = !one_in(6);
    for (int c = 0; c < num_components; ++c) {
      entry.input_alphas.push_back(alpha());
      entry.target_alphas.push_back(alpha());
      entry.keep.push_back(static_cast<KeepScheme>(between(0, 2)));
    }
    entry.direct_encoder_tokens = between(0, entry.modality.max_tokens);
    const int left = entry.modality.kind == ModalityKind::img ? entry.modality.max_tokens - entry.direct_encoder_tokens
                                                              : entry.modality.max_tokens;
    entry.direct_decoder_tokens = between(0, left);
    return entry;
  }
  // Every modality gets a role; kinds that transfer masking does not know become texts.
  void make_transfer(Scheme& scheme) {
    scheme.mode = BudgetMode::transfer;
    for (SchemeModality& entry : scheme.modalities) {
      if (entry.modality.kind != ModalityKind::img) entry.modality.kind = ModalityKind::seq;
      entry.transfer_role = one_in(2) ? TransferRole::input : TransferRole::target;
    }
  }
  // Lengths that add up to total, some of them 0.
  std::vector<std::int32_t> chunks(int total) {
    std::vector<std::int32_t> lengths;
    do {
      const int length = one_in(5) ? 0 : between(1, 6);
      lengths.push_back(std::min(length, total));
      total -= lengths.back();
    } while (total > 0);
    return lengths;
  }
  double alpha() {
    const double alphas[] = {0.0, 0.01, 0.1, 0.5, 1.0, 1.5, 10.0, 1000.0};
    return alphas[between(0, 7)];
  }
  TokenRange range(int most) {
    const int low = between(0, most);
    return {low, between(low, most)};
  }

  std::mt19937 generator_;
};

}  // namespace maskscope
