#include "app/panels/missing_card.h"

#include <algorithm>
#include <string>
#include <vector>

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

  // As much of the sentence as there is room for, in one line or broken up.
  struct Line {
    bool is_heading;
    std::string label;
  };
  const int slots = info.num_slots();
  const std::vector<Line> versions[] = {{{true, tr("missing in this sample")}, {false, fill(tr("all {0} slots are masked"), slots)}},
                                        {{true, tr("missing in this sample")}},
                                        {{true, tr("missing")}, {true, tr("in this sample")}, {false, fill(tr("{0} slots masked"), slots)}},
                                        {{true, tr("missing")}}};
  const ImVec2 middle{position.x + size.x * 0.5f, position.y + size.y * 0.5f};
  const float line = context.px(17), pad = context.px(8);
  const auto font_of = [&](const Line& l) { return l.is_heading ? context.fonts.strong : context.fonts.small; };
  for (const std::vector<Line>& lines : versions) {
    float width = 0;
    for (const Line& l : lines) width = std::max(width, widgets::text_width(font_of(l), l.label));
    const float height = line * static_cast<float>(lines.size());
    if (width + 2 * pad > size.x || height + pad > size.y) continue;
    list.AddRectFilled({middle.x - width * 0.5f - pad, middle.y - height * 0.5f - pad * 0.5f}, {middle.x + width * 0.5f + pad, middle.y + height * 0.5f + pad * 0.5f},
                       theme.card, context.px(5));
    float y = middle.y - (height - line) * 0.5f;
    for (const Line& l : lines) {
      widgets::text(context, font_of(l), {middle.x - widgets::text_width(font_of(l), l.label) * 0.5f, y}, l.is_heading ? theme.text : theme.secondary_text, l.label);
      y += line;
    }
    break;
  }
  if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(position, {position.x + size.x, position.y + size.y})) {
    widgets::tooltip(context, fill(tr("{0}: this sample has no data for it. The scheme keeps the modality, and all its {1} slots are masked on both sides: none reaches the encoder or the decoder."),
                                   info.name, slots));
  }
}

}  // namespace maskscope
