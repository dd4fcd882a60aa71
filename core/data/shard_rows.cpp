#include "core/data/shard_rows.h"

#include <algorithm>
#include <functional>

#include "core/data/shard_names.h"

namespace maskscope {
namespace {

std::size_t num_different(std::vector<int>& numbers) {
  std::sort(numbers.begin(), numbers.end());
  return static_cast<std::size_t>(std::unique(numbers.begin(), numbers.end()) - numbers.begin());
}

}  // namespace

int FieldTable::number(const IndexedFile& file, const std::string* bracket_name) {
  auto& cache = cache_[bracket_name != nullptr ? *bracket_name : std::string()];
  const std::uint32_t cache_key = (std::uint32_t{file.suffix} << 1) | (file.is_one_of_several ? 1u : 0u);
  const auto cached = cache.find(cache_key);
  if (cached != cache.end()) return cached->second;
  const std::string name = field_name(suffixes_.lower_case(file.suffix), bracket_name, file.is_one_of_several);
  const auto [entry, is_new] = numbers_.emplace(name, static_cast<int>(fields_.size()));
  if (is_new) {
    const std::string folder = modality_of_field(name);
    fields_.push_back({name, is_bookkeeping(folder) ? -1 : folders_.find_or_add(folder)});
  }
  cache.emplace(cache_key, entry->second);
  return entry->second;
}

std::span<const IndexedFile> ShardRows::files(std::size_t row) const {
  const std::size_t first = row == 0 ? 0 : file_ends_[row - 1];
  return std::span(files_).subspan(first, file_ends_[row] - first);
}

void ShardRows::append(std::string_view key, std::span<const KeyPairing::Piece> pieces, const ParallelTars& shard, FieldTable& fields, std::uint8_t flags) {
  std::vector<int> names, folders;
  std::size_t num_files = 0;
  for (const KeyPairing::Piece& piece : pieces) {
    for (const IndexedFile& file : shard.tars[piece.list].files(piece.index)) {
      ++num_files;
      const int number = fields.number(file, shard.name(piece.list));
      names.push_back(number);
      if (fields[number].folder < 0) continue;
      folders.push_back(fields[number].folder);
      files_.push_back(file);
    }
  }
  if (num_different(names) < num_files) flags |= row_overwritten;
  keys_.push_back(key);
  file_ends_.push_back(static_cast<std::uint32_t>(files_.size()));
  flags_.push_back(flags);
  num_modalities_.push_back(static_cast<std::uint8_t>(num_different(folders)));
  if ((flags & row_not_yielded) != 0) ++num_not_yielded_;
}

void ShardRows::publish(const ParallelTars& shard, FieldTable& fields) {
  std::vector<KeyPairing::Piece> pieces(shard.tars.size());
  while (keys_agree_) {
    const auto row = static_cast<std::uint32_t>(size());
    for (std::uint32_t t = 0; t < pieces.size(); ++t) {
      const TarIndex& tar = shard.tars[t];
      if (row >= tar.num_samples()) return;
      if (tar.key(row) != shard.tars[0].key(row)) keys_agree_ = false;
      pieces[t] = {t, row};
    }
    const std::string_view key = shard.tars[0].key(row);
    if (!keys_agree_ || !published_keys_.insert(std::hash<std::string_view>()(key)).second) {
      keys_agree_ = false;
      return;
    }
    append(key, pieces, shard, fields, 0);
  }
}

void ShardRows::finish(const ParallelTars& shard, FieldTable& fields, const ReferenceShard& reference) {
  *this = ShardRows{};
  std::vector<const KeyList*> lists;
  for (const TarIndex& tar : shard.tars) lists.push_back(&tar.keys());
  const KeyPairing pairing = pair_by_key(lists);
  for (const std::uint32_t row : pairing.order) {
    const auto pieces = pairing.pieces(row);
    // The reference makes a sample of the pieces at one place, one of each tar.
    std::size_t num_yielded = 0;
    bool is_whole = pieces.size() == shard.tars.size();
    for (const KeyPairing::Piece& piece : pieces) {
      if (piece.index < reference.num_samples) ++num_yielded;
      if (piece.index != pieces[0].index) is_whole = false;
    }
    std::uint8_t flags = 0;
    if (num_yielded == 0) flags = row_not_yielded;
    else if (!is_whole) flags = row_in_pieces;
    append(shard.tars[pieces[0].list].key(pieces[0].index), pieces, shard, fields, flags);
  }
  keys_.shrink_to_fit();
  file_ends_.shrink_to_fit();
  files_.shrink_to_fit();
  flags_.shrink_to_fit();
  num_modalities_.shrink_to_fit();
}

}  // namespace maskscope
