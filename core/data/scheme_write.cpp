// Writing a changed scheme back into the files it came from.
#include <array>
#include <charconv>

#include "core/data/config_reading.h"
#include "core/data/text_edits.h"
#include "core/data/yaml_scalar.h"
#include "core/error.h"

namespace maskscope {
namespace fs = std::filesystem;
namespace {

constexpr const char* advice = " Save the scheme as a scheme file instead.";

// Inline alphas are separated by hyphens, so an exponent must not have one.
std::string without_exponent(double number) {
  std::array<char, 400> digits{};
  const auto [end, status] = std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed);
  std::string text(digits.data(), end);
  if (text.find('.') == text.npos) text += ".0";
  return text;
}

class SchemeDifference {
 public:
  SchemeDifference(const ConfigReading& reading, const Scheme& before, const SchemePlaces& places, const Scheme& after)
      : reading_(reading), before_(before), places_(places), after_(after) {}

  TextEdits edits() {
    check_form();
    for (std::size_t m = 0; m < before_.modalities.size(); ++m) compare(before_.modalities[m], after_.modalities[m]);
    compare_lists("sampling_weights", before_.sampling_weights, after_.sampling_weights, places_.sampling_weights);
    compare("the least input tokens", before_.input_tokens.low, after_.input_tokens.low, places_.input_low);
    compare("the most input tokens", before_.input_tokens.high, after_.input_tokens.high, places_.input_high);
    if (before_.target_tokens && after_.target_tokens) {
      compare("the least target tokens", before_.target_tokens->low, after_.target_tokens->low, places_.target_low);
      compare("the most target tokens", before_.target_tokens->high, after_.target_tokens->high, places_.target_high);
    }
    compare("encoder slots", before_.encoder_slots, after_.encoder_slots, places_.encoder_slots);
    compare("decoder slots", before_.decoder_slots, after_.decoder_slots, places_.decoder_slots);
    compare("max_tries", before_.max_tries, after_.max_tries, places_.max_tries);
    return std::move(edits_);
  }

 private:
  [[noreturn]] void refuse(const std::string& sentence) const {
    throw Error(cat(reading_.config.path.string(), ": ", sentence, advice));
  }

  // What no number in the files stands for.
  void check_form() const {
    if (before_.mode != after_.mode)
      refuse(cat("the file can't hold the change of mode from ", to_string(before_.mode), " to ", to_string(after_.mode), "."));
    if (before_.name != after_.name) refuse("the file can't hold another name of the scheme.");
    if (before_.num_modalities() != after_.num_modalities())
      refuse("modalities were added or taken out, which is more than a change of numbers.");
    if (before_.target_tokens.has_value() != after_.target_tokens.has_value()) {
      refuse("whether all other tokens are targets is more than a change of numbers.");
    }
    for (std::size_t m = 0; m < before_.modalities.size(); ++m) {
      const SchemeModality &a = before_.modalities[m], &b = after_.modalities[m];
      if (a.modality != b.modality || a.is_in_domain != b.is_in_domain || a.is_out_domain != b.is_out_domain ||
          a.transfer_role != b.transfer_role) {
        refuse(cat("modality ", a.modality.name,
                   " itself, its domains or its role have changed, which is more than a change of numbers."));
      }
      if (a.input_alphas.size() != b.input_alphas.size()) refuse("the number of mixture components has changed.");
    }
    validate(after_);
  }

  void put(const std::string& what, const NumberPlace& place, const std::string& value) {
    if (!place.node || place.file.empty()) refuse(cat(what, " can't be written: no value in the files stands for it."));
    if (place.node->text.empty()) refuse(cat(what, " can't be written: the file has ", describe(*place.node), " in its place."));
    edits_.replace(place, reading_.files.text(place.file), value, what);
  }
  void compare(const std::string& what, int before, int after, const NumberPlace& place) {
    if (before != after) put(what, place, cat(after));
  }
  void compare_lists(const std::string& what, const std::vector<double>& before, const std::vector<double>& after,
                     const std::vector<NumberPlace>& places) {
    if (before.size() != after.size())
      refuse(cat(what, ": the number of entries has changed. Weights act only where data is read from shards (use_wds)."));
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i] == after[i]) continue;
      const NumberPlace place = i < places.size() ? places[i] : NumberPlace{};
      put(cat(what, ", component ", i + 1), place, place.inline_part >= 0 ? without_exponent(after[i]) : yaml_float(after[i]));
    }
  }
  void compare(const SchemeModality& before, const SchemeModality& after) {
    const std::string& name = before.modality.name;
    const auto found = places_.modalities.find(name);
    const ModalityPlaces places = found == places_.modalities.end() ? ModalityPlaces{} : found->second;
    compare_lists(cat(name, ", input_alphas"), before.input_alphas, after.input_alphas, places.input_alphas);
    compare_lists(cat(name, ", target_alphas"), before.target_alphas, after.target_alphas, places.target_alphas);
    for (std::size_t c = 0; c < before.keep.size(); ++c) {
      if (c < after.keep.size() && before.keep[c] == after.keep[c]) continue;
      if (after.keep.size() != before.keep.size()) refuse(cat(name, ", keep: the number of entries has changed."));
      put(cat(name, ", keep, component ", c + 1), c < places.keep.size() ? places.keep[c] : NumberPlace{},
          std::string(to_string(after.keep[c])));
    }
    compare(cat(name, ", encoder tokens"), before.direct_encoder_tokens, after.direct_encoder_tokens,
            places.direct_encoder_tokens);
    compare(cat(name, ", decoder tokens"), before.direct_decoder_tokens, after.direct_decoder_tokens,
            places.direct_decoder_tokens);
  }

  const ConfigReading& reading_;
  const Scheme& before_;
  const SchemePlaces& places_;
  const Scheme& after_;
  TextEdits edits_;
};

}  // namespace

std::map<fs::path, std::string> with_scheme(const LoadedConfig& config, std::size_t dataset, const Scheme& changed) {
  if (dataset >= config.training.size())
    throw Error(cat(config.path.string(), ": there is no data set number ", dataset + 1, " in it."));
  const ConfigReading reading = read_config_places(config.path, config.settings, {});
  if (reading.config.training.size() != config.training.size() ||
      reading.config.training[dataset].scheme != config.training[dataset].scheme) {
    throw Error(cat(config.path.string(),
                    ": it, or a file it names, has changed since it was read. Open it again, then change the scheme."));
  }
  const TextEdits edits = SchemeDifference(reading, config.training[dataset].scheme, reading.places[dataset], changed).edits();
  std::map<fs::path, std::string> texts;
  for (const fs::path& file : edits.files()) texts.emplace(file, edits.applied(file, reading.files.text(file)));
  // What was written is what will be read: aliases, values that stand for several numbers and the like show here.
  const ConfigReading again = read_config_places(config.path, config.settings, texts);
  if (again.config.training.size() != config.training.size() || again.config.training[dataset].scheme != changed) {
    throw Error(cat(config.path.string(),
                    ": a value in the files stands for several numbers of the scheme (an alias, one alpha for all, a number of "
                    "tokens for a range and its slots), of which "
                    "only some have changed. Give each a value of its own in the file first.",
                    advice));
  }
  return texts;
}

}  // namespace maskscope
