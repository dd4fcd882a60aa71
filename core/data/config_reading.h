// A configuration as read, with the places of its numbers: what reading, writing back and tests share.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/data/config_files.h"
#include "core/data/reference_config.h"
#include "core/data/scheme_config.h"

namespace maskscope {

// Where a number or word of a scheme stands. node null: in no file.
struct NumberPlace {
  std::filesystem::path file;
  YamlPtr node = {};
  int inline_part = -1;  // of inline alphas "0.1-0.2": which part; -1: the whole value
};

struct ModalityPlaces {
  std::vector<NumberPlace> input_alphas, target_alphas, keep;  // one per component
  NumberPlace direct_encoder_tokens, direct_decoder_tokens;
};

struct SchemePlaces {
  std::map<std::string, ModalityPlaces> modalities;
  std::vector<NumberPlace> sampling_weights;
  NumberPlace input_low, input_high, target_low, target_high, encoder_slots, decoder_slots, max_tries;
};

struct ConfigReading {
  LoadedConfig config;
  std::vector<SchemePlaces> places;  // parallel to config.training
  HandedConfig handed;               // data and model configs
  ConfigFiles files;
};

// As read_config. texts: what these files are taken to hold.
ConfigReading read_config_places(const std::filesystem::path& path, const std::optional<MainSettings>& settings,
                                 std::map<std::filesystem::path, std::string> texts);

// The main configuration: its numbers, and the nodes they come from.
struct MainConfig {
  MainSettings settings;
  std::filesystem::path file;                                                        // empty: no file
  YamlPtr num_input_tokens, num_target_tokens, min_input_tokens, min_target_tokens;  // null: default, or null in the file
};
// root: of a model config. Numbers that are none become problems, and the default stays.
MainConfig read_model_settings(const YamlNode& root, const std::filesystem::path& file, const MainSettings& defaults,
                               ConfigProblems& problems);

// One data set as this program uses it: lenient where the reference fails.
struct DerivedDataset {
  ConfigDataset dataset;
  SchemePlaces places;
};
// loader: dataset.training or *dataset.validation.
DerivedDataset derive_dataset(const HandedConfig& config, const HandedDataset& dataset, bool is_training, const MainConfig& main,
                              const std::filesystem::path& file, ConfigProblems& problems);

// Fills reading.config and reading.places from a file of each kind.
void read_data_config(ConfigReading& reading, const YamlPtr& root, const std::filesystem::path& file, const MainConfig& main,
                      ConfigProblems& problems);
void read_alphas_config(ConfigReading& reading, const YamlNode& root, const std::filesystem::path& file, const MainConfig& main,
                        ConfigProblems& problems);
void read_scheme_file(ConfigReading& reading, const YamlNode& root, const std::filesystem::path& file, ConfigProblems& problems);

// An integer of the file that must lie in a range, e.g. a number of tokens; nullopt: it is none (why says what is wrong).
std::optional<int> config_integer(const YamlNode& node, int least, int most, std::string& why);

// The kind a document looks like; nullopt: none.
std::optional<ConfigKind> config_kind(const YamlNode& root);

}  // namespace maskscope
