// Greedy longest-match-first division of words. As WordPiece of the HuggingFace tokenizers library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/data/piece_index.h"

namespace maskscope {

struct WordPieceRules {
  std::int32_t unknown_id = 0;                // for words that can't be divided
  std::string continuing_prefix = "##";       // marks the pieces that don't begin a word
  std::size_t max_chars_per_word = 100;       // longer words are unknown; code points
};

class WordPiece {
 public:
  WordPiece() = default;
  // vocabulary: pieces and their ids.
  WordPiece(WordPieceRules rules, const std::vector<std::pair<std::string, std::int32_t>>& vocabulary);

  struct Part {
    std::int32_t id;
    std::size_t begin;  // bytes of the word
    std::size_t end;
  };
  // Appends the parts of a word (valid UTF-8, not empty): at least one; a word that can't be divided is one unknown
  // part. With the pieces un, ##believ, ##able: unbelievable -> un ##believ ##able.
  // steps grows by the bytes looked at, at most max_chars_per_word * 4 for each byte of the word.
  void divide(std::string_view word, std::vector<Part>& parts, std::size_t& steps) const;

 private:
  WordPieceRules rules_;
  PieceIndex initial_;     // every piece as it is written
  PieceIndex continuing_;  // those with the prefix, without it
};

}  // namespace maskscope
