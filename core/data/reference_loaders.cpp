// The loaders for training and validation, and all steps together.
#include <algorithm>
#include <set>

#include "core/data/python_values.h"
#include "core/data/reference_config.h"
#include "core/error.h"
#include "core/modality_table.h"

namespace maskscope {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t max_datasets = 64;
constexpr std::size_t max_domains = 256;
constexpr int default_shuffle_buffer = 1000;

// A data set's settings; for validation those of the training entry stand in.
class Settings {
 public:
  Settings(const YamlPtr& own, const YamlPtr& inherited) : own_(own), inherited_(inherited) {}
  // dict.get: null pointer when absent.
  YamlPtr own(const char* key) const { return own_->share(key); }
  YamlPtr get(const char* key) const {
    const YamlPtr value = own(key);
    return value || !inherited_ ? value : inherited_->share(key);
  }
  YamlPtr get_or(const char* key, const YamlPtr& otherwise) const {
    const YamlPtr value = get(key);
    return value ? value : otherwise;
  }

 private:
  YamlPtr own_, inherited_;
};

class LoaderSetup {
 public:
  LoaderSetup(HandedDataset& dataset, const MainSettings& main, const fs::path& file, ConfigProblems& problems)
      : dataset_(dataset), main_(main), file_(file), problems_(problems) {
    // Of the modalities alone: crops are taken from crop_settings as soon as one is tokenized.
    is_pretokenized_ = std::any_of(dataset.modalities.begin(), dataset.modalities.end(), [](const HandedModality& modality) {
      const TableModality* entry = find_table_modality(modality.name);
      return entry != nullptr && entry->is_pretokenized;
    });
  }

  HandedLoader training() {
    what_ = cat("Data set ", dataset_.name);
    const Settings settings(dataset_.config, nullptr);
    HandedLoader loader;
    loader.aligned_captions = settings.get_or("aligned_captions", make_boolean(true));
    const YamlPtr type = settings.get("type");
    if (!type)
      return raise(loader, "type is missing. Write type: multimodal, or huggingface for text from a hub.",
                   "It stops with a KeyError.");
    if (type->kind == YamlKind::string && type->text == "multimodal") {
      if (!augment_for_training(loader, settings)) return loader;
      set_ranges(loader, settings, true);
      load_files(loader, settings);
    } else if (type->kind == YamlKind::string && type->text == "huggingface") {
      set_ranges(loader, settings, false);
      if (const YamlPtr shards = settings.get("use_wds"); shards && is_truthy(*shards)) {
        return raise(loader, "use_wds is true, but text from a hub can't be read from shards. Set it to False.",
                     "It stops with a NotImplementedError.");
      }
      loader.loader = "huggingface";
      loader.augmenter = "EmptyAugmenter";
      loader.data_path = settings.get("data_path");
      loader.shuffle_buffer_load = settings.get_or("shuffle_buffer_load", make_integer(default_shuffle_buffer));
      if (!loader.data_path) return raise(loader, "data_path is missing.", "It stops with a KeyError.");
    } else {
      return raise(loader, cat("type is ", describe(*type), ", but only multimodal and huggingface exist."),
                   "It stops with a NotImplementedError.");
    }
    return loader;
  }

  HandedLoader validation() {
    what_ = cat("Data set ", dataset_.name, ", validation");
    const Settings settings(dataset_.validation_config, dataset_.config);
    HandedLoader loader;
    loader.aligned_captions = settings.get_or("aligned_captions", make_boolean(true));
    const YamlPtr type = settings.get("type");
    loader.data_path = settings.get_or("data_path", make_null());
    if (type && type->kind == YamlKind::string && type->text == "multimodal") {
      loader.augmenter = is_pretokenized_ ? "PreTokenizedImageAugmenter" : "CenterCropImageAugmenter";
      loader.main_domain = settings.get_or("main_augment_domain", make_null());
      if (is_pretokenized_) {
        loader.no_aug = true;
      } else {
        loader.hflip = make_number(0.0, YamlKind::real);
      }
      set_ranges(loader, settings, true);
      loader.loader = "folder";
      return loader;
    }
    if (type && type->kind == YamlKind::string && type->text == "huggingface") {
      set_ranges(loader, settings, false);
      loader.loader = "huggingface";
      loader.augmenter = "EmptyAugmenter";
      loader.shuffle_buffer_load = settings.get_or("shuffle_buffer_load", make_integer(default_shuffle_buffer));
      return loader;
    }
    return raise(loader, "its type is neither multimodal nor huggingface.", "It stops with a NotImplementedError.");
  }

 private:
  static YamlPtr make_null() { return std::make_shared<YamlNode>(); }

