// What the reference's training script makes of a data config, value by value as Python has them, and where it fails.
// As setup_data in run_training_4m.py and setup_sampling_mod_info, get_train_dataloader and get_val_dataloader in
// fourm/data/pretrain_utils.py. Where it fails this goes on as well as it can, so that the rest can be shown.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/data/config_files.h"
#include "core/data/config_problems.h"
#include "core/data/scheme_config.h"
#include "core/data/yaml_node.h"

namespace maskscope {

// The alphas, or keep schemes, of one modality.
struct HandedList {
  YamlPtr value;               // as YAML gives it: a list, if all is well; null: there is none
  std::filesystem::path file;  // that its numbers stand in; empty: nowhere
  YamlPtr inline_text = {};    // inline alphas: "0.1-0.2"
  int inline_part = 0;         // which of its parts this one is
};

struct HandedModality {
  std::string name;
  std::string type;                           // empty: not in the table
  std::optional<int> min_tokens, max_tokens;  // as the table has them
  HandedList input_alphas, target_alphas, keep;
};

// minimum and maximum, in any order, and anything but numbers if the file says so.
struct HandedRange {
  YamlPtr low, high;
};

// Arguments of a loader.
struct HandedLoader {
  bool raises = false;
  HandedRange input_tokens, target_tokens;
  std::string loader;     // "shards", "folder", "huggingface"
  std::string augmenter;  // class name in fourm/data/image_augmenter.py
  YamlPtr data_path, aligned_captions, main_domain, modality_name_map, hflip, crop_scale, crop_ratio;  // null: not handed on
  YamlPtr shuffle_buffer_load, shuffle_buffer_repeat, n_repeats;
  std::optional<bool> no_aug;
  bool has_sampling_weights = false;
};

struct HandedDataset {
  std::string name;
  YamlPtr config, validation_config;  // validation_config: null if there is none
  YamlPlace place;
  std::vector<std::string> in_domains, out_domains;  // sorted, with repetitions
  std::vector<std::string> all_domains;              // sorted, once each
  bool raises_modalities = false;                    // one of its names is not in the table
  bool raises_setup = false;
  bool raises_masking = false;             // UnifiedMasking's constructor
  std::filesystem::path alphas_file;       // that was read; empty: inline alphas, or not found
  YamlPtr sampling_weights;                // null: none
  std::vector<HandedModality> modalities;  // of all_domains
  HandedLoader training;
  std::optional<HandedLoader> validation;
};

struct HandedConfig {
  bool raises_modalities = false;
  YamlPtr weights;                                                // null: none given, all 1
  std::vector<std::string> in_domains, out_domains, all_domains;  // of all data sets, sorted, once each
  std::vector<HandedDataset> datasets;
};

// The steps for one data set; problems get a sentence for everything that the reference does without a word or fails on.
// Its names, from in_domains and out_domains.
void split_domains(HandedDataset& dataset, const std::filesystem::path& file, ConfigProblems& problems);
// Alphas, keep schemes and weights, from the alphas file or inline.
void set_up_alphas(HandedDataset& dataset, const std::filesystem::path& file, ConfigFiles& files, ConfigProblems& problems);
// The part of it that reads an alphas file. root: of that file.
void set_up_from_alphas_file(HandedDataset& dataset, const YamlNode& root, const std::filesystem::path& file,
                             ConfigProblems& problems);
// The constructor of UnifiedMasking. After set_up_alphas.
void check_masking(HandedDataset& dataset, const std::filesystem::path& file, ConfigProblems& problems);
// Both loaders. After set_up_alphas.
void set_up_loaders(HandedDataset& dataset, const MainSettings& settings, const std::filesystem::path& file,
                    ConfigProblems& problems);

// All of it. root: of the data config. Throws Error when there are no data sets.
HandedConfig hand_over(const YamlPtr& root, const MainSettings& settings, const std::filesystem::path& file, ConfigFiles& files,
                       ConfigProblems& problems);

}  // namespace maskscope
