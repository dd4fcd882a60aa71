// Tokens that are looked for before words are divided: [EOS], [S_1], v0=12, "wine glass". As AddedVocabulary of the
// HuggingFace tokenizers library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/piece_index.h"

namespace maskscope {

struct AddedToken {
  std::int32_t id = 0;
  std::string content;
  bool single_word = false;  // only where no word character (\w) touches it
  bool lstrip = false;       // takes the white space before it along
  bool rstrip = false;       // takes the white space after it along
  bool normalized = false;   // looked for in the normalised text, in its own normalised form
  bool special = false;
  bool operator==(const AddedToken&) const = default;
};

class AddedTokenMatcher {
 public:
  AddedTokenMatcher() = default;
  // patterns[i]: what tokens[i] looks like in the texts that are searched, not empty.
  AddedTokenMatcher(std::vector<AddedToken> tokens, const std::vector<std::string>& patterns);

  struct Split {
    const AddedToken* token;  // nullptr: text between tokens. Lives as long as the matcher
    std::size_t begin;        // bytes
    std::size_t end;
  };
  // The text in order: leftmost longest matches and what is between them. text: valid UTF-8.
  // Parts don't overlap; a token that is white space can be empty, when rstrip of the one before took it. (There the
  // library's parts overlap and repeat text, which grows with the square of the text. The ids are the same.)
  // As in the library, a match that fails single_word is passed over as a whole: "xv2=7x" may hide a token inside.
  // steps grows by the bytes looked at, linear in the text.
  std::vector<Split> split(std::string_view text, std::size_t& steps) const;

 private:
  std::vector<AddedToken> tokens_;
  PieceIndex index_;  // value: position in tokens_
};

}  // namespace maskscope
