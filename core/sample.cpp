#include "core/sample.h"

#include <algorithm>

namespace maskscope {

SequenceVocabulary default_vocabulary() {
  SequenceVocabulary vocabulary;
  constexpr std::int32_t num_sentinels = 200;
  constexpr std::int32_t first_sentinel_id = 4;
  for (std::int32_t k = 0; k < num_sentinels; ++k) vocabulary.sentinel_ids.push_back(first_sentinel_id + k);
  return vocabulary;
}

std::vector<std::int32_t> with_eos_truncated(const std::vector<std::int32_t>& ids, int max_tokens,
                                             std::int32_t eos_id) {
  const auto room = static_cast<std::size_t>(std::max(max_tokens, 0));
  const auto num_ids = std::min(ids.size(), room);
  std::vector<std::int32_t> result(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(num_ids));
  if (num_ids < room) result.push_back(eos_id);
  return result;
}

}  // namespace maskscope
