#include "core/data/text_tokenizer.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "core/data/text_file.h"
#include "core/data/tokenizer_file.h"
#include "core/data/unicode_class.h"
#include "core/data/utf8.h"
#include "core/error.h"

namespace maskscope {
namespace {

ByteRange source_of(const NormalizedText& normal, std::size_t begin, std::size_t end) {
  ByteRange range = normal.sources[begin];
  for (std::size_t i = begin + 1; i < end; ++i) {
    range.begin = std::min(range.begin, normal.sources[i].begin);
    range.end = std::max(range.end, normal.sources[i].end);
  }
  return range;
}

void append(TokenizedText& out, std::int32_t id, std::string_view piece, ByteRange range) {
  out.ids.push_back(id);
  out.pieces.emplace_back(piece);
  out.ranges.push_back(range);
}

// k of "[S_k]" written without leading zeros.
std::optional<int> sentinel_number(std::string_view piece) {
  if (!piece.starts_with("[S_") || !piece.ends_with("]")) return std::nullopt;
  const std::string_view digits = piece.substr(3, piece.size() - 4);
  int k = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), k);
  if (problem != std::errc() || end != digits.data() + digits.size() || k < 0) return std::nullopt;
  return digits == std::to_string(k) ? std::optional(k) : std::nullopt;
}

}  // namespace

TextTokenizer TextTokenizer::load(const std::filesystem::path& path) {
  return parse(read_file_bytes(path, max_tokenizer_bytes, "a tokenizer.json"), path.string());
}

TextTokenizer TextTokenizer::parse(std::string_view json, std::string_view source_name) {
  TokenizerFile file = parse_tokenizer_file(json, source_name);
  TextTokenizer tokenizer;
  tokenizer.source_name_ = source_name;
  tokenizer.notes_ = std::move(file.notes);
  tokenizer.normalizer_ = file.normalizer;

  const auto learn = [&](const std::string& piece, std::int32_t id) {
    const auto place = static_cast<std::size_t>(id);
    if (place >= tokenizer.pieces_.size()) tokenizer.pieces_.resize(place + 1);
    tokenizer.pieces_[place] = piece;
    tokenizer.id_of_.emplace(piece, id);
  };
  tokenizer.pieces_.reserve(file.vocabulary.size() + file.added_tokens.size());
  for (const auto& [piece, id] : file.vocabulary) learn(piece, id);

  // Of two tokens that look the same in a text the special one counts, then the first.
  std::stable_partition(file.added_tokens.begin(), file.added_tokens.end(), [](const AddedToken& t) { return t.special; });
  std::vector<AddedToken> raw;
  std::vector<AddedToken> normalized;
  std::vector<std::string> raw_patterns;
  std::vector<std::string> normalized_patterns;
  for (AddedToken& token : file.added_tokens) {
    learn(token.content, token.id);
    if (token.normalized) {
      normalized_patterns.push_back(file.normalizer.normalize(token.content).text);
      if (normalized_patterns.back().empty()) {
        throw Error(cat(source_name, ": nothing is left of the added token with id ", token.id,
                        " after normalization, so it would be found everywhere. Set its field normalized to false."));
      }
      normalized.push_back(std::move(token));
    } else {
      raw_patterns.push_back(token.content);
      raw.push_back(std::move(token));
    }
  }
  tokenizer.raw_tokens_ = AddedTokenMatcher(std::move(raw), raw_patterns);
  tokenizer.normalized_tokens_ = AddedTokenMatcher(std::move(normalized), normalized_patterns);

  WordPieceRules rules;
  rules.unknown_id = tokenizer.id_of_.at(file.unknown_piece);
  rules.continuing_prefix = std::move(file.continuing_prefix);
  rules.max_chars_per_word = file.max_chars_per_word;
  tokenizer.word_piece_ = WordPiece(std::move(rules), file.vocabulary);
  return tokenizer;
}

