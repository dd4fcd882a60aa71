#include "core/data/folder_dataset.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <filesystem>
#include <limits>
#include <system_error>

#include "core/data/shard_names.h"
#include "core/data/text_file.h"
#include "core/error.h"

namespace maskscope {
namespace fs = std::filesystem;
namespace {

constexpr std::uint32_t no_position = std::numeric_limits<std::uint32_t>::max();

}  // namespace

std::size_t listed_extension_size(std::string_view file_name) {
  // .json.gz before .json would matter only if .gz alone were listed; it isn't.
  static constexpr std::array<std::string_view, 15> extensions = {".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff",
                                                                  ".webp", ".jpx", ".npy", ".npz", ".json", ".txt", ".json.gz"};
  const std::string lower = lower_case(file_name);
  for (const std::string_view extension : extensions) {
    if (lower.ends_with(extension)) return extension.size();
  }
  return 0;
}

FolderDataset::FolderDataset(std::string root, std::vector<std::string> folders, const DatasetOptions& options, std::vector<DataProblem> problems)
    : root_(std::move(root)), folders_(options), whole_problems_(std::move(problems)) {
  for (const std::string& folder : folders) folders_.find_or_add(folder);
  for (int number = 0; number < static_cast<int>(folders_.num_folders()); ++number) {
    std::error_code code;
    const std::string& folder = folders_.folder(number);
    sources_.push_back({folder, number, fs::is_directory(fs::path(root_) / folder, code), {}, 0});
  }
  const auto rank = [&](const Source& source) {
    return std::pair(source.folder == crop_settings_name, *std::min_element(folders_.modalities_of(source.number).begin(), folders_.modalities_of(source.number).end()));
  };
  std::sort(sources_.begin(), sources_.end(), [&](const Source& a, const Source& b) { return rank(a) < rank(b); });
  // The first with a path in the modality table; else the first of all.
  class_folder_ = sources_[0].folder;
  const auto has_path = [&](const Source& source) { return source.folder == "color_palette" || source.folder == "metadata" || source.folder == "rgb"; };
  const auto first = std::find_if(sources_.begin(), sources_.end(), has_path);
  if (first != sources_.end()) class_folder_ = first->folder;
  if (!options.modality_paths.empty()) class_folder_ = options.modality_paths.begin()->second;
}

std::string FolderDataset::title() const {
  return folder_name(root_);
}

double FolderDataset::progress() const {
  if (is_complete_) return 1;
  if (!has_classes_) return 0.02 * static_cast<double>(source_) / static_cast<double>(sources_.size());
  const double num_done = static_cast<double>(class_) + static_cast<double>(source_) / static_cast<double>(sources_.size());
  return 0.02 + 0.98 * num_done / static_cast<double>(std::max<std::size_t>(classes_.size(), 1));
}

std::span<const FolderDataset::File> FolderDataset::files(std::size_t sample) const {
  const std::size_t first = sample == 0 ? 0 : file_ends_[sample - 1];
  return std::span(files_).subspan(first, file_ends_[sample] - first);
}

SampleRef FolderDataset::sample(std::int64_t number) const {
  assert(number >= 0 && number < num_samples());
  const auto row = static_cast<std::size_t>(number);
  SampleRef sample;
  sample.number = number;
  sample.key = keys_[row];
  std::vector<const File*> found(sources_.size(), nullptr);
  for (const File& file : files(row)) {
    if (found[file.source] == nullptr) found[file.source] = &file;  // of two endings the first in the list
  }
  for (std::size_t s = 0; s < sources_.size(); ++s) {
    for (const std::string& modality : folders_.modalities_of(sources_[s].number)) {
      if (found[s] == nullptr) {
        sample.missing.push_back(modality);
        continue;
      }
      FileRef ref;
      ref.modality = modality;
      ref.extension = suffixes_.lower_case(found[s]->suffix);
      ref.path = cat(root_, "/", sources_[s].folder, "/", sample.key, ".", suffixes_[found[s]->suffix]);
      std::error_code code;
      const std::uintmax_t size = fs::file_size(ref.path, code);
      ref.size = code ? 0 : size;
      sample.files.push_back(std::move(ref));
    }
  }
  std::sort(sample.files.begin(), sample.files.end(), [](const FileRef& a, const FileRef& b) { return a.modality < b.modality; });
  std::sort(sample.missing.begin(), sample.missing.end());
  return sample;
}

std::optional<std::int64_t> FolderDataset::find(std::string_view key, std::int64_t from) const {
  for (auto row = static_cast<std::size_t>(from); row < keys_.size(); ++row) {
    if (keys_[row] == key) return static_cast<std::int64_t>(row);
  }
  return std::nullopt;
}

std::vector<std::uint8_t> FolderDataset::read(const FileRef& file, std::size_t max_bytes) const {
  const std::string bytes = read_file_bytes(file.path, max_bytes, "a file of a data set");
  return {bytes.begin(), bytes.end()};
}

// Indexing -----------------------------------------------------------------------------------------------------------

bool FolderDataset::is_class_looked_at(const std::string& name) const {
  return reference_classes_ && std::binary_search(reference_classes_->begin(), reference_classes_->end(), name);
}

bool FolderDataset::index_more(std::size_t max_entries) {
  for (std::size_t num_done = 0; num_done < max_entries && !is_complete_;) num_done += walk_step(max_entries - num_done);
  return !is_complete_;
}

std::size_t FolderDataset::walk_step(std::size_t max_entries) {
  if (num_entries_ > max_entries_in_all) {
    finish_index(cat("More than ", max_entries_in_all, " files and folders: what comes behind isn't looked at. Large data sets are written as shards."));
    return 1;
  }
  if (num_name_bytes_ > max_name_bytes) {
    finish_index(cat("The names of the files and folders take more than ", max_name_bytes >> 20,
                     " MiB: what comes behind isn't looked at. Large data sets are written as shards."));
    return 1;
  }
  if (!walk_) {
    if (!has_classes_) {
      // The folder that says which classes there are may belong to none of the modalities.
      const std::string& folder = source_ < sources_.size() ? sources_[source_].folder : class_folder_;
      walk_ = std::make_unique<FolderWalk>(root_ + "/" + folder, false);
    } else {
      if (class_ == classes_.size()) {
        finish_index("");
        return 1;
      }
      if (source_ == 0) class_files_.assign(sources_.size(), {});
      const auto& own = sources_[source_].classes;
      if (!std::binary_search(own.begin(), own.end(), classes_[class_])) {
        if (++source_ == sources_.size()) finish_class();
        return 1;
      }
      walk_ = std::make_unique<FolderWalk>(root_ + "/" + sources_[source_].folder + "/" + classes_[class_], true);
    }
  }
  constexpr std::size_t max_entries_at_once = 4096;  // so that names go little beyond their limit
  const std::size_t before = walk_->num_entries(), bytes_before = walk_->num_name_bytes();
  const bool goes_on = walk_->walk_more(std::min({max_entries, max_entries_at_once, max_entries_in_all + 1 - num_entries_}));
  const std::size_t num_new = walk_->num_entries() - before;
  num_entries_ += num_new;
  num_name_bytes_ += walk_->num_name_bytes() - bytes_before + (has_classes_ ? num_new * (classes_[class_].size() + 1) : 0);
  if (!goes_on) {
    if (has_classes_) take_walk();
    else list_classes();
  }
  return num_new + 1;
}

// Of one source; after the last all classes are known.
void FolderDataset::list_classes() {
  const bool is_source = source_ < sources_.size();
  const std::string& folder = is_source ? sources_[source_].folder : class_folder_;
  std::error_code code;
  const bool exists = fs::is_directory(root_ + "/" + folder, code);
  std::vector<std::string> classes = walk_->subfolders();
  std::sort(classes.begin(), classes.end());
  if (folder == class_folder_ && exists) reference_classes_ = classes;
  if (is_source) {
    if (exists) whole_problems_.insert(whole_problems_.end(), walk_->problems().begin(), walk_->problems().end());
    classes_.insert(classes_.end(), classes.begin(), classes.end());
    sources_[source_].classes = std::move(classes);
  }
  walk_.reset();
  ++source_;
  const bool class_folder_is_source = std::any_of(sources_.begin(), sources_.end(), [&](const Source& source) { return source.folder == class_folder_; });
  if (source_ < sources_.size() + (class_folder_is_source ? 0 : 1)) return;
  std::sort(classes_.begin(), classes_.end());
  classes_.erase(std::unique(classes_.begin(), classes_.end()), classes_.end());
  has_classes_ = true;
  source_ = 0;
}

void FolderDataset::take_walk() {
  whole_problems_.insert(whole_problems_.end(), walk_->problems().begin(), walk_->problems().end());
  ClassFiles& list = class_files_[source_];
  for (const FolderWalk::Folder& folder : walk_->take_sorted()) {
    for (const std::string& name : folder.files) {
      const std::size_t extension = listed_extension_size(name);
      if (extension == 0) continue;
      const auto suffix = suffixes_.add(std::string_view(name).substr(name.size() - extension + 1));
      if (!suffix) continue;  // can't be: there are few ways to write the listed extensions
      list.keys.push_back(cat(classes_[class_], folder.below, "/", name.substr(0, name.size() - extension)));
      list.suffixes.push_back(*suffix);
    }
  }
  walk_.reset();
  if (++source_ == sources_.size()) finish_class();
}

void FolderDataset::finish_class() {
  const bool is_looked_at = is_class_looked_at(classes_[class_]);
  std::vector<const KeyList*> lists;
  for (const ClassFiles& list : class_files_) lists.push_back(&list.keys);
  const KeyPairing pairing = pair_by_key(lists);
  for (const std::uint32_t row : pairing.order) {
    const auto pieces = pairing.pieces(row);
    std::uint8_t flags = is_looked_at ? 0 : class_not_looked_at;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const auto [source, index] = pieces[i];
      const std::uint32_t position = is_looked_at ? sources_[source].num_positions + index : no_position;
      files_.push_back({position, class_files_[source].suffixes[index], static_cast<std::uint8_t>(source)});
      if (i > 0 && pieces[i - 1].list == source) flags |= named_twice;
      if (position != files_[files_.size() - 1 - i].position) flags |= mispaired;
    }
    keys_.push_back((*lists[pieces[0].list])[pieces[0].index]);
    file_ends_.push_back(static_cast<std::uint32_t>(files_.size()));
    flags_.push_back(flags);
  }
  for (std::size_t s = 0; is_looked_at && s < sources_.size(); ++s) sources_[s].num_positions += static_cast<std::uint32_t>(lists[s]->size());
  class_files_.clear();
  ++class_;
  source_ = 0;
}

void FolderDataset::finish_index(const std::string& why_early) {
  walk_.reset();
  class_files_.clear();
  is_complete_ = true;
  if (!why_early.empty()) whole_problems_.push_back({ProblemLevel::error, root_, "", "", why_early, "Lists them all before it begins."});
  note_first_divergence();
}

}  // namespace maskscope
