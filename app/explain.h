// A token's passport in sentences: what the inspector shows. In the user's language.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/linked_sentence.h"
#include "app/masked_frame.h"
#include "core/passport.h"

namespace maskscope {

struct HistoryLine {
  int step = 0;  // 1 source, 2 budgets, 3 content masks, 4 concatenation, 5 selection, 6 zeroing and attention
  const char* name = "";
  std::string sentence;
  std::vector<PlaceLink> links = {};  // parts of the sentence that name a place
};

struct TokenStory {
  std::string title;    // "tok_depth@224 (6, 9)"
  std::string verdict;  // "goes to the encoder"
  std::optional<Fate> fate;
  std::vector<HistoryLine> lines;
  std::string remark;   // what must not be mixed up here; may be empty
};

// How the decoder's attention is shown. As FourM's decoder_causal_mask and decoder_sep_mask.
struct AttentionRule {
  bool is_causal = false;
  bool is_separate = true;
};

TokenStory tell_token(const MaskedFrame& frame, TokenIdentity token, AttentionRule attention = {});
// side_is_encoder and slot name a packed slot that holds no token.
TokenStory tell_ignored_slot(const MaskedFrame& frame, bool side_is_encoder, int slot, AttentionRule attention = {});

// The token that stands in a slot of a modality's own tensor; invalid where none does.
TokenIdentity token_in_tensor_slot(const MaskedFrame& frame, int modality, int slot);

}  // namespace maskscope
