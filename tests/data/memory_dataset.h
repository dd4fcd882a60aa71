// Samples whose files are in memory: to load recorded files, and files that are wrong in one way.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/data/dataset.h"
#include "core/error.h"

namespace maskscope::test {

// One sample. Not for several threads.
class MemoryDataset final : public Dataset {
 public:
  explicit MemoryDataset(DatasetLayout layout = DatasetLayout::folders) : layout_(layout) { sample_.key = "birds/a000"; }

  // Replaces the file of this modality, if there is one.
  void set(const std::string& modality, const std::string& extension, std::vector<std::uint8_t> bytes) {
    remove(modality);
    sample_.files.push_back({.modality = modality,
                             .extension = extension,
                             .path = modality + "/a000." + extension,
                             .member = {},
                             .size = bytes.size()});
    std::sort(sample_.files.begin(), sample_.files.end(),
              [](const FileRef& a, const FileRef& b) { return a.modality < b.modality; });
    bytes_[modality] = std::move(bytes);
  }
  void set(const std::string& modality, const std::string& extension, const std::string& text) {
    set(modality, extension, std::vector<std::uint8_t>(text.begin(), text.end()));
  }
  void remove(const std::string& modality) {
    std::erase_if(sample_.files, [&](const FileRef& file) { return file.modality == modality; });
  }
  const std::vector<std::uint8_t>& bytes(const std::string& modality) const { return bytes_.at(modality); }
  const SampleRef& only_sample() const { return sample_; }

  bool index_more(std::size_t) override { return false; }
  bool is_complete() const override { return true; }
  double progress() const override { return 1.0; }
  std::int64_t num_samples() const override { return 1; }
  SampleRef sample(std::int64_t) const override { return sample_; }
  std::optional<std::int64_t> find(std::string_view, std::int64_t = 0) const override { return std::nullopt; }
  bool is_settled(std::int64_t) const override { return true; }
  bool has_problem(std::int64_t) const override { return false; }
  std::vector<DataProblem> problems(std::int64_t) const override { return {}; }
  std::vector<std::uint8_t> read(const FileRef& file, std::size_t max_bytes) const override {
    const std::vector<std::uint8_t>& all = bytes_.at(file.modality);
    if (all.size() > max_bytes) throw Error(cat(file.name(), ": ", all.size(), " bytes, at most ", max_bytes, " are read."));
    return all;
  }
  DatasetLayout layout() const override { return layout_; }
  const std::vector<std::string>& modalities() const override { return modalities_; }
  std::string title() const override { return "memory"; }

 private:
  DatasetLayout layout_;
  SampleRef sample_;
  std::map<std::string, std::vector<std::uint8_t>> bytes_;
  std::vector<std::string> modalities_;
};

}  // namespace maskscope::test
