// The content of a HuggingFace tokenizer.json as far as BERT-style WordPiece tokenizers use it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/data/added_tokens.h"
#include "core/data/bert_normalizer.h"

namespace maskscope {

struct TokenizerFile {
  BertNormalizer normalizer;
  std::vector<std::pair<std::string, std::int32_t>> vocabulary;  // by id; ids differ, 0 .. max_token_id
  std::string unknown_piece;
  std::string continuing_prefix;
  std::size_t max_chars_per_word = 0;
  std::vector<AddedToken> added_tokens;  // ids as the tokenizers library gives them; contents differ
  std::vector<std::string> notes;        // sentences: what the file asks for that does not act here
};

// What a file may hold. Far above real tokenizers (300,000 entries, 20 MB), low enough to be safe.
inline constexpr std::size_t max_tokenizer_bytes = std::size_t{64} << 20;
inline constexpr std::size_t max_tokenizer_values = 4'000'000;
inline constexpr std::int32_t max_token_id = 1'999'999;
inline constexpr std::size_t max_added_token_bytes = 1024;
inline constexpr std::size_t max_word_chars_limit = 1000;

// json: the bytes of the file. source_name: for messages, usually its path.
// Throws Error naming file, field, what was found and what was expected: not JSON, a missing or mistyped field,
// other models, normalizers or pre-tokenizers than WordPiece, BertNormalizer, BertPreTokenizer, ids used twice or out
// of range, keys that appear twice, the sizes above.
TokenizerFile parse_tokenizer_file(std::string_view json, std::string_view source_name);

}  // namespace maskscope
