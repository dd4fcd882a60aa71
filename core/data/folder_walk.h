// All files below a folder, a bounded number at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/data_problem.h"

namespace maskscope {

// The last name of a folder's full path, for people; the path as given where the working folder is gone.
std::string folder_name(const std::string& path);

class FolderWalk {
 public:
  // is_recursive false: only what is right in the folder.
  FolderWalk(std::string folder, bool is_recursive);

  // Goes on by at most max_entries files and folders. False when there are no more.
  bool walk_more(std::size_t max_entries);

  struct Folder {
    std::string below;               // "" the folder itself, "/deep/er"
    std::vector<std::string> files;  // names of all that is no folder, as os.walk has them
  };
  // When all is walked: in the order of sorted(os.walk(folder, followlinks=True)): by the path as text, files by name.
  std::vector<Folder> take_sorted();
  const std::vector<std::string>& subfolders() const { return subfolders_; }  // right in the folder
  std::size_t num_entries() const { return num_entries_; }
  std::size_t num_name_bytes() const { return num_name_bytes_; }  // of the entries' paths below the folder
  const std::vector<DataProblem>& problems() const { return problems_; }

 private:
  static constexpr std::size_t max_depth = 40;

  struct Open {
    std::string below;
    std::filesystem::directory_iterator entries;
    std::uint64_t device = 0, number = 0;  // to see links that lead back
    std::size_t listed;                    // in folders_
  };
  void enter(const std::string& below);
  void report(const std::string& below, const std::string& sentence, const std::string& reference);

  std::string folder_;
  bool is_recursive_;
  std::vector<Open> open_;  // from the folder itself down
  std::vector<Folder> folders_;
  std::vector<std::string> subfolders_;
  std::size_t num_entries_ = 0, num_name_bytes_ = 0;
  std::vector<DataProblem> problems_;
};

}  // namespace maskscope
