#include "app/recent_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace maskscope {
namespace fs = std::filesystem;

RecentFiles::RecentFiles(const std::vector<std::string>& paths, std::string folder) : folder_(std::move(folder)) {
  for (const std::string& path : paths) {
    if (paths_.size() == max_paths) break;
    if (!path.empty() && std::find(paths_.begin(), paths_.end(), path) == paths_.end()) paths_.push_back(path);
  }
}

void RecentFiles::add(const std::string& path) {
  std::error_code failure;
  const bool is_file = fs::exists(path, failure);
  const fs::path absolute = is_file ? fs::absolute(path, failure).lexically_normal() : fs::path(path);
  const std::string name = failure ? path : absolute.string();
  remove(name);
  paths_.insert(paths_.begin(), name);
  if (paths_.size() > max_paths) paths_.pop_back();
  if (is_file) folder_ = absolute.parent_path().string();
}

void RecentFiles::remove(const std::string& path) { std::erase(paths_, path); }

}  // namespace maskscope
