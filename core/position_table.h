// Fixed position embeddings. As build_1d_sincos_posemb and build_2d_sincos_posemb in fourm/models/fm_utils.py, whose
// angles are float32: so are these, step by step; sine and cosine are then correctly rounded, PyTorch's nearly so.
#pragma once

#include <vector>

namespace maskscope {

// Rows that a sequence's position table holds, whatever its max_length (the reference cuts it on the wrong axis).
constexpr int sequence_position_rows = 512;

// (num_positions, dim), row by row; dim even, > 0. Row p: sin(p w_k) for k = 0 .. dim / 2 - 1, then cos(p w_k), with
// w_k = 10000^(-2k / dim). Example: build_1d_sincos_positions(2, 2) == {0, 1, sin 1, cos 1}.
std::vector<float> build_1d_sincos_positions(int num_positions, int dim);

// (height width, dim); dim a multiple of 4, > 0. Row n belongs to the cell with w = n / height and h = n % height: the
// table runs down the columns while tokens run along the rows, which matters only where the two sizes differ. In a row:
// sin(w w_k), cos(w w_k), sin(h w_k), cos(h w_k), k = 0 .. dim / 4 - 1.
std::vector<float> build_2d_sincos_positions(int height, int width, int dim);

}  // namespace maskscope
