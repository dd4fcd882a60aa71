// The choices before masking as named draws (docs/draws.md): functions of seed and sample, whatever was drawn for others.
#pragma once

#include <cstdint>
#include <memory>

#include "core/transform_draws.h"

namespace maskscope {

// sample_index: 0 .. max_sample_index, the number that the sample's masks are drawn with.
std::unique_ptr<TransformDraws> named_transform_draws(std::uint64_t seed, std::uint64_t sample_index);

}  // namespace maskscope
