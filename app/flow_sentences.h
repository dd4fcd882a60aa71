// What the numbers of a waterfall (core/waterfall.h) mean, in the user's language: the tooltips of the table of budgets, and
// the inspector's reasons for an ignored slot.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/masked_frame.h"

namespace maskscope {

enum class FlowStage : std::uint8_t { drawn, clamp, unfilled, shift, cut, kept };

// One number of one modality's side: how many, and why.
std::string flow_sentence(const MaskedFrame& frame, const Waterfall& waterfall, int modality, bool is_encoder, FlowStage stage);

// Why slots of a side hold nothing, in parts that add up to the number of ignored ones. Empty when none is ignored.
struct IgnoredReason {
  int slots = 0;      // negative: more was drawn than there are slots, which other losses had to make up for first
  int modality = -1;  // position in the scheme; -1: none
  std::string sentence;  // without the number: "caption has only 9 tokens for its budget of 21"
};
std::vector<IgnoredReason> why_ignored(const MaskedFrame& frame, const Waterfall& waterfall, bool is_encoder);

// "drawn at the first try", "drawn at try 3", "set by hand" …: where the first column comes from.
std::string origin_of_budgets(const MaskedFrame& frame, const Waterfall& waterfall, bool is_encoder);

}  // namespace maskscope
