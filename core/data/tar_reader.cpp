#include "core/data/tar_reader.h"

#include <archive_entry.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>

#include "core/data/c_locale.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr std::size_t tar_block_bytes = 512;
// Behind a jump only the next header is needed; where members are small, more is read at a time.
constexpr std::size_t min_read_bytes = 4096, max_read_bytes = 1 << 16;

TarMemberKind kind_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr) return TarMemberKind::link;
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG: return TarMemberKind::file;
    case AE_IFDIR: return TarMemberKind::folder;
    case AE_IFLNK: return TarMemberKind::link;
    default: return TarMemberKind::device;
  }
}

// Whether the header at offset is one that goes before another: a long name ('L', 'K') or pax ('x', 'X', 'g').
bool is_extension_header(const FileHandle& file, std::uint64_t offset) {
  char header[tar_block_bytes];
  if (file.read_at(offset, header, sizeof header) != sizeof header) return false;
  const char type = header[156];
  if (type != 'x' && type != 'X' && type != 'g' && type != 'L' && type != 'K') return false;
  // The sum of all bytes, the eight of the sum itself counted as blanks, as octal digits in their place.
  unsigned sum = 8 * ' ';
  for (std::size_t i = 0; i < sizeof header; ++i) sum += i >= 148 && i < 156 ? 0u : static_cast<unsigned char>(header[i]);
  const std::string digits(header + 148, 8);
  return std::strtoul(digits.c_str(), nullptr, 8) == sum;
}

}  // namespace

TarScanner::TarScanner(const FileHandle& file, std::uint64_t header_offset)
    : file_(file), file_size_(file.size()), start_(header_offset), offset_(header_offset), next_header_(header_offset),
      block_bytes_(min_read_bytes), buffer_(max_read_bytes), archive_(archive_read_new(), archive_read_free) {
  if (!archive_) throw std::bad_alloc();
  if (file_size_ == 0) {
    end_ = TarEnd::empty_file;
    return;
  }
  archive_read_support_format_tar(archive_.get());
  if (archive_read_open2(archive_.get(), this, nullptr, read_block, skip_bytes, nullptr) != ARCHIVE_OK) finish_with_error();
}

la_ssize_t TarScanner::read_block(archive* reader, void* self_pointer, const void** block) {
  auto& self = *static_cast<TarScanner*>(self_pointer);
  const std::ptrdiff_t count = self.file_.read_at(self.offset_, self.buffer_.data(), self.block_bytes_);
  if (count < 0) {
    self.read_errno_ = errno;
    archive_set_error(reader, errno, "%s", std::strerror(errno));
    return ARCHIVE_FATAL;
  }
  self.offset_ += static_cast<std::uint64_t>(count);
  self.block_bytes_ = std::min(2 * self.block_bytes_, max_read_bytes);
  *block = self.buffer_.data();
  return count;
}

la_int64_t TarScanner::skip_bytes(archive*, void* self_pointer, la_int64_t num_bytes) {
  auto& self = *static_cast<TarScanner*>(self_pointer);
  const std::uint64_t left = self.offset_ < self.file_size_ ? self.file_size_ - self.offset_ : 0;
  const std::uint64_t count = std::min(static_cast<std::uint64_t>(std::max<la_int64_t>(num_bytes, 0)), left);
  self.offset_ += count;
  self.block_bytes_ = min_read_bytes;
  return static_cast<la_int64_t>(count);
}

void TarScanner::finish_with_error() {
  end_offset_ = next_header_;
  ends_behind_extension_ = is_extension_header(file_, next_header_);
  const bool reached_end_of_file = next_header_ + tar_block_bytes > file_size_ || (ends_behind_extension_ && offset_ >= file_size_);
  if (read_errno_ != 0) end_ = TarEnd::read_failed;
  else if (reached_end_of_file) end_ = TarEnd::cut_in_header;
  else end_ = next_header_ == start_ ? TarEnd::not_a_tar : TarEnd::broken_header;
}

