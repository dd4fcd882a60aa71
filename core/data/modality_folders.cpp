#include "core/data/modality_folders.h"

#include <algorithm>

namespace maskscope {
namespace {

// A tar with a new name in every file must not fill the memory with modalities.
constexpr std::size_t max_folders = 250;

}  // namespace

std::string default_folder(std::string_view modality) {
  return std::string(modality.starts_with("rgb@") ? "rgb" : modality);
}

ModalityFolders::ModalityFolders(const DatasetOptions& options) : are_asked_for_(!options.modalities.empty()) {
  for (const auto& [modality, folder] : options.modality_paths) modality_of_folder_.emplace(folder, modality);
  for (const std::string& modality : options.modalities) {
    if (std::find(modalities_.begin(), modalities_.end(), modality) != modalities_.end()) continue;
    const auto path = options.modality_paths.find(modality);
    add(path != options.modality_paths.end() ? path->second : default_folder(modality), modality);
  }
}

int ModalityFolders::add(std::string_view folder, const std::string& modality) {
  int number = find(folder);
  if (number < 0) {
    if (folders_.size() >= max_folders) return -1;
    number = static_cast<int>(folders_.size());
    folders_.push_back({std::string(folder), {}});
  }
  folders_[static_cast<std::size_t>(number)].modalities.push_back(modality);
  if (modality != crop_settings_name) {
    modalities_.insert(std::upper_bound(modalities_.begin(), modalities_.end(), modality), modality);
  }
  return number;
}

int ModalityFolders::find(std::string_view folder) const {
  const auto found = std::find_if(folders_.begin(), folders_.end(), [&](const Folder& one) { return one.name == folder; });
  return found == folders_.end() ? -1 : static_cast<int>(found - folders_.begin());
}

int ModalityFolders::find_or_add(std::string_view folder) {
  const int number = find(folder);
  if (number >= 0) return number;
  if (folder == crop_settings_name) return add(folder, std::string(folder));
  if (are_asked_for_) return -1;
  const auto named = modality_of_folder_.find(std::string(folder));
  if (named != modality_of_folder_.end()) return add(folder, named->second);
  return add(folder, folder == "rgb" ? "rgb@224" : std::string(folder));
}

bool ModalityFolders::has_crop_settings() const { return find(crop_settings_name) >= 0; }

}  // namespace maskscope