  HandedLoader& raise(HandedLoader& loader, const std::string& sentence, const char* reference) {
    loader.raises = true;
    problems_.add(ProblemLevel::error, file_, dataset_.place, "", cat(what_, ": ", sentence), reference);
    return loader;
  }

  bool augment_for_training(HandedLoader& loader, const Settings& settings) {
    if (is_pretokenized_) {
      loader.augmenter = "PreTokenizedImageAugmenter";
      const YamlPtr augments = settings.get("tok_train_aug");
      loader.no_aug = augments && !is_truthy(*augments);
      loader.main_domain = settings.get("main_augment_domain");
      if (!loader.main_domain)
        raise(loader, "main_augment_domain is missing. Name the modality whose picture the crops belong to, like rgb@224.",
              "It stops with a KeyError.");
      return !loader.raises;
    }
    loader.augmenter = "RandomCropImageAugmenter";
    loader.main_domain = make_text("rgb");
    loader.hflip = settings.get_or("hflip", make_null());
    loader.crop_scale = settings.get("crop_scale");
    loader.crop_ratio = settings.get("crop_ratio");
    for (const YamlPtr& range : {loader.crop_scale, loader.crop_ratio}) {
      if (range && (range->kind == YamlKind::list || range->kind == YamlKind::map || range->kind == YamlKind::string)) continue;
      raise(loader,
            "no modality is pre-tokenized, so pictures are cropped at random; crop_scale and crop_ratio must be lists of two "
            "numbers. "
            "Add crop_scale: [0.2, 1.0] and crop_ratio: [0.75, 1.3333].",
            "It stops with a TypeError.");
      return false;
    }
    return true;
  }

  void load_files(HandedLoader& loader, const Settings& settings) {
    const YamlPtr shards = settings.get("use_wds");
    if (!shards) {
      raise(loader, "use_wds is missing. Write True for tar shards, False for folders.", "It stops with a KeyError.");
      return;
    }
    loader.data_path = settings.get("data_path");
    if (!loader.data_path) {
      raise(loader, "data_path is missing.", "It stops with a KeyError.");
      return;
    }
    const bool uses_shards = is_truthy(*shards);
    loader.loader = uses_shards ? "shards" : "folder";
    loader.has_sampling_weights = uses_shards && !is_null(dataset_.sampling_weights);
    if (!uses_shards) return;
    loader.modality_name_map = settings.get_or("modality_name_map", make_null());
    loader.shuffle_buffer_load = settings.get_or("wds_shuffle_buffer_tar", make_integer(default_shuffle_buffer));
    loader.shuffle_buffer_repeat = settings.get_or("wds_shuffle_buffer_repeat", make_integer(default_shuffle_buffer));
    loader.n_repeats = settings.get_or("wds_n_repeats", make_integer(1));
  }

  // Token numbers are never inherited from the training entry. has_minimum: text from a hub always gets the maximum.
  void set_ranges(HandedLoader& loader, const Settings& settings, bool has_minimum) {
    loader.input_tokens = range(settings, "input", main_.num_input_tokens, main_.min_input_tokens, has_minimum);
    loader.target_tokens = range(settings, "target", main_.num_target_tokens, main_.min_target_tokens, has_minimum);
  }

  HandedRange range(const Settings& settings, const std::string& side, int main_most, std::optional<int> main_least,
                    bool has_minimum) const {
    const YamlPtr num = settings.own(cat("num_", side, "_tokens").c_str());
    const YamlPtr min = settings.own(cat("min_", side, "_tokens").c_str());
    HandedRange range;
    range.high = num ? num : make_integer(main_most);
    range.low = min ? min : make_integer(main_least.value_or(main_most));
    if (!has_minimum || is_null(range.low)) range.low = range.high;
    return range;
  }

