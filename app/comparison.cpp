#include "app/comparison.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "app/i18n/translate.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr std::size_t most_settings = 200;  // a mixture of many components has thousands of alphas

class SettingsDiff {
 public:
  template <class T>
  void add(const std::string& name, const T& a, const T& b) {
    if (a == b) return;
    if (lines_.size() >= most_settings) ++left_out_;
    else lines_.push_back(fill(tr("{0}: {1} → {2}"), name, a, b));
  }
  std::vector<std::string> take() {
    if (left_out_ > 0) lines_.push_back(fill(tr("and {0} more"), left_out_));
    return std::move(lines_);
  }

 private:
  std::vector<std::string> lines_;
  int left_out_ = 0;
};

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string range_words(TokenRange range) { return range.low == range.high ? cat(range.low) : cat(range.low, "–", range.high); }
std::string range_words(const std::optional<TokenRange>& range) { return range ? range_words(*range) : std::string(tr("all that is not input")); }

std::string role_words(TransferRole role) { return role == TransferRole::input ? tr("input") : role == TransferRole::target ? tr("target") : tr("none"); }

void diff_modality(const SchemeModality& a, const SchemeModality& b, const Scheme& scheme_a, const Scheme& scheme_b, SettingsDiff& diff) {
  const std::string& name = a.modality.name;
  const auto named = [&](const char* what) { return cat(name, ", ", what); };
  diff.add(named(tr("tokens")), a.modality.max_tokens, b.modality.max_tokens);
  diff.add(named(tr("least budget")), a.modality.min_tokens, b.modality.min_tokens);
  if (scheme_a.mode == BudgetMode::sampled && scheme_b.mode == BudgetMode::sampled) {
    const auto each = [&](const std::vector<double>& in_a, const std::vector<double>& in_b, const char* what) {
      const std::size_t components = std::min(in_a.size(), in_b.size());
      for (std::size_t c = 0; c < components; ++c) {
        diff.add(components == 1 ? named(what) : fill(tr("{0}, {1} of component {2}"), name, what, c + 1), number(in_a[c]), number(in_b[c]));
      }
    };
    each(a.input_alphas, b.input_alphas, tr("input α"));
    each(a.target_alphas, b.target_alphas, tr("target α"));
    const std::size_t components = std::min(a.keep.size(), b.keep.size());
    for (std::size_t c = 0; c < components; ++c) {
      diff.add(components == 1 ? named(tr("keep scheme")) : fill(tr("{0}, {1} of component {2}"), name, tr("keep scheme"), c + 1), to_string(a.keep[c]), to_string(b.keep[c]));
    }
  }
  if (scheme_a.mode == BudgetMode::direct && scheme_b.mode == BudgetMode::direct) {
    diff.add(named(tr("encoder tokens")), a.direct_encoder_tokens, b.direct_encoder_tokens);
    diff.add(named(tr("decoder tokens")), a.direct_decoder_tokens, b.direct_decoder_tokens);
  }
  if (scheme_a.mode == BudgetMode::transfer && scheme_b.mode == BudgetMode::transfer) diff.add(named(tr("role")), role_words(a.transfer_role), role_words(b.transfer_role));
}

std::vector<std::string> settings_diff(const Document& a, const Document& b, const MaskedFrame& frame_a, const MaskedFrame& frame_b) {
  SettingsDiff diff;
  diff.add(tr("seed"), a.seed, b.seed);
  diff.add(tr("draw"), a.sample_index, b.sample_index);
  diff.add(tr("random numbers"), std::string(a.random == RandomSource::torch ? "PyTorch" : "Philox"), std::string(b.random == RandomSource::torch ? "PyTorch" : "Philox"));
  diff.add(tr("scheme"), a.scheme.name, b.scheme.name);
  diff.add(tr("budgets"), std::string(to_string(a.scheme.mode)), std::string(to_string(b.scheme.mode)));
  diff.add(tr("input tokens"), range_words(a.scheme.input_tokens), range_words(b.scheme.input_tokens));
  diff.add(tr("target tokens"), range_words(a.scheme.target_tokens), range_words(b.scheme.target_tokens));
  diff.add(tr("encoder slots N"), a.scheme.encoder_slots, b.scheme.encoder_slots);
  diff.add(tr("decoder slots M"), a.scheme.decoder_slots, b.scheme.decoder_slots);
  diff.add(tr("components of the mixture"), a.scheme.num_components(), b.scheme.num_components());
  diff.add(tr("component that was drawn"), frame_a.batch.component[0] + 1, frame_b.batch.component[0] + 1);
  for (const SchemeModality& entry : a.scheme.modalities) {
    const int in_b = b.scheme.find(entry.modality.name);
    if (in_b < 0) diff.add(entry.modality.name, std::string(tr("part of the scheme")), std::string(tr("none")));
    else diff_modality(entry, b.scheme.modalities[static_cast<std::size_t>(in_b)], a.scheme, b.scheme, diff);
  }
  for (const SchemeModality& entry : b.scheme.modalities) {
    if (a.scheme.find(entry.modality.name) < 0) diff.add(entry.modality.name, std::string(tr("none")), std::string(tr("part of the scheme")));
  }
  const auto switched = [](const Document& document, const std::string& name) {
    const bool is_off = std::find(document.disabled.begin(), document.disabled.end(), name) != document.disabled.end();
    return std::string(is_off ? tr("off") : tr("on"));
  };
  for (const SchemeModality& entry : b.scheme.modalities) diff.add(entry.modality.name, switched(a, entry.modality.name), switched(b, entry.modality.name));
  return diff.take();
}

