#include "app/panels/heat_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

#include "app/i18n/translate.h"
#include "app/panels/cell_picture.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr float linear_part = 0.02f;
constexpr int steps = 127;  // of either sign

using Colours = std::array<ImU32, 2 * steps + 1>;

Colours colours_of(const Theme& theme) {
  Colours colours{};
  for (int i = -steps; i <= steps; ++i) colours[static_cast<std::size_t>(i + steps)] = heat_colour(theme, static_cast<float>(i) / steps);
  return colours;
}

// Two greys in turn: like no value of the scale.
ImU32 unknown_colour(const Theme& theme, bool is_odd) { return mix(theme.panel, theme.text, is_odd ? 0.26f : 0.12f); }

}  // namespace

float heat_share(float value, float largest) {
  if (!(largest > 0)) return 0;
  return std::clamp(std::asinh(value / linear_part) / std::asinh(largest / linear_part), -1.0f, 1.0f);
}

ImU32 heat_colour(const Theme& theme, float share) {
  const bool is_dark = theme.kind == ThemeKind::dark;
  // Brown and teal, light on dark ground and dark on light: neither is a fate's colour.
  const ImU32 negative = is_dark ? IM_COL32(116, 224, 208, 255) : IM_COL32(1, 102, 94, 255);
  const ImU32 positive = is_dark ? IM_COL32(244, 176, 112, 255) : IM_COL32(140, 81, 10, 255);
  return mix(is_dark ? theme.ground : theme.panel, share < 0 ? negative : positive, std::abs(share));
}

std::shared_ptr<const Picture> heat_picture(const Theme& theme, const ValueMap& map, int dim, float largest, const std::function<bool(int)>& is_unknown) {
  const Colours colours = colours_of(theme);
  CellPicture picture(map.rows, dim);
  for (int row = 0; row < map.rows; ++row) {
    const float* const values = map.row(row, dim);
    const bool is_row_unknown = is_unknown && is_unknown(row);
    for (int d = 0; d < dim; ++d) {
      if (is_row_unknown) picture.put(unknown_colour(theme, (row + d) % 2 != 0));
      else picture.put(colours[static_cast<std::size_t>(std::lround(heat_share(values[d], largest) * steps) + steps)]);
    }
  }
  return picture.take();
}

std::string signed_number(float value) {
  char text[32];
  std::snprintf(text, sizeof text, "%+.4f", static_cast<double>(value));
  return text;
}

void draw_heat_scale(PanelContext& context, float largest, float width) {
  const Theme& theme = context.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = context.px(12);
  constexpr int pieces = 64;
  for (int i = 0; i < pieces; ++i) {
    const auto share = [](int edge) { return 2.0f * static_cast<float>(edge) / pieces - 1; };
    const ImU32 left = heat_colour(theme, share(i)), right = heat_colour(theme, share(i + 1));
    const float step = width / pieces;
    list.AddRectFilledMultiColor({at.x + step * static_cast<float>(i), at.y}, {at.x + step * static_cast<float>(i + 1), at.y + height}, left, right, right, left);
  }
  list.AddRect(at, {at.x + width, at.y + height}, theme.line);
  const float middle = at.y + height + context.px(10);
  // The middle and the ends first; the rest where room is left.
  std::vector<ImVec2> taken;  // from .. to
  for (const float value : {0.0f, -1.0f, 1.0f, -0.02f, 0.02f, -0.2f, 0.2f}) {
    if (std::abs(value) > largest) continue;
    char label[16];
    std::snprintf(label, sizeof label, value == 0 ? "0" : "%+g", static_cast<double>(value));
    const float x = at.x + width * 0.5f * (1 + heat_share(value, largest)), label_width = widgets::text_width(context.fonts.mono_small, label);
    const float left = std::clamp(x - label_width * 0.5f, at.x, std::max(at.x + width - label_width, at.x));
    list.AddLine({x, at.y + height}, {x, at.y + height + context.px(3)}, theme.secondary_text);
    const float margin = context.px(5);
    if (std::any_of(taken.begin(), taken.end(), [&](ImVec2 other) { return left < other.y + margin && other.x < left + label_width + margin; })) continue;
    widgets::text(context, context.fonts.mono_small, {left, middle}, theme.secondary_text, label);
    taken.push_back({left, left + label_width});
  }
  ImGui::Dummy({width, context.px(heat_scale_height)});
}

void draw_unknown_sample(PanelContext& context) {
  const Theme& theme = context.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float cell = context.px(3.5f), line = context.px(20), top = corner.y + (line - 4 * cell) * 0.5f;
  for (int i = 0; i < 16; ++i) {
    const ImVec2 min{corner.x + cell * static_cast<float>(i % 4), top + cell * static_cast<float>(i / 4)};
    list.AddRectFilled(min, {min.x + cell, min.y + cell}, unknown_colour(theme, (i % 4 + i / 4) % 2 != 0));
  }
  widgets::text(context, context.fonts.body, {corner.x + 4 * cell + context.px(8), corner.y + line * 0.5f}, theme.secondary_text, tr("x unknown"));
  ImGui::Dummy({4 * cell + context.px(8) + widgets::text_width(context.fonts.body, tr("x unknown")), line});
}

}  // namespace maskscope
