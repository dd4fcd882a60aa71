// What became of the budgets, per modality and side: drawn -> clamped -> filled by data -> kept after the shift and the cut; and
// why the slots that are left over hold nothing. Every number is a count of tokens (sentinels included) or of slots, and they
// add up exactly:
//
//   drawn   == lost_by_clamp + budget            where something was drawn or set
//   budget  == unfilled + filled                 where there is a budget
//   filled  == lost_without_place + lost_by_shift + lost_by_cut + kept
//   slots   == sum of kept over all modalities + ignored
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/passport.h"

namespace maskscope {

// What the Dirichlet draws gave one side, in the try that was accepted or else the last, before the clamp.
struct DrawnSide {
  std::vector<std::int32_t> tokens;  // (K) in scheme order; empty: nothing was drawn
  std::int32_t num_tries = 0;        // this one included
  bool operator==(const DrawnSide&) const = default;
};
struct DrawnBudgets {
  DrawnSide input, target;
  bool operator==(const DrawnBudgets&) const = default;
};

// Why a modality did not fill its budget; where it is too short besides, too_short tokens of it are for that.
enum class Unfilled : std::uint8_t {
  nothing,      // it did
  absent,       // the sample lacks the modality
  too_short,    // it has fewer tokens, however they are masked
  masked_away,  // encoder: enough tokens, but masked runs shrank to a sentinel each
  kept,         // decoder: enough tokens, but they stand in the input
};

struct SideFlow {
  // Before the clamp. Set by hand, or by the roles of transfer mode: the budget. Absent: unknown (masks from a file), or no budget.
  std::optional<int> drawn;
  bool has_budget = true;      // false: every token that is not input is a target
  int lost_by_clamp = 0;       // beyond max_tokens; as target of an image beyond what the input left
  int budget = 0;              // without a budget: filled
  int unfilled = 0;
  int too_short = 0;           // of these: all tokens of the sample would not fill them either
  Unfilled reason = Unfilled::nothing;
  int filled = 0;              // slots with input_mask / target_mask 0
  int lost_without_place = 0;  // the modality has no part in this side
  int lost_by_shift = 0;       // a text's first target token: no slot predicts it
  int lost_by_cut = 0;         // used, but behind the last of the N / M slots
  int kept = 0;                // decoder: these enter the loss
  bool operator==(const SideFlow&) const = default;
};

struct ModalityFlow {
  int source_tokens = 0;  // in the sample, [EOS] of a text included
  int discarded = 0;      // of these: neither side gets them
  SideFlow encoder, decoder;
  bool operator==(const ModalityFlow&) const = default;
};

struct SideTotal {
  SideFlow sum;      // over the modalities; drawn is absent, has_budget false, if one lacks it
  int slots = 0;     // N' or M'
  int ignored = 0;   // of these
  int num_tries = 0; // of the draw; 0: nothing was drawn, or nobody knows what
  bool has_given_up = false;  // no try kept to every min_tokens
  bool operator==(const SideTotal&) const = default;
};

struct Waterfall {
  std::vector<ModalityFlow> modalities;  // (K) in scheme order
  int source_tokens = 0, discarded = 0;
  SideTotal encoder, decoder;
  // false: the sample adds nothing to the loss.
  bool has_targets() const { return decoder.sum.kept > 0; }
  bool operator==(const Waterfall&) const = default;
};

// drawn: the draws the masks were made with; null where they are not known.
Waterfall make_waterfall(const SampleMasks& masks, const DrawnBudgets* drawn);

// One line per modality and side, then one per side for all together, under a line of names (docs/waterfall.md). What is not
// known is empty.
std::string waterfall_csv(const Waterfall& waterfall, const Scheme& scheme);

}  // namespace maskscope
