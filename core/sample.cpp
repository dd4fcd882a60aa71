#include "core/sample.h"

#include <algorithm>
#include <numeric>

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

SequenceTokens sequence_tokens(const Modality& modality, const ModalityTokens& tokens, std::int32_t eos_id) {
  SequenceTokens sequence;
  switch (modality.kind) {
    case ModalityKind::img: break;
    case ModalityKind::seq_emb:
      sequence.ids.resize(static_cast<std::size_t>(std::min(tokens.num_rows, modality.max_tokens)));
      std::iota(sequence.ids.begin(), sequence.ids.end(), 0);
      break;
    case ModalityKind::seq_token:
      for (const std::int32_t id : tokens.ids) sequence.ids.push_back(id + modality.vocab_offset);
      break;
    case ModalityKind::seq: {
      if (tokens.chunk_lengths.empty()) {
        sequence.ids = with_eos_truncated(tokens.ids, modality.max_tokens, eos_id);
        break;
      }
      std::int32_t end = 0;
      const auto add_chunk = [&](std::int32_t length) {
        if (end + length > modality.max_tokens) return false;
        end += length;
        sequence.chunk_ends.push_back(end);
        return true;
      };
      const bool is_whole = std::all_of(tokens.chunk_lengths.begin(), tokens.chunk_lengths.end(), add_chunk);
      sequence.ids.assign(tokens.ids.begin(), tokens.ids.begin() + end);
      if (is_whole && add_chunk(1)) sequence.ids.push_back(eos_id);
      break;
    }
  }
  return sequence;
}

}  // namespace maskscope
