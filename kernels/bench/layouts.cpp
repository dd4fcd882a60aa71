#include "kernels/bench/layouts.h"

#include <algorithm>

#include "core/error.h"

namespace maskscope {
namespace {

constexpr int num_samples = 16;
constexpr int first_word_id = 4284;

// How much of each sequence a sample has: typical of the reference's data. Tokens count [EOS]; rows have none.
struct SequenceLength {
  std::string_view modality;
  int tokens;
  int chunk_tokens;  // 0: in one piece
};
constexpr SequenceLength sequence_lengths[] = {{"caption", 40, 0},       {"det", 40, 0},          {"metadata", 13, 2},
                                               {"human_poses", 120, 0},  {"color_palette", 15, 0}, {"sam_instance", 60, 0},
                                               {"t5_caption", 20, 0}};

SequenceLength length_of(const Modality& modality) {
  for (const SequenceLength& length : sequence_lengths) {
    if (length.modality == modality.name) return length;
  }
  throw Error(cat("bench: no length is known for the sequence ", modality.name, ". Add it to kernels/bench/layouts.cpp."));
}

// sample: its number, so that no two samples hold the same ids.
ModalityTokens tokens_of(const Modality& modality, int sample, TextLength text_length) {
  ModalityTokens tokens;
  tokens.is_present = true;
  if (modality.kind == ModalityKind::img) {
    const int num_ids = modality.vocab_size > 0 ? modality.max_tokens : 0;
    for (int i = 0; i < num_ids; ++i) tokens.ids.push_back((17 * i + 1009 * sample) % modality.vocab_size);
    return tokens;
  }
  SequenceLength length = length_of(modality);
  if (text_length == TextLength::full) length.tokens = modality.max_tokens;
  if (modality.kind == ModalityKind::seq_emb) {
    tokens.num_rows = length.tokens;
    return tokens;
  }
  const int num_ids = length.tokens - 1;
  for (int i = 0; i < num_ids; ++i) tokens.ids.push_back(first_word_id + 100 * sample + i);
  for (int left = num_ids; length.chunk_tokens > 0 && left > 0; left -= length.chunk_tokens) {
    tokens.chunk_lengths.push_back(std::min(left, length.chunk_tokens));
  }
  return tokens;
}

BenchLayout layout(std::string_view name, std::string_view title, Scheme scheme, int budget, double sort_ratio_goal,
                   std::string_view checksum) {
  scheme.input_tokens = {budget, budget};
  scheme.target_tokens = TokenRange{budget, budget};
  scheme.encoder_slots = scheme.decoder_slots = budget;
  std::vector<Sample> samples = made_up_samples(scheme, TextLength::typical);
  return {std::string(name), std::string(title), std::move(scheme), std::move(samples), sort_ratio_goal, std::string(checksum)};
}

}  // namespace

std::vector<Sample> made_up_samples(const Scheme& scheme, TextLength length) {
  std::vector<Sample> samples;
  for (int number = 0; number < num_samples; ++number) {
    Sample& sample = samples.emplace_back();
    sample.key = cat("made up ", number);
    for (const SchemeModality& entry : scheme.modalities) sample.modalities.push_back(tokens_of(entry.modality, number, length));
  }
  return samples;
}

const std::vector<BenchLayout>& bench_layouts() {
  static const std::vector<BenchLayout> layouts = {
      layout("4m-7-128", "4M-7, 128 input and 128 target tokens", preset_scheme("4m-7"), 128, 1.8, "af459138aadcf46f"),
      layout("4m-7-256", "4M-7, 256 input and 256 target tokens", preset_scheme("4m-7"), 256, 1.8, "c763dcf7a6dc2c8f"),
      layout("4m-21-256", "4M-21, 256 input and 256 target tokens", preset_scheme("4m-21"), 256, 4.4, "773e160a8ed7f9e5"),
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
