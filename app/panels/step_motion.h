// How far everything is on its way between two steps: one clock for cards, rows and the tokens between them, so that a token
// leaves one place in the very frame in which it starts to move, and stands in the next one when it arrives.
#pragma once

#include <vector>

#include "app/masked_frame.h"
#include "app/panels/view_state.h"
#include "core/passport.h"

namespace maskscope {

// 0 at the step, 1 at the next one and from there on.
float share_of_step(const StepView& steps, int step);

// A token's own progress, 0 .. 1 and linear, of a share 0 .. 1 of the step. delay 0 starts first, delay 1 last; all of them are on
// their way at 0.5.
float staggered(float share, float delay);
// Fast at first, then slower: 0 .. 1.
float eased_out(float progress);
// Slow at both ends: 0 .. 1.
float eased_in_out(float progress);

// When a slot of a concatenated row is set out, and when selection comes to it: from the left to the right, a little ragged.
float row_delay(int slot, int num_slots);
// When a token of a card shows its fate: first the input, then the targets, then what is discarded. index, of count, in the card.
float fate_delay(Fate fate, int index, int count);

// Fates of the source tokens as far as they are decided: before selection (step 5) by the content masks alone. img: (max_tokens),
// else (truncated text with [EOS]); empty when the sample lacks the modality.
std::vector<Fate> fates_at_step(const MaskedFrame& frame, const StepView& steps, int modality);

}  // namespace maskscope
