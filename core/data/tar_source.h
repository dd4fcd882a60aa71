// A tar as a file that can be read anywhere, compressed or not.
#pragma once

#include <archive.h>

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/data/file_handle.h"

namespace maskscope {

// A compressed tar (gzip, bzip2, xz: what Python's tarfile takes) is unpacked once, to a nameless temporary file: its members
// can then be reached in any order, and what has been unpacked of a damaged one stays usable.
class TarSource {
 public:
  // A tar may unpack to so much, and no more: 2 GiB.
  static constexpr std::uint64_t max_unpacked_bytes = std::uint64_t{1} << 31;

  // Throws Error when the file can't be opened.
  explicit TarSource(const std::string& path);

  // Goes on unpacking by about num_bytes. False when there is nothing (more) to unpack.
  bool unpack_more(std::size_t num_bytes);
  bool is_compressed() const { return is_compressed_; }
  double progress() const;                                   // of the unpacking, 0 .. 1
  const std::string& problem() const { return problem_; }    // a whole sentence when unpacking ended early, else empty
  std::shared_ptr<const FileHandle> file() const { return file_; }  // complete once unpack_more() has returned false

 private:
  std::string path_;
  bool is_compressed_ = false;
  std::shared_ptr<FileHandle> file_;
  std::unique_ptr<FileHandle> compressed_;
  std::uint64_t compressed_offset_ = 0, num_unpacked_ = 0;
  std::string block_;
  std::unique_ptr<archive, int (*)(archive*)> archive_{nullptr, archive_read_free};
  std::string problem_;

  static la_ssize_t read_block(archive*, void* self, const void** block);
  void stop(const std::string& problem);
};

// Keeps the last few tars open, so that a sample's files are read without opening (or unpacking) the tar each time.
// For several threads at once.
class TarCache {
 public:
  // Throws Error when it can't be opened or unpacked.
  std::shared_ptr<const FileHandle> open(const std::string& path);
  void add(const std::string& path, std::shared_ptr<const FileHandle> file);

 private:
  struct Entry {
    std::string path;
    std::shared_ptr<const FileHandle> file;
  };
  static constexpr std::size_t max_entries = 24;  // of a row of modalities, and the next

  void add_locked(const std::string& path, std::shared_ptr<const FileHandle> file);

  std::mutex mutex_;
  std::list<Entry> entries_;  // last used first
};

}  // namespace maskscope
