#include "core/data/dataset.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "core/data/folder_dataset.h"
#include "core/data/folder_walk.h"
#include "core/data/modality_folders.h"
#include "core/data/shard_dataset.h"
#include "core/data/shard_names.h"
#include "core/data/shard_notation.h"
#include "core/error.h"
#include "core/modality.h"

namespace maskscope {
namespace fs = std::filesystem;

std::string FileRef::name() const {
  const std::string file = fs::path(path).filename().string();
  return member.empty() ? file : cat(file, ": ", member);
}

const FileRef* SampleRef::find(std::string_view modality) const {
  const auto found = std::find_if(files.begin(), files.end(), [&](const FileRef& file) { return file.modality == modality; });
  return found == files.end() ? nullptr : &*found;
}

namespace {

// A folder with more entries is no folder of modalities, nor one of tars.
constexpr std::size_t max_listed = 1'000'000;

bool is_tar_name(std::string_view name) {
  const std::string lower = lower_case(name);
  return lower.ends_with(".tar") || lower.ends_with(".tar.gz") || lower.ends_with(".tgz");
}

// The path as given where the working folder is gone, and a relative path can't be made a full one.
fs::path full_path(const std::string& path) {
  std::error_code code;
  fs::path full = fs::absolute(path, code);
  return code ? fs::path(path) : full;
}

bool is_folder(const std::string& path) {
  std::error_code code;
  return fs::is_directory(path, code);
}

// What lies right in a folder.
struct Listing {
  std::vector<std::string> folders, tars, other_files;  // names, sorted
};

Listing list_folder(const std::string& path) {
  Listing listing;
  std::error_code code;
  std::size_t count = 0;
  for (fs::directory_iterator entry(path, code), end; !code && entry != end; entry.increment(code)) {
    if (++count > max_listed) throw Error(cat(path, ": more than ", max_listed, " entries. Open the folder above the modalities."));
    std::string name = entry->path().filename().string();
    std::error_code entry_code;
    if (entry->is_directory(entry_code)) listing.folders.push_back(std::move(name));
    else if (is_tar_name(name)) listing.tars.push_back(std::move(name));
    else listing.other_files.push_back(std::move(name));
  }
  if (code) throw Error(cat(path, ": can't be listed (", code.message(), "). Check the permissions of the folder."));
  for (auto* names : {&listing.folders, &listing.tars, &listing.other_files}) std::sort(names->begin(), names->end());
  return listing;
}

std::string join(const std::vector<std::string>& names) {
  constexpr std::size_t max_named = 20;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), max_named); ++i) text += cat(i == 0 ? "" : ", ", names[i]);
  return names.size() > max_named ? cat(text, ", …") : text;
}

