#include "core/data/added_tokens.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/data/unicode_class.h"
#include "core/data/utf8.h"

namespace maskscope {
namespace {

bool touches_word(std::string_view text, std::size_t begin, std::size_t end) {
  if (begin > 0 && unicode::is_word_character(code_point_before(text, begin))) return true;
  return end < text.size() && unicode::is_word_character(next_code_point(text, end));
}

// Runs of white space around matches. A run is walked once, even when many tokens inside it strip it.
class WhitespaceRuns {
 public:
  WhitespaceRuns(std::string_view text, std::size_t& steps) : text_(text), steps_(steps) {}

  // End of the white space that begins at offset.
  std::size_t end_of_run(std::size_t offset) {
    if (offset >= known_begin_ && offset <= known_end_) return known_end_;
    known_begin_ = offset;
    known_end_ = offset;
    while (known_end_ < text_.size()) {
      std::size_t next = known_end_;
      ++steps_;
      if (!unicode::is_whitespace(next_code_point(text_, next))) break;
      known_end_ = next;
    }
    return known_end_;
  }

  // Begin of the white space that ends at offset, not before least.
  std::size_t begin_of_run(std::size_t offset, std::size_t least) {
    while (offset > least) {
      ++steps_;
      const char32_t c = code_point_before(text_, offset);
      if (!unicode::is_whitespace(c)) break;
      --offset;
      while (offset > least && (static_cast<unsigned char>(text_[offset]) & 0xC0) == 0x80) --offset;
    }
    return offset;
  }

 private:
  std::string_view text_;
  std::size_t& steps_;
  std::size_t known_begin_ = 1;  // an empty interval: nothing known yet
  std::size_t known_end_ = 0;
};

}  // namespace

AddedTokenMatcher::AddedTokenMatcher(std::vector<AddedToken> tokens, const std::vector<std::string>& patterns)
    : tokens_(std::move(tokens)) {
  assert(tokens_.size() == patterns.size());
  std::vector<PieceIndex::Entry> entries;
  for (std::size_t i = 0; i < patterns.size(); ++i) entries.push_back({patterns[i], static_cast<std::int32_t>(i)});
  index_ = PieceIndex(std::move(entries));
}

std::vector<AddedTokenMatcher::Split> AddedTokenMatcher::split(std::string_view text, std::size_t& steps) const {
  std::vector<Split> splits;
  std::size_t done = 0;  // everything before it is in splits
  WhitespaceRuns whitespace(text, steps);
  for (std::size_t position = 0; position < text.size() && !index_.empty();) {
    const auto match = index_.longest_prefix(text.substr(position), steps);
    if (!match) {
      ++position;
      continue;
    }
    const AddedToken& token = tokens_[static_cast<std::size_t>(match->value)];
    std::size_t begin = position;
    std::size_t end = position + match->num_bytes;
    position = end;
    if (token.single_word && touches_word(text, begin, end)) continue;
    if (token.lstrip) begin = whitespace.begin_of_run(begin, std::min(begin, done));
    if (token.rstrip) end = whitespace.end_of_run(end);
    // A token that begins with white space may have lost it to the one before.
    begin = std::max(begin, done);
    end = std::max(end, begin);
    if (done < begin) splits.push_back({nullptr, done, begin});
    splits.push_back({&token, begin, end});
    done = end;
  }
  if (done < text.size()) splits.push_back({nullptr, done, text.size()});
  return splits;
}

}  // namespace maskscope
