#include "kernels/bench/layouts.h"

#include <algorithm>

#include "core/error.h"

namespace maskscope {
namespace {

constexpr int num_samples = 16;
constexpr int first_word_id = 4284;
constexpr int text_tokens = 40;

ModalityTokens tokens_of(const Modality& modality, int sample) {
  ModalityTokens tokens;
  tokens.is_present = true;
  const bool is_text = modality.kind == ModalityKind::seq;
  const int num_ids = is_text ? text_tokens - 1 : modality.vocab_size > 0 ? modality.max_tokens : 0;
  for (int i = 0; i < num_ids; ++i) {
    tokens.ids.push_back(is_text ? first_word_id + 100 * sample + i : (17 * i + 1009 * sample) % modality.vocab_size);
  }
  return tokens;
}

std::vector<Sample> samples_for(const Scheme& scheme) {
  std::vector<Sample> samples;
  for (int number = 0; number < num_samples; ++number) {
    Sample& sample = samples.emplace_back();
    sample.key = cat("bench ", number);
    for (const SchemeModality& entry : scheme.modalities) sample.modalities.push_back(tokens_of(entry.modality, number));
  }
  return samples;
}

BenchLayout layout(std::string_view name, std::string_view title, Scheme scheme, int budget, double sort_ratio_goal,
                   std::string_view checksum) {
  scheme.input_tokens = {budget, budget};
  scheme.target_tokens = TokenRange{budget, budget};
  scheme.encoder_slots = scheme.decoder_slots = budget;
  std::vector<Sample> samples = samples_for(scheme);
  return {std::string(name), std::string(title), std::move(scheme), std::move(samples), sort_ratio_goal, std::string(checksum)};
}

}  // namespace

const std::vector<BenchLayout>& bench_layouts() {
  static const std::vector<BenchLayout> layouts = {
      layout("4m-7-128", "4M-7, 128 input and 128 target tokens", preset_scheme("4m-7"), 128, 1.8, "0"),
      layout("4m-7-256", "4M-7, 256 input and 256 target tokens", preset_scheme("4m-7"), 256, 1.8, "0"),
      layout("4m-21-256", "4M-21, 256 input and 256 target tokens", preset_scheme("4m-21"), 256, 4.4, "0"),
  };
  return layouts;
}

const BenchLayout& bench_layout(std::string_view name) {
  std::string known;
  for (const BenchLayout& layout : bench_layouts()) {
    if (layout.name == name) return layout;
    known += cat(known.empty() ? "" : ", ", layout.name);
  }
  throw Error(cat("There is no bench layout named \"", name, "\". The layouts are: ", known, "."));
}

}  // namespace maskscope