// The same photo, scene or sample; its text may have been edited, and its grids cut otherwise.
bool has_same_source(InputSpec a, const InputSpec& b) {
  a.text = b.text;
  a.text_file = b.text_file;
  a.tokenizer = b.tokenizer;
  a.input_size = b.input_size;
  a.patch_size = b.patch_size;
  a.dataset.modalities = b.dataset.modalities;
  return a == b;
}

// Grids of unknown ids are alike whatever they show: a training sample's crop is drawn anew with another seed.
bool has_same_tokens(const MaskedFrame& a, const MaskedFrame& b, int modality_a, int modality_b) {
  if (!(a.sample.modalities[static_cast<std::size_t>(modality_a)] == b.sample.modalities[static_cast<std::size_t>(modality_b)])) return false;
  const bool is_cropped_anew = a.inputs && a.inputs->dataset && !a.inputs->spec.dataset.is_validation;
  const ModalityContent* const in_a = a.content(modality_a);
  const ModalityContent* const in_b = b.content(modality_b);
  return !is_cropped_anew || a.inputs == b.inputs || (in_a && in_b && in_a->ids == in_b->ids && !in_a->ids.empty()) || (in_a && in_b && !in_a->picture && !in_b->picture);
}

void count_changes(ModalityComparison& comparison) {
  for (std::size_t i = 0; i < comparison.fates_a.size(); ++i) {
    const Fate a = comparison.fates_a[i], b = comparison.fates_b[i];
    ++comparison.from_to[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)];
    comparison.changed += a != b;
  }
}

}  // namespace

Comparison compare(const PinnedState& a, const MaskedFrame& b, const Document& document_b) {
  Comparison result;
  result.waterfall_a = a.frame.waterfall;
  result.waterfall_b = b.waterfall;
  result.settings = settings_diff(a.document, document_b, a.frame, b);
  result.is_same_sample = has_same_source(a.document.inputs, document_b.inputs);
  const auto add = [&](const std::string& name, int in_a, int in_b) {
    ModalityComparison& modality = result.modalities.emplace_back();
    modality.name = name;
    modality.short_name = (in_a >= 0 ? a.frame.scheme.modalities[static_cast<std::size_t>(in_a)] : b.scheme.modalities[static_cast<std::size_t>(in_b)]).modality.short_name;
    modality.modality_a = in_a;
    modality.modality_b = in_b;
    if (in_a >= 0) {
      modality.fates_a = source_fates(a.frame.masks(), in_a);
      modality.flow_a = result.waterfall_a.modalities[static_cast<std::size_t>(in_a)];
    }
    if (in_b >= 0) {
      modality.fates_b = source_fates(b.masks(), in_b);
      modality.flow_b = result.waterfall_b.modalities[static_cast<std::size_t>(in_b)];
    }
    const bool are_both_there = in_a >= 0 && in_b >= 0 && modality.fates_a.size() == modality.fates_b.size() && !modality.fates_a.empty();
    modality.is_comparable = are_both_there && result.is_same_sample && has_same_tokens(a.frame, b, in_a, in_b);
    if (!modality.is_comparable) return;
    count_changes(modality);
    result.num_tokens += static_cast<int>(modality.fates_a.size());
    result.changed += modality.changed;
  };
  for (int m = 0; m < a.frame.scheme.num_modalities(); ++m) {
    const std::string& name = a.frame.scheme.modalities[static_cast<std::size_t>(m)].modality.name;
    add(name, m, b.scheme.find(name));
  }
  for (int m = 0; m < b.scheme.num_modalities(); ++m) {
    const std::string& name = b.scheme.modalities[static_cast<std::size_t>(m)].modality.name;
    if (a.frame.scheme.find(name) < 0) add(name, -1, m);
  }
  return result;
}

std::string comparison_as_text(const Comparison& comparison) {
  std::string text;
  for (const std::string& setting : comparison.settings) text += setting + "\n";
  text += "modality\ttokens\tchanged_fates\tencoder_A\tencoder_B\tdecoder_A\tdecoder_B\n";
  for (const ModalityComparison& one : comparison.modalities) {
    text += cat(one.name, '\t', std::max(one.fates_a.size(), one.fates_b.size()), '\t');
    if (one.is_comparable) text += cat(one.changed);
    text += cat('\t', one.flow_a.encoder.kept, '\t', one.flow_b.encoder.kept, '\t', one.flow_a.decoder.kept, '\t', one.flow_b.decoder.kept, '\n');
  }
  return text;
}

}  // namespace maskscope
