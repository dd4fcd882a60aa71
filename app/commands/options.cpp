#include "app/commands/options.h"

#include <algorithm>
#include <iostream>

#include "app/commands/commands.h"
#include "app/commands/whole_number.h"
#include "core/error.h"

namespace maskscope::commands {
namespace {

// For options of 64 bits: the parser itself wraps negative and too large numbers around.
std::string check_count(const std::string& text) {
  const bool is_octal = text.size() > 1 && text[0] == '0';  // the parser would read 010 as 8
  return whole_number<std::uint64_t>(text) && !is_octal ? "" : cat("found ", text, ", expected a whole number from 0 to 18446744073709551615.");
}

}  // namespace

void add_shared_options(CLI::App& app, SharedOptions& options) {
  app.add_option("files", options.files, "pictures, UTF-8 texts, tokenizer.json, sessions, data sets (a folder, a .tar), configurations (.yaml), dumped batches (.npz)")->type_name("FILES");
  app.add_option("--image", options.image, "picture: PNG, JPEG, BMP, TGA, PNM, GIF, PSD, TIFF, WebP or JPEG 2000")->type_name("F");
  app.add_option("--scene", options.scene, "bundled scene number, from 1")->type_name("N")->check(check_count);
  app.add_option("--text", options.text, "the caption")->type_name("STR");
  app.add_option("--text-file", options.text_file, "file with the caption, UTF-8")->type_name("F");
  app.add_option("--tokenizer", options.tokenizer, "a WordPiece tokenizer.json instead of the bundled one")->type_name("F");
  app.add_option("--data", options.data, "data set of 4M: root folder, .tar, or a notation like 'root/[caption,rgb]/shard-{00000..00099}.tar'")->type_name("PATH");
  app.add_option("--config", options.config, "4M's data config, model config or alphas file, or a scheme file (YAML): its scheme, and its data where they are here or named by --data")
      ->type_name("F");
  app.add_option("--config-dataset", options.config_dataset, "which data set of the configuration; the first if not given")->type_name("NAME");
  app.add_option("--split", options.split, "training (crops and captions are drawn; the default) or validation (the first of each)")
      ->type_name("training|validation")
      ->check(CLI::IsMember({"training", "validation"}));
  app.add_option("--sample", options.sample, "sample of the data set or dumped batch: its number, from 0, or its key; a number with a leading zero is a key")->type_name("N|KEY");
  app.add_option("--scheme", options.scheme, "a YAML file as for --config, or a preset: " + [] {
       std::string names;
       for (const std::string& name : preset_names()) names += (names.empty() ? "" : ", ") + name;
       return names;
     }())->type_name("PRESET|F");
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

std::unique_ptr<Backend> make_backend(const SharedOptions& options) {
  if (options.backend == "cuda" && options.random == "torch") {
    throw Error("--backend cuda and --rng torch: PyTorch's generators are streams, which only the CPU can follow. Leave one of them out.");
  }
  const BackendChoice choice = options.backend == "cpu" ? BackendChoice::cpu : options.backend == "cuda" ? BackendChoice::cuda : BackendChoice::automatic;
  return maskscope::make_backend(choice, options.threads);
}

}  // namespace maskscope::commands
