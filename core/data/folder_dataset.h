// A data set of folders: root/<modality>/<class>/…/<name>.<ext>, class by class.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/folder_reference.h"
#include "core/data/folder_walk.h"
#include "core/data/key_pairing.h"
#include "core/data/modality_folders.h"
#include "core/data/tar_index.h"

namespace maskscope {

// The length of the ending, dot included, when the reference's folder loader lists a file of this name; else 0.
// "a.JSON.gz" -> 8. As UNIFIED_EXTENSIONS.
std::size_t listed_extension_size(std::string_view file_name);

class FolderDataset final : public Dataset {
 public:
  // folders: of the modalities, right below root; some may be missing. problems: what was found while these were looked for.
  FolderDataset(std::string root, std::vector<std::string> folders, const DatasetOptions& options, std::vector<DataProblem> problems);

  bool index_more(std::size_t max_entries) override;
  bool is_complete() const override { return is_complete_; }
  double progress() const override;
  std::int64_t num_samples() const override { return static_cast<std::int64_t>(keys_.size()); }
  SampleRef sample(std::int64_t number) const override;
  std::optional<std::int64_t> find(std::string_view key, std::int64_t from = 0) const override;
  bool is_settled(std::int64_t) const override { return is_complete_; }
  bool has_problem(std::int64_t number) const override;
  std::vector<DataProblem> problems(std::int64_t number) const override;
  std::vector<std::uint8_t> read(const FileRef& file, std::size_t max_bytes) const override;
  DatasetLayout layout() const override { return DatasetLayout::folders; }
  const std::vector<std::string>& modalities() const override { return folders_.modalities(); }
  std::string title() const override;

  // When complete. What the reference makes of the same folders, modalities in the order sources() has them.
  FolderReference reference(const FolderReferenceOptions& options = {}) const;
  // The folders in the order in which the reference loads their modalities: sorted by modality, crop_settings last.
  std::size_t num_sources() const { return sources_.size(); }
  const std::string& source_folder(std::size_t source) const { return sources_[source].folder; }
  std::string file_path(const FolderReference::Entry& entry) const;  // below root: "caption/a/i1.txt"

 private:
  // Folders are for small data sets: so many files and folders are looked at, with names of so many bytes: "<class>/…/<name>".
  static constexpr std::size_t max_entries_in_all = 2'000'000, max_name_bytes = std::size_t{64} << 20;

  struct Source {
    std::string folder;
    int number = -1;                   // in ModalityFolders
    bool exists = false;
    std::vector<std::string> classes;  // sorted
    std::uint32_t num_positions = 0;   // length of the reference's list so far
  };
  struct File {
    std::uint32_t position;  // in the reference's list; none: of a class that it doesn't look at
    std::uint16_t suffix;
    std::uint8_t source;
  };
  enum Flag : std::uint8_t { mispaired = 1, named_twice = 2, class_not_looked_at = 4 };
  // Files of one class in one source, sorted as the reference has them.
  struct ClassFiles {
    KeyList keys;
    std::vector<std::uint16_t> suffixes;
  };

  void list_classes();
  std::size_t walk_step(std::size_t max_entries);
  void start_class();
  void take_walk();
  void finish_class();
  void finish_index(const std::string& why_early);
  void note_first_divergence();
  std::span<const File> files(std::size_t sample) const;
  bool is_class_looked_at(const std::string& name) const;
  std::string partners_at(std::size_t sample, const FolderReference& reference) const;
  const FolderReference& shared_reference() const;

  std::string root_;
  ModalityFolders folders_;
  std::vector<Source> sources_;
  std::string class_folder_;                           // whose sub-folders are the classes of the reference
  std::optional<std::vector<std::string>> reference_classes_;  // nullopt: the folder isn't there
  std::vector<std::string> classes_;                   // of all sources, sorted
  std::vector<DataProblem> whole_problems_;
  SuffixTable suffixes_;

  // Where the index stands: listing the classes of source_, or walking class_ in source_.
  std::unique_ptr<FolderWalk> walk_;
  bool has_classes_ = false, is_complete_ = false;
  std::size_t source_ = 0, class_ = 0, num_entries_ = 0, num_name_bytes_ = 0;
  std::vector<ClassFiles> class_files_;

  KeyList keys_;
  std::vector<std::uint32_t> file_ends_;
  std::vector<File> files_;
  std::vector<std::uint8_t> flags_;
  mutable std::unique_ptr<const FolderReference> reference_;  // made when it is first asked for
};

}  // namespace maskscope
