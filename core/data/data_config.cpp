// Data configs as this program uses them.
#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "core/data/config_alphas.h"
#include "core/data/config_reading.h"
#include "core/data/python_values.h"
#include "core/data/yaml_scalar.h"
#include "core/error.h"
#include "core/modality_table.h"

namespace maskscope {
namespace fs = std::filesystem;
namespace {

bool has(const std::vector<std::string>& sorted, const std::string& name) {
  return std::binary_search(sorted.begin(), sorted.end(), name);
}

class Derivation {
 public:
  Derivation(const HandedConfig& config, const HandedDataset& handed, bool is_training, const MainConfig& main,
             const fs::path& file, ConfigProblems& problems)
      : config_(config),
        handed_(handed),
        loader_(is_training ? handed.training : *handed.validation),
        is_training_(is_training),
        main_(main),
        file_(file),
        problems_(problems) {}

  DerivedDataset run() {
    ConfigDataset& dataset = out_.dataset;
    dataset.name = handed_.name;
    dataset.is_usable = !handed_.raises_modalities && !handed_.raises_setup && !handed_.raises_masking && !loader_.raises;
    dataset.type = text_of("type").value_or("multimodal");
    dataset.uses_shards = loader_.loader == "shards";
    dataset.in_domains = handed_.in_domains;
    dataset.out_domains = handed_.out_domains;
    for (auto* domains : {&dataset.in_domains, &dataset.out_domains})
      domains->erase(std::unique(domains->begin(), domains->end()), domains->end());
    dataset.alphas_file = handed_.alphas_file;
    if (loader_.data_path && loader_.data_path->kind == YamlKind::string) {
      dataset.data_path =
          dataset.type == "huggingface" ? loader_.data_path->text : resolve_data_path(file_, loader_.data_path->text);
    } else if (loader_.data_path) {
      refuse(loader_.data_path->place, cat("data_path is ", describe(*loader_.data_path), ", but a path was expected."),
             "It stops.");
    } else if (const auto path = text_of("data_path"); path && dataset.type != "huggingface") {
      dataset.data_path = resolve_data_path(file_, *path);  // the reference fails before it gets there; the data are here all the same
    }
    if (dataset.type == "huggingface" && is_training_) {
      problems_.add(
          ProblemLevel::note, file_, handed_.place, "",
          cat("Data set ", handed_.name, " is streamed from a hub. Its texts are not here; type a caption to see its masking."));
    }
    set_name_map();
    set_transforms();
    set_scheme();
    return std::move(out_);
  }

 private:
  std::optional<std::string> text_of(const char* key) const {
    const YamlNode* value = handed_.validation_config && !is_training_ ? handed_.validation_config->find(key) : nullptr;
    if (value == nullptr) value = handed_.config->find(key);
    if (value == nullptr || value->kind != YamlKind::string) return std::nullopt;
    return value->text;
  }

  std::string what() const { return cat("Data set ", handed_.name, is_training_ ? "" : ", validation", ": "); }

  // Not usable as it is.
  void refuse(const YamlPlace& place, const std::string& sentence, const std::string& reference) {
    out_.dataset.is_usable = false;
    problems_.add(ProblemLevel::error, file_, place, "", what() + sentence, reference);
  }

  void set_name_map() {
    const YamlPtr& map = loader_.modality_name_map;
    if (is_null(map)) return;
    if (map->kind != YamlKind::map) {
      refuse(map->place, cat("modality_name_map is ", describe(*map), ", but a map from folders to modalities was expected."),
             "It stops when it reads a shard.");
      return;
    }
    for (const auto& [folder, name] : map->entries) out_.dataset.modality_name_map.emplace(folder->text, name->text);
  }

  void set_pair(double (&out)[2], const YamlPtr& value, const char* key) {
    if (!value) return;
    const auto is_number = [](const YamlPtr& item) {
      return item->is_number() && std::isfinite(item->number) && item->number > 0.0;
    };
    if (value->kind != YamlKind::list || value->items.size() != 2 ||
        !std::all_of(value->items.begin(), value->items.end(), is_number) || value->items[0]->number > value->items[1]->number) {
      refuse(value->place, cat(key, " is ", describe(*value), ", but two numbers above 0, the smaller one first, were expected."),
             "It stops when it crops, or crops elsewhere.");
      return;
    }
    out[0] = value->items[0]->number;
    out[1] = value->items[1]->number;
  }

  void set_transforms() {
    TransformOptions& transforms = out_.dataset.transforms;
    transforms.is_training = is_training_ && !loader_.no_aug.value_or(false);
    transforms.has_aligned_captions = !loader_.aligned_captions || is_truthy(*loader_.aligned_captions);
    transforms.main_augment_domain = text_of("main_augment_domain").value_or("");
    set_pair(transforms.crop_scale, loader_.crop_scale, "crop_scale");
    set_pair(transforms.crop_ratio, loader_.crop_ratio, "crop_ratio");
    if (!loader_.hflip) return;
    if (loader_.hflip->is_number() && loader_.hflip->number >= 0.0) {
      transforms.flip_probability = std::min(loader_.hflip->number, 1.0);
    } else {
      refuse(loader_.hflip->place,
             cat("hflip is ", describe(*loader_.hflip), ", but a probability was expected. Add hflip: 0.5."),
             "It stops with a TypeError when it crops.");
    }
  }

