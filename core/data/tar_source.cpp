#include "core/data/tar_source.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <iterator>
#include <limits>
#include <new>
#include <string_view>

#include "core/error.h"

namespace maskscope {
namespace {

constexpr std::size_t block_bytes = 1 << 16;

bool looks_compressed(const FileHandle& file) {
  char start[2] = {};
  file.read_at(0, start, sizeof start);
  return std::string_view(start, sizeof start) == "\x1f\x8b";
}

}  // namespace

TarSource::TarSource(const std::string& path, std::shared_ptr<std::uint64_t> room) : path_(path), room_(std::move(room)), file_(std::make_shared<FileHandle>(path)) {
  is_compressed_ = looks_compressed(*file_);
  if (!is_compressed_) return;
  compressed_ = std::make_unique<FileHandle>(std::move(*file_));
  file_ = std::make_shared<FileHandle>(FileHandle::temporary());
  block_.resize(block_bytes);
  inflater_ = {new z_stream(), [](z_stream* stream) {
                 inflateEnd(stream);
                 delete stream;
               }};
  if (inflateInit2(inflater_.get(), 16 + MAX_WBITS) != Z_OK) throw std::bad_alloc();  // 16: gzip, check sums included
}

void TarSource::stop(const std::string& problem, const char* words) {
  problem_ = cat("The compressed tar ", problem, " after ", num_unpacked_, " unpacked bytes", words != nullptr ? cat(" (", words, ")") : "", ".");
  inflater_.reset();
}

double TarSource::progress() const {
  if (!inflater_) return 1;
  const std::uint64_t size = compressed_->size();
  return size == 0 ? 1 : std::min(1.0, static_cast<double>(compressed_offset_) / static_cast<double>(size));
}

// False: there is no more to read, or it can't be read.
bool TarSource::fill_block() {
  const std::ptrdiff_t count = compressed_->read_at(compressed_offset_, block_.data(), block_.size());
  if (count < 0) stop("can't be read on", std::strerror(errno));
  else if (count == 0 && is_within_member_) stop("ends early,", nullptr);
  else if (count == 0) inflater_.reset();
  if (count <= 0) return false;
  compressed_offset_ += static_cast<std::uint64_t>(count);
  inflater_->next_in = reinterpret_cast<Bytef*>(block_.data());
  inflater_->avail_in = static_cast<uInt>(count);
  return true;
}

bool TarSource::write(const void* from, std::size_t num_bytes) {
  if (num_unpacked_ + num_bytes > max_unpacked_bytes) {
    stop(cat("is larger than the ", max_unpacked_bytes >> 30, " GiB that are unpacked at most. Unpack it to a plain tar to see all of it; this stopped"), nullptr);
    return false;
  }
  if (room_ != nullptr && *room_ < num_bytes) {
    stop(cat("doesn't fit into the ", TarCache::max_unpacked_bytes_in_all >> 30, " GiB that the tars of a shard are unpacked to at most. "
             "Unpack them to plain tars to see all of them; this stopped"), nullptr);
    return false;
  }
  if (room_ != nullptr) *room_ -= num_bytes;
  if (!file_->write(from, num_bytes)) {
    stop("can't be unpacked to the folder for temporary files (TMPDIR); this stopped", std::strerror(errno));
    return false;
  }
  num_unpacked_ += num_bytes;
  return true;
}

bool TarSource::unpack_more(std::size_t num_bytes) {
  std::uint8_t out[block_bytes];
  for (std::size_t num_done = 0; inflater_ && num_done < num_bytes;) {
    if (inflater_->avail_in == 0 && !has_more_output_ && !fill_block()) break;
    if (!is_within_member_ && *inflater_->next_in != 0x1f) {  // padding or other things behind the gzip data
      inflater_.reset();
      break;
    }
    is_within_member_ = true;
    inflater_->next_out = out;
    inflater_->avail_out = sizeof out;
    const int result = inflate(inflater_.get(), Z_NO_FLUSH);
    const std::size_t num_made = sizeof out - inflater_->avail_out;
    has_more_output_ = inflater_->avail_out == 0 && result != Z_STREAM_END;
    if (!write(out, num_made)) break;
    num_done += num_made + 1;  // members without content count, too
    if (result == Z_STREAM_END) {
      is_within_member_ = false;
      inflateReset(inflater_.get());
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      stop("is damaged", inflater_->msg);
    }
  }
  return inflater_ != nullptr;
}

TarCache::Opened TarCache::open_and_unpack(const std::string& path) {
  TarSource source(path);
  while (source.unpack_more(std::numeric_limits<std::size_t>::max())) {
  }
  return {source.file(), source.num_unpacked_bytes()};
}

std::shared_ptr<const FileHandle> TarCache::open(const std::string& path) {
  std::promise<std::shared_ptr<const FileHandle>> promise;
  std::uint64_t number = 0;
  {
    std::unique_lock lock(mutex_);
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.path == path; });
    if (found != entries_.end()) {
      entries_.splice(entries_.begin(), entries_, found);
      const auto file = found->file;
      lock.unlock();
      return file.get();
    }
    number = ++num_added_;
    add_locked({path, promise.get_future().share(), 0, number});
  }

  // Unpacking may take seconds: without the lock.
  const auto own = [&](const Entry& entry) { return entry.number == number; };
  try {
    Opened opened = opener_(path);
    promise.set_value(opened.file);
    const std::lock_guard lock(mutex_);
    const auto entry = std::find_if(entries_.begin(), entries_.end(), own);
    if (entry != entries_.end()) entry->num_unpacked_bytes = opened.num_unpacked_bytes;
    drop_beyond_limits();
    return opened.file;
  } catch (...) {
    promise.set_exception(std::current_exception());
    const std::lock_guard lock(mutex_);
    entries_.remove_if(own);
    throw;
  }
}

void TarCache::add(const std::string& path, Opened opened) {
  std::promise<std::shared_ptr<const FileHandle>> promise;
  promise.set_value(std::move(opened.file));
  const std::lock_guard lock(mutex_);
  add_locked({path, promise.get_future().share(), opened.num_unpacked_bytes, ++num_added_});
}

void TarCache::add_locked(Entry entry) {
  entries_.push_front(std::move(entry));
  drop_beyond_limits();
}

// A file goes with its last reader. Plain tars take no room, so that only their number counts.
void TarCache::drop_beyond_limits() {
  if (entries_.size() > max_entries) entries_.pop_back();
  std::uint64_t num_bytes = 0;
  bool is_first = true;
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    num_bytes += entry->num_unpacked_bytes;
    const bool is_kept = is_first || entry->num_unpacked_bytes == 0 || num_bytes <= max_unpacked_bytes_;
    if (!is_kept) num_bytes -= entry->num_unpacked_bytes;
    if (entry->num_unpacked_bytes > 0) is_first = false;
    entry = is_kept ? std::next(entry) : entries_.erase(entry);
  }
}

}  // namespace maskscope
