#include "core/data/shard_reference.h"

#include <algorithm>

#include "core/data/shard_names.h"

namespace maskscope {

ReferenceShard reference_shard(const ParallelTars& shard) {
  using Stop = ReferenceShard::Stop;
  const auto& tars = shard.tars;
  for (std::size_t number = 0;; ++number) {
    for (std::size_t t = 0; t < tars.size(); ++t) {
      const ReferenceTar& tar = tars[t].reference();
      if (number < tar.num_samples) continue;
      if (*tar.exception != '\0') return {number, Stop::tar_raises, t, tar.exception};
      const bool all_end = std::all_of(tars.begin(), tars.end(), [&](const TarIndex& other) {
        return other.num_samples() == number && other.reference().reason.empty();
      });
      return {number, all_end ? Stop::at_the_end : Stop::at_the_shortest, t, ""};
    }
    for (std::size_t t = 1; t < tars.size(); ++t) {
      if (tars[t].key(number) != tars[0].key(number)) return {number, Stop::keys_differ, t, "ValueError"};
    }
  }
}

std::vector<ReferenceField> reference_fields(const ParallelTars& shard, const SuffixTable& suffixes, std::size_t number) {
  std::vector<ReferenceField> fields;
  for (std::size_t t = 0; t < shard.tars.size(); ++t) {
    for (const IndexedFile& file : shard.tars[t].files(number)) {
      const std::string name = field_name(suffixes.lower_case(file.suffix), shard.name(t), file.is_one_of_several);
      const auto same = std::find_if(fields.begin(), fields.end(), [&](const ReferenceField& field) { return field.name == name; });
      if (same != fields.end()) same->file = file;
      else fields.push_back({name, file});
    }
  }
  return fields;
}

std::vector<std::string> reference_modalities(const std::vector<ReferenceField>& fields) {
  std::vector<std::string> names;
  for (const ReferenceField& field : fields) {
    std::string name = modality_of_field(field.name);
    if (!is_bookkeeping(name) && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace maskscope
