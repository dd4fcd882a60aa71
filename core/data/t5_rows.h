// Rows of floats that stand for a caption. As CaptionEmbTransform in fourm/data/modality_transforms.py.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/data/content_error.h"
#include "core/data/npz.h"

namespace maskscope {

struct T5Rows {
  int num_rows = 0, dim = 0;
  std::string dtype;          // of the file
  std::vector<float> values;  // (num_rows, dim)
  bool operator==(const T5Rows&) const = default;
};

// members: emb (n, rows, dim) floats and mask_valid (n, rows). The valid rows of sequence crop_row, or of the only one there is.
// Always aligned to the crops: aligned_captions reaches the caption only. Throws ContentError.
T5Rows t5_rows(const std::vector<NpzMember>& members, int crop_row);

}  // namespace maskscope
