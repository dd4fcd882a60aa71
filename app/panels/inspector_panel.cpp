#include "app/panels/inspector_panel.h"

#include <string>
#include <string_view>

#include "app/explain.h"
#include "app/panels/linked_text.h"
#include "app/panels/view_places.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

void draw_empty(PanelContext& context, float width) {
  ImGui::Dummy({1, context.px(4)});
  widgets::paragraph(context, context.fonts.title, context.theme.text, tr("Point at a token"), width);
  ImGui::Dummy({1, context.px(2)});
  widgets::paragraph(context, context.fonts.body, context.theme.secondary_text,
                     tr("in a picture, in a text or in the strips, and its whole history stands here. A click pins it; Esc lets it go."), width);
}

// previous: the line above; a name that stands there already is not repeated. Returns the place that was clicked, if any.
const ViewPlace* draw_line(PanelContext& context, const std::string& id, const HistoryLine& line, const HistoryLine* previous, float width) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float number = context.px(18), name = context.px(98);
  const bool is_narrow = width < context.px(250), is_named = !previous || previous->step != line.step || std::string_view(previous->name) != line.name;
  const float middle = at.y + (context.fonts.body->FontSize + context.px(3)) * 0.5f;
  const float left = is_narrow ? number : number + name;
  if (is_named) {
    bool is_cut = false;
    const std::string label = widgets::ellipsized(context.fonts.body, line.name, is_narrow ? width - number : name - context.px(6), is_cut);
    widgets::text(context, context.fonts.mono_small, {at.x, middle}, context.theme.accent, cat(line.step));
    widgets::text(context, context.fonts.body, {at.x + number, middle}, context.theme.secondary_text, label);
    if (is_cut && ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(at, {at.x + left, at.y + context.px(18)})) widgets::tooltip(context, line.name);
  }
  const float top = is_narrow && is_named ? context.fonts.body->FontSize + context.px(3) : 0.0f;
  ImGui::SetCursorScreenPos({at.x + left, at.y + top});
  const int clicked = widgets::linked_paragraph(context, id, line.sentence, line.links, std::max(width - left, context.px(40)));
  ImGui::SetCursorScreenPos({at.x, ImGui::GetCursorScreenPos().y + context.px(4)});
  return clicked < 0 ? nullptr : &line.links[static_cast<std::size_t>(clicked)].place;
}

void draw_story(PanelContext& context, const TokenStory& story, const Pointed& told, float width) {
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {context.px(4), context.px(4)});
  widgets::paragraph(context, context.fonts.title, context.theme.text, drawable(story.title), width);
  widgets::paragraph(context, context.fonts.body, story.fate ? fate_text_colour(context.theme, *story.fate) : context.theme.secondary_text, story.verdict, width);
  ImGui::Dummy({1, context.px(4)});
  const ViewPlace* wanted = nullptr;
  for (std::size_t i = 0; i < story.lines.size(); ++i) {
    if (const ViewPlace* place = draw_line(context, cat("inspector.link.", i), story.lines[i], i > 0 ? &story.lines[i - 1] : nullptr, width)) wanted = place;
  }
  if (!story.remark.empty()) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::GetWindowDrawList()->AddLine({at.x, at.y + context.px(2)}, {at.x + width, at.y + context.px(2)}, context.theme.line, context.px(1));
    ImGui::Dummy({1, context.px(8)});
    widgets::paragraph(context, context.fonts.small, context.theme.secondary_text, story.remark, width);
  }
  ImGui::PopStyleVar();
  if (wanted) go_to(context.view, context.frame(), *wanted, told);
}

}  // namespace

void draw_inspector(PanelContext& context, ImVec2 position, ImVec2 size) {
  if (widgets::begin_panel(context, "inspector", position, size)) {
    const MaskedFrame& frame = context.frame();
    const Pointed shown = context.view.shown();  // a copy: a click on a link pins another one
    const AttentionRule attention{context.view.is_attention_causal, context.view.is_attention_separate};
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    widgets::caption(context, tr("TOKEN"));
    const bool is_there = is_in_frame(frame, shown);
    if (is_there && !context.view.hovered.is_valid()) {
      widgets::text_right(context, context.fonts.small, {at.x + width, at.y + context.px(7)}, context.theme.accent, tr("pinned"));
    }
    ImGui::Dummy({1, context.px(2)});
    if (!is_there) {
      draw_empty(context, width);
    } else if (shown.token.is_valid()) {
      draw_story(context, tell_token(frame, shown.token, attention), shown, width);
    } else {
      draw_story(context, tell_ignored_slot(frame, shown.side == PackedSide::encoder, shown.ignored_slot, attention), shown, width);
    }
  }
  widgets::end_panel();
}

}  // namespace maskscope
