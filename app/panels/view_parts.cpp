#include "app/panels/view_parts.h"

#include <algorithm>

#include "app/imgui_compat.h"
#include "app/panels/widgets.h"

namespace maskscope {
namespace {

constexpr float line_height = 22, box_side = 14;  // px at scale 1

}  // namespace

bool begin_words(PanelContext& context, const char* id, ImVec2 min, ImVec2 max) {
  ImGui::SetCursorScreenPos(min);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {context.px(8), context.px(2)});
  const bool is_visible = imgui_compat::begin_child(id, {std::max(max.x - min.x, 1.0f), std::max(max.y - min.y, 1.0f)}, false);
  return is_visible;
}

void end_words() {
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
}

void space(const PanelContext& context, float px_at_scale_1) { ImGui::Dummy({1, std::max(context.px(px_at_scale_1) - ImGui::GetStyle().ItemSpacing.y, 0.0f)}); }

void next_in_line(PanelContext& context, float width, const char* label) {
  const float line_begin = ImGui::GetWindowPos().x - ImGui::GetScrollX() + ImGui::GetStyle().WindowPadding.x;
  const float needed = ImGui::GetItemRectMax().x - line_begin + context.px(16 + box_side + 8) + widgets::text_width(context.fonts.body, label);
  if (needed <= width) ImGui::SameLine(0, context.px(16));
}

bool checkbox(PanelContext& context, const char* id, const char* label, bool is_on, const char* tooltip) {
  const Theme& theme = context.theme;
  const float side = context.px(box_side), gap = context.px(8), height = context.px(line_height);
  const bool is_clicked = ImGui::InvisibleButton(id, {side + gap + widgets::text_width(context.fonts.body, label), height});
  context.log_last_item(id);
  const bool is_hot = ImGui::IsItemHovered();
  const ImVec2 at = ImGui::GetItemRectMin();
  const float middle = at.y + height * 0.5f;
  const ImVec2 min{at.x, middle - side * 0.5f}, max{at.x + side, middle + side * 0.5f};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(min, max, is_on ? theme.accent : theme.control, context.px(3));
  list.AddRect(min, max, is_on || is_hot ? theme.accent : theme.disabled_text, context.px(3), 0, context.px(1));
  if (is_on) {
    const ImVec2 tick[] = {{min.x + side * 0.22f, middle}, {min.x + side * 0.42f, middle + side * 0.22f}, {min.x + side * 0.78f, middle - side * 0.22f}};
    list.AddPolyline(tick, 3, theme.text_on_accent, 0, context.px(1.8f));
  }
  widgets::text(context, context.fonts.body, {max.x + gap, middle}, theme.text, label);
  widgets::focus_ring(context, context.px(4));
  if (is_hot && tooltip) widgets::tooltip(context, tooltip);
  return is_clicked;
}

bool link(PanelContext& context, const char* id, const char* label) {
  const float height = context.px(line_height), width = widgets::text_width(context.fonts.body, label);
  const bool is_clicked = ImGui::InvisibleButton(id, {width, height});
  context.log_last_item(id);
  const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
  widgets::text(context, context.fonts.body, {min.x, (min.y + max.y) * 0.5f}, context.theme.accent, label);
  if (ImGui::IsItemHovered()) {
    const float line = (min.y + max.y + context.fonts.body->FontSize) * 0.5f;
    ImGui::GetWindowDrawList()->AddLine({min.x, line}, {max.x, line}, context.theme.accent);
  }
  widgets::focus_ring(context, context.px(4));
  return is_clicked;
}

}  // namespace maskscope
