// A data set of tars: one after another, or for each of them several in parallel, one for each modality.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/modality_folders.h"
#include "core/data/shard_notation.h"
#include "core/data/shard_rows.h"
#include "core/data/tar_index.h"
#include "core/data/tar_source.h"

namespace maskscope {

class ShardDataset final : public Dataset {
 public:
  // urls: one a shard, as the reference has them once braces are expanded: "root/[caption,rgb]/shard-00000.tar".
  // problems: what was found while these were looked for.
  ShardDataset(std::string title, std::vector<std::string> urls, const DatasetOptions& options, std::vector<DataProblem> problems);

  bool index_more(std::size_t max_entries) override;
  bool is_complete() const override { return is_complete_; }
  double progress() const override;
  std::int64_t num_samples() const override;
  SampleRef sample(std::int64_t number) const override;
  std::optional<std::int64_t> find(std::string_view key, std::int64_t from = 0) const override;
  bool is_settled(std::int64_t number) const override;
  bool has_problem(std::int64_t number) const override;
  std::vector<DataProblem> problems(std::int64_t number) const override;
  std::vector<std::uint8_t> read(const FileRef& file, std::size_t max_bytes) const override;
  DatasetLayout layout() const override { return DatasetLayout::shards; }
  const std::vector<std::string>& modalities() const override { return folders_.modalities(); }
  std::string title() const override { return title_; }

 private:
  // The whole index may have so much: 96 MB of files, 64 MB of keys.
  static constexpr std::size_t max_files = 8'000'000, max_key_bytes = std::size_t{64} << 20;
  static constexpr std::size_t max_listed_problems = 1000;  // of the data set as a whole

  struct Shard {
    std::int64_t first_sample = 0;
    ShardRows rows;
    std::vector<DataProblem> problems;          // of its tars
    std::optional<DataProblem> reference_stop;  // where and why the reference ends before the last sample
  };
  struct Place {
    const Shard* shard;
    std::size_t url, row;
  };

  std::vector<std::string> names_of(std::size_t url) const;  // in brackets, mapped
  std::string tar_path(std::size_t url, std::size_t tar) const;
  Place place(std::int64_t number) const;
  void open_next_shard();
  bool step(std::size_t max_members);
  void finish_shard();
  void note_reference_stop(const ReferenceShard& reference);
  std::vector<DataProblem> whole_problems() const;

  std::string title_;
  std::vector<std::string> urls_;
  std::map<std::string, std::string> name_map_;
  std::vector<DataProblem> own_problems_;
  SuffixTable suffixes_;
  ModalityFolders folders_;
  mutable FieldTable fields_;  // a cache of names
  std::vector<Shard> shards_;  // the last one is under way while current_ has tars
  ParallelTars current_;
  std::size_t num_files_ = 0, num_key_bytes_ = 0;
  bool is_complete_ = false;
  mutable TarCache tars_;
};

}  // namespace maskscope
