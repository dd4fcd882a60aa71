// The masks of one sample as JSON: what `maskscope mask` prints. Fields: docs/mask-json.md.
#pragma once

#include <optional>
#include <string>

#include "app/masked_frame.h"
#include "kernels/stages/attention.h"

namespace maskscope {

// Ends with a newline. The same document gives the same bytes on every backend and machine.
// attention: also the full decoder attention of this kind.
std::string masks_to_json(const MaskedFrame& frame, std::optional<AttentionOptions> attention = std::nullopt);

}  // namespace maskscope
