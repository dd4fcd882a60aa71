#include "core/data/shard_dataset.h"

#include <algorithm>
#include <cassert>

#include "core/data/shard_names.h"
#include "core/error.h"

namespace maskscope {

ShardDataset::ShardDataset(std::string title, std::vector<std::string> urls, const DatasetOptions& options, std::vector<DataProblem> problems)
    : title_(std::move(title)), urls_(std::move(urls)), name_map_(options.modality_name_map), own_problems_(std::move(problems)),
      folders_(options), fields_(suffixes_, folders_) {}

std::vector<std::string> ShardDataset::names_of(std::size_t url) const {
  const auto brackets = parse_brackets(urls_[url]);
  if (!brackets) return {};
  std::vector<std::string> names = brackets->names;
  for (std::string& name : names) {
    const auto mapped = name_map_.find(name);
    if (mapped != name_map_.end()) name = mapped->second;
  }
  return names;
}

std::string ShardDataset::tar_path(std::size_t url, std::size_t tar) const {
  const auto brackets = parse_brackets(urls_[url]);
  return brackets ? brackets->path(tar) : urls_[url];
}

// Indexing -----------------------------------------------------------------------------------------------------------

void ShardDataset::open_next_shard() {
  const std::size_t url = shards_.size();
  current_.names = names_of(url);
  const std::size_t num_tars = std::max<std::size_t>(current_.names.size(), 1);
  TarIndex::Limits limits;
  limits.max_files = std::min(limits.max_files, max_files - std::min(num_files_, max_files)) / num_tars;
  limits.max_key_bytes = std::min(limits.max_key_bytes, max_key_bytes - std::min(num_key_bytes_, max_key_bytes)) / num_tars;
  limits.room_to_unpack = std::make_shared<std::uint64_t>(TarCache::max_unpacked_bytes_in_all);
  for (std::size_t t = 0; t < num_tars; ++t) {
    current_.tars.emplace_back(tar_path(url, t), static_cast<std::uint8_t>(t), suffixes_, limits);
  }
  shards_.emplace_back();
  shards_.back().first_sample = shards_.size() == 1 ? 0 : shards_[url - 1].first_sample + static_cast<std::int64_t>(shards_[url - 1].rows.size());
}

// Goes on in the tar that is behind the others, so that their first samples are complete soon.
bool ShardDataset::step(std::size_t max_members) {
  TarIndex* behind = nullptr;
  for (TarIndex& tar : current_.tars) {
    if (!tar.is_complete() && (behind == nullptr || tar.num_samples() < behind->num_samples())) behind = &tar;
  }
  if (behind == nullptr) return false;
  behind->index_more(max_members);
  return true;
}

bool ShardDataset::index_more(std::size_t max_entries) {
  constexpr std::size_t members_per_step = 64;
  for (std::size_t num_done = 0; num_done < max_entries && !is_complete_;) {
    if (current_.tars.empty()) {
      if (shards_.size() == urls_.size()) {
        is_complete_ = true;
        break;
      }
      open_next_shard();
      num_done += current_.tars.size();
      continue;
    }
    const std::size_t num_members = std::min(members_per_step, max_entries - num_done);
    num_done += num_members;
    const bool goes_on = step(num_members);
    shards_.back().rows.publish(current_, fields_);
    if (!goes_on) finish_shard();
  }
  return !is_complete_;
}

void ShardDataset::finish_shard() {
  Shard& shard = shards_.back();
  const ReferenceShard reference = reference_shard(current_);
  shard.rows.finish(current_, fields_, reference);
  num_files_ += shard.rows.num_files();
  num_key_bytes_ += shard.rows.num_key_bytes();
  for (std::size_t t = 0; t < current_.tars.size(); ++t) {
    const TarIndex& tar = current_.tars[t];
    shard.problems.insert(shard.problems.end(), tar.problems().begin(), tar.problems().end());
    // Of a tar without any sample nothing says what is in it, but for its name.
    if (tar.num_samples() == 0 && current_.name(t) != nullptr) folders_.find_or_add(*current_.name(t));
    if (tar.was_unpacked()) tars_.add(tar.path(), {tar.file(), tar.num_unpacked_bytes()});
  }
  note_reference_stop(reference);
  current_ = ParallelTars{};
}

double ShardDataset::progress() const {
  if (is_complete_ || urls_.empty()) return is_complete_ ? 1 : 0;
  double current = 0;
  for (const TarIndex& tar : current_.tars) current += tar.progress() / static_cast<double>(current_.tars.size());
  const std::size_t num_finished = shards_.size() - (current_.tars.empty() ? 0 : 1);
  return (static_cast<double>(num_finished) + current) / static_cast<double>(urls_.size());
}

// Looking up ---------------------------------------------------------------------------------------------------------

std::int64_t ShardDataset::num_samples() const {
  return shards_.empty() ? 0 : shards_.back().first_sample + static_cast<std::int64_t>(shards_.back().rows.size());
}

ShardDataset::Place ShardDataset::place(std::int64_t number) const {
  assert(number >= 0 && number < num_samples());
  // The last shard that begins at or before the sample: shards may be empty.
  const auto behind = std::upper_bound(shards_.begin(), shards_.end(), number, [](std::int64_t n, const Shard& shard) { return n < shard.first_sample; });
  const Shard& shard = *std::prev(behind);
  return {&shard, static_cast<std::size_t>(&shard - shards_.data()), static_cast<std::size_t>(number - shard.first_sample)};
}

SampleRef ShardDataset::sample(std::int64_t number) const {
  const Place at = place(number);
  SampleRef sample;
  sample.number = number;
  sample.key = at.shard->rows.key(at.row);
  fields_.use_names(names_of(at.url));
  std::vector<const IndexedFile*> files(folders_.num_folders(), nullptr);
  std::vector<const FieldTable::Field*> fields(files.size(), nullptr);
  for (const IndexedFile& file : at.shard->rows.files(at.row)) {
    const auto& field = fields_[fields_.number(file)];
    const auto folder = static_cast<std::size_t>(field.folder);
    files[folder] = &file;  // a later one counts, as in the reference
    fields[folder] = &field;
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string& folder = folders_.folder(static_cast<int>(i));
    for (const std::string& modality : folders_.modalities_of(static_cast<int>(i))) {
      if (files[i] == nullptr) {
        sample.missing.push_back(modality);
        continue;
      }
      FileRef ref;
      ref.modality = modality;
      ref.extension = fields[i]->name.size() > folder.size() ? fields[i]->name.substr(folder.size() + 1) : fields[i]->name;
      ref.path = tar_path(at.url, files[i]->tar);
      ref.member = sample.key + "." + suffixes_[files[i]->suffix];
      ref.header_offset = files[i]->header_offset();
      ref.size = files[i]->size();
      sample.files.push_back(std::move(ref));
    }
  }
  std::sort(sample.files.begin(), sample.files.end(), [](const FileRef& a, const FileRef& b) { return a.modality < b.modality; });
  std::sort(sample.missing.begin(), sample.missing.end());
  return sample;
}

std::optional<std::int64_t> ShardDataset::find(std::string_view key, std::int64_t from) const {
  if (from >= num_samples()) return std::nullopt;
  // A few milliseconds for half a million keys: less than a table of them would cost in memory.
  const Place first = place(from);
  for (std::size_t url = first.url; url < shards_.size(); ++url) {
    const Shard& shard = shards_[url];
    for (std::size_t row = url == first.url ? first.row : 0; row < shard.rows.size(); ++row) {
      if (shard.rows.key(row) == key) return shard.first_sample + static_cast<std::int64_t>(row);
    }
  }
  return std::nullopt;
}

bool ShardDataset::is_settled(std::int64_t number) const {
  const bool is_last_finished = current_.tars.empty();
  return is_last_finished || number < shards_.back().first_sample;
}

std::vector<std::uint8_t> ShardDataset::read(const FileRef& file, std::size_t max_bytes) const {
  return read_tar_member(*tars_.open(file.path), file.header_offset, file.member, file.name(), max_bytes);
}

}  // namespace maskscope
