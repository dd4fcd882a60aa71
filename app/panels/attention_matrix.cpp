#include "app/panels/attention_matrix.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/cell_picture.h"
#include "app/panels/slot_bands.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

// px at scale 1: cells so large have lines between them, and names beside them.
constexpr float cell_with_grid = 7, cell_with_name = 14;
constexpr float row_names_width = 140, column_names_height = 68;

void draw_grid(PanelContext& context, const MatrixView& view) {
  if (view.cell_height() < context.px(cell_with_grid)) return;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float left = view.x_of(static_cast<float>(view.first_column())), right = view.x_of(static_cast<float>(view.end_column()));
  const float top = view.y_of(static_cast<float>(view.first_row())), bottom = view.y_of(static_cast<float>(view.end_row()));
  for (int row = view.first_row(); row <= view.end_row(); ++row) {
    const float y = std::round(view.y_of(static_cast<float>(row))) + 0.5f;
    list.AddLine({left, y}, {right, y}, context.theme.grid_line);
  }
  for (int column = view.first_column(); column <= view.end_column(); ++column) {
    const float x = std::round(view.x_of(static_cast<float>(column))) + 0.5f;
    list.AddLine({x, top}, {x, bottom}, context.theme.grid_line);
  }
}

// The running sum as a staircase: a row sees what is left of it.
void draw_reach(PanelContext& context, const AttentionMatrix& matrix, const MatrixView& view) {
  if (matrix.reach.empty()) return;
  std::vector<ImVec2> points;
  for (int row = view.first_row(); row < view.end_row(); ++row) {
    const float x = std::round(view.x_of(static_cast<float>(matrix.reach[static_cast<std::size_t>(row)])));
    if (points.empty() || points.back().x != x) points.push_back({x, view.y_of(static_cast<float>(row))});
    else points.pop_back();
    points.push_back({x, view.y_of(static_cast<float>(row + 1))});
  }
  if (points.size() < 2) return;
  ImGui::GetWindowDrawList()->AddPolyline(points.data(), static_cast<int>(points.size()), with_alpha(context.theme.text, 0.65f), 0, std::max(1.0f, context.px(1)));
}

// Ignored slots hatched, across the whole matrix.
void draw_ignored(PanelContext& context, const AttentionMatrix& matrix, const MatrixView& view) {
  std::vector<TokenQuad> quads;
  const float left = view.x_of(0), right = view.x_of(static_cast<float>(matrix.columns.num_slots()));
  const float top = view.y_of(0), bottom = view.y_of(static_cast<float>(matrix.rows.num_slots()));
  const auto for_each_run = [](const SlotAxis& axis, auto add) {
    for (int begin = 0; begin < axis.num_slots();) {
      int end = begin;
      while (end < axis.num_slots() && axis.slots[static_cast<std::size_t>(end)].is_ignored) ++end;
      if (end > begin) add(static_cast<float>(begin), static_cast<float>(end));
      begin = end + 1;
    }
  };
  const auto hatch = [&](float x, float y, float end_x, float end_y) {
    quads.push_back({.x = x, .y = y, .width = end_x - x, .height = end_y - y, .colour = context.theme.ignored, .style = TokenStyle::ignored, .opacity = 190});
  };
  for_each_run(matrix.rows, [&](float begin, float end) { hatch(left, view.y_of(begin), right, view.y_of(end)); });
  for_each_run(matrix.columns, [&](float begin, float end) { hatch(view.x_of(begin), top, view.x_of(end), bottom); });
  context.canvas.draw(*ImGui::GetWindowDrawList(), {}, quads);
}

