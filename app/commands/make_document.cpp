// How the options become a document.
#include <algorithm>

#include "app/commands/options.h"
#include "app/commands/whole_number.h"
#include "app/edits.h"
#include "app/open_dataset.h"
#include "core/data/scheme_config.h"
#include "core/data/utf8.h"
#include "core/error.h"

namespace maskscope::commands {
namespace {

// "12" tokens, or "30%" of max.
std::optional<int> token_count(std::string_view text, int max) {
  if (text.empty() || text.back() != '%') return whole_number(text);
  const auto percent = whole_number(text.substr(0, text.size() - 1));
  if (!percent || *percent < 0 || *percent > 100) return std::nullopt;
  return static_cast<int>((static_cast<long>(*percent) * max + 50) / 100);
}

void apply_budget(Document& document, const std::string& budget) {
  const auto equals = budget.find('='), comma = budget.find(',', equals == std::string::npos ? 0 : equals);
  const std::string form = "--budget " + budget;
  if (equals == std::string::npos || comma == std::string::npos) {
    throw Error(cat(form, ": expected MODALITY=ENCODER,DECODER, for example caption=6,10 or rgb@224=25%,0."));
  }
  const std::string name = budget.substr(0, equals);
  const int at = document.scheme.find(name);
  if (at < 0) {
    std::string names;
    for (const SchemeModality& entry : document.scheme.modalities) names += (names.empty() ? "" : ", ") + entry.modality.name;
    throw Error(cat(form, ": the scheme has no modality ", name, ". It has ", names, "."));
  }
  SchemeModality& entry = document.scheme.modalities[static_cast<std::size_t>(at)];
  const int max = entry.modality.max_tokens;
  const auto encoder = token_count(std::string_view(budget).substr(equals + 1, comma - equals - 1), max);
  const auto decoder = token_count(std::string_view(budget).substr(comma + 1), max);
  if (!encoder || !decoder || *encoder < 0 || *decoder < 0) {
    throw Error(cat(form, ": expected two counts of tokens from 0 to ", max, ", or percentages 0% to 100%, for encoder and decoder."));
  }
  const auto require_side = [&](bool reaches, int tokens, const char* side) {
    if (!reaches && tokens > 0) throw Error(cat(form, ": ", name, " never reaches the ", side, ". Give it 0 tokens there."));
  };
  require_side(entry.reaches_encoder(), *encoder, "encoder");
  require_side(entry.reaches_decoder(), *decoder, "decoder");
  if (entry.direct_encoder_tokens > 0 || entry.direct_decoder_tokens > 0) {
    throw Error(cat(form, ": ", name, " has a budget already. Give one --budget for each modality."));
  }
  entry.direct_encoder_tokens = *encoder;
  entry.direct_decoder_tokens = *decoder;
  document.scheme.mode = BudgetMode::direct;
}

std::vector<std::string> split_names(const std::string& list) {
  std::vector<std::string> names;
  std::size_t begin = 0;
  while (begin <= list.size()) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    if (end > begin) names.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

void apply_transfer(Document& document, const std::string& transfer) {
  const auto colon = transfer.find(':');
  if (colon == std::string::npos) {
    throw Error(cat("--transfer ", transfer, ": expected INPUTS:TARGETS, for example rgb@224,caption:tok_depth@224."));
  }
  try {
    edits::set_transfer(split_names(transfer.substr(0, colon)), split_names(transfer.substr(colon + 1))).apply(document);
  } catch (const Error& error) {
    throw Error(cat("--transfer ", transfer, ": ", error.what()));
  }
}

// Notes which option or file names the picture or the text; a second one is refused rather than dropped.
class NamedOnce {
 public:
  explicit NamedOnce(const char* what) : what_(what) {}
  void name(const std::string& by) {
    if (!by_.empty()) throw Error(cat(by_, " and ", by, ": both name the ", what_, ". Give one of them."));
    by_ = by;
  }
  bool is_named() const { return !by_.empty(); }

 private:
  const char* what_;
  std::string by_;
};

// A preset, or the scheme of a file.
Scheme named_scheme(const std::string& name) {
  const std::vector<std::string> presets = preset_names();
  if (std::find(presets.begin(), presets.end(), name) != presets.end()) return preset_scheme(name);
  std::error_code ignored;
  const bool is_file = std::filesystem::exists(name, ignored) || name.ends_with(".yaml") || name.ends_with(".yml");
  if (!is_file) return preset_scheme(name);  // throws, and lists them
  return read_config(name).training.front().scheme;
}

// The data set and which of its samples.
void apply_data(Document& document, const SharedOptions& options) {
  if (options.config) edits::use_config(*options.config, options.data.value_or("")).apply(document);
  else if (options.data) edits::open_dataset(*options.data).apply(document);
  if (options.config_dataset) edits::set_config_dataset(*options.config_dataset).apply(document);
  if (options.split && document.inputs.picture != PictureSource::dataset && document.inputs.dataset.config.empty()) {
    throw Error(cat("--split ", *options.split, ": there is no data set to read that way. Name one with --data or --config."));
  }
  if (options.split) edits::set_training(*options.split == "training").apply(document);
}

void apply_sample(Document& document, const std::string& sample, std::shared_ptr<OpenDataset>* opened) {
  if (sample.starts_with('-') && whole_number<std::int64_t>(sample)) throw Error(cat("--sample ", sample, ": expected a number from 0, or a key."));
  const bool is_key = !whole_number<std::int64_t>(sample) || (sample.size() > 1 && sample[0] == '0');
  if (document.inputs.picture == PictureSource::dataset) {
    const DatasetSpec& spec = document.inputs.dataset;
    std::int64_t number = 0;
    if (is_key) {
      const std::shared_ptr<OpenDataset> dataset = OpenDataset::open(spec);
      number = dataset->number_of(sample);
      if (opened) *opened = dataset;
    } else {
      number = *whole_number<std::int64_t>(sample);
    }
    edits::show_sample(number).apply(document);
  } else if (document.inputs.picture == PictureSource::dump) {
    const auto row = whole_number(sample);
    if (!row || is_key) throw Error(cat("--sample ", sample, ": a dumped batch has no keys. Give a number, from 0."));
    edits::show_dump_sample(*row).apply(document);
  } else {
    throw Error(cat("--sample ", sample, ": there is no data set to take it from. Name one with --data or --config."));
  }
}

}  // namespace

TokenRange parse_token_range(const std::string& text, const char* option) {
  const auto dots = text.find("..");
  const auto low = whole_number(std::string_view(text).substr(0, dots));
  const auto high = dots == std::string::npos ? low : whole_number(std::string_view(text).substr(dots + 2));
  if (!low || !high || *low < 0 || *low > *high) {
    throw Error(cat(option, " ", text, ": expected a count of tokens from 0 to ", max_tokens_together,
                    ", or a range like 64..256 with the lower count first."));
  }
  return {*low, *high};
}

Document make_document(const SharedOptions& options, std::shared_ptr<OpenDataset>* opened, std::shared_ptr<SessionExtras>* extras) {
  Document document = default_document();
  NamedOnce picture("input"), text("text"), session("session"), config("configuration");
  // Files first: a session among them is what the options then change.
  std::vector<Edit> edits;
  for (const std::string& file : options.files) {
    const Edit edit = edits::open_any(file);
    Document alone = default_document();
    edit.apply(alone);
    std::error_code ignored;
    const std::filesystem::path absolute = std::filesystem::absolute(file, ignored);
    const bool is_config = alone.inputs.dataset.config == absolute;
    if (is_config) config.name(file);
    if (alone.inputs.picture == PictureSource::dataset || alone.inputs.picture == PictureSource::dump || alone.inputs.photo == absolute) picture.name(file);
    else if (is_config) {}
    else if (alone.inputs.text_file == absolute) text.name(file);
    else if (alone.inputs.tokenizer != absolute) {
      session.name(file);
      document = alone;
      if (extras) *extras = edit.extras;
      continue;
    }
    edits.push_back(edit);
  }
  if (options.scene) {
    if (*options.scene == 0) throw Error("--scene 0: expected a number from 1.");
    picture.name("--scene");
    edits::open_scene(*options.scene - 1).apply(document);  // before the texts: a scene brings its own
  }
  if (options.config) config.name("--config");
  if (options.data) picture.name("--data");
  apply_data(document, options);
  for (const Edit& edit : edits) edit.apply(document);  // a named input takes the place of the configuration's own data
  if (options.image) {
    picture.name("--image");
    edits::open_photo(*options.image).apply(document);
  }
  if (options.text) {
    text.name("--text");
    validate_utf8(*options.text, "--text");
    edits::set_text(*options.text).apply(document);
  }
  if (options.text_file) {
    text.name("--text-file");
    edits::open_text_file(*options.text_file).apply(document);
  }
  if (options.tokenizer) {
    if (options.tokenizer->empty()) throw Error("--tokenizer: no file is named. Name a tokenizer.json, or leave the option out for the bundled one.");
    edits::open_tokenizer(*options.tokenizer).apply(document);
  }
  // Naming a text alone leaves the bundled scene: what is masked is what was given.
  if (text.is_named() && !picture.is_named() && !session.is_named()) document.inputs.picture = PictureSource::none;

  if (!options.scheme.empty()) edits::set_scheme(named_scheme(options.scheme)).apply(document);
  if (options.size || options.patch || !options.scheme.empty()) {
    edits::set_grid(options.size.value_or(document.inputs.input_size), options.patch.value_or(document.inputs.patch_size)).apply(document);
  }
  if (options.fit == "whole") document.inputs.fit = FitMode::fit;
  if (!options.input_tokens.empty()) edits::set_input_tokens(parse_token_range(options.input_tokens, "--input-tokens")).apply(document);
  if (options.target_tokens == "all") edits::set_all_targets(true).apply(document);
  else if (!options.target_tokens.empty()) edits::set_target_tokens(parse_token_range(options.target_tokens, "--target-tokens")).apply(document);
  if (!options.budgets.empty()) {
    // What is not named gets nothing: the budgets are exactly those on the command line.
    for (SchemeModality& entry : document.scheme.modalities) entry.direct_encoder_tokens = entry.direct_decoder_tokens = 0;
    for (const std::string& budget : options.budgets) apply_budget(document, budget);
  }
  if (options.transfer) {
    if (!options.budgets.empty()) throw Error("--transfer and --budget: in transfer mode all tokens go to one side. Leave one of them out.");
    apply_transfer(document, *options.transfer);
  }
  if (options.random) document.random = *options.random == "torch" ? RandomSource::torch : RandomSource::named;
  if (options.seed) document.seed = *options.seed;
  if (options.draw) edits::set_sample_index(*options.draw).apply(document);
  if (options.sample) apply_sample(document, *options.sample, opened);
  return document;
}

}  // namespace maskscope::commands
