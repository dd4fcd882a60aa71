// A number that says whether two batches of masks are the same.
#pragma once

#include <string>

#include "core/masked_batch.h"

namespace maskscope {

// The first 16 hexadecimal digits of the SHA-256 of all per-sample arrays, little-endian, in the order of visit_arrays.
std::string checksum(const MaskedBatch& masks);

}  // namespace maskscope
