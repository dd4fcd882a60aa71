#include <algorithm>
#include <array>

#include "app/panels/distribution_parts.h"
#include "app/panels/estimate_text.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr std::array sides{TallySide::encoder, TallySide::decoder};

}  // namespace

float pairs_width(int num_modalities) {
  return std::max(18.0f * static_cast<float>(std::min(num_modalities, max_pair_modalities)) + 48, 236.0f);
}

float draw_pairs(PanelContext& context, const ShownDistribution& shown, ImVec2 corner, float width) {
  const Tally& tally = shown.tally();
  const int count = tally.num_pair_modalities();
  draw_part_caption(context, tr("TOGETHER"), corner);
  const float caption = widgets::text_width(context.fonts.small_caps, tr("TOGETHER"));
  bool is_cut = false;
  const std::string note = widgets::ellipsized(context.fonts.small, tr("encoder below, decoder above"), width - caption - context.px(12), is_cut);
  widgets::text(context, context.fonts.small, {corner.x + caption + context.px(12), corner.y + context.px(13)}, context.theme.secondary_text, note);
  if (count == 0) return context.px(part_caption_height);
  const float names = context.px(46), cell = std::min((width - names) / static_cast<float>(count), context.px(22));
  const ImVec2 at{corner.x + names, corner.y + context.px(part_caption_height)};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const auto fill_colour = [&](TallySide side, double share) { return mix(context.theme.track, side_colour(context.theme, side), static_cast<float>(share)); };
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const bool is_hovered = ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(at, {at.x + cell * static_cast<float>(count), at.y + cell * static_cast<float>(count)});
  const int pointed_row = is_hovered ? std::min(static_cast<int>((mouse.y - at.y) / cell), count - 1) : -1;
  const int pointed_column = is_hovered ? std::min(static_cast<int>((mouse.x - at.x) / cell), count - 1) : -1;
  for (int row = 0; row < count; ++row) {
    const Modality& info = shown.modality(row);
    const float y = at.y + cell * static_cast<float>(row), middle = y + cell * 0.5f, square = context.px(6);
    list.AddRectFilled({corner.x, middle - square * 0.5f}, {corner.x + square, middle + square * 0.5f}, modality_hue(context, info.name), context.px(1));
    if (cell >= context.px(10)) {
      const std::string name = widgets::ellipsized(context.fonts.small, info.short_name, names - square - context.px(6), is_cut);
      widgets::text(context, context.fonts.small, {corner.x + square + context.px(3), middle},
                    row == pointed_row || row == pointed_column ? context.theme.text : context.theme.secondary_text, name);
    }
    for (int column = 0; column < count; ++column) {
      const ImVec2 min{at.x + cell * static_cast<float>(column), y}, max{min.x + cell - 1, min.y + cell - 1};
      if (row == column) {
        // One modality by itself, on both sides: the encoder's half below the diagonal.
        list.AddTriangleFilled(min, {min.x, max.y}, max, fill_colour(TallySide::encoder, tally.together(TallySide::encoder, row, row).value));
        list.AddTriangleFilled(min, max, {max.x, min.y}, fill_colour(TallySide::decoder, tally.together(TallySide::decoder, row, row).value));
      } else {
        const TallySide side = row > column ? TallySide::encoder : TallySide::decoder;
        list.AddRectFilled(min, max, fill_colour(side, tally.together(side, row, column).value));
      }
      if (row == pointed_row && column == pointed_column) list.AddRect({min.x - 1, min.y - 1}, {max.x + 1, max.y + 1}, context.theme.highlight, 0, 0, context.px(1.5f));
    }
  }
  context.log_widget("distribution.pairs", at, {at.x + cell * static_cast<float>(count), at.y + cell * static_cast<float>(count)});
  if (is_hovered) {
    const std::string &first = shown.modality(pointed_row).name, &second = shown.modality(pointed_column).name;
    std::string tip;
    if (pointed_row == pointed_column) {
      tip = first;
      for (const TallySide side : sides) tip += cat("\n", maskscope::fill(tr("has a token in the {0}: {1}"), side_name(side), share_with_error(tally.together(side, pointed_row, pointed_row))));
    } else {
      const TallySide side = pointed_row > pointed_column ? TallySide::encoder : TallySide::decoder;
      tip = fill(tr("{0} and {1} both have a token in the {2}: {3}"), first, second, side_name(side), share_with_error(tally.together(side, pointed_row, pointed_column)));
    }
    widgets::tooltip(context, tip);
  }
  float bottom = at.y + cell * static_cast<float>(count) + context.px(4);
  if (count < shown.scheme().num_modalities()) {
    widgets::text(context, context.fonts.small, {corner.x, bottom + context.px(8)}, context.theme.secondary_text, fill(tr("the first {0} modalities"), count));
    bottom += context.px(18);
  }
  return bottom - corner.y;
}

}  // namespace maskscope
