// Zooming and panning over a matrix of rows x columns cells: which part of it is seen, and which cell the cursor is on.
// The wheel zooms at the cursor, dragging pans; a double click, Home or 0 shows the whole again, + and - zoom at the middle.
#pragma once

#include <optional>

#include <imgui.h>

#include "app/panels/panel_context.h"

namespace maskscope {

struct MatrixCell {
  int row = 0, column = 0;
  bool operator==(const MatrixCell&) const = default;
};

struct MatrixSize {
  int rows = 0, columns = 0;
  bool has_square_cells = false;
};

class MatrixView {
 public:
  // Once a frame where the matrix is drawn, under an id of the present window. At zoom 1 all of it fits between min and max, at
  // the upper left. Any size, also none. keeps_columns: zooming changes the height of rows alone.
  void update(PanelContext& context, const char* id, ImVec2 min, ImVec2 max, MatrixSize size, bool keeps_columns = false);

  // px at the left and upper edge that something else lies over, as names do: the matrix can be moved out from under it.
  void set_covered(ImVec2 covered) { covered_ = covered; }

  // px of the window, after update.
  float cell_width() const { return cell_.x; }
  float cell_height() const { return cell_.y; }
  float x_of(float column) const { return origin_.x + cell_.x * column; }
  float y_of(float row) const { return origin_.y + cell_.y * row; }
  ImVec2 seen_min() const { return min_; }
  ImVec2 seen_max() const { return max_; }
  // Those that are seen at least in part: first .. end - 1.
  int first_row() const;
  int end_row() const;
  int first_column() const;
  int end_column() const;

  bool is_hovered() const { return is_hovered_; }
  bool is_whole() const { return zoom_ <= 1; }
  float zoom() const { return zoom_; }
  // Under the cursor; nothing while the matrix is dragged.
  const std::optional<MatrixCell>& hovered() const { return hovered_; }
  // Pressed and let go without a drag, in this frame.
  bool is_clicked() const { return is_clicked_; }

  // Brings a row to the middle, close enough to read it, at the next update; column: as well.
  void go_to(int row, std::optional<int> column);
  void reset() { zoom_ = 1, centre_ = {0.5f, 0.5f}; }

 private:
  void take_input(PanelContext& context, ImVec2 fit);
  void place(ImVec2 fit);
  void zoom_at(ImVec2 at, float factor);

  float zoom_ = 1, most_zoom_ = 1;
  ImVec2 centre_{0.5f, 0.5f};  // of what is seen, 0 .. 1 of the matrix
  MatrixSize size_;
  bool keeps_columns_ = false;
  ImVec2 min_{0, 0}, max_{0, 0}, origin_{0, 0}, cell_{1, 1}, covered_{0, 0};
  bool is_hovered_ = false, is_clicked_ = false, was_dragged_ = false;
  std::optional<MatrixCell> hovered_, wanted_;
  bool is_column_wanted_ = false;
};

}  // namespace maskscope