bool TarScanner::next(TarMember& member) {
  if (end_ != TarEnd::none) return false;
  if (num_cut_bytes_ > 0) {
    end_ = TarEnd::cut_in_data;
    end_offset_ = header_offset_;
    return false;
  }
  const CLocale c_locale;
  archive_entry* entry = nullptr;
  const int result = archive_read_next_header(archive_.get(), &entry);
  if (result == ARCHIVE_FATAL || result == ARCHIVE_FAILED) {  // libarchive has no position any more
    finish_with_error();
    return false;
  }
  header_offset_ = start_ + static_cast<std::uint64_t>(archive_read_header_position(archive_.get()));
  if (result == ARCHIVE_EOF) {
    end_ = TarEnd::complete;
    end_offset_ = header_offset_;
    return false;
  }
  member = TarMember{};
  member.header_offset = header_offset_;
  // The header has been taken in, the data not: this is where it begins.
  const std::uint64_t data_offset = start_ + static_cast<std::uint64_t>(archive_filter_bytes(archive_.get(), 0));
  if (result == ARCHIVE_RETRY) {  // libarchive looks for the next header block by block
    member.kind = TarMemberKind::damaged_header;
    ends_behind_extension_ = is_extension_header(file_, header_offset_);
    next_header_ = data_offset;
    return true;
  }
  const char* name = archive_entry_pathname(entry);
  member.name = name != nullptr ? name : "";
  member.size = static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0));
  member.kind = kind_of(entry);
  // What a sparse member has in the tar is less than its size, and only its reader knows how much.
  const std::uint64_t num_stored = archive_entry_sparse_count(entry) == 0 ? member.size : 0;
  const std::uint64_t left = file_size_ > data_offset ? file_size_ - data_offset : 0;
  const std::uint64_t padding = (tar_block_bytes - num_stored % tar_block_bytes) % tar_block_bytes;
  num_missing_bytes_ = num_stored > left ? num_stored - left : 0;
  num_cut_bytes_ = num_stored + padding > left ? num_stored + padding - left : 0;
  next_header_ = data_offset + num_stored + padding;
  return true;
}

std::vector<std::uint8_t> TarScanner::read_data(const TarMember& member) const {
  std::vector<std::uint8_t> bytes(member.size);
  std::size_t num_read = 0;
  while (num_read < bytes.size()) {
    const la_ssize_t count = archive_read_data(archive_.get(), bytes.data() + num_read, bytes.size() - num_read);
    if (count <= 0) break;
    num_read += static_cast<std::size_t>(count);
  }
  bytes.resize(num_read);
  return bytes;
}

std::string TarScanner::message() const {
  if (read_errno_ != 0) return std::strerror(read_errno_);
  const char* text = archive_error_string(archive_.get());
  return text != nullptr ? text : "";
}

std::vector<std::uint8_t> read_tar_member(const FileHandle& file, std::uint64_t header_offset, std::string_view name,
                                          std::string_view where, std::size_t max_bytes) {
  TarScanner scanner(file, header_offset);
  TarMember member;
  if (!scanner.next(member) || member.name != name || member.kind != TarMemberKind::file) {
    throw Error(cat(where, ": is no longer at byte ", header_offset, " of the tar, where it was when the tar was looked through. Open the data set again."));
  }
  if (member.size > max_bytes) {
    throw Error(cat(where, ": ", member.size, " bytes long, at most ", max_bytes, " bytes are read of one file. If it isn't meant to be that large, write the tar again."));
  }
  if (scanner.num_missing_bytes() > 0) {
    throw Error(cat(where, ": the tar ends within this file, ", scanner.num_missing_bytes(), " bytes early. Copy or write it again."));
  }
  std::vector<std::uint8_t> bytes = scanner.read_data(member);
  if (bytes.size() != member.size) {
    throw Error(cat(where, ": only ", bytes.size(), " of ", member.size, " bytes can be read (", scanner.message(), "). Check the disk, or copy the tar again."));
  }
  return bytes;
}

}  // namespace maskscope
