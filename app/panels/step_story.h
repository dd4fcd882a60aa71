// What happens at each step, in a sentence with the numbers of the sample that is shown, and the function of the reference that
// does it (apple/ml-4m, commit cda590f).
#pragma once

#include <cstdint>
#include <string>

#include "app/masked_frame.h"
#include "app/panels/view_state.h"

namespace maskscope {

struct StepStory {
  std::string sentence;      // in the present language
  const char* function = ""; // "image_mask, sequence_mask"
  const char* file = "";     // "fourm/data/masking.py"
};

// "content masks"; step 1 .. num_steps. In the present language.
const char* step_name(int step);
StepStory step_story(const MaskedFrame& frame, int step);
// The step that is being done at a position: between 3 and 4 it is 4.
int step_at(float position);

}  // namespace maskscope
