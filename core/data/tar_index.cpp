#include "core/data/tar_index.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <system_error>

#include "core/data/shard_names.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr std::size_t max_name_bytes = 1024;
constexpr std::size_t max_suffix_bytes = 200;
constexpr std::size_t max_files_of_a_sample = 256;
constexpr std::size_t max_suffix_number = std::numeric_limits<std::uint16_t>::max();
constexpr std::size_t max_key_bytes_of_a_tar = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t max_size = (std::uint64_t{1} << 39) - 1;  // what IndexedFile holds; nobody reads such a file
constexpr std::uint64_t max_header_offset = std::uint64_t{std::numeric_limits<std::uint32_t>::max()} * 512;
constexpr std::size_t unpacked_bytes_per_member = 4096;  // so that unpacking and indexing a step take about as long

bool is_unsafe(std::string_view name) {
  if (name.starts_with('/')) return true;
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('/', start), name.size());
    if (name.substr(start, end - start) == "..") return true;
    start = end + 1;
  }
  return false;
}

}  // namespace

std::optional<std::uint16_t> SuffixTable::add(std::string_view suffix) {
  if (!suffixes_.empty() && suffixes_[last_] == suffix) return last_;
  const auto found = numbers_.find(std::string(suffix));
  if (found != numbers_.end()) return last_ = found->second;
  const std::string lower = maskscope::lower_case(suffix);
  if (lower != suffix) {
    const auto lower_number = add(lower);
    if (!lower_number || suffixes_.size() > max_suffix_number) return std::nullopt;
    lower_.push_back(*lower_number);
  } else {
    if (suffixes_.size() > max_suffix_number) return std::nullopt;
    lower_.push_back(static_cast<std::uint16_t>(suffixes_.size()));
  }
  const auto number = static_cast<std::uint16_t>(suffixes_.size());
  suffixes_.emplace_back(suffix);
  numbers_.emplace(suffix, number);
  return number;
}

void TarIndex::Tally::add(std::string_view name) {
  if (count++ == 0) first = name.substr(0, 200);
}

TarIndex::TarIndex(std::string path, std::uint8_t tar, SuffixTable& suffixes, const Limits& limits)
    : path_(std::move(path)), tar_(tar), suffixes_(&suffixes), limits_(limits) {}

void TarIndex::open() {
  try {
    source_ = std::make_unique<TarSource>(path_, limits_.room_to_unpack);
  } catch (const Error& error) {
    std::error_code code;
    const bool is_there = std::filesystem::exists(path_, code) || code;
    reference_stops(0, is_there ? "OSError" : "FileNotFoundError", "This tar can't be opened.");
    // The sentence begins with the path, which a problem names in its own field.
    const std::string sentence = error.what();
    report(ProblemLevel::error, sentence.starts_with(path_ + ": ") ? sentence.substr(path_.size() + 2) : sentence);
    finish();
  }
}

double TarIndex::progress() const {
  if (is_complete_) return 1;
  if (!source_) return 0;
  if (!scanner_) return source_->progress() / 2;
  const std::uint64_t size = source_->file()->size();
  const double share = size == 0 ? 1 : std::min(1.0, static_cast<double>(scanner_->position()) / static_cast<double>(size));
  return source_->is_compressed() ? 0.5 + share / 2 : share;
}

bool TarIndex::index_more(std::size_t max_members) {
  if (is_complete_) return false;
  if (!source_) {
    open();
    if (is_complete_) return false;
  }
  if (!scanner_) {
    if (source_->unpack_more(max_members * unpacked_bytes_per_member)) return true;
    scanner_ = std::make_unique<TarScanner>(*source_->file());
  }
  TarMember member;
  for (std::size_t i = 0; i < max_members; ++i) {
    if (!scanner_->next(member)) {
      note_end();
      finish();
      return false;
    }
    if (files_.size() >= limits_.max_files || keys_.num_bytes() > std::min(limits_.max_key_bytes, max_key_bytes_of_a_tar)) {
      report(ProblemLevel::error, cat("The index is full after ", files_.size(), " files of this tar: what follows isn't shown. Open a part of the data set."));
      finish();
      return false;
    }
    add(member);
  }
  return true;
}

