// 4M's YAML files: alphas files, data configs, model configs; and this program's own scheme files, which add modalities.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/sample_view.h"
#include "core/data_problem.h"
#include "core/scheme.h"

namespace maskscope {

enum class ConfigKind : std::uint8_t { alphas, data, model, scheme };

// What the main configuration says for all data sets.
struct MainSettings {
  int num_input_tokens = 128, num_target_tokens = 128;
  std::optional<int> min_input_tokens, min_target_tokens;  // absent: the number itself
  int input_size = 224, patch_size = 16;
  int num_register_tokens = 0;
  bool operator==(const MainSettings&) const = default;
};

// One data set of a data config, for training or validation.
struct ConfigDataset {
  std::string name;
  std::string type = "multimodal";               // or "huggingface": text only, its data is not here
  std::string data_path;                         // as in the file, resolved where it is relative; may be a notation
  bool uses_shards = false;                      // use_wds
  std::vector<std::string> in_domains, out_domains;  // sorted
  std::map<std::string, std::string> modality_name_map;
  TransformOptions transforms;
  std::filesystem::path alphas_file;             // empty: inline alphas
  // All modalities of all data sets of the config, sorted: those this one lacks are in no domain and always absent.
  Scheme scheme;
  // false: the reference fails on it, now or at the first sample (problems say why). The scheme is what can be shown anyway:
  // alphas that are missing are 0, keep schemes random, modalities of unknown name left out.
  bool is_usable = true;
};

struct LoadedConfig {
  ConfigKind kind = ConfigKind::data;
  std::filesystem::path path;
  MainSettings settings;
  std::vector<ConfigDataset> training;           // alphas, scheme files: one
  std::vector<double> weights;                   // of the training data sets; empty: one data set
  std::vector<ConfigDataset> validation;
  std::vector<std::filesystem::path> files;      // all that were read
  std::vector<DataProblem> problems;             // what is wrong, and what the reference makes of it; the rest is usable
};

// Told apart by content. settings: for files that don't hold any; absent: 4M's own. Throws Error when nothing of the file can be
// used: not readable, not YAML (limits: core/data/yaml_document.h), of no kind, more than 64 data sets or 256 modalities. Files
// that it names are looked for from its folder upwards.
LoadedConfig read_config(const std::filesystem::path& path, const std::optional<MainSettings>& settings = {});

// Whether the text is YAML of one of these kinds (to tell it from a caption). Never throws.
bool looks_like_config(std::string_view text);

// The files that change when the scheme's numbers are put into them, with their new texts: comments, order and layout stay, and
// what did not change stays byte for byte. Empty: nothing has changed. Reads the files anew, and the texts that come out again:
// what is returned is read back as changed. (Other data sets that share an alphas file change with it.) config: as read;
// dataset: which of config.training. Throws Error for changes that the files' form can't hold, and when a file has changed
// since it was read.
std::map<std::filesystem::path, std::string> with_scheme(const LoadedConfig& config, std::size_t dataset, const Scheme& changed);

// A scheme of its own as a YAML text that read_config reads back equal (kind scheme; docs/schemes.md). scheme: valid, names
// and texts in UTF-8.
std::string scheme_to_yaml(const Scheme& scheme);

}  // namespace maskscope
