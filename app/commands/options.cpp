#include "app/commands/options.h"

#include <algorithm>
#include <charconv>
#include <iostream>

#include "app/commands/commands.h"
#include "app/edits.h"
#include "core/data/text_file.h"
#include "core/data/utf8.h"
#include "core/error.h"

namespace maskscope::commands {
namespace {

// A whole number from all of the text.
template <class Number = int>
std::optional<Number> whole_number(std::string_view text) {
  Number value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// For options of 64 bits: the parser itself wraps negative and too large numbers around.
std::string check_count(const std::string& text) {
  const bool is_octal = text.size() > 1 && text[0] == '0';  // the parser would read 010 as 8
  return whole_number<std::uint64_t>(text) && !is_octal ? "" : cat("found ", text, ", expected a whole number from 0 to 18446744073709551615.");
}

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

}  // namespace

void add_shared_options(CLI::App& app, SharedOptions& options) {
  app.add_option("files", options.files, "images, UTF-8 texts, tokenizer.json or session files")->type_name("FILES");
  app.add_option("--image", options.image, "picture: PNG, JPEG, BMP, TGA, PNM, GIF or PSD")->type_name("F");
  app.add_option("--scene", options.scene, "bundled scene number, from 1")->type_name("N")->check(check_count);
  app.add_option("--text", options.text, "the caption")->type_name("STR");
  app.add_option("--text-file", options.text_file, "file with the caption, UTF-8")->type_name("F");
  app.add_option("--tokenizer", options.tokenizer, "a WordPiece tokenizer.json instead of the bundled one")->type_name("F");
  app.add_option("--scheme", options.scheme, "preset: " + [] {
       std::string names;
       for (const std::string& name : preset_names()) names += (names.empty() ? "" : ", ") + name;
       return names;
     }())->type_name("PRESET");
  app.add_option("--input-tokens", options.input_tokens, "tokens drawn for the encoder: a count or a range")->type_name("N|A..B");
  app.add_option("--target-tokens", options.target_tokens, "tokens drawn for the decoder: a count, a range, or all: every token that is not input")->type_name("N|A..B|all");
  app.add_option("--budget", options.budgets, "direct mode: tokens (or %) of one modality; repeatable")
      ->type_name("MODALITY=ENCODER,DECODER")
      ->allow_extra_args(false);  // what follows it is a file, not a second budget
  app.add_option("--transfer", options.transfer, "transfer masking: these modalities wholly input, those wholly target, no others; e.g. rgb@224,caption:tok_depth@224")
      ->type_name("INPUTS:TARGETS");
  app.add_option("--seed", options.seed, "seed of every draw; 42 if not given")->type_name("N")->check(check_count);
  app.add_option("--rng", options.random, "philox: named draws, on every backend (the default). torch: what PyTorch, Python and NumPy draw after seeding, on the CPU")
      ->type_name("philox|torch")
      ->check(CLI::IsMember({"philox", "torch"}));
  app.add_option("--draw", options.draw, "number of the draw of this sample; with --rng torch, how often it was masked before. 0 if not given")
      ->type_name("N")
      ->check(check_count);
  app.add_option("--size", options.size, "picture size in pixels: 224 or 448")->type_name("N");
  app.add_option("--patch", options.patch, "patch size in pixels: 16 or 14")->type_name("N");
  app.add_option("--fit", options.fit, "how a photo becomes a square: crop (centre) or whole (with bars)")
      ->type_name("crop|whole")
      ->check(CLI::IsMember({"crop", "whole"}));
  app.add_option("--backend", options.backend, "auto, cpu or cuda")->type_name("auto|cpu|cuda")->check(CLI::IsMember({"auto", "cpu", "cuda"}));
  app.add_option("--threads", options.threads, "CPU threads; 0: one per hardware thread")->type_name("N")->check(CLI::Range(0, 1024));
}

CLI::Validator factor_between(double low, double high) {
  return CLI::Validator(
      [=](const std::string& text) {
        double value = 0;
        const bool is_number = CLI::detail::lexical_cast(text, value);
        return is_number && value >= low && value <= high ? "" : cat("found ", text, ", expected a number from ", low, " to ", high, ".");
      },
      "");
}

namespace {

// The parser's own messages are short; these name the command and what to do.
std::string usage_sentence(const CLI::App& app, const CLI::ParseError& error) {
  const std::string what = error.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&error)) {
    return cat(what.substr(what.find(": ") == std::string::npos ? 0 : what.find(": ") + 2), ": maskscope ", app.get_name(), " has no such option. Check its spelling.");
  }
  if (dynamic_cast<const CLI::RequiredError*>(&error)) return cat(what.substr(0, what.find(' ')), ": missing, but ", app.get_name(), " can't do without it. Give it a value.");
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error)) return cat(what.substr(0, what.find(':')), ": its value is missing. Give one after it.");
  if (dynamic_cast<const CLI::ConversionError*>(&error)) return cat(what, ". A number was expected.");
  return what;
}

}  // namespace

std::optional<int> parse(CLI::App& app, const std::vector<std::string>& arguments) {
  try {
    // CLI11 takes the arguments last first.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    return exit_fine;
  } catch (const CLI::ParseError& error) {
    std::cerr << "maskscope: " << usage_sentence(app, error) << "\nTry maskscope " << app.get_name() << " --help.\n";
    return exit_usage;
  }
  return std::nullopt;
}

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

Document make_document(const SharedOptions& options) {
  Document document = default_document();
  NamedOnce picture("picture"), text("text"), session("session");
  // Files first: a session among them is what the options then change.
  std::vector<Edit> edits;
  for (const std::string& file : options.files) {
    const Edit edit = edits::open_any(file);
    Document alone = default_document();
    edit.apply(alone);
    std::error_code ignored;
    const std::filesystem::path absolute = std::filesystem::absolute(file, ignored);
    if (alone.inputs.photo == absolute) picture.name(file);
    else if (alone.inputs.text_file == absolute) text.name(file);
    else if (alone.inputs.tokenizer != absolute) {
      session.name(file);
      document = alone;
      continue;
    }
    edits.push_back(edit);
  }
  if (options.scene) {
    if (*options.scene == 0) throw Error("--scene 0: expected a number from 1.");
    picture.name("--scene");
    edits::open_scene(*options.scene - 1).apply(document);  // before the texts: a scene brings its own
  }
  for (const Edit& edit : edits) edit.apply(document);
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

  if (!options.scheme.empty()) document.scheme = preset_scheme(options.scheme);
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
  return document;
}

std::unique_ptr<Backend> make_backend(const SharedOptions& options) {
  if (options.backend == "cuda" && options.random == "torch") {
    throw Error("--backend cuda and --rng torch: PyTorch's generators are streams, which only the CPU can follow. Leave one of them out.");
  }
  const BackendChoice choice = options.backend == "cpu" ? BackendChoice::cpu : options.backend == "cuda" ? BackendChoice::cuda : BackendChoice::automatic;
  return maskscope::make_backend(choice, options.threads);
}

}  // namespace maskscope::commands
