// FolderDataset: what the reference makes of the same folders, and what is wrong with that.
#include <algorithm>
#include <limits>

#include "core/data/folder_dataset.h"
#include "core/error.h"

namespace maskscope {

FolderReference FolderDataset::reference(const FolderReferenceOptions& options) const {
  std::vector<std::vector<FolderReference::Entry>> lists(sources_.size());
  for (std::size_t s = 0; s < sources_.size(); ++s) lists[s].resize(sources_[s].num_positions);
  const std::vector<std::string> classes = reference_classes_.value_or(std::vector<std::string>{});
  for (std::size_t row = 0; row < keys_.size(); ++row) {
    if ((flags_[row] & class_not_looked_at) != 0) continue;
    const std::string_view key = keys_[row];
    const auto class_index = static_cast<int>(std::lower_bound(classes.begin(), classes.end(), key.substr(0, key.find('/'))) - classes.begin());
    const std::size_t first = row == 0 ? 0 : file_ends_[row - 1];
    for (std::size_t i = first; i < file_ends_[row]; ++i) {
      lists[files_[i].source][files_[i].position] = {static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(i), class_index};
    }
  }
  return FolderReference(classes, std::move(lists), reference_classes_ ? "" : "FileNotFoundError", options);
}

const FolderReference& FolderDataset::shared_reference() const {
  if (!reference_) reference_ = std::make_unique<const FolderReference>(reference());
  return *reference_;
}

std::string FolderDataset::file_path(const FolderReference::Entry& entry) const {
  const File& file = files_[entry.file];
  return cat(sources_[file.source].folder, "/", keys_[entry.sample], ".", suffixes_[file.suffix]);
}

namespace {

std::string samples(std::size_t count) { return count == 1 ? "1 sample" : cat(count, " samples"); }

std::string reference_raises(const std::string& exception) {
  return exception == "FileNotFoundError" ? "Raises a FileNotFoundError before the first sample, as it lists the classes there."
                                          : "Raises a RuntimeError before the first sample, as it finds no file of a modality.";
}

}  // namespace

void FolderDataset::note_first_divergence() {
  if (keys_.size() == 0) return;
  const FolderReference& reference = shared_reference();
  if (!reference_classes_) {
    whole_problems_.push_back({ProblemLevel::error, root_, "", "", cat("The folder ", class_folder_, ", from which the reference takes the classes, isn't there."),
                               reference_raises(reference.exception())});
    return;
  }
  if (!reference.exception().empty()) {
    for (const Source& source : sources_) {
      if (source.num_positions > 0) continue;
      whole_problems_.push_back({ProblemLevel::error, root_, "", folders_.modalities_of(source.number)[0],
                                 source.exists ? cat("The folder ", source.folder, " has no file in a class folder of ", class_folder_, ", with an ending that is read.")
                                               : cat("The folder ", source.folder, " isn't there."),
                                 reference_raises(reference.exception())});
    }
    return;
  }
  std::size_t num_wrong = 0, num_raising = 0, first = std::numeric_limits<std::size_t>::max();
  for (std::size_t i = 0; i < reference.size(); ++i) {
    const auto begin = reference.at(0, i);
    bool is_wrong = false;
    for (std::size_t s = 1; s < sources_.size(); ++s) is_wrong = is_wrong || !reference.at(s, i) || reference.at(s, i)->sample != begin->sample;
    if (!is_wrong) continue;
    first = std::min(first, i);
    if (reference.raises(i)) ++num_raising;
    else ++num_wrong;
  }
  for (std::size_t s = 1; first > reference.size() && s < sources_.size(); ++s) {
    if (sources_[s].num_positions > reference.size()) first = reference.size();  // the first list is the shortest
  }
  if (first > reference.size()) return;
  DataProblem problem{ProblemLevel::warning, root_, "", "", "", ""};
  if (first == reference.size()) {
    problem.sentence = cat("The folder ", sources_[0].folder, " holds ", first, " files, others hold more.");
    problem.reference = "Takes the number of files in the first folder: the last files of the others are never used, without a word.";
  } else {
    problem.key = keys_[reference.at(0, first)->sample];
    problem.sentence = cat("From place ", first + 1, " on the sorted lists of the modalities differ. Here files are paired by name.");
    problem.reference = cat(partners_at(first, reference), " From here on ", samples(num_wrong), num_wrong == 1 ? " gets" : " get", " files of different names",
                            num_raising > 0 ? cat(", and ", samples(num_raising), num_raising == 1 ? " raises" : " raise", " an IndexError") : "", ".");
  }
  whole_problems_.push_back(std::move(problem));
}

// "Pairs caption/a/i1.txt with det/a/i2.json."
std::string FolderDataset::partners_at(std::size_t index, const FolderReference& reference) const {
  if (index >= reference.size()) return "Never uses the files of this name, as the first list is shorter.";
  const auto begin = reference.at(0, index);
  std::string others;
  for (std::size_t s = 1; s < sources_.size(); ++s) {
    const auto entry = reference.at(s, index);
    if (entry && entry->sample == begin->sample) continue;
    others += cat(others.empty() ? "" : ", ", entry ? file_path(*entry) : cat("nothing of ", sources_[s].folder, " (IndexError)"));
  }
  return others.empty() ? "" : cat("Pairs ", file_path(*begin), " with ", others, ".");
}

bool FolderDataset::has_problem(std::int64_t number) const {
  const auto row = static_cast<std::size_t>(number);
  if (flags_[row] != 0) return true;
  if (files(row).size() < sources_.size()) return true;
  return is_complete_ && !shared_reference().exception().empty();
}

std::vector<DataProblem> FolderDataset::problems(std::int64_t number) const {
  if (number < 0) return whole_problems_;
  const auto row = static_cast<std::size_t>(number);
  const std::string key(keys_[row]);
  const bool raises_before = is_complete_ && !shared_reference().exception().empty();
  const bool is_looked_at = (flags_[row] & class_not_looked_at) == 0;
  std::string pairs;
  if (!is_complete_) pairs = "Pairs files by their place in the sorted lists; which of them meet is only known when all folders are listed.";
  else if (raises_before) pairs = reference_raises(shared_reference().exception());
  else pairs = is_looked_at ? partners_at(files(row)[0].position, shared_reference()) : "Never looks at this sample.";

  std::vector<DataProblem> list;
  const auto warn = [&](const std::string& sentence, const std::string& reference_does) {
    list.push_back({ProblemLevel::warning, root_, key, "", sentence, reference_does});
  };
  for (const std::string& modality : sample(number).missing) {
    list.push_back({ProblemLevel::error, root_, key, modality, cat("This sample has no file of ", modality, "."), pairs});
  }
  if (raises_before) {
    if (list.empty()) warn("The reference's loader can't be made of these folders.", pairs);
    return list;
  }
  if (!is_looked_at) warn(cat("This class isn't in the folder ", class_folder_, ", from which the reference takes the classes."), pairs);
  if ((flags_[row] & named_twice) != 0) {
    warn("A modality has two files of this name with different endings; the first is shown.", "Counts them as two samples, which shifts all that come behind.");
  }
  if ((flags_[row] & mispaired) != 0) warn("The files of this sample stand in different places of their sorted lists.", pairs);
  return list;
}

}  // namespace maskscope
