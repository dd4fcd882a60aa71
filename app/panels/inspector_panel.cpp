#include "app/panels/inspector_panel.h"

#include <algorithm>

#include "app/explain.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

void draw_empty(PanelContext& context, float width) {
  ImGui::Dummy({1, context.px(4)});
  widgets::paragraph(context, context.fonts.title, context.theme.text, "Point at a token", width);
  ImGui::Dummy({1, context.px(2)});
  widgets::paragraph(context, context.fonts.body, context.theme.secondary_text,
                     "in a picture, in a text or in the strips, and its whole history stands here. A click pins it; Esc lets it go.", width);
}

void draw_line(PanelContext& context, const HistoryLine& line, float width) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float number = context.px(18), name = context.px(100);
  const bool is_narrow = width < context.px(240);
  const float middle = at.y + context.fonts.body->FontSize * 0.5f;
  widgets::text(context, context.fonts.mono_small, {at.x, middle}, context.theme.accent, cat(line.step));
  widgets::text(context, context.fonts.body, {at.x + number, middle}, context.theme.secondary_text, line.name);
  const float left = is_narrow ? number : number + name;
  const float top = is_narrow ? context.fonts.body->FontSize + context.px(2) : 0.0f;
  ImGui::SetCursorScreenPos({at.x + left, at.y + top});
  const float height = widgets::paragraph(context, context.fonts.body, context.theme.text, line.sentence, width - left);
  ImGui::SetCursorScreenPos({at.x, at.y + top + height + context.px(8)});
}

void draw_story(PanelContext& context, const TokenStory& story, float width) {
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {context.px(4), context.px(4)});
  widgets::paragraph(context, context.fonts.title, context.theme.text, drawable(story.title), width);
  widgets::paragraph(context, context.fonts.body, story.fate ? fate_text_colour(context.theme, *story.fate) : context.theme.secondary_text, story.verdict, width);
  ImGui::Dummy({1, context.px(4)});
  for (const HistoryLine& line : story.lines) draw_line(context, line, width);
  if (!story.remark.empty()) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::GetWindowDrawList()->AddLine({at.x, at.y + context.px(2)}, {at.x + width, at.y + context.px(2)}, context.theme.line, context.px(1));
    ImGui::Dummy({1, context.px(8)});
    widgets::paragraph(context, context.fonts.small, context.theme.secondary_text, story.remark, width);
  }
  ImGui::PopStyleVar();
}

bool exists(const MaskedFrame& frame, const Pointed& pointed) {
  if (pointed.token.is_valid()) return is_in_sample(frame.masks(), pointed.token);
  if (pointed.ignored_slot < 0) return false;
  const auto& mask = pointed.side == PackedSide::encoder ? frame.batch.encoder_mask : frame.batch.decoder_mask;
  return static_cast<std::size_t>(pointed.ignored_slot) < mask.size() && mask[static_cast<std::size_t>(pointed.ignored_slot)];
}

}  // namespace

void draw_inspector(PanelContext& context, ImVec2 position, ImVec2 size) {
  if (widgets::begin_panel(context, "inspector", position, size)) {
    const MaskedFrame& frame = context.frame();
    const Pointed& shown = context.view.shown();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    widgets::caption(context, "TOKEN");
    const bool is_there = exists(frame, shown);
    if (is_there && !context.view.hovered.is_valid()) {
      widgets::text_right(context, context.fonts.small, {at.x + width, at.y + context.px(7)}, context.theme.accent, "pinned");
    }
    ImGui::Dummy({1, context.px(2)});
    if (!is_there) {
      draw_empty(context, width);
    } else if (shown.token.is_valid()) {
      draw_story(context, tell_token(frame, shown.token), width);
    } else {
      draw_story(context, tell_ignored_slot(frame, shown.side == PackedSide::encoder, shown.ignored_slot), width);
    }
  }
  widgets::end_panel();
}

}  // namespace maskscope