void draw_marks(PanelContext& context, const AttentionMatrix& matrix, const MatrixView& view, const std::vector<MatrixMark>& marks) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float right = view.x_of(static_cast<float>(matrix.columns.num_slots())), bottom = view.y_of(static_cast<float>(matrix.rows.num_slots()));
  for (const MatrixMark& mark : marks) {
    const float thick = context.px(mark.is_strong ? 2 : 1), least = context.px(2);
    const ImU32 colour = with_alpha(context.theme.highlight, mark.is_strong ? 1.0f : 0.85f);
    const auto frame = [&](ImVec2 min, ImVec2 max) {
      list.AddRectFilled(min, max, with_alpha(context.theme.highlight, 0.10f));
      list.AddRect(min, max, colour, 0, 0, thick);
    };
    if (mark.row >= 0) {
      const float y = view.y_of(static_cast<float>(mark.row));
      frame({view.x_of(0) - thick, y - thick}, {right + thick, std::max(y + view.cell_height(), y + least) + thick});
    }
    if (mark.column >= 0) {
      const float x = view.x_of(static_cast<float>(mark.column));
      frame({x - thick, view.y_of(0) - thick}, {std::max(x + view.cell_width(), x + least) + thick, bottom + thick});
    }
  }
}

// Names of the rows and columns in view, over the left and upper edge of the matrix; the rows' with their numbers.
void draw_names(PanelContext& context, const AttentionMatrix& matrix, const MatrixView& view) {
  const float width = names_size(context, view).x, height = names_size(context, view).y;
  if (width <= 0) return;
  const ImVec2 min = view.seen_min(), max = view.seen_max();
  const MaskedFrame& frame = context.frame();
  const Theme& theme = context.theme;
  ImFont* const font = context.fonts.mono_small;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({min.x, min.y}, {max.x, min.y + height}, theme.panel);
  list.AddRectFilled({min.x, min.y + height}, {min.x + width, max.y}, theme.panel);
  const bool has_numbers = !matrix.numbers.empty() && !matrix.settings.is_causal;
  const float sums = min.x + width - context.px(6), numbers = sums - context.px(38);
  if (has_numbers) {
    widgets::text_right(context, context.fonts.small, {sums, min.y + height - context.px(8)}, theme.secondary_text, tr("running sum"));
    widgets::text_right(context, context.fonts.small, {numbers, min.y + height - context.px(8)}, theme.secondary_text, tr("number"));
  }
  list.PushClipRect({min.x, min.y + height}, {min.x + width, max.y}, true);
  for (int row = view.first_row(); row < view.end_row(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    const float middle = view.y_of(static_cast<float>(row) + 0.5f);
    bool is_cut = false;
    const float room = (has_numbers ? numbers - context.px(44) : sums) - min.x;
    const std::string name = widgets::ellipsized(font, drawable(slot_label(frame, matrix.rows.slots[at])), room, is_cut);
    widgets::text(context, font, {min.x + context.px(4), middle}, matrix.rows.slots[at].is_ignored ? theme.secondary_text : theme.text, name);
    if (!has_numbers) continue;
    widgets::text_right(context, font, {numbers, middle}, matrix.numbers[at] > 0 ? theme.text : theme.disabled_text, cat(matrix.numbers[at]));
    widgets::text_right(context, font, {sums, middle}, theme.secondary_text, cat(matrix.reach[at]));
  }
  list.PopClipRect();
  list.PushClipRect({min.x + width, min.y}, {max.x, min.y + height}, true);
  for (int column = view.first_column(); column < view.end_column(); ++column) {
    const AxisSlot& slot = matrix.columns.slots[static_cast<std::size_t>(column)];
    bool is_cut = false;
    const std::string name = widgets::ellipsized(font, drawable(slot_label(frame, slot)), height - context.px(8), is_cut);
    text_upwards(font, {view.x_of(static_cast<float>(column) + 0.5f), min.y + height - context.px(4)}, slot.is_ignored ? theme.secondary_text : theme.text, name);
  }
  list.PopClipRect();
}

void draw_blind_rows(PanelContext& context, const AttentionMatrix& matrix, const MatrixView& view) {
  if (matrix.num_rows_without_sight == 0) return;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float x = std::min(view.x_of(static_cast<float>(matrix.columns.num_slots())), view.seen_max().x) + context.px(3);
  for (int row = view.first_row(); row < view.end_row(); ++row) {
    if (!matrix.sees_nothing[static_cast<std::size_t>(row)]) continue;
    const float y = view.y_of(static_cast<float>(row));
    list.AddRectFilled({x, std::max(y, view.seen_min().y)}, {x + context.px(5), std::min(std::max(y + view.cell_height(), y + context.px(2)), view.seen_max().y)}, context.theme.error);
  }
}

}  // namespace

