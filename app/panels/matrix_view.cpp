#include "app/panels/matrix_view.h"

#include <algorithm>
#include <cmath>

#include "app/imgui_compat.h"

namespace maskscope {
namespace {

constexpr float largest_cell = 44;   // px at scale 1: room for a token's name
constexpr float readable_cell = 18;  // px at scale 1: what is gone to is at least so large
constexpr float wheel_step = 1.25f;

int bounded(float value, int high) { return static_cast<int>(std::clamp(value, 0.0f, static_cast<float>(high))); }

}  // namespace

int MatrixView::first_row() const { return bounded(std::floor((min_.y - origin_.y) / cell_.y), size_.rows); }
int MatrixView::end_row() const { return bounded(std::ceil((max_.y - origin_.y) / cell_.y), size_.rows); }
int MatrixView::first_column() const { return bounded(std::floor((min_.x - origin_.x) / cell_.x), size_.columns); }
int MatrixView::end_column() const { return bounded(std::ceil((max_.x - origin_.x) / cell_.x), size_.columns); }

void MatrixView::go_to(int row, std::optional<int> column) {
  wanted_ = MatrixCell{row, column.value_or(0)};
  is_column_wanted_ = column.has_value();
}

// From fit, the cells' size at zoom 1, to where they are; what is seen never leaves the matrix.
void MatrixView::place(ImVec2 fit) {
  zoom_ = std::clamp(zoom_, 1.0f, most_zoom_);
  cell_ = {fit.x * (keeps_columns_ ? 1.0f : zoom_), fit.y * zoom_};
  const auto place_axis = [](float& centre, float low, float high, float extent, float covered) {
    const float room = high - low;
    if (extent <= room) {
      centre = 0.5f;
      return low;
    }
    const float half = room * 0.5f / extent;
    centre = std::clamp(centre, half - covered / extent, 1 - half);
    return (low + high) * 0.5f - centre * extent;
  };
  origin_.x = place_axis(centre_.x, min_.x, max_.x, cell_.x * static_cast<float>(size_.columns), covered_.x);
  origin_.y = place_axis(centre_.y, min_.y, max_.y, cell_.y * static_cast<float>(size_.rows), covered_.y);
}

// The point of the matrix at this place stays where it is.
void MatrixView::zoom_at(ImVec2 at, float factor) {
  const float zoom = std::clamp(zoom_ * factor, 1.0f, most_zoom_), by = zoom / zoom_;
  const auto move = [by](float& centre, float place, float low, float high, float origin, float extent) {
    if (extent <= 0) return;
    const float point = (place - origin) / extent;
    centre = point + ((low + high) * 0.5f - place) / (extent * by);
  };
  if (!keeps_columns_) move(centre_.x, at.x, min_.x, max_.x, origin_.x, cell_.x * static_cast<float>(size_.columns));
  move(centre_.y, at.y, min_.y, max_.y, origin_.y, cell_.y * static_cast<float>(size_.rows));
  zoom_ = zoom;
}

void MatrixView::take_input(PanelContext& context, ImVec2 fit) {
  const ImGuiIO& io = ImGui::GetIO();
  const bool is_active = ImGui::IsItemActive();
  if (ImGui::IsItemActivated()) was_dragged_ = false;
  if (is_active && ImGui::IsMouseDragging(ImGuiMouseButton_Left, context.px(3))) {
    was_dragged_ = true;
    const ImVec2 extent{cell_.x * static_cast<float>(size_.columns), cell_.y * static_cast<float>(size_.rows)};
    if (extent.x > 0) centre_.x -= io.MouseDelta.x / extent.x;
    if (extent.y > 0) centre_.y -= io.MouseDelta.y / extent.y;
    if (zoom_ > 1) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
  }
  is_clicked_ = ImGui::IsItemDeactivated() && !was_dragged_ && is_hovered_;
  if (is_hovered_ && io.MouseWheel != 0 && !io.KeyCtrl) zoom_at(io.MousePos, std::pow(wheel_step, io.MouseWheel));
  if (is_hovered_ && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) reset();
  if (is_hovered_ || (ImGui::IsItemFocused() && io.NavVisible)) {
    const ImVec2 middle{(min_.x + max_.x) * 0.5f, (min_.y + max_.y) * 0.5f};
    if (imgui_compat::is_shortcut(Key::equal, {}, true) || imgui_compat::is_shortcut(Key::equal, {.shift = true}, true)) zoom_at(middle, wheel_step);
    if (imgui_compat::is_shortcut(Key::minus, {}, true)) zoom_at(middle, 1 / wheel_step);
    if (imgui_compat::is_shortcut(Key::home) || imgui_compat::is_shortcut(Key::n0)) reset();
  }
  place(fit);
}

void MatrixView::update(PanelContext& context, const char* id, ImVec2 min, ImVec2 max, MatrixSize size, bool keeps_columns) {
  max = {std::max(max.x, min.x + 1), std::max(max.y, min.y + 1)};
  min_ = min;
  max_ = max;
  size_ = size;
  keeps_columns_ = keeps_columns;
  ImVec2 fit{(max.x - min.x) / static_cast<float>(std::max(size.columns, 1)), (max.y - min.y) / static_cast<float>(std::max(size.rows, 1))};
  if (size.has_square_cells) fit.x = fit.y = std::min(fit.x, fit.y);
  most_zoom_ = std::max(context.px(largest_cell) / std::min(fit.x, fit.y), 1.0f);
  if (keeps_columns) most_zoom_ = std::max(context.px(largest_cell) * 0.5f / fit.y, 1.0f);
  if (wanted_) {
    const MatrixCell cell = *wanted_;
    wanted_.reset();
    zoom_ = std::max(zoom_, context.px(readable_cell) / fit.y);
    centre_.y = (static_cast<float>(cell.row) + 0.5f) / static_cast<float>(std::max(size.rows, 1));
    if (is_column_wanted_) centre_.x = (static_cast<float>(cell.column) + 0.5f) / static_cast<float>(std::max(size.columns, 1));
  }
  place(fit);
  ImGui::SetCursorScreenPos(min);
  ImGui::InvisibleButton(id, {max.x - min.x, max.y - min.y});
  is_hovered_ = ImGui::IsItemHovered();
  take_input(context, fit);
  if (ImGui::IsItemFocused() && ImGui::GetIO().NavVisible) {
    ImGui::GetWindowDrawList()->AddRect(min, max, context.theme.accent, 0, 0, context.px(1.5f));
  }
  hovered_.reset();
  const bool is_dragged = ImGui::IsItemActive() && was_dragged_;
  if (is_hovered_ && !is_dragged && size.rows > 0 && size.columns > 0) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const float row = std::floor((mouse.y - origin_.y) / cell_.y), column = std::floor((mouse.x - origin_.x) / cell_.x);
    if (row >= 0 && column >= 0 && row < static_cast<float>(size.rows) && column < static_cast<float>(size.columns)) {
      hovered_ = MatrixCell{static_cast<int>(row), static_cast<int>(column)};
    }
  }
}

}  // namespace maskscope