TokenizedText TextTokenizer::encode(std::string_view utf8) const {
  require_text_size(utf8.size(), "The text");
  validate_utf8(utf8, "The text");
  TokenizedText out;
  for (const auto& part : raw_tokens_.split(utf8, out.num_steps)) {
    if (part.token == nullptr) {
      encode_plain(utf8, part.begin, part.end, out);
    } else {
      append(out, part.token->id, utf8.substr(part.begin, part.end - part.begin),
             {static_cast<std::uint32_t>(part.begin), static_cast<std::uint32_t>(part.end)});
    }
  }
  return out;
}

void TextTokenizer::encode_plain(std::string_view text, std::size_t begin, std::size_t end, TokenizedText& out) const {
  const NormalizedText normal =
      normalizer_.normalize(text.substr(begin, end - begin), static_cast<std::uint32_t>(begin));
  for (const auto& part : normalized_tokens_.split(normal.text, out.num_steps)) {
    if (part.token == nullptr) {
      encode_words(normal, part.begin, part.end, out);
    } else {
      append(out, part.token->id, std::string_view(normal.text).substr(part.begin, part.end - part.begin),
             source_of(normal, part.begin, part.end));
    }
  }
}

// As BertPreTokenizer: white space parts words, every punctuation mark is a word of its own.
void TextTokenizer::encode_words(const NormalizedText& normal, std::size_t begin, std::size_t end, TokenizedText& out) const {
  const std::string_view text = normal.text;
  std::vector<WordPiece::Part> parts;
  const auto encode_word = [&](std::size_t word_begin, std::size_t word_end) {
    if (word_begin == word_end) return;
    parts.clear();
    word_piece_.divide(text.substr(word_begin, word_end - word_begin), parts, out.num_steps);
    for (const auto& part : parts) {
      append(out, part.id, piece(part.id), source_of(normal, word_begin + part.begin, word_begin + part.end));
    }
  };
  std::size_t word_begin = begin;
  for (std::size_t offset = begin; offset < end;) {
    const std::size_t char_begin = offset;
    const char32_t c = next_code_point(text, offset);
    const bool is_mark = unicode::is_punctuation(c);
    if (!is_mark && !unicode::is_whitespace(c)) continue;
    encode_word(word_begin, char_begin);
    if (is_mark) encode_word(char_begin, offset);
    word_begin = offset;
  }
  encode_word(word_begin, end);
}

const std::string& TextTokenizer::piece(std::int32_t id) const {
  static const std::string unknown = "?";
  if (id < 0 || id >= vocab_size() || pieces_[static_cast<std::size_t>(id)].empty()) return unknown;
  return pieces_[static_cast<std::size_t>(id)];
}

std::optional<std::int32_t> TextTokenizer::id_of(std::string_view piece) const {
  const auto found = id_of_.find(std::string(piece));
  return found == id_of_.end() ? std::nullopt : std::optional(found->second);
}

SequenceVocabulary TextTokenizer::vocabulary() const {
  const auto require = [&](const std::string& piece) {
    const auto id = id_of(piece);
    if (!id) {
      throw Error(cat(source_name_, ": the vocabulary has no ", piece, ", which span masking needs ([PAD], [EOS], [S_0], "
                      "[S_1] and so on were expected). Choose a tokenizer made for 4M."));
    }
    return *id;
  };
  SequenceVocabulary result;
  result.pad_id = require("[PAD]");
  result.eos_id = require("[EOS]");
  result.sentinel_ids = {require("[S_0]"), require("[S_1]")};
  while (const auto id = id_of(cat("[S_", result.sentinel_ids.size(), "]"))) result.sentinel_ids.push_back(*id);

  const int num_sentinels = static_cast<int>(result.sentinel_ids.size());
  for (const std::string& piece : pieces_) {
    const auto k = sentinel_number(piece);
    if (k && *k >= num_sentinels) {
      throw Error(cat(source_name_, ": the vocabulary has ", piece, " but not [S_", num_sentinels,
                      "]; sentinels were expected to be numbered without gaps. Choose a tokenizer made for 4M."));
    }
  }
  return result;
}

}  // namespace maskscope
