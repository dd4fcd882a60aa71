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
  bool is_usable = true;                         // false: the reference fails to set it up (problems say why)
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

// Told apart by content. settings: for files that don't hold any; absent: 4M's own. Throws Error when nothing of the file can be used.
LoadedConfig read_config(const std::filesystem::path& path, const std::optional<MainSettings>& settings = {});

// Whether the text is YAML of one of these kinds (to tell it from a caption).
bool looks_like_config(std::string_view text);

// The files' texts with the scheme's numbers in place of those that differ: comments, order and layout stay, and what did
// not change stays byte for byte. config: as read; dataset: which of config.training; Throws Error for changes that the
// file's form can't hold.
std::map<std::filesystem::path, std::string> with_scheme(const LoadedConfig& config, std::size_t dataset, const Scheme& changed);

// A scheme of its own as a YAML text that read_config reads back equal (kind scheme).
std::string scheme_to_yaml(const Scheme& scheme);

}  // namespace maskscope
