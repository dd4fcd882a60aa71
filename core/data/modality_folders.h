// Which modality a folder, or a name within a tar, is loaded as.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/data/dataset.h"

namespace maskscope {

inline constexpr std::string_view crop_settings_name = "crop_settings";

// Folder of a modality in the modality table: "rgb@224" -> "rgb"; others have their own name. As `path` in
// fourm/data/modality_info.py.
std::string default_folder(std::string_view modality);

// The modalities of a data set, found or asked for, and the folder or name that each is loaded from.
class ModalityFolders {
 public:
  explicit ModalityFolders(const DatasetOptions& options);

  bool are_asked_for() const { return are_asked_for_; }
  // Number of what is loaded from this folder; -1 when it isn't wanted, or there are too many. Without asked modalities
  // every new folder is one: "rgb" counts as "rgb@224".
  int find_or_add(std::string_view folder);
  int find(std::string_view folder) const;
  std::size_t num_folders() const { return folders_.size(); }
  const std::string& folder(int number) const { return folders_[static_cast<std::size_t>(number)].name; }
  // Those loaded from this folder: one, or several sizes of one ("rgb@224", "rgb@448").
  const std::vector<std::string>& modalities_of(int number) const { return folders_[static_cast<std::size_t>(number)].modalities; }

  const std::vector<std::string>& modalities() const { return modalities_; }  // sorted, without crop_settings
  bool has_crop_settings() const;

 private:
  struct Folder {
    std::string name;
    std::vector<std::string> modalities;
  };
  int add(std::string_view folder, const std::string& modality);

  bool are_asked_for_;
  std::map<std::string, std::string> modality_of_folder_;  // from DatasetOptions::modality_paths, turned round
  std::vector<Folder> folders_;
  std::vector<std::string> modalities_;
};

}  // namespace maskscope
