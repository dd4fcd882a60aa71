// What all backends do alike around the stages: checking a request, allocating its result, and turning a sample's error
// into sentences.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "kernels/backend.h"
#include "kernels/stages/mask_sample.h"

namespace maskscope {

// Throws Error when the samples were packed for another scheme, there are none of them, or the range of draws
// leaves the names of draws.
void check_request(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws);

// Sizes masks for batch_size samples of the plan. Throws Error naming batch size and bytes when the memory does not
// suffice: before anything is allocated where the system says how much there is.
void allocate_masks(const MaskingPlan& plan, int batch_size, MaskedBatch& masks);

// Whether num_rows rows may be allocated: their bytes are a size_t at all, and at most available (nullopt: unknown).
bool can_hold(std::size_t bytes_per_row, std::size_t num_rows, std::optional<std::size_t> available);

// 1536 -> "1.5 KB", for sentences.
std::string bytes_text(double bytes);

// Throws the Error for what mask_sample reported about sample number draws.first_sample + row.
[[noreturn]] void throw_sample_error(const MaskingPlan& plan, DrawRange draws, std::size_t row, SampleError error);

}  // namespace maskscope