  HandedDataset& dataset_;
  const MainSettings& main_;
  const fs::path& file_;
  ConfigProblems& problems_;
  bool is_pretokenized_ = false;
  std::string what_;
};

std::vector<std::string> once_each(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

// The map of data sets under train or val; nullptr when it is not there. Throws Error when it is something else.
const YamlNode* datasets_under(const YamlNode& root, const char* part, const fs::path& file) {
  const YamlNode* side = root.find(part);
  if (side == nullptr || (side->kind == YamlKind::null && std::string_view(part) == "val")) return nullptr;
  const YamlNode* datasets = side->find("datasets");
  if (datasets == nullptr || datasets->kind != YamlKind::map) {
    throw Error(cat(at_place(file.string(), datasets != nullptr ? datasets->place : side->place), ": ", part, ".datasets ",
                    datasets != nullptr ? cat("is ", describe(*datasets)) : std::string("is missing"),
                    ", but a map from names to data sets was expected."));
  }
  if (datasets->entries.size() > max_datasets) {
    throw Error(cat(at_place(file.string(), datasets->place), ": ", datasets->entries.size(), " data sets. At most ",
                    max_datasets, " are read."));
  }
  return datasets;
}

void add_modalities(HandedDataset& dataset, const MainSettings& settings) {
  for (const std::string& name : dataset.all_domains) {
    HandedModality& modality = dataset.modalities.emplace_back();
    modality.name = name;
    if (const TableModality* entry = find_table_modality(name)) {
      modality.type = entry->type;
      if (entry->has_min_tokens) modality.min_tokens = 0;
      modality.max_tokens = table_max_tokens(*entry, {settings.input_size, settings.patch_size});
    } else if (const auto builtin = builtin_modality(name, settings.patch_size)) {
      modality.type = to_string(builtin->kind);
      modality.min_tokens = 0;
      modality.max_tokens = builtin->max_tokens;
    }
  }
}

}  // namespace

void set_up_loaders(HandedDataset& dataset, const MainSettings& settings, const fs::path& file, ConfigProblems& problems) {
  LoaderSetup setup(dataset, settings, file, problems);
  dataset.training = setup.training();
  if (dataset.validation_config) dataset.validation = setup.validation();
}

HandedConfig hand_over(const YamlPtr& root, const MainSettings& settings, const fs::path& file, ConfigFiles& files,
                       ConfigProblems& problems) {
  const YamlNode* training = datasets_under(*root, "train", file);
  if (training == nullptr || training->entries.empty())
    throw Error(cat(file.string(), ": train.datasets holds no data set. Add one."));
  const YamlNode* validation = datasets_under(*root, "val", file);
  HandedConfig config;
  if (const YamlPtr weights = root->find("train")->share("weights")) config.weights = weights;
  std::vector<std::string> in_domains, out_domains, all_domains;
  for (const auto& [name, entry] : training->entries) {
    HandedDataset& dataset = config.datasets.emplace_back();
    dataset.name = name->text;
    dataset.place = name->place;
    dataset.config = entry;
    if (entry->kind != YamlKind::map) {
      throw Error(cat(at_place(file.string(), entry->place), ": data set ", dataset.name, " is ", describe(*entry),
                      ", but a map was expected."));
    }
    if (validation != nullptr) {
      dataset.validation_config = validation->share(dataset.name);
      if (dataset.validation_config && dataset.validation_config->kind != YamlKind::map) {
        problems.add(ProblemLevel::error, file, dataset.validation_config->place, "",
                     cat("The validation entry of data set ", dataset.name, " is ", describe(*dataset.validation_config),
                         ", but a map was expected."),
                     "It stops.");
        dataset.validation_config = nullptr;
      }
    }
    split_domains(dataset, file, problems);
    if (dataset.all_domains.size() > max_domains) {
      throw Error(cat(at_place(file.string(), dataset.place), ": data set ", dataset.name, " has ", dataset.all_domains.size(),
                      " modalities. At most ", max_domains, " are read."));
    }
    config.raises_modalities = config.raises_modalities || dataset.raises_modalities;
    in_domains.insert(in_domains.end(), dataset.in_domains.begin(), dataset.in_domains.end());
    out_domains.insert(out_domains.end(), dataset.out_domains.begin(), dataset.out_domains.end());
  }
  config.in_domains = once_each(std::move(in_domains));
  config.out_domains = once_each(std::move(out_domains));
  all_domains = config.in_domains;
  all_domains.insert(all_domains.end(), config.out_domains.begin(), config.out_domains.end());
  config.all_domains = once_each(std::move(all_domains));
  if (config.all_domains.size() > max_domains) {
    throw Error(cat(file.string(), ": the data sets name ", config.all_domains.size(), " modalities together. At most ",
                    max_domains, " are read."));
  }
  for (HandedDataset& dataset : config.datasets) {
    add_modalities(dataset, settings);
    set_up_alphas(dataset, file, files, problems);
    check_masking(dataset, file, problems);
    set_up_loaders(dataset, settings, file, problems);
  }
  if (validation != nullptr) {
    for (const auto& [name, entry] : validation->entries) {
      if (training->find(name->text) != nullptr) continue;
      problems.add(
          ProblemLevel::error, file, name->place, "",
          cat("The validation entry ", name->text, " has no training data set of the same name to inherit from. Rename it."),
          "It stops with a KeyError.");
    }
  }
  return config;
}

}  // namespace maskscope
