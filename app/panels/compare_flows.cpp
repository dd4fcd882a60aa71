// The waterfall's numbers of two states.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string>

#include "app/panels/compare_sections.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

struct Group {
  const char* name;
  bool is_encoder;
  bool is_drawn;  // else what is kept
};

constexpr std::array<Group, 4> groups = {{{tr_later("encoder: drawn"), true, true},
                                          {tr_later("encoder: kept"), true, false},
                                          {tr_later("decoder: drawn"), false, true},
                                          {tr_later("in the loss"), false, false}}};

using Value = std::optional<int>;

Value value_of(const SideFlow& side, bool is_drawn) { return is_drawn ? side.drawn : Value(side.kept); }
Value value_of(const ModalityFlow& flow, const Group& group) { return value_of(group.is_encoder ? flow.encoder : flow.decoder, group.is_drawn); }

struct Layout {
  ImVec2 corner;
  float name = 0, group = 0, number = 0, line = 0;
};

void draw_values(PanelContext& context, const Layout& layout, std::size_t group, float middle, Value a, Value b) {
  const Theme& theme = context.theme;
  const float left = layout.corner.x + layout.name + layout.group * static_cast<float>(group) + layout.group - layout.number * 3;
  const auto put = [&](int column, const std::string& text, ImU32 colour) {
    widgets::text_right(context, context.fonts.mono_small, {left + layout.number * static_cast<float>(column + 1), middle}, colour, text);
  };
  put(0, a ? cat(*a) : "–", theme.secondary_text);
  put(1, b ? cat(*b) : "–", theme.text);
  if (!a || !b) return;
  const int change = *b - *a;
  put(2, change == 0 ? std::string("·") : cat(change > 0 ? "+" : "−", std::abs(change)), change == 0 ? theme.disabled_text : theme.accent);
}

void draw_header(PanelContext& context, const Layout& layout) {
  const Theme& theme = context.theme;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const float right = layout.corner.x + layout.name + layout.group * static_cast<float>(g + 1);
    bool is_cut = false;
    const std::string name = widgets::ellipsized(context.fonts.small, tr(groups[g].name), layout.group - context.px(8), is_cut);
    widgets::text_right(context, context.fonts.small, {right, layout.corner.y + layout.line * 0.5f}, groups[g].is_encoder ? theme.encoder_text : theme.decoder_text, name);
    const std::array<const char*, 3> names = {"A", "B", "Δ"};
    for (std::size_t c = 0; c < names.size(); ++c) {
      const float at = right - layout.number * static_cast<float>(2 - c);
      widgets::text_right(context, context.fonts.small, {at, layout.corner.y + layout.line * 1.5f}, theme.secondary_text, names[c]);
    }
  }
}

}  // namespace

void draw_flow_changes(PanelContext& context, const Comparison& comparison, float width) {
  const Theme& theme = context.theme;
  const ImVec2 top = ImGui::GetCursorScreenPos();
  draw_section_title(context, tr("BUDGETS"), width);
  Layout layout;
  layout.corner = {top.x, top.y + context.px(22)};
  layout.line = context.px(18);
  layout.name = std::clamp(width * 0.18f, context.px(48), context.px(110));
  layout.group = (width - layout.name) / static_cast<float>(groups.size());
  layout.number = std::min(context.px(34), layout.group / 3);
  draw_header(context, layout);
  // All names alike: one that does not fit makes all of them short.
  const float name_room = layout.name - context.px(16);
  const bool has_short_names = std::any_of(comparison.modalities.begin(), comparison.modalities.end(),
                                           [&](const ModalityComparison& modality) { return widgets::text_width(context.fonts.body, modality.name) > name_room; });
  float middle = layout.corner.y + layout.line * 2.5f;
  for (const ModalityComparison& modality : comparison.modalities) {
    const float square = context.px(8);
    ImGui::GetWindowDrawList()->AddRectFilled({top.x, middle - square * 0.5f}, {top.x + square, middle + square * 0.5f}, modality_hue(context, modality.name), context.px(2));
    bool is_cut = false;
    const std::string name = widgets::ellipsized(context.fonts.body, drawable(has_short_names ? modality.short_name : modality.name), name_room, is_cut);
    widgets::text(context, context.fonts.body, {top.x + square + context.px(6), middle}, theme.text, name);
    if ((is_cut || has_short_names) && ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect({top.x, middle - layout.line * 0.5f}, {top.x + layout.name, middle + layout.line * 0.5f})) {
      widgets::tooltip(context, drawable(modality.name));
    }
    for (std::size_t g = 0; g < groups.size(); ++g) {
      draw_values(context, layout, g, middle, modality.modality_a < 0 ? Value() : value_of(modality.flow_a, groups[g]), modality.modality_b < 0 ? Value() : value_of(modality.flow_b, groups[g]));
    }
    middle += layout.line;
  }
  const auto side_of = [](const Waterfall& waterfall, bool is_encoder) -> const SideTotal& { return is_encoder ? waterfall.encoder : waterfall.decoder; };
  ImGui::GetWindowDrawList()->AddLine({top.x, middle - layout.line * 0.5f}, {top.x + width, middle - layout.line * 0.5f}, theme.line, context.px(1));
  widgets::text(context, context.fonts.strong, {top.x, middle}, theme.text, tr("sum"));
  widgets::text(context, context.fonts.strong, {top.x, middle + layout.line}, theme.text, tr("ignored"));
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const SideTotal& a = side_of(comparison.waterfall_a, groups[g].is_encoder);
    const SideTotal& b = side_of(comparison.waterfall_b, groups[g].is_encoder);
    draw_values(context, layout, g, middle, value_of(a.sum, groups[g].is_drawn), value_of(b.sum, groups[g].is_drawn));
    if (!groups[g].is_drawn) draw_values(context, layout, g, middle + layout.line, a.ignored, b.ignored);
  }
  ImGui::SetCursorScreenPos({top.x, middle + layout.line * 2});
  ImGui::Dummy({1, context.px(4)});
}

}  // namespace maskscope
