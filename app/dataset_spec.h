// What is asked for of a data set or a dumped batch: values that a session saves.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/data/sample_view.h"

namespace maskscope {

// Where random numbers come from.
enum class RandomSource : std::uint8_t {
  named,  // counter-based, every draw a name (docs/draws.md); on every backend
  torch,  // the generators of PyTorch, Python and NumPy after seeding: the masks of a notebook. CPU only
};

// A sample of a data set, and how a loader reads it.
struct DatasetSpec {
  std::string path;                     // a root folder, a .tar or a notation with braces and brackets
  bool is_path_by_hand = false;         // named by the user: a configuration's own path does not take its place
  std::vector<std::string> modalities;  // asked for, sorted; empty: whatever is there
  std::map<std::string, std::string> modality_name_map;
  bool is_validation = false;           // which split of the configuration
  TransformOptions transforms;          // training may be without augmentation, too: the configuration says
  std::int64_t sample = 0;              // its number
  std::filesystem::path config;         // the file the scheme came from; empty: none
  std::string config_dataset;           // which of its data sets; empty: the first
  bool operator==(const DatasetSpec&) const = default;
};

// Whether both name the same files, whatever sample is shown and however it is transformed.
inline bool same_files(const DatasetSpec& a, const DatasetSpec& b) {
  return a.path == b.path && a.modalities == b.modalities && a.modality_name_map == b.modality_name_map;
}

// One sample of a dumped batch.
struct DumpSpec {
  std::filesystem::path path;
  int sample = 0;
  bool operator==(const DumpSpec&) const = default;
};

}  // namespace maskscope
