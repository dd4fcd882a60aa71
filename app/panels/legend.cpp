#include "app/panels/legend.h"

#include <array>

#include "app/panels/widgets.h"

namespace maskscope {
namespace {

struct Entry {
  Fate fate;
  const char* meaning;
};

constexpr std::array<Entry, 6> entries = {{
    {Fate::encoder, tr_later("Encoder: the model sees this token. The content mask input_mask is 0 here.")},
    {Fate::decoder, tr_later("Decoder: the model must predict this token. The content mask target_mask is 0 here.")},
    {Fate::discarded, tr_later("Discarded: part of the sample, but neither shown nor predicted. Both content masks are 1.")},
    {Fate::ignored, tr_later("Ignored slot: a place in the encoder or decoder that no token was left for. Like padding: its vector and its "
                             "embedding are zero, and attention skips it. No token was lost here.")},
    {Fate::sentinel, tr_later("Sentinel [S_k]: stands for one masked run of the text, in the input and in the target.")},
    {Fate::end_of_text, tr_later("[EOS]: the end of the text. A token like any other: it can be shown, predicted or discarded.")},
}};

}  // namespace

float legend_height(const PanelContext& context, bool is_folded) { return context.px(is_folded ? 6 * 28 + 20 : 136); }

void draw_legend(PanelContext& context, bool is_folded) {
  const Theme& theme = context.theme;
  const float width = ImGui::GetContentRegionAvail().x;
  ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddLine({at.x, at.y + context.px(4)}, {at.x + width, at.y + context.px(4)}, theme.line, context.px(1));
  at.y += context.px(12);
  if (!is_folded) {
    widgets::text(context, context.fonts.small_caps, {at.x, at.y + context.px(7)}, theme.secondary_text, tr("LEGEND"));
    widgets::text_right(context, context.fonts.small, {at.x + width, at.y + context.px(7)}, theme.secondary_text,
                        context.view.isolated ? tr("click to show all") : tr("click to isolate"));
    at.y += context.px(22);
  }
  const int columns = is_folded ? 1 : 2;
  const float row_height = context.px(28), column_width = width / static_cast<float>(columns);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    const ImVec2 corner{at.x + column_width * static_cast<float>(i % static_cast<std::size_t>(columns)),
                        at.y + row_height * static_cast<float>(i / static_cast<std::size_t>(columns))};
    ImGui::SetCursorScreenPos(corner);
    ImGui::PushID(static_cast<int>(i));
    const bool is_clicked = ImGui::InvisibleButton("legend", {column_width, row_height});
    ImGui::PopID();
    context.log_last_item(std::string("legend.") + fate_name(entry.fate));
    const bool is_hot = ImGui::IsItemHovered() || ImGui::IsItemFocused();
    const bool is_isolated = context.view.isolated == entry.fate;
    const bool is_dimmed = context.view.isolated && !is_isolated;
    const float side = context.px(20), middle = corner.y + row_height * 0.5f;
    const TokenQuad swatch{.x = corner.x + (is_folded ? (column_width - side) * 0.5f : 0.0f), .y = middle - side * 0.5f, .width = side, .height = side,
                           .colour = fate_colour(theme, entry.fate), .style = fate_style(entry.fate),
                           .flags = static_cast<std::uint8_t>(is_dimmed ? TokenFlag::is_dimmed : 0), .corner_radius = context.px(4)};
    context.canvas.draw(list, {}, {&swatch, 1});
    const char* glyph = entry.fate == Fate::sentinel ? "S" : entry.fate == Fate::end_of_text ? "E" : "";
    if (*glyph) {
      const float glyph_width = widgets::text_width(context.fonts.mono_small, glyph);
      widgets::text(context, context.fonts.mono_small, {swatch.x + (side - glyph_width) * 0.5f, middle}, theme.text, glyph);
    }
    if (!is_folded) {
      const ImU32 colour = is_isolated || is_hot ? theme.text : is_dimmed ? theme.disabled_text : theme.secondary_text;
      widgets::text(context, context.fonts.body, {corner.x + side + context.px(8), middle}, colour, tr(fate_name(entry.fate)));
    }
    if (ImGui::IsItemHovered()) widgets::tooltip(context, tr(entry.meaning));
    if (is_clicked) {
      if (is_isolated) context.view.isolated.reset();
      else context.view.isolated = entry.fate;
    }
  }
}

}  // namespace maskscope
