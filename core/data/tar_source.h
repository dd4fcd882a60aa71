// A tar as a file that can be read anywhere, compressed or not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "core/data/file_handle.h"

struct z_stream_s;  // of zlib

namespace maskscope {

// A tar compressed with gzip is unpacked once, to a nameless temporary file: its members can then be reached in any order, and
// what can be unpacked of a damaged one stays usable.
class TarSource {
 public:
  // A tar may unpack to so much, and no more: 2 GiB.
  static constexpr std::uint64_t max_unpacked_bytes = std::uint64_t{1} << 31;

  // room: what this tar and others that share the number may still unpack; nullptr: only its own limit counts.
  // Throws Error when the file can't be opened.
  explicit TarSource(const std::string& path, std::shared_ptr<std::uint64_t> room = nullptr);

  // Goes on unpacking by about num_bytes. False when there is nothing (more) to unpack.
  bool unpack_more(std::size_t num_bytes);
  bool is_compressed() const { return is_compressed_; }
  double progress() const;                                   // of the unpacking, 0 .. 1
  std::uint64_t num_unpacked_bytes() const { return num_unpacked_; }  // so far; 0 of a plain tar
  const std::string& problem() const { return problem_; }    // a whole sentence when unpacking ended early, else empty
  std::shared_ptr<const FileHandle> file() const { return file_; }  // complete once unpack_more() has returned false

 private:
  std::string path_;
  std::shared_ptr<std::uint64_t> room_;
  bool is_compressed_ = false;
  std::shared_ptr<FileHandle> file_;
  std::unique_ptr<FileHandle> compressed_;
  std::uint64_t compressed_offset_ = 0, num_unpacked_ = 0;
  std::string block_;
  std::unique_ptr<z_stream_s, void (*)(z_stream_s*)> inflater_{nullptr, nullptr};
  bool is_within_member_ = false;  // of gzip; several may follow each other
  bool has_more_output_ = false;   // without more input
  std::string problem_;

  bool fill_block();
  bool write(const void* from, std::size_t num_bytes);
  void stop(const std::string& problem, const char* words);
};

// Keeps the last few tars open, so that a sample's files are read without opening (or unpacking) the tar each time.
// For several threads at once: who needs a tar that is being unpacked waits for it, others don't.
class TarCache {
 public:
  // Of all unpacked tars that are kept. The last used one is kept at any size.
  static constexpr std::uint64_t max_unpacked_bytes_in_all = std::uint64_t{1} << 32;

  struct Opened {
    std::shared_ptr<const FileHandle> file;
    std::uint64_t num_unpacked_bytes = 0;  // in a temporary file; 0: the tar itself
  };
  using Opener = std::function<Opened(const std::string& path)>;
  // Opens and unpacks a whole tar. Throws Error when it can't be opened, or no temporary file can be made.
  static Opened open_and_unpack(const std::string& path);

  explicit TarCache(Opener opener = open_and_unpack, std::uint64_t max_unpacked_bytes = max_unpacked_bytes_in_all)
      : opener_(std::move(opener)), max_unpacked_bytes_(max_unpacked_bytes) {}

  // Throws what the opener throws; the next call tries again.
  std::shared_ptr<const FileHandle> open(const std::string& path);
  void add(const std::string& path, Opened opened);

 private:
  struct Entry {
    std::string path;
    std::shared_future<std::shared_ptr<const FileHandle>> file;
    std::uint64_t num_unpacked_bytes = 0;  // 0 while it is being unpacked, too
    std::uint64_t number = 0;              // of this entry among all there were: a path may leave and come again
  };
  static constexpr std::size_t max_entries = 24;  // of a row of modalities, and the next

  void add_locked(Entry entry);
  void drop_beyond_limits();

  Opener opener_;
  std::uint64_t max_unpacked_bytes_;
  std::mutex mutex_;
  std::list<Entry> entries_;  // last used first
  std::uint64_t num_added_ = 0;
};

}  // namespace maskscope
