// ShardDataset: what is wrong with its samples, and what the reference's loader makes of them.
#include <algorithm>

#include "core/data/shard_dataset.h"
#include "core/data/shard_names.h"
#include "core/error.h"

namespace maskscope {
namespace {

std::string tar_name(const ParallelTars& shard, std::size_t tar) {
  const std::string& path = shard.tars[tar].path();
  const std::size_t slash = path.rfind('/');
  const std::size_t before = slash == std::string::npos || slash == 0 ? std::string::npos : path.rfind('/', slash - 1);
  return before == std::string::npos ? path : path.substr(before + 1);  // "caption/shard-00000.tar"
}

std::string samples(std::size_t count) { return count == 1 ? "1 sample" : cat(count, " samples"); }

}  // namespace

void ShardDataset::note_reference_stop(const ReferenceShard& reference) {
  using Stop = ReferenceShard::Stop;
  Shard& shard = shards_.back();
  const std::size_t num_lost = shard.rows.num_not_yielded();
  if (num_lost == 0) return;  // what ends a tar behind its last sample is among the tar's own problems

  DataProblem problem;
  problem.level = ProblemLevel::warning;
  problem.file = urls_[shards_.size() - 1];
  for (std::size_t row = 0; row < shard.rows.size() && problem.key.empty(); ++row) {
    if ((shard.rows.flags(row) & row_not_yielded) != 0) problem.key = shard.rows.key(row);
  }
  const std::string name = tar_name(current_, reference.tar);
  const TarIndex& tar = current_.tars[reference.tar];
  const std::string& reason = tar.reference().reason;
  const std::string rest = samples(num_lost);
  switch (reference.stop) {
    case Stop::at_the_end: break;
    case Stop::at_the_shortest:
      problem.sentence = cat(name, reason.empty() ? cat(" holds only ", samples(reference.num_samples), ", other tars of this shard hold more.")
                                                  : cat(": ", reason));
      problem.reference = cat("Stops here because ", name, " yields only ", samples(reference.num_samples), "; the remaining ", rest, " of this shard are left out without a word.");
      break;
    case Stop::keys_differ:
      problem.sentence = cat("The keys of the parallel tars differ at place ", reference.num_samples + 1, ": ", tar_name(current_, 0), " has ",
                             current_.tars[0].key(reference.num_samples), ", ", name, " has ", tar.key(reference.num_samples), ". Here they are paired by key.");
      problem.reference = cat("Raises a ValueError there (a line is printed) and skips the remaining ", rest, " of this shard.");
      break;
    case Stop::tar_raises:
      problem.sentence = cat(name, ": ", reason);
      problem.reference = cat("Raises a ", reference.exception, " after ", samples(reference.num_samples), " (a line is printed) and skips the remaining ", rest, " of this shard.");
      break;
  }
  shard.reference_stop = std::move(problem);
}

bool ShardDataset::has_problem(std::int64_t number) const {
  const Place at = place(number);
  return at.shard->rows.flags(at.row) != 0 || at.shard->rows.num_modalities(at.row) < folders_.num_folders();
}

std::vector<DataProblem> ShardDataset::problems(std::int64_t number) const {
  if (number < 0) return whole_problems();
  const Place at = place(number);
  const SampleRef ref = sample(number);
  const std::uint8_t flags = at.shard->rows.flags(at.row);
  const bool is_yielded = (flags & row_not_yielded) == 0;
  std::vector<DataProblem> list;
  if (!is_yielded) {
    const DataProblem& stop = *at.shard->reference_stop;
    list.push_back({ProblemLevel::warning, urls_[at.url], ref.key, "",
                    cat("The reference's loader doesn't come to this sample", stop.key == ref.key ? "" : cat(", since it gives up at ", stop.key), ". ", stop.sentence), stop.reference});
  }
  for (const std::string& modality : ref.missing) {
    const char* reference = !is_yielded                    ? "Doesn't come to this sample."
                            : modality == crop_settings_name ? "Raises a KeyError when it comes to this sample, if a modality is pre-tokenized."
                                                             : "Raises a KeyError when it comes to this sample, and the training ends.";
    list.push_back({ProblemLevel::error, urls_[at.url], ref.key, modality, cat("This sample has no file of ", modality, "."), reference});
  }
  const auto add = [&](const char* sentence, const char* reference) {
    list.push_back({ProblemLevel::warning, urls_[at.url], ref.key, "", sentence, reference});
  };
  if ((flags & row_in_pieces) != 0) {
    add("The files of this key don't follow each other in the tar. Here they make one sample.", "Makes a sample of each run of files with one key, so that each has only a part of them.");
  }
  if ((flags & row_overwritten) != 0) {
    add("Several files of this sample get the same name, so only the last of them is seen. Name the members <key>.<modality>.<ext>, each once.", "Takes the last one as well, without a word (or raises a ValueError, where they stand in one tar).");
  }
  list.insert(list.end(), at.shard->problems.begin(), at.shard->problems.end());
  return list;
}

std::vector<DataProblem> ShardDataset::whole_problems() const {
  std::vector<DataProblem> list = own_problems_;
  std::size_t num_left_out = 0;
  const auto add = [&](const DataProblem& problem) {
    if (list.size() < max_listed_problems) list.push_back(problem);
    else ++num_left_out;
  };
  for (const Shard& shard : shards_) {
    for (const DataProblem& problem : shard.problems) add(problem);
    if (shard.reference_stop) add(*shard.reference_stop);
  }
  if (num_left_out > 0) list.push_back({ProblemLevel::note, "", "", "", cat(num_left_out, " more problems of shards aren't listed here; each sample lists those of its own."), ""});
  return list;
}

}  // namespace maskscope
