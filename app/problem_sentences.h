// What core says of a sample's masks, in the language of the window.
#pragma once

#include <string>

#include "core/problems.h"

namespace maskscope {

// A whole sentence without the modality's name, which stands beside it. In English it is core's own, begun with a capital and
// ended with a full stop.
std::string problem_sentence(const Problem& problem);

}  // namespace maskscope
