// The matrix of the Attention view as a picture, a pixel a cell, and what lies over it: axes, marks, grid and names.
#pragma once

#include <memory>
#include <vector>

#include "app/attention_view.h"
#include "app/panels/matrix_view.h"
#include "app/panels/panel_context.h"
#include "core/data/picture.h"

namespace maskscope {

// hue: of the modality whose cells these are.
ImU32 cell_colour(const Theme& theme, CellState state, ImU32 hue);

std::shared_ptr<const Picture> attention_picture(const PanelContext& context, const AttentionMatrix& matrix);

// A row and a column to be singled out; -1: none.
struct MatrixMark {
  int row = -1, column = -1;
  bool is_strong = false;  // pinned, not just hovered
};

// What stands around the matrix, px at scale 1.
constexpr float row_axis_width = 48, column_axis_height = 20, sight_marks_width = 8;

// px that the names of rows and columns take at the left and upper edge of what is seen; 0, 0 while cells are too small.
ImVec2 names_size(const PanelContext& context, const MatrixView& view);

// view: updated for this matrix in this frame.
void draw_attention_matrix(PanelContext& context, const AttentionMatrix& matrix, const MatrixView& view,
                           const std::shared_ptr<const Picture>& picture, const std::vector<MatrixMark>& marks);

}  // namespace maskscope
