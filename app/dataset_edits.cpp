// Edits that concern data sets, configurations and dumped batches.
#include <algorithm>

#include "app/dataset_inputs.h"
#include "app/edit_parts.h"
#include "app/edits.h"
#include "core/data/dataset.h"
#include "core/data/modality_folders.h"
#include "core/data/scheme_config.h"
#include "core/error.h"

namespace maskscope::edits {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t entries_per_step = 256;

// A notation's braces and brackets are parts of names to the file system.
std::string absolute_text(const std::string& path) { return absolute_path(path).lexically_normal().string(); }

// The modalities that a data set holds, sorted.
std::vector<std::string> modalities_of(const std::string& path) {
  const std::unique_ptr<Dataset> dataset = maskscope::open_dataset(path, {});
  while (dataset->num_samples() == 0 && dataset->index_more(entries_per_step)) {
  }
  return dataset->modalities();
}

// Those of wanted that have a folder among there.
std::vector<std::string> with_files(const std::vector<std::string>& wanted, const std::vector<std::string>& there) {
  std::vector<std::string> found;
  for (const std::string& modality : wanted) {
    if (std::any_of(there.begin(), there.end(), [&](const std::string& name) { return default_folder(name) == default_folder(modality); })) found.push_back(modality);
  }
  return found;
}

std::vector<std::string> modalities_of(const Scheme& scheme) {
  std::vector<std::string> names;
  for (const SchemeModality& entry : scheme.modalities) names.push_back(entry.modality.name);
  return names;
}

void add_names(std::vector<std::string>& names, const std::vector<std::string>& more) {
  names.insert(names.end(), more.begin(), more.end());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

const ConfigDataset* find_dataset(const std::vector<ConfigDataset>& datasets, const std::string& name) {
  const auto found = std::find_if(datasets.begin(), datasets.end(), [&](const ConfigDataset& dataset) { return dataset.name == name; });
  return found == datasets.end() ? nullptr : &*found;
}

// Scheme, transforms and files of one data set of a configuration.
void take_dataset(Document& document, const LoadedConfig& config, const ConfigDataset& dataset) {
  document.scheme = dataset.scheme;
  document.disabled.clear();
  DatasetSpec& spec = document.inputs.dataset;
  spec.config = config.path;
  spec.config_dataset = dataset.name;
  if (config.kind != ConfigKind::data && config.kind != ConfigKind::model) {
    // Alphas alone: read as before, with files for what the scheme has.
    if (document.inputs.picture == PictureSource::dataset) add_names(spec.modalities, with_files(modalities_of(document.scheme), modalities_of(spec.path)));
    return;
  }
  spec.transforms = dataset.transforms;
  spec.modality_name_map = dataset.modality_name_map;
  spec.modalities.clear();
  add_names(spec.modalities, dataset.in_domains);
  add_names(spec.modalities, dataset.out_domains);
  const bool has_own = !dataset.data_path.empty() && why_no_dataset(dataset.data_path).empty();
  const bool is_open = document.inputs.picture == PictureSource::dataset;
  // The official files name places of one cluster: what the user named stays, unless it holds nothing of this and the file's
  // own path is here.
  const bool stays = is_open && spec.is_path_by_hand && (!has_own || !with_files(spec.modalities, modalities_of(spec.path)).empty());
  if (stays || !has_own) return;
  const std::string own = absolute_text(dataset.data_path);
  if (spec.path != own || !is_open) spec.sample = 0;
  spec.path = own;
  spec.is_path_by_hand = false;
  document.inputs.picture = PictureSource::dataset;
}

std::string names_of(const std::vector<ConfigDataset>& datasets) {
  std::string names;
  for (const ConfigDataset& dataset : datasets) names += (names.empty() ? "" : ", ") + dataset.name;
  return names;
}

// The scheme is the file's own: nothing was changed by hand.
bool is_untouched(const Document& document, const LoadedConfig& config) {
  const DatasetSpec& spec = document.inputs.dataset;
  const ConfigDataset* dataset = find_dataset(spec.is_validation ? config.validation : config.training, spec.config_dataset);
  if (!dataset) dataset = find_dataset(config.training, spec.config_dataset);
  return dataset && dataset->scheme == document.scheme && document.disabled.empty();
}

}  // namespace

Edit open_dataset(const std::string& path) {
  return {later("open {0}", fs::path(path).filename().string()), "", [=](Document& d) {
            DatasetSpec& spec = d.inputs.dataset;
            const std::vector<std::string> there = modalities_of(path);
            // A configuration stays if these are data for it.
            const bool is_for_config = !spec.config.empty() && !with_files(modalities_of(d.scheme), there).empty();
            if (!is_for_config) {
              const DatasetSpec fresh;
              spec = fresh;
              const std::string name = fs::path(absolute_text(path)).filename().string();
              d.scheme = scheme_of_dataset(there, name.empty() ? path : name);
              d.disabled.clear();
              spec.transforms.is_training = true;
              spec.modalities = there;
            } else if (spec.modalities.empty()) {
              spec.modalities = with_files(modalities_of(d.scheme), there);
              spec.transforms.is_training = !spec.is_validation;
            }
            spec.path = absolute_text(path);
            spec.is_path_by_hand = true;
            spec.sample = 0;
            d.inputs.picture = PictureSource::dataset;
            d.inputs.text.reset();
            d.inputs.text_file.clear();
          }, true};
}

Edit show_sample(std::int64_t number) {
  return {tr_later("sample"), "sample", [=](Document& d) { d.inputs.dataset.sample = number; }};
}

Edit set_training(bool is_training) {
  return {is_training ? tr_later("training") : tr_later("validation"), "", [=](Document& d) {
            DatasetSpec& spec = d.inputs.dataset;
            if (spec.is_validation == !is_training) return;
            if (!spec.config.empty()) {
              const LoadedConfig config = read_config(spec.config);
              const ConfigDataset* other = find_dataset(is_training ? config.training : config.validation, spec.config_dataset);
              // A scheme that was changed by hand is not thrown away for another split's.
              const bool is_wanted = other && is_untouched(d, config);
              spec.is_validation = !is_training;
              if (is_wanted) return take_dataset(d, config, *other);
              if (other) spec.transforms = other->transforms;
              else spec.transforms.is_training = is_training;
              return;
            }
            spec.is_validation = !is_training;
            spec.transforms.is_training = is_training;
          }};
}

Edit use_config(const fs::path& path, const std::string& data_path) {
  return {later("open {0}", path.filename().string()), "", [=](Document& d) {
            const LoadedConfig config = read_config(absolute_path(path));
            if (config.training.empty()) throw Error(cat(config.path.string(), ": there is no data set in it. Choose another file."));
            DatasetSpec& spec = d.inputs.dataset;
            spec.is_validation = false;
            if (!data_path.empty()) {
              spec.path = absolute_text(data_path);
              spec.is_path_by_hand = true;
              spec.sample = 0;
              spec.transforms.is_training = true;  // unless the configuration says more
              d.inputs.picture = PictureSource::dataset;
            }
            take_dataset(d, config, config.training.front());
          }, true};
}

Edit set_config_dataset(const std::string& name) {
  return {later("data set {0}", name), "", [=](Document& d) {
            DatasetSpec& spec = d.inputs.dataset;
            if (spec.config.empty()) throw Error(cat("data set ", name, ": no configuration is open. Open a data config first."));
            const LoadedConfig config = read_config(spec.config);
            if (!find_dataset(config.training, name) && !find_dataset(config.validation, name)) {
              throw Error(cat(config.path.string(), ": there is no data set \"", name, "\" in it. It has ", names_of(config.training), "."));
            }
            const ConfigDataset* dataset = find_dataset(spec.is_validation ? config.validation : config.training, name);
            if (!dataset) {  // only the other split has it
              spec.is_validation = !spec.is_validation;
              dataset = find_dataset(spec.is_validation ? config.validation : config.training, name);
            }
            take_dataset(d, config, *dataset);
          }};
}

Edit close_config() {
  return {tr_later("close configuration"), "", [](Document& d) {
            d.inputs.dataset.config.clear();
            d.inputs.dataset.config_dataset.clear();
          }};
}

Edit set_scheme(const Scheme& scheme) {
  return {later("scheme {0}", scheme.name), "", [=](Document& d) {
            d.scheme = scheme;
            d.disabled.clear();
            look_for_files(d);
          }};
}

void look_for_files(Document& document) {
  if (document.inputs.picture != PictureSource::dataset) return;
  DatasetSpec& spec = document.inputs.dataset;
  const std::vector<std::string> wanted = modalities_of(document.scheme);
  // Without a look at the disk where all of them are open already.
  if (std::includes(spec.modalities.begin(), spec.modalities.end(), wanted.begin(), wanted.end())) return;
  add_names(spec.modalities, with_files(wanted, modalities_of(spec.path)));
}

Edit open_dump(const fs::path& path) {
  return {later("open {0}", path.filename().string()), "", [=](Document& d) {
            d.inputs.picture = PictureSource::dump;
            d.inputs.dump = {absolute_text(path.string()), 0};
          }, true};
}

Edit show_dump_sample(int sample) {
  return {tr_later("sample"), "sample", [=](Document& d) { d.inputs.dump.sample = sample; }};
}

}  // namespace maskscope::edits
