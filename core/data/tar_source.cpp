#include "core/data/tar_source.h"

#include <archive_entry.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <new>
#include <string_view>

#include "core/error.h"

namespace maskscope {
namespace {

constexpr std::size_t block_bytes = 1 << 16;

bool looks_compressed(const FileHandle& file) {
  char start[6] = {};
  file.read_at(0, start, sizeof start);
  const std::string_view text(start, sizeof start);
  return text.starts_with("\x1f\x8b") || text.starts_with("BZh") || text == std::string_view("\xfd" "7zXZ\0", 6);
}

}  // namespace

TarSource::TarSource(const std::string& path) : path_(path), file_(std::make_shared<FileHandle>(path)) {
  is_compressed_ = looks_compressed(*file_);
  if (!is_compressed_) return;
  compressed_ = std::make_unique<FileHandle>(std::move(*file_));
  file_ = std::make_shared<FileHandle>(FileHandle::temporary());
  block_.resize(block_bytes);
  archive_.reset(archive_read_new());
  if (!archive_) throw std::bad_alloc();
  archive_read_support_filter_gzip(archive_.get());
  archive_read_support_filter_bzip2(archive_.get());
  archive_read_support_filter_xz(archive_.get());
  archive_read_support_format_raw(archive_.get());
  archive_read_support_format_empty(archive_.get());
  archive_entry* entry = nullptr;
  if (archive_read_open2(archive_.get(), this, nullptr, read_block, nullptr, nullptr) != ARCHIVE_OK ||
      archive_read_next_header(archive_.get(), &entry) < ARCHIVE_WARN) {
    stop("can't be unpacked");
  }
}

la_ssize_t TarSource::read_block(archive* reader, void* self_pointer, const void** block) {
  auto& self = *static_cast<TarSource*>(self_pointer);
  const std::ptrdiff_t count = self.compressed_->read_at(self.compressed_offset_, self.block_.data(), self.block_.size());
  if (count < 0) {
    archive_set_error(reader, errno, "%s", std::strerror(errno));
    return ARCHIVE_FATAL;
  }
  self.compressed_offset_ += static_cast<std::uint64_t>(count);
  *block = self.block_.data();
  return count;
}

void TarSource::stop(const std::string& problem) {
  const char* words = archive_error_string(archive_.get());
  problem_ = cat("The compressed tar ", problem, " after ", num_unpacked_, " unpacked bytes", words != nullptr ? cat(" (", words, ")") : "", ".");
  archive_.reset();
}

double TarSource::progress() const {
  if (!archive_) return 1;
  const std::uint64_t size = compressed_->size();
  return size == 0 ? 1 : std::min(1.0, static_cast<double>(compressed_offset_) / static_cast<double>(size));
}

bool TarSource::unpack_more(std::size_t num_bytes) {
  if (!archive_) return false;
  char block[block_bytes];
  for (std::size_t num_done = 0; num_done < num_bytes;) {
    const la_ssize_t count = archive_read_data(archive_.get(), block, sizeof block);
    if (count == 0) {
      archive_.reset();
      return false;
    }
    if (count < 0) {
      stop("is damaged or ends early,");
      return false;
    }
    if (num_unpacked_ + static_cast<std::uint64_t>(count) > max_unpacked_bytes) {
      archive_clear_error(archive_.get());
      stop(cat("is larger than the ", max_unpacked_bytes >> 30, " GiB that are unpacked at most. Unpack it to a plain tar to see all of it; this stopped"));
      return false;
    }
    if (!file_->write(block, static_cast<std::size_t>(count))) {
      archive_set_error(archive_.get(), errno, "%s", std::strerror(errno));
      stop("can't be unpacked to the folder for temporary files (TMPDIR); this stopped");
      return false;
    }
    num_unpacked_ += static_cast<std::uint64_t>(count);
    num_done += static_cast<std::size_t>(count);
  }
  return true;
}

std::shared_ptr<const FileHandle> TarCache::open(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.path == path; });
  if (found != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, found);
    return found->file;
  }
  TarSource source(path);
  while (source.unpack_more(std::numeric_limits<std::size_t>::max())) {
  }
  add_locked(path, source.file());
  return source.file();
}

void TarCache::add(const std::string& path, std::shared_ptr<const FileHandle> file) {
  const std::lock_guard lock(mutex_);
  add_locked(path, std::move(file));
}

void TarCache::add_locked(const std::string& path, std::shared_ptr<const FileHandle> file) {
  entries_.push_front({path, std::move(file)});
  if (entries_.size() > max_entries) entries_.pop_back();
}

}  // namespace maskscope
