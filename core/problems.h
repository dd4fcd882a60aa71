// What an engineer would want to know about one masked sample: tokens that were lost and why, budgets that
// could not be met.
#pragma once

#include <string>
#include <vector>

#include "core/passport.h"

namespace maskscope {

enum class ProblemKind : std::uint8_t {
  text_truncated,   // the text is longer than max_tokens
  target_cut,       // the target did not fit its budget
  budget_gave_up,   // min_tokens could not be met within max_tries
  encoder_overflow, // more used slots than N
  decoder_overflow, // more used slots than M
  no_target,        // nothing reaches the decoder: the sample teaches nothing
  no_input,         // nothing reaches the encoder
};

struct Problem {
  ProblemKind kind{};
  int modality = -1;  // position in the scheme; -1: the whole sample
  int num_tokens = 0; // tokens concerned; 0 where there is no count
  std::string sentence;
  // What the sentence was made from, for other languages.
  int found = 0;      // text_truncated: tokens or rows there are; target_cut: tokens before the cut; overflow: slots in use
  int limit = 0;      // text_truncated: max_tokens; target_cut: budget; overflow: slots there are; budget_gave_up: tries
  int kept = 0;       // target_cut: tokens that are left
  bool is_target = false;       // budget_gave_up: of the targets, not of the input
  bool counts_rows = false;     // text_truncated: rows of floats, not tokens with [EOS]
  bool keeps_chunks = false;    // text_truncated: more than was needed, for chunks are kept whole
};

std::vector<Problem> find_problems(const SampleMasks& masks);

}  // namespace maskscope
