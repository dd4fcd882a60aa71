// Text to token ids. As tokenizers.Tokenizer.encode(text, add_special_tokens=False) of the HuggingFace library with
// a BERT-style WordPiece tokenizer.json, the kind 4M uses for captions, detections and all other sequences.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/data/added_tokens.h"
#include "core/data/bert_normalizer.h"
#include "core/data/wordpiece.h"
#include "core/sample.h"

namespace maskscope {

// ids, pieces and ranges are parallel.
struct TokenizedText {
  std::vector<std::int32_t> ids;    // before [EOS] and truncation
  std::vector<std::string> pieces;  // as the library's tokens: "##able"; an added token as it stands in the text
  std::vector<ByteRange> ranges;    // bytes of the text that was given: what to highlight. Stripped accents included
  std::size_t num_steps = 0;        // bytes looked at in the vocabulary: linear in the text, counted by tests
};

// Immutable once loaded; may be used by several threads.
class TextTokenizer {
 public:
  // Throws Error as read_file_bytes and parse_tokenizer_file.
  static TextTokenizer load(const std::filesystem::path& path);
  // json: the content of a tokenizer.json. source_name: for messages.
  static TextTokenizer parse(std::string_view json, std::string_view source_name);

  // Throws Error for text that is not UTF-8 (naming the byte offset) or longer than max_text_bytes. With 4M's file:
  // encode("A CAFÉ [S_1]").pieces == {"a", "cafe", "[S_1]"}, ranges {0,1}, {2,7}, {8,13}.
  TokenizedText encode(std::string_view utf8) const;

  // The text of an id; "?" for ids that are not in the vocabulary.
  const std::string& piece(std::int32_t id) const;
  // The id of a piece or added token, written exactly so.
  std::optional<std::int32_t> id_of(std::string_view piece) const;
  // Largest id + 1.
  int vocab_size() const { return static_cast<int>(pieces_.size()); }

  // Ids of [PAD], [EOS] and the sentinels [S_0], [S_1], …
  // Throws Error when [PAD], [EOS], [S_0] or [S_1] is missing or the sentinels have a gap.
  SequenceVocabulary vocabulary() const;

  const std::string& source_name() const { return source_name_; }
  // Sentences: what the file asks for that does not act here. Usually none.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  TextTokenizer() = default;
  void encode_plain(std::string_view text, std::size_t begin, std::size_t end, TokenizedText& out) const;
  void encode_words(const NormalizedText& normal, std::size_t begin, std::size_t end, TokenizedText& out) const;

  std::string source_name_;
  std::vector<std::string> notes_;
  std::vector<std::string> pieces_;  // by id; empty where there is none
  std::unordered_map<std::string, std::int32_t> id_of_;
  BertNormalizer normalizer_;
  AddedTokenMatcher raw_tokens_;         // looked for in the text as it stands
  AddedTokenMatcher normalized_tokens_;  // looked for in the normalised text
  WordPiece word_piece_;
};

}  // namespace maskscope