  void set_scheme() {
    Scheme& scheme = out_.dataset.scheme;
    scheme.name = handed_.name;
    const std::size_t num_components = count_components(handed_, file_, problems_);
    for (const std::string& name : config_.all_domains) add_modality(name, num_components);
    set_weights(num_components);
    const MainSettings& settings = main_.settings;
    scheme.encoder_slots = settings.num_input_tokens;
    scheme.decoder_slots = settings.num_target_tokens;
    out_.places.encoder_slots = {main_.file, main_.num_input_tokens};
    out_.places.decoder_slots = {main_.file, main_.num_target_tokens};
    scheme.input_tokens =
        range("input", loader_.input_tokens, settings.num_input_tokens, out_.places.input_low, out_.places.input_high);
    scheme.target_tokens =
        range("target", loader_.target_tokens, settings.num_target_tokens, out_.places.target_low, out_.places.target_high);
    warn_of_cut("input", scheme.input_tokens.high, scheme.encoder_slots);
    warn_of_cut("target", scheme.target_tokens->high, scheme.decoder_slots);
    try {
      validate(scheme);
    } catch (const Error& error) {
      refuse(handed_.place, error.what(), "");
    }
  }

  void add_modality(const std::string& name, std::size_t num_components) {
    const MainSettings& settings = main_.settings;
    const std::optional<Modality> modality = configured_modality(name, {settings.input_size, settings.patch_size});
    const auto own = std::find_if(handed_.modalities.begin(), handed_.modalities.end(),
                                  [&](const HandedModality& m) { return m.name == name; });
    const bool is_own = own != handed_.modalities.end();
    if (!modality) {
      if (is_own && find_table_modality(name) != nullptr) {
        problems_.add(ProblemLevel::error, file_, handed_.place, name,
                      "It has no tokens that could be masked, or too many for input_size and patch_size, and is left out here.");
      }
      return;
    }
    SchemeModality& entry = out_.dataset.scheme.modalities.emplace_back();
    entry.modality = *modality;
    if (!is_own) {
      entry.is_in_domain = entry.is_out_domain = false;
      entry.input_alphas.assign(num_components, 0.0);
      entry.target_alphas.assign(num_components, 0.0);
      entry.keep.assign(num_components, KeepScheme::random);
      return;
    }
    // The model has the embeddings of all data sets, so a domain of one is a domain of all.
    entry.is_in_domain = has(config_.in_domains, name);
    entry.is_out_domain = has(config_.out_domains, name);
    if (!fill_mixture(entry, out_.places.modalities[name], *own, num_components, file_, problems_))
      out_.dataset.is_usable = false;
    tell_lost_side(*own, true, entry.input_alphas, entry.is_in_domain);
    tell_lost_side(*own, false, entry.target_alphas, entry.is_out_domain);
  }

  // Alphas above 0 on a side that the data set doesn't name. An alphas file by itself has no domains to name it in.
  void tell_lost_side(const HandedModality& own, bool is_input, const std::vector<double>& alphas, bool is_in_model) {
    const char* const domains = is_input ? "in_domains" : "out_domains";
    if (!is_training_ || handed_.config->find(domains) == nullptr ||
        has(is_input ? handed_.in_domains : handed_.out_domains, own.name))
      return;
    const HandedList& list = is_input ? own.input_alphas : own.target_alphas;
    if (!list.value || std::all_of(alphas.begin(), alphas.end(), [](double alpha) { return alpha == 0.0; })) return;
    problems_.add(ProblemLevel::warning, list.file, list.value->place, own.name,
                  cat("Data set ", handed_.name, " doesn't name this modality in ", domains, ", yet its ",
                      is_input ? "input_alphas" : "target_alphas", " are above 0."),
                  is_in_model ? "Another data set names it there, so the model takes these tokens."
                              : "It spends a part of every budget on it, which reaches no model.");
  }

  void set_weights(std::size_t num_components) {
    if (is_null(handed_.sampling_weights)) return;
    if (loader_.has_sampling_weights) {
      if (!fill_weights(out_.dataset.scheme, out_.places, handed_, num_components, problems_)) out_.dataset.is_usable = false;
    } else if (is_training_) {
      problems_.add(
          ProblemLevel::warning, handed_.alphas_file, handed_.sampling_weights->place, "",
          cat("sampling_weights has no effect on data set ", handed_.name, ", which is not read from shards (use_wds)."),
          "It draws all components with the same weight.");
    }
  }

