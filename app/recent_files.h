// What was opened last, and where: offered again in the File menu and the command palette, kept with the settings.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace maskscope {

class RecentFiles {
 public:
  static constexpr std::size_t max_paths = 12;

  RecentFiles() = default;
  // Longer lists and repetitions are cut.
  RecentFiles(const std::vector<std::string>& paths, std::string folder);

  // path: a file, a folder or the notation of a data set; a relative name becomes an absolute one where there is such a file.
  void add(const std::string& path);
  void remove(const std::string& path);
  void clear() { paths_.clear(); }
  // Where the file dialogs begin.
  void set_folder(std::string folder) { folder_ = std::move(folder); }

  const std::vector<std::string>& paths() const { return paths_; }  // the last one first, at most max_paths
  const std::string& folder() const { return folder_; }             // empty: none yet
  bool operator==(const RecentFiles&) const = default;

 private:
  std::vector<std::string> paths_;
  std::string folder_;
};

}  // namespace maskscope
