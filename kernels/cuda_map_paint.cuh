// The kernel that paints a frequency map; it knows no OpenGL.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "core/frequency_map.h"

namespace maskscope {

// Starts to fill texels (map.width(), map.width()), rows from the top. counts, texels: in the GPU's memory, and there until the
// stream is done. map.width() > 0. Throws Error when the launch fails.
void start_painting(cudaStream_t stream, const FrequencyMap& map, const std::uint64_t* counts, std::uint32_t* texels);

}  // namespace maskscope
