// A token's passport in sentences: what the inspector shows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/session.h"
#include "core/passport.h"

namespace maskscope {

struct HistoryLine {
  int step = 0;  // 1 source, 2 budget, 3 content mask, 4 concatenation, 5 selection, 6 zeroing
  const char* name = "";
  std::string sentence;
};

struct TokenStory {
  std::string title;    // "tok_depth@224 (6, 9)"
  std::string verdict;  // "goes to the encoder"
  std::optional<Fate> fate;
  std::vector<HistoryLine> lines;
  std::string remark;   // what must not be mixed up here; may be empty
};

// side_is_encoder and slot name a packed slot that holds no token.
TokenStory tell_token(const MaskedFrame& frame, TokenIdentity token);
TokenStory tell_ignored_slot(const MaskedFrame& frame, bool side_is_encoder, int slot);

}  // namespace maskscope
