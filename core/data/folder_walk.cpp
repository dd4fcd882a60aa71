#include "core/data/folder_walk.h"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>

#include "core/error.h"

namespace maskscope {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t max_problems = 20;

}  // namespace

std::string folder_name(const std::string& path) {
  std::error_code code;
  const fs::path full = fs::absolute(path, code).lexically_normal();
  if (code) return path;
  return (full.has_filename() ? full : full.parent_path()).filename().string();  // "/data/." becomes "/data/"
}

FolderWalk::FolderWalk(std::string folder, bool is_recursive) : folder_(std::move(folder)), is_recursive_(is_recursive) { enter(""); }

void FolderWalk::report(const std::string& below, const std::string& sentence, const std::string& reference) {
  if (problems_.size() < max_problems) problems_.push_back({ProblemLevel::error, folder_ + below, "", "", sentence, reference});
}

void FolderWalk::enter(const std::string& below) {
  if (open_.size() >= max_depth) {
    return report(below, cat("Folders within folders more than ", max_depth, " deep: what is in here isn't looked at."), "Goes on.");
  }
  const std::string path = folder_ + below;
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    for (const Open& above : open_) {
      if (above.device == status.st_dev && above.number == status.st_ino) {
        return report(below, cat("This link leads back to a folder it is in (", folder_, above.below, "), so it isn't followed. Take it away."),
                      "Follows it again and again, up to the system's limit, and counts the same files each time.");
      }
    }
  }
  std::error_code code;
  fs::directory_iterator entries(path, code);
  if (code) {
    return report(below, cat("The folder can't be listed (", code.message(), "). Check its permissions."), "Takes it for empty, without a word.");
  }
  open_.push_back({below, std::move(entries), status.st_dev, status.st_ino, folders_.size()});
  folders_.push_back({below, {}});
}

bool FolderWalk::walk_more(std::size_t max_entries) {
  for (std::size_t i = 0; i < max_entries && !open_.empty(); ++i) {
    Open& top = open_.back();
    if (top.entries == fs::directory_iterator()) {
      open_.pop_back();
      continue;
    }
    const fs::directory_entry entry = *top.entries;
    std::error_code code;
    top.entries.increment(code);  // at the end on an error, too
    if (code) report(top.below, cat("The folder can't be listed to its end (", code.message(), ")."), "");
    ++num_entries_;
    std::string name = entry.path().filename().string();
    num_name_bytes_ += top.below.size() + 1 + name.size();
    std::error_code link_code;  // a broken link is a file, as for os.walk
    if (!entry.is_directory(link_code)) {
      folders_[top.listed].files.push_back(std::move(name));
      continue;
    }
    if (open_.size() == 1) subfolders_.push_back(name);
    if (is_recursive_) enter(top.below + "/" + name);
  }
  return !open_.empty();
}

std::vector<FolderWalk::Folder> FolderWalk::take_sorted() {
  std::sort(folders_.begin(), folders_.end(), [](const Folder& a, const Folder& b) { return a.below < b.below; });
  for (Folder& folder : folders_) std::sort(folder.files.begin(), folder.files.end());
  return std::move(folders_);
}

}  // namespace maskscope
