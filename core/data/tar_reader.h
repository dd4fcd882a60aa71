// Members of a tar without reading their data: tar, pax and GNU long names, sparse files, as libarchive reads them.
#pragma once

#include <archive.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/file_handle.h"

namespace maskscope {

enum class TarMemberKind : std::uint8_t { file, folder, link, device, damaged_header };

struct TarMember {
  std::string name;                 // as it stands, "../" and "/" in front included: nothing is ever unpacked to a path
  std::uint64_t header_offset = 0;  // of the first header that belongs to it (pax and long names come before its own)
  std::uint64_t size = 0;           // bytes it says it has
  TarMemberKind kind = TarMemberKind::file;
};

// How the headers of a tar end.
enum class TarEnd : std::uint8_t {
  none,           // not there yet
  complete,       // an end marker, or the end of the file behind a whole member
  empty_file,     // no bytes at all
  not_a_tar,      // the first header is none
  cut_in_header,  // the file ends within a header
  broken_header,  // what a later header says is beyond repair
  cut_in_data,    // the file ends within the data of a member, or within the padding behind it
  read_failed,    // the disk says no
};

// Goes from header to header. The file must outlive it.
class TarScanner {
 public:
  // From header_offset on, which must be the place of a header.
  explicit TarScanner(const FileHandle& file, std::uint64_t header_offset = 0);
  TarScanner(const TarScanner&) = delete;
  TarScanner& operator=(const TarScanner&) = delete;

  // The next member, damaged headers (one for each block of 512 bytes that should be one) included, into member. False at
  // the end: see end().
  bool next(TarMember& member);
  // Of the last member: bytes of its data, and of data and padding, that lie behind the end of the file.
  std::uint64_t num_missing_bytes() const { return num_missing_bytes_; }
  std::uint64_t num_cut_bytes() const { return num_cut_bytes_; }
  // Of the last member, as much as can be read. Its size has been checked by the caller.
  std::vector<std::uint8_t> read_data(const TarMember& member) const;

  TarEnd end() const { return end_; }
  std::uint64_t end_offset() const { return end_offset_; }  // of the header that ended it
  // The last header, damaged or cut, is that of a member whose long name or pax header came before and is whole.
  bool ends_behind_extension() const { return ends_behind_extension_; }
  std::uint64_t position() const { return offset_; }  // bytes looked at or jumped over
  std::string message() const;                        // libarchive's or the system's words about the last failure

 private:
  static la_ssize_t read_block(archive*, void* self, const void** block);
  static la_int64_t skip_bytes(archive*, void* self, la_int64_t num_bytes);
  void finish_with_error();

  const FileHandle& file_;
  std::uint64_t file_size_;
  std::uint64_t start_;              // of the first header
  std::uint64_t offset_;             // of the next block to hand over
  std::uint64_t header_offset_ = 0;  // of the last member
  std::uint64_t next_header_;        // where the next one is expected
  std::size_t block_bytes_;
  std::vector<std::uint8_t> buffer_;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
  std::uint64_t num_missing_bytes_ = 0, num_cut_bytes_ = 0;
  bool ends_behind_extension_ = false;
  TarEnd end_ = TarEnd::none;
  std::uint64_t end_offset_ = 0;
  int read_errno_ = 0;
};

// All data of the member at header_offset. where: for messages, "shard-00000.tar: 0001.json". Throws Error when there is
// another member by now, it is cut, or it is larger than max_bytes (nothing is read then).
std::vector<std::uint8_t> read_tar_member(const FileHandle& file, std::uint64_t header_offset, std::string_view name,
                                          std::string_view where, std::size_t max_bytes);

}  // namespace maskscope
