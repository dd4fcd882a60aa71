// The samples of one tar: which keys, which files, where they stand; and how far the reference would get in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/data/key_pairing.h"
#include "core/data/tar_reader.h"
#include "core/data/tar_source.h"
#include "core/data_problem.h"

namespace maskscope {

// All suffixes ("jpg", "rgb.jpg") of a data set, by number: there are few, and many files.
class SuffixTable {
 public:
  std::optional<std::uint16_t> add(std::string_view suffix);  // nullopt: the table is full
  const std::string& operator[](std::uint16_t number) const { return suffixes_[number]; }
  const std::string& lower_case(std::uint16_t number) const { return suffixes_[lower_[number]]; }
  bool are_same(std::uint16_t a, std::uint16_t b) const { return lower_[a] == lower_[b]; }  // but for the case
  std::size_t size() const { return suffixes_.size(); }

 private:
  std::vector<std::string> suffixes_;
  std::vector<std::uint16_t> lower_;  // number of the same in lower case
  std::uint16_t last_ = 0;            // found: mostly the next is the same
  std::unordered_map<std::string, std::uint16_t> numbers_;
};

// 12 bytes a file, as there may be millions.
struct IndexedFile {
  std::uint32_t header_block = 0;  // offset / 512
  std::uint32_t size_low = 0;
  std::uint8_t size_high : 7 = 0;
  bool is_one_of_several : 1 = false;  // its tar holds more than one file of this key in a row
  std::uint8_t tar = 0;                // of the shard's parallel tars
  std::uint16_t suffix = 0;            // in the SuffixTable
  std::uint64_t header_offset() const { return std::uint64_t{header_block} * 512; }
  std::uint64_t size() const { return (std::uint64_t{size_high} << 32) | size_low; }
};
static_assert(sizeof(IndexedFile) == 12);

// What the reference gets out of a tar before it ends or raises. As webdataset's tarfile_samples over Python's tarfile.
struct ReferenceTar {
  std::size_t num_samples = 0;   // yielded, each once the next has begun
  const char* exception = "";    // "ReadError", "ValueError" (a name twice), "FileNotFoundError", …; empty: it just ends
  std::string reason;            // whole sentence; empty: the tar ends as it should
};

// Neighbours of one key form a sample, as in the reference; a key may come again later.
class TarIndex {
 public:
  struct Limits {
    std::size_t max_files = 3'000'000;
    std::size_t max_key_bytes = std::size_t{64} << 20;
    std::shared_ptr<std::uint64_t> room_to_unpack = nullptr;  // bytes, shared with parallel tars; as TarSource
  };

  TarIndex(std::string path, std::uint8_t tar, SuffixTable& suffixes, const Limits& limits);

  // Goes on by about max_members. False at the end.
  bool index_more(std::size_t max_members);
  bool is_complete() const { return is_complete_; }
  double progress() const;

  const std::string& path() const { return path_; }
  // Samples to which nothing can be added any more.
  std::size_t num_samples() const { return is_complete_ || keys_.size() == 0 ? keys_.size() : keys_.size() - 1; }
  std::string_view key(std::size_t sample) const { return keys_[sample]; }
  std::span<const IndexedFile> files(std::size_t sample) const;

  // When complete:
  const KeyList& keys() const { return keys_; }
  const ReferenceTar& reference() const { return reference_; }
  const std::vector<DataProblem>& problems() const { return problems_; }  // a handful at most: one for each kind
  bool was_unpacked() const { return source_ != nullptr && source_->is_compressed(); }
  std::shared_ptr<const FileHandle> file() const { return source_ ? source_->file() : nullptr; }
  std::uint64_t num_unpacked_bytes() const { return source_ ? source_->num_unpacked_bytes() : 0; }

 private:
  // Members of one kind that were passed over.
  struct Tally {
    std::size_t count = 0;
    std::string first;
    void add(std::string_view name);
  };

  void open();
  void add(const TarMember& member);
  void add_file(const TarMember& member, std::string_view key, std::string_view suffix);
  void reference_stops(std::size_t num_samples, const char* exception, const std::string& reason);
  void reference_stops_unfinished(const char* exception, const std::string& reason);  // the last sample begun is lost
  void note_end();
  void finish();
  void report(ProblemLevel level, const std::string& sentence, const std::string& reference = "");
  void report(const Tally& tally, ProblemLevel level, const std::string& what, const std::string& reference = "");

  std::string path_;
  std::uint8_t tar_;
  SuffixTable* suffixes_;
  Limits limits_;
  std::unique_ptr<TarSource> source_;
  std::unique_ptr<TarScanner> scanner_;
  bool is_complete_ = false;
  KeyList keys_;
  std::vector<std::uint32_t> first_files_;
  std::vector<IndexedFile> files_;
  bool reference_stopped_ = false;
  ReferenceTar reference_;
  std::vector<DataProblem> problems_;
  Tally links_, devices_, unsafe_names_, without_suffix_, damaged_headers_, twice_, refused_names_;
};

}  // namespace maskscope