std::string without_last_slashes(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

// Tars, by the folder of their modality.
struct TarFolder {
  std::string folder;
  std::vector<std::string> tars;
};

// Without brackets the reference names what is in a tar by its endings. Where the tars lie in the folder of a modality that is
// known ("rgb/shard-00000.tar"), they are read as that.
std::unique_ptr<Dataset> make_shards(std::string title, std::vector<std::string> urls, const DatasetOptions& options, std::vector<DataProblem> problems) {
  const ModalityFolders asked(options);
  std::string named;
  for (std::string& url : urls) {
    if (parse_brackets(url)) continue;
    const fs::path path = full_path(url);
    const std::string folder = path.parent_path().filename().string();
    const bool is_known = asked.find(folder) >= 0 || folder == "rgb" || folder == crop_settings_name || builtin_modality(folder).has_value();
    if (!is_known) continue;
    named = folder;
    // "rgb/../[rgb]/x.tar" would be right too, but nobody wants to read it.
    url = (path.parent_path().parent_path() / ("[" + folder + "]") / path.filename()).string();
  }
  if (!named.empty()) {
    problems.push_back({ProblemLevel::note, "", "", "", cat("Opened as tars of one modality, as their folder is named ", named, "."),
                        cat("Without brackets it names files by their endings alone; write [", named, "] in the configuration.")});
  }
  return std::make_unique<ShardDataset>(std::move(title), std::move(urls), options, std::move(problems));
}

std::unique_ptr<Dataset> open_shard_root(const std::string& title, const std::string& root, const std::vector<TarFolder>& folders,
                                         const DatasetOptions& options, std::vector<DataProblem> problems) {
  if (root.find_first_of("[]") != std::string::npos) throw Error(cat(root, ": brackets in a path stand for several modalities. Rename the folder."));
  std::vector<std::string> names;
  std::set<std::string> tars;
  for (const TarFolder& folder : folders) {
    names.push_back(folder.folder);
    tars.insert(folder.tars.begin(), folder.tars.end());
  }
  // As the reference's modalities are sorted, crop_settings last.
  std::stable_partition(names.begin(), names.end(), [](const std::string& name) { return name != crop_settings_name; });
  std::string brackets;
  for (const std::string& name : names) brackets += cat(brackets.empty() ? "" : ",", name);
  std::vector<std::string> urls;
  for (const std::string& tar : tars) urls.push_back(cat(root, "/[", brackets, "]/", tar));
  return std::make_unique<ShardDataset>(title, std::move(urls), options, std::move(problems));
}

std::unique_ptr<Dataset> open_root(const std::string& given, const DatasetOptions& options) {
  const std::string root = without_last_slashes(given);
  const Listing listing = list_folder(root);
  const auto title = [&] { return folder_name(root); };
  std::vector<DataProblem> problems;
  if (!listing.tars.empty()) {
    std::vector<std::string> urls;
    for (const std::string& tar : listing.tars) urls.push_back(root + "/" + tar);
    if (!listing.folders.empty()) {
      problems.push_back({ProblemLevel::note, root, "", "", cat("There are tars here, and folders (", join(listing.folders), "): the tars were opened."), ""});
    }
    return make_shards(title(), std::move(urls), options, std::move(problems));
  }

  // Which sub-folders may be modalities, and what they hold.
  const ModalityFolders asked(options);
  std::vector<TarFolder> with_tars;
  std::vector<std::string> with_classes, asked_missing, plain;
  const auto look_at = [&](const std::string& name) {
    Listing inner = list_folder(root + "/" + name);
    if (!inner.tars.empty()) with_tars.push_back({name, std::move(inner.tars)});
    else if (!inner.folders.empty()) with_classes.push_back(name);
    else if (!inner.other_files.empty()) plain.push_back(name);
  };
  for (const std::string& name : listing.folders) {
    const bool is_asked = asked.find(name) >= 0;
    if (name == crop_settings_name || (asked.are_asked_for() ? is_asked : !name.starts_with('.'))) look_at(name);
  }
  for (std::size_t i = 0; i < asked.num_folders(); ++i) {
    const std::string& name = asked.folder(static_cast<int>(i));
    if (std::find(listing.folders.begin(), listing.folders.end(), name) == listing.folders.end()) asked_missing.push_back(name);
  }
  const std::string there = listing.folders.empty() ? "There are no folders here." : cat("There are: ", join(listing.folders), ".");
  const bool has_modality = std::any_of(with_tars.begin(), with_tars.end(), [](const TarFolder& f) { return f.folder != crop_settings_name; }) ||
                            std::any_of(with_classes.begin(), with_classes.end(), [](const std::string& f) { return f != crop_settings_name; });
  if (!has_modality) {
    if (listing.folders.empty() && listing.other_files.empty()) throw Error(cat(root, ": the folder is empty; a data set has a folder for each modality in it."));
    if (asked.are_asked_for()) {
      std::vector<std::string> folders;
      for (std::size_t i = 0; i < asked.num_folders(); ++i) folders.push_back(asked.folder(static_cast<int>(i)));
      throw Error(cat(root, ": none of the folders of the modalities (", join(folders), ") holds tars or folders of classes. ", there));
    }
    if (!plain.empty()) {
      throw Error(cat(root, ": its folders hold files (", join(plain), "), so this looks like the folder of one modality, with its classes. "
                            "A data set is the folder above it: root/<modality>/<class>/<name>.<ext>."));
    }
    throw Error(cat(root, ": no data set: neither tars nor folders <modality>/<class> with files. ", there));
  }
  if (!with_tars.empty() && with_tars.size() >= with_classes.size()) {
    for (const std::string& name : asked_missing) {
      problems.push_back({ProblemLevel::error, root, "", asked.modalities_of(asked.find(name))[0], cat("The folder ", name, " isn't there. ", there),
                          "Raises a KeyError at the first sample, or a FileNotFoundError at each shard when its notation names the folder."});
    }
    for (const std::string& name : with_classes) {
      problems.push_back({ProblemLevel::error, root, "", name, cat("The folder ", name, " holds folders, others hold tars: it isn't read."), ""});
    }
    return open_shard_root(title(), root, with_tars, options, std::move(problems));
  }
  for (const TarFolder& folder : with_tars) {
    problems.push_back({ProblemLevel::error, root, "", folder.folder, cat("The folder ", folder.folder, " holds tars, most others hold folders of classes: it isn't read."), ""});
  }
  if (!asked_missing.empty()) problems.push_back({ProblemLevel::note, root, "", "", there, ""});
  return std::make_unique<FolderDataset>(root, with_classes, options, std::move(problems));
}

bool is_regular_file(const std::string& path) {
  std::error_code code;
  return fs::is_regular_file(path, code);
}

std::unique_ptr<Dataset> open_notation(const std::string& notation, const DatasetOptions& options) {
  std::vector<std::string> urls = expand_braces(notation);
  std::vector<DataProblem> problems;
  // Wherever the first tars are: where none is found, the notation is wrong, not the data.
  constexpr std::size_t max_looked_at = 1000;
  bool is_any_there = false;
  std::set<std::string> folders_there, folders_missing;
  std::size_t num_looked_at = 0;
  for (const std::string& url : urls) {
    const auto brackets = parse_brackets(url);
    if (num_looked_at > max_looked_at) continue;  // goes on only to see that the brackets are right
    for (std::size_t t = 0; t < (brackets ? brackets->names.size() : 1); ++t, ++num_looked_at) {
      const std::string path = brackets ? brackets->path(t) : url;
      is_any_there = is_any_there || is_regular_file(path);
      const std::string folder = fs::path(path).parent_path().string();
      (folder.empty() || is_folder(folder) ? folders_there : folders_missing).insert(folder);
    }
  }
  const auto listed = [](const std::set<std::string>& names) { return join(std::vector<std::string>(names.begin(), names.end())); };
  if (!is_any_there) {
    throw Error(cat(notation, ": none of the tars is there; the first would be ", parse_brackets(urls[0]) ? parse_brackets(urls[0])->path(0) : urls[0], ". ",
                    folders_there.empty() ? "None of the folders exists" : cat("Of the folders only ", listed(folders_there), " exist"), ". Check the notation."));
  }
  for (const std::string& folder : folders_missing) {
    problems.push_back({ProblemLevel::error, folder, "", "", "This folder isn't there. Check the name within the brackets.",
                        "Raises a FileNotFoundError at each shard, and skips them all."});
  }
  return make_shards(notation, std::move(urls), options, std::move(problems));
}

}  // namespace

