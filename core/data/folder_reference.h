// Which files the reference's folder loader takes for one sample: those at the same place of each modality's sorted list.
// As MultiModalDatasetFolder in fourm/data/multimodal_dataset_folder.py.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace maskscope {

struct FolderReferenceOptions {
  std::optional<std::size_t> max_samples;  // of build_fm_transfer_dataset; a permutation of all, then the first ones
  bool pre_shuffle = false;                // likewise
};

class FolderReference {
 public:
  // A file of the list of one modality: which sample and file of the data set, and its class.
  struct Entry {
    std::uint32_t sample = 0, file = 0;
    int class_index = 0;
  };
  // lists: one for each modality, in the order they are loaded. exception: what the constructor raised before, or empty.
  FolderReference(std::vector<std::string> classes, std::vector<std::vector<Entry>> lists, std::string exception,
                  const FolderReferenceOptions& options = {});

  const std::string& exception() const { return exception_; }  // of the constructor: there is no sample at all then
  const std::vector<std::string>& classes() const { return classes_; }
  std::size_t size() const { return lists_.empty() || !exception_.empty() ? 0 : lists_[0].size(); }
  // nullopt: the list ends before index: IndexError, when this sample is asked for.
  std::optional<Entry> at(std::size_t list, std::size_t index) const;
  bool raises(std::size_t index) const;
  int class_index(std::size_t index) const { return lists_.back()[index].class_index; }  // that of the last modality

 private:
  void permute(std::uint32_t seed, std::size_t max_samples);

  std::vector<std::string> classes_;
  std::vector<std::vector<Entry>> lists_;
  std::string exception_;
};

}  // namespace maskscope
