#include "kernels/bench_layout.h"

namespace maskscope {

Scheme bench_scheme() {
  Scheme scheme = default_scheme();
  scheme.name = "4M-7 layout";
  for (SchemeModality& entry : scheme.modalities) {
    entry.input_alphas = {0.5};
    entry.target_alphas = {entry.modality.has_decoder_embedding ? 0.5 : 0.0};
  }
  return scheme;
}

Sample bench_sample() {
  constexpr int text_tokens = 40;
  constexpr int first_word_id = 4284;
  Sample sample;
  sample.key = "bench";
  for (const SchemeModality& entry : bench_scheme().modalities) {
    const Modality& modality = entry.modality;
    const bool is_text = modality.kind == ModalityKind::seq;
    ModalityTokens tokens;
    tokens.is_present = true;
    const int num_ids = is_text ? text_tokens - 1 : modality.vocab_size > 0 ? modality.max_tokens : 0;
    for (int i = 0; i < num_ids; ++i) tokens.ids.push_back(is_text ? first_word_id + i : 17 * i % modality.vocab_size);
    sample.modalities.push_back(std::move(tokens));
  }
  return sample;
}

}  // namespace maskscope
