// What both backends do alike around the stages: checking a request, and turning a sample's error into sentences.
#pragma once

#include <cstddef>

#include "kernels/backend.h"
#include "kernels/stages/mask_sample.h"

namespace maskscope {

// Throws Error when the samples were packed for another scheme, there are none of them, or the range of draws
// leaves the names of draws.
void check_request(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws);

// Throws the Error for what mask_sample reported about sample number draws.first_sample + row.
[[noreturn]] void throw_sample_error(const MaskingPlan& plan, DrawRange draws, std::size_t row, SampleError error);

}  // namespace maskscope