ImU32 cell_colour(const Theme& theme, CellState state, ImU32 hue) {
  switch (state) {
    case CellState::allowed: return hue;
    case CellState::other_modality: return mix(theme.panel, theme.text, 0.16f);
    case CellState::beyond_reach: return mix(theme.panel, hue, 0.30f);
    case CellState::other_and_beyond: return mix(theme.panel, theme.text, 0.05f);
    case CellState::ignored: return mix(theme.panel, theme.ground, 0.8f);
  }
  return theme.panel;
}

ImVec2 names_size(const PanelContext& context, const MatrixView& view) {
  const ImVec2 size{context.px(row_names_width), context.px(column_names_height)}, min = view.seen_min(), max = view.seen_max();
  const bool has_room = max.x - min.x >= 1.8f * size.x && max.y - min.y >= 1.8f * size.y;
  return has_room && view.cell_height() >= context.px(cell_with_name) ? size : ImVec2{0, 0};
}

std::shared_ptr<const Picture> attention_picture(const PanelContext& context, const AttentionMatrix& matrix) {
  // The colours of the cells belong to the rows' modalities where rows choose, else to the columns'.
  const bool is_by_row = matrix.settings.kind == AttentionKind::decoder;
  std::vector<std::array<ImU32, num_cell_states>> colours;
  for (const SchemeModality& entry : context.frame().scheme.modalities) {
    const ImU32 hue = modality_hue(context, entry.modality.name);
    std::array<ImU32, num_cell_states>& of_modality = colours.emplace_back();
    for (int state = 0; state < num_cell_states; ++state) of_modality[static_cast<std::size_t>(state)] = cell_colour(context.theme, static_cast<CellState>(state), hue);
  }
  CellPicture picture(matrix.rows.num_slots(), matrix.columns.num_slots());
  const std::size_t columns = matrix.columns.slots.size();
  for (std::size_t cell = 0; cell < matrix.cells.size(); ++cell) {
    const AxisSlot& slot = is_by_row ? matrix.rows.slots[cell / columns] : matrix.columns.slots[cell % columns];
    picture.put(colours[static_cast<std::size_t>(slot.modality)][static_cast<std::size_t>(matrix.cells[cell])]);
  }
  return picture.take();
}

void draw_attention_matrix(PanelContext& context, const AttentionMatrix& matrix, const MatrixView& view,
                           const std::shared_ptr<const Picture>& picture, const std::vector<MatrixMark>& marks) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float rows = static_cast<float>(matrix.rows.num_slots()), columns = static_cast<float>(matrix.columns.num_slots());
  list.PushClipRect(view.seen_min(), view.seen_max(), true);
  const TokenQuad quad{.x = view.x_of(0), .y = view.y_of(0), .width = view.cell_width() * columns, .height = view.cell_height() * rows, .flags = has_picture};
  context.canvas.draw(list, context.pictures.handle(picture, Sampling::sharp), {&quad, 1});
  draw_ignored(context, matrix, view);
  draw_grid(context, view);
  draw_reach(context, matrix, view);
  draw_marks(context, matrix, view, marks);
  draw_names(context, matrix, view);
  list.PopClipRect();
  draw_row_bands(context, view, matrix.rows, context.px(row_axis_width - 8));
  draw_column_bands(context, view, matrix.columns, context.px(column_axis_height - 4));
  draw_blind_rows(context, matrix, view);
}

}  // namespace maskscope