  TokenRange range(const std::string& side, const HandedRange& handed, int fallback, NumberPlace& low_place,
                   NumberPlace& high_place) {
    const bool is_input = side == "input";
    const bool is_one = handed.low == handed.high;
    high_place = place_of(handed.high, is_input ? main_.num_input_tokens : main_.num_target_tokens);
    const YamlPtr main_min = is_input ? main_.min_input_tokens : main_.min_target_tokens;
    low_place = is_one || !main_min ? high_place_or(handed.low, high_place, is_input) : place_of(handed.low, main_min);
    TokenRange out{number(handed.low, cat("min_", side, "_tokens"), fallback),
                   number(handed.high, cat("num_", side, "_tokens"), fallback)};
    if (out.low > out.high) {
      refuse(handed.low && handed.low->place.line > 0 ? handed.low->place : handed_.place,
             cat("min_", side, "_tokens ", out.low, " is above num_", side, "_tokens ", out.high,
                 ". A minimum that is left out is that of the main configuration; null makes it num_", side, "_tokens."),
             "It stops with a ValueError at the first sample: an empty range.");
      out.low = out.high;
    }
    return out;
  }

  NumberPlace place_of(const YamlPtr& node, const YamlPtr& main_node) const {
    if (node && node->place.line > 0) return {file_, node};
    return {main_.file, main_node};
  }
  // A minimum that no file gives is the number itself.
  NumberPlace high_place_or(const YamlPtr& low, const NumberPlace& high, bool is_input) const {
    if (low && low->place.line > 0) return {file_, low};
    if (high.file == main_.file) return high;
    return {main_.file, is_input ? main_.num_input_tokens : main_.num_target_tokens};
  }

  int number(const YamlPtr& node, const std::string& key, int fallback) {
    if (!node) return fallback;
    std::string why;
    if (const std::optional<int> value = config_integer(*node, 0, max_tokens_together, why)) {
      if (const std::string surprise = number_surprise(*node); !surprise.empty()) {
        problems_.add(ProblemLevel::warning, file_, node->place, "", cat(key, ": ", surprise, " Write the number without it."),
                      "It takes that number.");
      }
      return *value;
    }
    refuse(node->place.line > 0 ? node->place : handed_.place, cat(key, " ", why, " ", fallback, " is shown."),
           "It stops when it masks the first sample, or draws nonsense.");
    return fallback;
  }

  void warn_of_cut(const char* side, int most, int slots) {
    if (most <= slots) return;
    problems_.add(ProblemLevel::warning, file_, handed_.place, "",
                  cat(what(), "up to ", most, " ", side, " tokens are drawn, but the main configuration's num_", side,
                      "_tokens gives the model ", slots, "."),
                  "It cuts off what is beyond the model's slots.");
  }

  const HandedConfig& config_;
  const HandedDataset& handed_;
  const HandedLoader& loader_;
  const bool is_training_;
  const MainConfig& main_;
  const fs::path& file_;
  ConfigProblems& problems_;
  DerivedDataset out_;
};

void set_dataset_weights(LoadedConfig& out, const HandedConfig& handed, const fs::path& file, ConfigProblems& problems) {
  const std::size_t count = handed.datasets.size();
  std::vector<double> weights(count, 1.0);
  if (handed.weights) {
    const YamlNode& list = *handed.weights;
    const auto is_weight = [](const YamlPtr& item) {
      return item->is_number() && std::isfinite(item->number) && item->number >= 0.0;
    };
    double sum = 0.0;
    for (const YamlPtr& item : list.items) sum += item->number;
    if (list.kind != YamlKind::list || !std::all_of(list.items.begin(), list.items.end(), is_weight) || !(sum > 0.0)) {
      problems.add(
          ProblemLevel::error, file, list.place, "",
          cat("train.weights is ", describe(list), ", but one number per data set, none below 0 and one above, was expected."),
          "It stops when training begins.");
    } else {
      if (list.items.size() != count) {
        problems.add(ProblemLevel::error, file, list.place, "",
                     cat("train.weights has ", list.items.size(), " entries for ", count, " data sets. Give one per data set."),
                     list.items.size() < count ? "It never draws from the last data sets, without a word."
                                               : "It stops with an IndexError once a data set is drawn that isn't there.");
      }
      for (std::size_t d = 0; d < count; ++d) weights[d] = d < list.items.size() ? list.items[d]->number : 0.0;
    }
  }
  if (count > 1) out.weights = std::move(weights);
}

}  // namespace

DerivedDataset derive_dataset(const HandedConfig& config, const HandedDataset& dataset, bool is_training, const MainConfig& main,
                              const fs::path& file, ConfigProblems& problems) {
  return Derivation(config, dataset, is_training, main, file, problems).run();
}

void read_data_config(ConfigReading& reading, const YamlPtr& root, const fs::path& file, const MainConfig& main,
                      ConfigProblems& problems) {
  reading.handed = hand_over(root, main.settings, file, reading.files, problems);
  for (const HandedDataset& dataset : reading.handed.datasets) {
    DerivedDataset derived = derive_dataset(reading.handed, dataset, true, main, file, problems);
    reading.config.training.push_back(std::move(derived.dataset));
    reading.places.push_back(std::move(derived.places));
    if (dataset.validation)
      reading.config.validation.push_back(derive_dataset(reading.handed, dataset, false, main, file, problems).dataset);
  }
  set_dataset_weights(reading.config, reading.handed, file, problems);
}

}  // namespace maskscope
