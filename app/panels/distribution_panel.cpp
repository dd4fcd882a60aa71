#include "app/panels/distribution_panel.h"

#include <algorithm>
#include <utility>

#include "app/distribution_text.h"
#include "app/number_text.h"
#include "app/panels/estimate_text.h"
#include "app/panels/widgets.h"
#include "app/token_label.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr float chip_height = 26, line_height = 16;  // px at scale 1

}  // namespace

bool DistributionPanel::has_draws(const MaskedFrame& frame) const {
  return frame.are_draws_known && (frame.random == RandomSource::named || draws_named_too_);
}

void DistributionPanel::follow(PanelContext& context) {
  const MaskedFrame& frame = context.frame();
  draws_.follow(context, frame, context.view.shown_tab() == BottomTab::distribution && has_draws(frame));
}

void DistributionPanel::draw_reason(PanelContext& context, const MaskedFrame& frame) {
  const float width = std::min(ImGui::GetContentRegionAvail().x, context.px(560));
  widgets::paragraph(context, context.fonts.title, context.theme.text, tr("No draws to count"), width);
  ImGui::Dummy({1, context.px(4)});
  if (!frame.are_draws_known) {
    widgets::paragraph(context, context.fonts.body, context.theme.secondary_text,
                       tr("These content masks come from a file, and nothing says which scheme they were drawn by. Open a picture, a text or a data set to see how often every token goes where."),
                       width);
    return;
  }
  widgets::paragraph(context, context.fonts.body, context.theme.secondary_text,
                     tr("The content masks are drawn with the generators of PyTorch: streams, in which every sample depends on the ones before it, so that many cannot be drawn at once. Named draws have the same distributions."),
                     width);
  ImGui::Dummy({1, context.px(8)});
  if (widgets::chip(context, "distribution.named", "", tr("Count named draws"))) draws_named_too_ = true;
  context.log_last_item("distribution.named");
}

void DistributionPanel::draw_header(PanelContext& context, const ShownDistribution& shown) {
  const Theme& theme = context.theme;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, middle = corner.y + context.px(chip_height * 0.5f);
  const std::uint64_t draws = shown.tally().draws();
  const bool is_drawing = draws_.is_drawing();

  // From the right: what can be done.
  float right = corner.x + width;
  const auto chip = [&](const char* id, const char* label) {
    const float chip_width = widgets::text_width(context.fonts.body, label) + context.px(20);
    if (right - chip_width < corner.x) return false;
    right -= chip_width;
    ImGui::SetCursorScreenPos({right, corner.y});
    const bool is_clicked = widgets::chip(context, id, "", label);
    context.log_last_item(id);
    right -= context.px(8);
    return is_clicked;
  };
  if (chip("distribution.copy", tr("Copy"))) ImGui::SetClipboardText(distribution_as_text(shown.scheme(), shown.tally()).c_str());
  if (is_drawing) {
    if (chip("distribution.stop", tr("Stop"))) draws_.stop();
  } else if (shown.is_current && shown.result.error.empty() && draws < many_draws) {
    const bool is_more = draws >= draws_.wanted_draws();
    const std::uint64_t goal = is_more ? many_draws : draws_.wanted_draws();
    const std::string label = fill(is_more ? tr("Draw {0}") : tr("Go on to {0}"), grouped(goal));
    if (chip("distribution.more", label.c_str())) draws_.draw_until(goal);
  }

  // From the left: how many, and how sure.
  float x = corner.x;
  const auto text = [&](ImFont* font, ImU32 colour, std::string_view label) {
    const float room = right - x;
    if (room < context.px(16)) return;
    bool is_cut = false;
    const std::string cut = widgets::ellipsized(font, label, room, is_cut);
    widgets::text(context, font, {x, middle}, colour, cut);
    x += widgets::text_width(font, cut) + context.px(12);
  };
  text(context.fonts.small_caps, theme.secondary_text, tr("HOW OFTEN"));
  text(context.fonts.mono, theme.text, fill(tr("{0} draws"), grouped(draws)));
  text(context.fonts.body, theme.secondary_text, fill(tr("± {0} at most"), greatest_error_text(draws)));
  if (!shown.is_current) text(context.fonts.body, theme.warning, tr("of the settings before"));
  else if (is_drawing) text(context.fonts.body, theme.accent, fill(tr("drawing {0}"), grouped(draws_.wanted_draws())));
  context.log_widget("distribution.header", corner, {x, corner.y + context.px(chip_height)});
  if (ImGui::IsMouseHoveringRect(corner, {x, corner.y + context.px(chip_height)}) && ImGui::IsWindowHovered()) {
    widgets::tooltip(context, tr("This sample, masked again and again with draws 0, 1, 2, … of the seed: other settings are given the same draws, so that curves move smoothly. ± is one standard error."));
  }

  const float bar = corner.y + context.px(chip_height + 2);
  if (is_drawing && shown.is_current) {
    const float share = static_cast<float>(std::min(1.0, static_cast<double>(draws) / static_cast<double>(draws_.wanted_draws())));
    ImGui::GetWindowDrawList()->AddRectFilled({corner.x, bar}, {corner.x + width, bar + context.px(2)}, theme.track);
    ImGui::GetWindowDrawList()->AddRectFilled({corner.x, bar}, {corner.x + width * share, bar + context.px(2)}, theme.accent);
  }

  const TokenIdentity token = context.view.shown().token;
  const auto num_positions = [&](int m) { return shown.tally().shape().modalities[static_cast<std::size_t>(m)].num_positions; };
  const bool has_token = shown.is_current && token.is_valid() && token.modality < shown.scheme().num_modalities() && token.origin >= 0 &&
                         token.origin < num_positions(token.modality);
  const std::string sentence = !shown.result.error.empty() ? shown.result.error
                               : has_token                 ? token_sentence(context, shown, token.modality, token.origin)
                                                           : std::string(tr("Point at a token, here or elsewhere, to read how often it goes where."));
  bool is_cut = false;
  const float line = bar + context.px(3 + line_height * 0.5f);
  widgets::text(context, context.fonts.small, {corner.x, line}, !shown.result.error.empty() ? theme.error : has_token ? theme.text : theme.secondary_text,
                widgets::ellipsized(context.fonts.small, sentence, width, is_cut));
  context.log_widget("distribution.sentence", {corner.x, line - context.px(line_height * 0.5f)}, {corner.x + width, line + context.px(line_height * 0.5f)});
  if (is_cut && ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect({corner.x, line - context.px(9)}, {corner.x + width, line + context.px(9)})) {
    widgets::tooltip(context, sentence);
  }
  ImGui::SetCursorScreenPos({corner.x, line + context.px(line_height * 0.5f + 3)});
}

