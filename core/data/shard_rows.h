// The samples of a shard, paired by key, in little memory: its key and 10 bytes a sample, 12 bytes a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/data/key_pairing.h"
#include "core/data/modality_folders.h"
#include "core/data/shard_reference.h"

namespace maskscope {

// The fields of a data set ("rgb.jpg") by number, and the modality each is loaded as.
class FieldTable {
 public:
  FieldTable(const SuffixTable& suffixes, ModalityFolders& folders) : suffixes_(suffixes), folders_(folders) {}
  struct Field {
    std::string name;
    int folder = -1;  // number in ModalityFolders; -1: not wanted
  };
  // Of a file in a tar with this name in brackets (nullptr: none).
  int number(const IndexedFile& file, const std::string* bracket_name);
  const Field& operator[](int number) const { return fields_[static_cast<std::size_t>(number)]; }

 private:
  const SuffixTable& suffixes_;
  ModalityFolders& folders_;
  std::vector<Field> fields_;
  std::unordered_map<std::string, int> numbers_;
  std::unordered_map<std::string, std::unordered_map<std::uint32_t, int>> cache_;  // by bracket name, by suffix and one_of_several
};

// What is wrong with a sample, seen from the index.
enum RowFlag : std::uint8_t {
  row_not_yielded = 1,  // the reference ends or raises before it
  row_in_pieces = 2,    // the files of its key don't follow each other: the reference makes other samples of them
  row_overwritten = 4,  // two files get the same name: the later one counts
};

class ShardRows {
 public:
  // While the tars are read: the samples that all of them have reached, as long as their keys agree. Their numbers stay,
  // whatever comes behind.
  void publish(const ParallelTars& shard, FieldTable& fields);
  // All samples, when all tars are complete. In the order of the first tar; a key it lacks stands behind the one that comes
  // before it in the tar that has it.
  void finish(const ParallelTars& shard, FieldTable& fields, const ReferenceShard& reference);

  std::size_t size() const { return keys_.size(); }
  std::string_view key(std::size_t row) const { return keys_[row]; }
  std::span<const IndexedFile> files(std::size_t row) const;  // in the order of the tars
  std::uint8_t flags(std::size_t row) const { return flags_[row]; }
  std::size_t num_modalities(std::size_t row) const { return num_modalities_[row]; }  // folders that it has a file of
  std::size_t num_files() const { return files_.size(); }
  std::size_t num_key_bytes() const { return keys_.num_bytes(); }
  std::size_t num_not_yielded() const { return num_not_yielded_; }

 private:
  void append(std::string_view key, std::span<const KeyPairing::Piece> pieces, const ParallelTars& shard, FieldTable& fields, std::uint8_t flags);

  KeyList keys_;
  std::vector<std::uint32_t> file_ends_;
  std::vector<IndexedFile> files_;
  std::vector<std::uint8_t> flags_, num_modalities_;
  std::size_t num_not_yielded_ = 0;
  std::unordered_set<std::size_t> published_keys_;  // while tars are read: hashes. Two of one value only end publishing early
  bool keys_agree_ = true;
};

}  // namespace maskscope