void TarIndex::add(const TarMember& member) {
  switch (member.kind) {
    case TarMemberKind::folder: return;
    case TarMemberKind::link: return links_.add(member.name);
    case TarMemberKind::device: return devices_.add(member.name);
    case TarMemberKind::damaged_header:
      if (damaged_headers_.count == 0) {
        if (scanner_->ends_behind_extension()) reference_stops_unfinished("ReadError", "The header behind a long name is damaged.");
        else reference_stops(keys_.size(), "", cat("A header is damaged (at byte ", member.header_offset, "), which is taken for the end of the tar."));
      }
      return damaged_headers_.add(cat("byte ", member.header_offset));
    case TarMemberKind::file: break;
  }
  if (is_metadata_name(member.name)) return;
  if (is_unsafe(member.name)) unsafe_names_.add(member.name);
  const auto split = split_member_name(member.name);
  if (!split) return without_suffix_.add(member.name);
  if (scanner_->num_missing_bytes() > 0) return;  // cut off: note_end() says so
  if (member.name.size() > max_name_bytes || split->suffix.size() > max_suffix_bytes || member.header_offset > max_header_offset) {
    return refused_names_.add(member.name);
  }
  add_file(member, split->key, split->suffix);
}

void TarIndex::add_file(const TarMember& member, std::string_view key, std::string_view suffix) {
  const auto number = suffixes_->add(suffix);
  if (!number) return refused_names_.add(member.name);
  if (keys_.size() == 0 || keys_[keys_.size() - 1] != key) {
    keys_.push_back(key);
    first_files_.push_back(static_cast<std::uint32_t>(files_.size()));
  }
  const std::size_t num_before = files_.size() - first_files_.back();
  const auto first = files_.end() - static_cast<std::ptrdiff_t>(num_before);
  if (num_before >= max_files_of_a_sample) return refused_names_.add(member.name);
  const auto same = std::find_if(first, files_.end(), [&](const IndexedFile& file) { return suffixes_->are_same(file.suffix, *number); });
  if (same != files_.end()) {
    twice_.add(member.name);
    reference_stops(keys_.size() - 1, "ValueError", cat("The key ", key, " has two files with the ending .", suffixes_->lower_case(*number), "."));
  }
  IndexedFile file;
  file.header_block = static_cast<std::uint32_t>(member.header_offset / 512);
  const std::uint64_t size = std::min(member.size, max_size);
  file.size_low = static_cast<std::uint32_t>(size);
  file.size_high = static_cast<std::uint8_t>((size >> 32) & 0x7f);
  file.tar = tar_;
  file.suffix = *number;
  if (same != files_.end()) {  // as when a tar is unpacked, the later one counts
    file.is_one_of_several = same->is_one_of_several;
    *same = file;
    return;
  }
  file.is_one_of_several = num_before > 0;
  if (file.is_one_of_several) files_[first_files_.back()].is_one_of_several = true;
  files_.push_back(file);
}

std::span<const IndexedFile> TarIndex::files(std::size_t sample) const {
  const std::size_t first = first_files_[sample];
  const std::size_t end = sample + 1 < first_files_.size() ? first_files_[sample + 1] : files_.size();
  return std::span(files_).subspan(first, end - first);
}

void TarIndex::reference_stops(std::size_t num_samples, const char* exception, const std::string& reason) {
  if (reference_stopped_) return;
  reference_stopped_ = true;
  reference_ = {num_samples, exception, reason};
}

void TarIndex::reference_stops_unfinished(const char* exception, const std::string& reason) {
  reference_stops(keys_.size() == 0 ? 0 : keys_.size() - 1, exception, reason);
}

}  // namespace maskscope