void DistributionPanel::draw_parts(PanelContext& context, const ShownDistribution& shown) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, gap = context.px(20);
  const int num_modalities = shown.scheme().num_modalities();
  const int num_grids = static_cast<int>(std::count_if(shown.scheme().modalities.begin(), shown.scheme().modalities.end(),
                                                       [](const SchemeModality& entry) { return has_places(entry.modality); }));
  const float step = context.px(FrequencyMaps::least_map_side + 12);
  const float least_maps = std::min(width, std::max(step * static_cast<float>(std::clamp(num_grids, 1, 6)) - context.px(12), context.px(300)));
  const float least_budgets = std::min(width, context.px(least_budget_width(num_modalities)));
  const float use = std::min(width, context.px(slot_use_width)), pairs = std::min(width, context.px(pairs_width(num_modalities)));

  // Parts stand side by side as far as there is room for them, and the maps take what is left of their row.
  const float widths[] = {least_maps, least_budgets, use, pairs};
  float y = corner.y;
  for (int first = 0; first < 4;) {
    float taken = widths[first];
    int end = first + 1;
    for (; end < 4 && taken + gap + widths[end] <= width; ++end) taken += gap + widths[end];
    float left = width - taken, x = corner.x, height = 0;
    for (int part = first; part < end; ++part) {
      float own = widths[part], part_height = 0;
      const ImVec2 at{x, y};
      ImGui::PushID(part);
      if (part == 0) {
        // Larger maps, up to twice the least; the budgets get the rest.
        const int columns = std::clamp(num_grids, 1, std::max(1, static_cast<int>((own + context.px(12)) / step)));
        const float most = context.px(FrequencyMaps::least_map_side) * static_cast<float>(columns);
        const float more = end == 1 ? std::min(left, most) : std::min(left * 0.6f, most);
        const float side = context.px(FrequencyMaps::least_map_side) + std::floor(more / static_cast<float>(columns));
        own = std::min(width, std::max(own, (side + context.px(12)) * static_cast<float>(columns) - context.px(12)));
        left = std::max(0.0f, left - (own - widths[0]));
        part_height = maps_.draw(context, shown, fate_, at, own, side);
      } else if (part == 1) {
        own += end == 2 ? left : std::min(left, own * 0.5f);
        part_height = draw_budget_histograms(context, shown, at, own);
      } else if (part == 2) {
        part_height = draw_slot_use(context, shown, at, own);
      } else {
        part_height = draw_pairs(context, shown, at, own);
      }
      ImGui::PopID();
      height = std::max(height, part_height);
      x += own + gap;
    }
    y += height + context.px(8);
    first = end;
  }
  // What was drawn by hand counts for the scroll bar.
  ImGui::SetCursorScreenPos({corner.x, y});
  ImGui::Dummy({1, 1});
}

void DistributionPanel::draw(PanelContext& context, ImVec2 position, ImVec2 size) {
  shown_draws_ = 0;
  if (widgets::begin_panel(context, "distribution", position, size)) {
    const MaskedFrame& frame = context.frame();
    const std::shared_ptr<const DrawingResult> result = this->result();
    if (!has_draws(frame)) {
      draw_reason(context, frame);
    } else if (result && result->tally.draws() == 0 && !result->error.empty()) {
      widgets::paragraph(context, context.fonts.body, context.theme.error, result->error, ImGui::GetContentRegionAvail().x);
    } else if (!result || result->tally.draws() == 0) {
      widgets::paragraph(context, context.fonts.body, context.theme.secondary_text, tr("Drawing …"), ImGui::GetContentRegionAvail().x);
    } else {
      const ShownDistribution shown{*result, is_current(*result)};
      if (shown.is_current) shown_draws_ = shown.tally().draws();
      draw_header(context, shown);
      draw_parts(context, shown);
    }
  }
  widgets::end_panel();
}

std::optional<std::string> DistributionPanel::text(const PanelContext& context) const {
  if (!has_draws(context.frame())) return std::nullopt;  // the view says why instead
  const auto drawn = result();
  if (!drawn || drawn->tally.draws() == 0 || !is_current(*drawn)) return std::nullopt;
  return distribution_as_text(drawn->request->scheme, drawn->tally);
}

}  // namespace maskscope
