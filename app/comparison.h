// A pinned state A beside the present one, B: what became different. Without drawing.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "app/document.h"
#include "app/masked_frame.h"

namespace maskscope {

// A state that was pinned: the frame, and the document it was computed from. Pictures and texts are shared with the session.
struct PinnedState {
  Document document;
  MaskedFrame frame;
};

// A source token ends in the encoder, the decoder, or nowhere.
constexpr int num_token_fates = 3;
using FateMatrix = std::array<std::array<int, num_token_fates>, num_token_fates>;  // [in A][in B], by Fate

struct ModalityComparison {
  std::string name, short_name;
  int modality_a = -1, modality_b = -1;  // positions in the schemes; -1: that side has no such modality
  std::vector<Fate> fates_a, fates_b;    // of the source tokens; empty: the side lacks the modality
  // Whether token i is one token on both sides: the same modality of the same sample, with as many tokens.
  bool is_comparable = false;
  int changed = 0;        // tokens with another fate; comparable only
  FateMatrix from_to{};   // comparable only; adds up to the number of tokens
  ModalityFlow flow_a, flow_b;
};

struct Comparison {
  bool is_same_sample = true;   // a text that was edited is no other sample
  std::vector<std::string> settings;  // "seed: 42 → 43", in the user's language; empty: none differs
  std::vector<ModalityComparison> modalities;  // A's, then those that only B has
  int num_tokens = 0, changed = 0;  // of the comparable ones
  Waterfall waterfall_a, waterfall_b;
};

// b, document_b: the present state.
Comparison compare(const PinnedState& a, const MaskedFrame& b, const Document& document_b);

// Separated by tabs: the settings that differ, a line each; then a header and a line per modality: its tokens, those with another
// fate (empty where they can't be compared), and the slots it has in encoder and decoder, in A and in B.
std::string comparison_as_text(const Comparison& comparison);

}  // namespace maskscope
