// Ids that a tokenizer made beforehand, a row for each crop. As TokTransform in fourm/data/modality_transforms.py.
#pragma once

#include <cstdint>
#include <vector>

#include "core/data/content_error.h"
#include "core/data/npy.h"
#include "core/modality.h"

namespace maskscope {

// array: (crops, tokens) or (crops, height, width) integers. One dimension: the ids themselves, for whatever crop; a finding.
// Throws ContentError: another dtype or shape, no such row, another number of tokens than modality.max_tokens (seq_token: more),
// ids below 0 or not below modality.vocab_size (0: any).
std::vector<std::int32_t> token_row(const NpyArray& array, const Modality& modality, int crop_row, Findings& findings);

}  // namespace maskscope