std::unique_ptr<Dataset> open_dataset(const std::string& path, const DatasetOptions& options) {
  if (is_folder(path)) return open_root(path, options);
  if (is_regular_file(path)) {
    if (!is_tar_name(path)) throw Error(cat(path, ": a folder, a .tar or a notation with braces or brackets was expected; this is another file."));
    if (path.find_first_of("[]{}") != std::string::npos) {
      throw Error(cat(path, ": braces and brackets in a name stand for several tars. Rename the file or its folder."));
    }
    return make_shards(fs::path(path).filename().string(), {path}, options, {});
  }
  if (path.find_first_of("[]{}") != std::string::npos) return open_notation(path, options);
  std::error_code failure;
  if (!fs::status_known(fs::status(path, failure))) {
    throw Error(cat(path, ": it can't be looked at (", failure.message(), "). Check its name and the permissions of the folders above it."));
  }
  throw Error(cat(path, ": there is no such folder or tar. Check the name."));
}

std::string why_no_dataset(const std::string& path) {
  try {
    open_dataset(path, {});
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

bool looks_like_dataset(const std::string& text) {
  if (is_folder(text)) return true;
  if (is_regular_file(text)) return is_tar_name(text);
  return is_tar_name(text) || text.find_first_of("[]{}") != std::string::npos;
}

}  // namespace maskscope
