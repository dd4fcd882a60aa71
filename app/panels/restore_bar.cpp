#include "app/panels/restore_bar.h"

#include <algorithm>

#include "app/panels/widgets.h"

namespace maskscope {

RestoreChoice draw_restore_bar(PanelContext& context, const RestoreOffer& offer, ImVec2 position, ImVec2 size) {
  const Theme& theme = context.theme;
  const ImVec2 end{position.x + size.x, position.y + size.y};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(position, end, theme.accent_soft);
  list.AddLine({position.x, end.y}, end, theme.line, context.px(1));
  RestoreChoice choice = RestoreChoice::none;
  const float pad = context.px(14), gap = context.px(8);
  const char *const restore = tr("Restore"), *const discard = tr("Discard");
  const float restore_width = widgets::text_width(context.fonts.body, restore) + context.px(20);
  const float discard_width = widgets::text_width(context.fonts.body, discard) + context.px(20);
  // The buttons come first where there is no room for all of it.
  const float buttons = restore_width + gap + discard_width;
  const std::string sentence = fill(tr("The last run ended badly. Its session, kept at {0}, can be restored."), offer.when);
  const float room = size.x - buttons - 3 * pad;
  float x = position.x + pad;
  if (room > context.px(60)) {
    bool is_cut = false;
    const std::string shown = widgets::ellipsized(context.fonts.body, sentence, room, is_cut);
    widgets::text(context, context.fonts.body, {x, (position.y + end.y) * 0.5f}, theme.text, shown);
    const float width = widgets::text_width(context.fonts.body, shown);
    if (ImGui::IsMouseHoveringRect({x, position.y}, {x + width, end.y})) widgets::tooltip(context, sentence + "\n" + drawable(offer.path));
    x += width + pad;
  }
  const float top = position.y + (size.y - context.px(26)) * 0.5f;
  ImGui::SetCursorScreenPos({x, top});
  if (widgets::chip(context, "restore", "", restore, true)) choice = RestoreChoice::restore;
  context.log_last_item("restore.yes");
  ImGui::SetCursorScreenPos({x + restore_width + gap, top});
  if (widgets::chip(context, "discard", "", discard)) choice = RestoreChoice::discard;
  context.log_last_item("restore.no");
  return choice;
}

}  // namespace maskscope
