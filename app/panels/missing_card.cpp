#include "app/panels/missing_card.h"

#include <algorithm>

#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {

void draw_missing(PanelContext& context, int modality, ImVec2 position, ImVec2 size) {
  if (size.x < 2 || size.y < 2) return;
  const Modality& info = context.frame().scheme.modalities[static_cast<std::size_t>(modality)].modality;
  const Theme& theme = context.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const TokenQuad field{.x = position.x, .y = position.y, .width = size.x, .height = size.y, .colour = theme.ignored, .style = TokenStyle::ignored,
                        .flags = static_cast<std::uint8_t>(context.view.isolated && *context.view.isolated != Fate::ignored ? TokenFlag::is_dimmed : 0),
                        .corner_radius = context.px(4)};
  context.canvas.draw(list, {}, {&field, 1});

  const std::string heading = "missing in this sample", detail = cat("all ", info.num_slots(), " slots are masked");
  const ImVec2 middle{position.x + size.x * 0.5f, position.y + size.y * 0.5f};
  const float width = std::max(widgets::text_width(context.fonts.strong, heading), widgets::text_width(context.fonts.small, detail));
  const float line = context.px(17), pad = context.px(8);
  if (width + 2 * pad <= size.x && 2 * line + pad <= size.y) {
    list.AddRectFilled({middle.x - width * 0.5f - pad, middle.y - line - pad * 0.5f}, {middle.x + width * 0.5f + pad, middle.y + line + pad * 0.5f}, theme.card, context.px(5));
    const auto centred = [&](ImFont* font, float y, ImU32 colour, const std::string& label) {
      widgets::text(context, font, {middle.x - widgets::text_width(font, label) * 0.5f, y}, colour, label);
    };
    centred(context.fonts.strong, middle.y - line * 0.5f, theme.text, heading);
    centred(context.fonts.small, middle.y + line * 0.5f, theme.secondary_text, detail);
  }
  if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(position, {position.x + size.x, position.y + size.y})) {
    widgets::tooltip(context, cat(info.name, ": this sample has no data for it. The scheme keeps the modality, and all its ", info.num_slots(),
                                  " slots are masked on both sides: none reaches the encoder or the decoder."));
  }
}

}  // namespace maskscope
