// One training sample before masking: the token ids of every modality.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/modality.h"

namespace maskscope {

constexpr std::int32_t unknown_token_id = -1;  // an id only a neural tokenizer could give

// Ids with a meaning in text sequences. 4M: [PAD] 0, [EOS] 3, [S_k] = 4 + k for k = 0..199.
struct SequenceVocabulary {
  std::int32_t pad_id = 0;
  std::int32_t eos_id = 3;
  std::vector<std::int32_t> sentinel_ids;  // sentinel_ids[k] is the id of [S_k]; [S_0] is never used
  bool operator==(const SequenceVocabulary&) const = default;
};
// The layout above: pad 0, eos 3, 200 sentinels from 4.
SequenceVocabulary default_vocabulary();

struct ModalityTokens {
  bool is_present = false;  // false: this sample lacks the modality, every slot is masked out on both sides
  // img: max_tokens ids, or empty when the ids are unknown. seq: ids of the whole text, before [EOS] and truncation.
  // seq_token: ids before vocab_offset is added. seq_emb: empty.
  std::vector<std::int32_t> ids;
  // seq: lengths of the chunks that ids is made of, each kept or masked as a whole (a list of strings in the reference);
  // empty: token by token. An empty chunk is allowed; all lengths add up to the number of ids.
  std::vector<std::int32_t> chunk_lengths = {};
  int num_rows = 0;  // seq_emb: number of embedding vectors
  bool operator==(const ModalityTokens&) const = default;
};

struct Sample {
  std::string key;
  std::vector<ModalityTokens> modalities;  // parallel to Scheme::modalities
  bool operator==(const Sample&) const = default;
};

// ids + [EOS], cut to max_tokens (the [EOS] goes first). As sequence_mask in fourm/data/masking.py.
std::vector<std::int32_t> with_eos_truncated(const std::vector<std::int32_t>& ids, int max_tokens, std::int32_t eos_id);

// What span masking is applied to.
struct SequenceTokens {
  std::vector<std::int32_t> ids;         // seq_emb: the row numbers 0, 1, 2, …
  std::vector<std::int32_t> chunk_ends;  // (chunks) where each chunk ends in ids; empty: every token by itself
};
// seq: with [EOS], truncated; chunks get [EOS] as a chunk of its own, then are dropped from the first one on that ends beyond
// max_tokens. seq_token: vocab_offset added, neither [EOS] nor truncation. seq_emb: at most max_tokens rows.
// As sequence_mask, sequence_token_mask and sequence_emb_mask_span. tokens must be valid (pack_samples checks).
SequenceTokens sequence_tokens(const Modality& modality, const ModalityTokens& tokens, std::int32_t eos_id);

}  // namespace maskscope
