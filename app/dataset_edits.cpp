// Edits that concern data sets, configurations and dumped batches.
#include <algorithm>
#include <cmath>

#include "app/dataset_inputs.h"
#include "app/edits.h"
#include "core/data/dataset.h"
#include "core/data/scheme_config.h"
#include "core/error.h"

namespace maskscope::edits {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t entries_per_step = 256;

// So that a saved session opens from any folder; a notation's braces and brackets are parts of names to the file system.
std::string absolute_text(const std::string& path) {
  std::error_code failure;
  const fs::path whole = fs::absolute(path, failure);
  return failure ? path : whole.lexically_normal().string();
}

// The modalities that a data set holds, by the names of 4M: "rgb" is rgb@224.
std::vector<std::string> modalities_of(const std::string& path) {
  const std::unique_ptr<Dataset> dataset = maskscope::open_dataset(path, {});
  while (dataset->num_samples() == 0 && dataset->index_more(entries_per_step)) {
  }
  std::vector<std::string> names;
  for (const std::string& folder : dataset->modalities()) {
    const bool is_known = builtin_modality(folder).has_value();
    names.push_back(!is_known && builtin_modality(folder + "@224") ? folder + "@224" : folder);
  }
  std::sort(names.begin(), names.end());
  return names;
}

const ConfigDataset& dataset_in(const LoadedConfig& config, const std::string& name, bool is_training) {
  const std::vector<ConfigDataset>& datasets = is_training || config.validation.empty() ? config.training : config.validation;
  if (datasets.empty()) throw Error(cat(config.path.string(), ": there is no data set in it. Choose another file."));
  const auto found = std::find_if(datasets.begin(), datasets.end(), [&](const ConfigDataset& dataset) { return dataset.name == name; });
  return found == datasets.end() ? datasets.front() : *found;
}

// Scheme, transforms and files of one data set of a configuration.
void take_config(Document& document, const LoadedConfig& config, const std::string& name, bool is_training, const std::string& data_path) {
  const ConfigDataset& dataset = dataset_in(config, name, is_training);
  document.scheme = dataset.scheme;
  document.disabled.clear();
  DatasetSpec& spec = document.inputs.dataset;
  spec.config = config.path;
  spec.config_dataset = dataset.name;
  spec.is_validation = !is_training;
  const bool has_data = config.kind == ConfigKind::data || config.kind == ConfigKind::model;
  if (has_data) {
    spec.transforms = dataset.transforms;
    spec.modality_name_map = dataset.modality_name_map;
    spec.modalities = dataset.in_domains;
    for (const std::string& modality : dataset.out_domains) spec.modalities.push_back(modality);
    std::sort(spec.modalities.begin(), spec.modalities.end());
    spec.modalities.erase(std::unique(spec.modalities.begin(), spec.modalities.end()), spec.modalities.end());
  }
  // The official files name places of one cluster: what is open stays where they are not here.
  std::error_code failure;
  const bool is_here = has_data && !dataset.data_path.empty() && (looks_like_dataset(dataset.data_path) || fs::exists(dataset.data_path, failure));
  if (!data_path.empty() || is_here) {
    spec.path = absolute_text(data_path.empty() ? dataset.data_path : data_path);
    spec.sample = 0;
    document.inputs.picture = PictureSource::dataset;
  }
  if (spec.modalities.empty() && document.inputs.picture == PictureSource::dataset) spec.modalities = modalities_of(spec.path);
}

}  // namespace

Edit open_dataset(const std::string& path) {
  return {"open " + fs::path(path).filename().string(), "", [=](Document& d) {
            DatasetSpec& spec = d.inputs.dataset;
            if (!spec.config.empty() && !spec.modalities.empty()) {
              spec.path = absolute_text(path);
            } else {
              const std::vector<std::string> modalities = modalities_of(path);
              if (spec.config.empty()) {
                d.scheme = scheme_of_dataset(modalities, fs::path(path).filename().string());
                d.disabled.clear();
                spec.transforms = {};
                spec.transforms.is_training = true;
                spec.is_validation = false;
              }
              spec.path = absolute_text(path);
              spec.modalities = modalities;
            }
            spec.sample = 0;
            d.inputs.picture = PictureSource::dataset;
            d.inputs.text.reset();
            d.inputs.text_file.clear();
          }};
}

Edit show_sample(std::int64_t number) {
  return {"sample", "sample", [=](Document& d) { d.inputs.dataset.sample = number; }};
}

Edit set_training(bool is_training) {
  return {is_training ? "training" : "validation", "", [=](Document& d) {
            DatasetSpec& spec = d.inputs.dataset;
            if (!spec.config.empty()) {
              const LoadedConfig config = read_config(spec.config);
              const std::int64_t sample = spec.sample;
              const std::string path = spec.path;
              if (!config.validation.empty()) {
                take_config(d, config, spec.config_dataset, is_training, "");
                if (spec.path == path) spec.sample = sample;
                return;
              }
            }
            spec.is_validation = !is_training;
            spec.transforms.is_training = is_training;
          }};
}

Edit use_config(const fs::path& path, const std::string& data_path) {
  return {"open " + path.filename().string(), "", [=](Document& d) {
            std::error_code failure;
            const fs::path whole = fs::absolute(path, failure);
            take_config(d, read_config(failure ? path : whole), "", true, data_path);
          }};
}

Edit set_config_dataset(const std::string& name) {
  return {"data set " + name, "", [=](Document& d) {
            const DatasetSpec& spec = d.inputs.dataset;
            if (spec.config.empty()) throw Error(cat("data set ", name, ": no configuration is open. Open a data config first."));
            const LoadedConfig config = read_config(spec.config);
            const auto has = [&](const std::vector<ConfigDataset>& list) {
              return std::any_of(list.begin(), list.end(), [&](const ConfigDataset& dataset) { return dataset.name == name; });
            };
            if (!has(config.training) && !has(config.validation)) {
              std::string names;
              for (const ConfigDataset& dataset : config.training) names += (names.empty() ? "" : ", ") + dataset.name;
              throw Error(cat(config.path.string(), ": there is no data set \"", name, "\" in it. It has ", names, "."));
            }
            take_config(d, config, name, !spec.is_validation, "");
          }};
}

Edit set_scheme(const Scheme& scheme) {
  return {"scheme " + scheme.name, "", [=](Document& d) {
            d.scheme = scheme;
            d.disabled.clear();
          }};
}

Edit set_sampling_weight(int component, double weight) {
  return {"sampling weight", cat("sampling_weight/", component), [=](Document& d) {
            const int count = d.scheme.num_components();
            if (component < 0 || component >= count) {
              throw Error(cat("mixture component: found ", component + 1, ", expected a number from 1 to ", count, "."));
            }
            if (!std::isfinite(weight) || weight < 0) throw Error(cat("sampling weight: found ", weight, ", expected a finite number >= 0."));
            if (d.scheme.sampling_weights.empty()) d.scheme.sampling_weights.assign(static_cast<std::size_t>(count), 1.0);
            d.scheme.sampling_weights[static_cast<std::size_t>(component)] = weight;
          }};
}

Edit open_dump(const fs::path& path) {
  return {"open " + path.filename().string(), "", [=](Document& d) {
            d.inputs.picture = PictureSource::dump;
            d.inputs.dump = {absolute_text(path.string()), 0};
          }};
}

Edit show_dump_sample(int sample) {
  return {"sample", "sample", [=](Document& d) { d.inputs.dump.sample = sample; }};
}

}  // namespace maskscope::edits
