// The masks of one sample as JSON: what `maskscope mask` prints. Fields: docs/mask-json.md.
#pragma once

#include <string>

#include "app/session.h"

namespace maskscope {

// Ends with a newline. The same document gives the same bytes on every backend and machine.
std::string masks_to_json(const MaskedFrame& frame);

}  // namespace maskscope
