#include <algorithm>
#include <array>
#include <cmath>

#include "app/distribution_text.h"
#include "app/panels/distribution_parts.h"
#include "app/panels/estimate_text.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr std::array sides{TallySide::encoder, TallySide::decoder};

TokenStyle bar_style(TallySide side) { return side == TallySide::encoder ? TokenStyle::bar : TokenStyle::striped_bar; }
// A histogram as it is shown: bin 0 is exactly 0 tokens, the others have equal widths.
struct Bars {
  std::vector<std::uint64_t> samples;
  int tokens_per_bar = 1;
  std::uint64_t draws = 0;

  Estimate share(std::size_t bar) const {
    if (draws == 0) return {};
    const double n = static_cast<double>(draws), p = static_cast<double>(samples[bar]) / n;
    return {p, std::sqrt(p * (1 - p) / n), samples[bar], draws};
  }
  // Of all but bar 0: what is none at all may be most, and would flatten the rest.
  double greatest() const {
    double most = 0;
    for (std::size_t bar = 1; bar < samples.size(); ++bar) most = std::max(most, share(bar).value);
    return most;
  }
};

// In at most so many bars. num_bins: besides bin 0; what lies in later ones goes to the last bar.
Bars make_bars(const std::vector<std::uint64_t>& bins, int tokens_per_bin, int num_bins, int most_bars, std::uint64_t draws) {
  const int bins_per_bar = (num_bins + std::max(most_bars - 1, 1) - 1) / std::max(most_bars - 1, 1);
  Bars bars;
  bars.draws = draws;
  bars.tokens_per_bar = tokens_per_bin * bins_per_bar;
  bars.samples.assign(static_cast<std::size_t>(1 + (num_bins + bins_per_bar - 1) / bins_per_bar), 0);
  bars.samples[0] = bins[0];
  for (std::size_t bin = 1; bin < bins.size(); ++bin) {
    const std::size_t bar = 1 + (bin - 1) / static_cast<std::size_t>(bins_per_bar);
    bars.samples[std::min(bar, bars.samples.size() - 1)] += bins[bin];
  }
  return bars;
}

// The bins besides bin 0 that hold all but the rarest samples.
int filled_bins(const std::vector<std::uint64_t>& bins, std::uint64_t draws) {
  const std::uint64_t rare = draws / 1000;
  std::uint64_t beyond = 0;
  int last = static_cast<int>(bins.size()) - 1;
  for (; last > 1; --last) {
    beyond += bins[static_cast<std::size_t>(last)];
    if (beyond > rare) break;
  }
  return last;
}

// Bars on a base line, upwards or downwards; what is beyond the scale is cut, with a mark. Returns the bar the pointer is in, -1.
int draw_bars(PanelContext& context, const Bars& bars, TallySide side, double scale, ImVec2 base, float width, float height, bool is_upwards) {
  const float each = width / static_cast<float>(bars.samples.size());
  std::vector<TokenQuad> quads;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (std::size_t bar = 0; bar < bars.samples.size(); ++bar) {
    const double share = bars.share(bar).value;
    const bool is_cut = share > scale;
    float tall = scale > 0 ? height * static_cast<float>(std::min(share / scale, 1.0)) : 0.0f;
    if (bars.samples[bar] > 0) tall = std::max(tall, context.px(1));
    const float x = base.x + each * static_cast<float>(bar), top = is_upwards ? base.y - tall : base.y;
    if (tall > 0) {
      quads.push_back({.x = x, .y = top, .width = std::max(each - 1, 1.0f), .height = tall, .colour = side_colour(context.theme, side), .style = bar_style(side)});
    }
    if (is_cut) {
      const float at = is_upwards ? base.y - height + context.px(4) : base.y + height - context.px(4);
      list.AddRectFilled({x - 1, at - context.px(1)}, {x + each, at + context.px(1)}, context.theme.panel);
    }
  }
  context.canvas.draw(list, {}, quads);
  const ImVec2 min{base.x, is_upwards ? base.y - height : base.y}, max{base.x + width, min.y + height};
  if (!ImGui::IsWindowHovered() || !ImGui::IsMouseHoveringRect(min, max)) return -1;
  return std::clamp(static_cast<int>((ImGui::GetIO().MousePos.x - base.x) / each), 0, static_cast<int>(bars.samples.size()) - 1);
}

std::string tokens_label(const Bars& bars, int bar, int most) {
  const bool is_last = bar + 1 == static_cast<int>(bars.samples.size());
  // The last bar holds the rare ones beyond it, too.
  const std::string label = is_last && bar > 0 ? cat((bar - 1) * bars.tokens_per_bar + 1, "..", most) : bin_label(bar, bars.tokens_per_bar, most);
  return fill(label == "1" ? tr("{0} token") : tr("{0} tokens"), label);
}

}  // namespace

ImU32 side_colour(const Theme& theme, TallySide side) { return side == TallySide::encoder ? theme.encoder : theme.decoder; }

const char* side_name(TallySide side) { return side == TallySide::encoder ? tr("encoder") : tr("decoder"); }

void draw_part_caption(PanelContext& context, const char* caption, ImVec2 corner) {
  widgets::text(context, context.fonts.small_caps, {corner.x, corner.y + context.px(13)}, context.theme.secondary_text, caption);
}

float least_budget_width(int num_modalities) { return 34.0f * static_cast<float>(std::max(num_modalities, 3)); }

float draw_budget_histograms(PanelContext& context, const ShownDistribution& shown, ImVec2 corner, float width) {
  const Tally& tally = shown.tally();
  const int num_modalities = shown.scheme().num_modalities();
  draw_part_caption(context, tr("BUDGETS"), corner);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  // Which way is which side.
  float x = corner.x + widgets::text_width(context.fonts.small_caps, tr("BUDGETS")) + context.px(12);
  const float middle = corner.y + context.px(13);
  for (const TallySide side : sides) {
    const std::string label = side_name(side);
    const float label_width = widgets::text_width(context.fonts.small, label);
    if (x + label_width + context.px(12) > corner.x + width) break;
    list.AddRectFilled({x, middle - context.px(4)}, {x + context.px(8), middle + context.px(4)}, side_colour(context.theme, side), context.px(2));
    widgets::text(context, context.fonts.small, {x + context.px(12), middle}, context.theme.secondary_text, label);
    x += label_width + context.px(24);
  }

  const float height = context.px(40), number = context.px(14);
  const int columns = std::clamp(static_cast<int>(width / context.px(33)), 1, std::max(num_modalities, 1));
  const float step = std::min(width / static_cast<float>(columns), context.px(72));
  const float space = context.px(6), bars_width = std::max(step - space, 1.0f);
  const int most_bars = std::max(4, static_cast<int>(bars_width / context.px(3)));
  std::array<std::vector<Bars>, num_tally_sides> all;
  double scale = 0;
  // All reach to the same number of tokens, beyond which hardly a budget lies.
  int most_tokens = 1;
  for (const TallySide side : sides) {
    for (int m = 0; m < num_modalities; ++m) {
      const std::uint64_t limited = tally.draws() - tally.unlimited_budgets(side, m);
      most_tokens = std::max(most_tokens, filled_bins(tally.budget_bins(side, m), limited) * tally.shape().modalities[static_cast<std::size_t>(m)].tokens_per_bin);
    }
  }
  for (const TallySide side : sides) {
    for (int m = 0; m < num_modalities; ++m) {
      const int per_bin = tally.shape().modalities[static_cast<std::size_t>(m)].tokens_per_bin;
      const int num_bins = std::clamp((most_tokens + per_bin - 1) / per_bin, 1, num_budget_bins - 1);
      Bars bars = make_bars(tally.budget_bins(side, m), per_bin, num_bins, most_bars, tally.draws() - tally.unlimited_budgets(side, m));
      scale = std::max(scale, bars.greatest());
      all[static_cast<std::size_t>(side)].push_back(std::move(bars));
    }
  }
  if (scale <= 0) scale = 1;  // nothing but 0 is ever drawn

  const float row_height = 2 * (height + number) + context.px(20);
  for (int m = 0; m < num_modalities; ++m) {
    const Modality& info = shown.modality(m);
    const ImVec2 at{corner.x + step * static_cast<float>(m % columns), corner.y + context.px(part_caption_height) + row_height * static_cast<float>(m / columns)};
    const float axis = at.y + number + height;
    list.AddRectFilled({at.x, axis - context.px(0.5f)}, {at.x + bars_width, axis + context.px(0.5f)}, context.theme.line);
    for (const TallySide side : sides) {
      const bool is_upwards = side == TallySide::encoder;
      const Bars& bars = all[static_cast<std::size_t>(side)][static_cast<std::size_t>(m)];
      const float offset = context.px(1);
      const Estimate mean = tally.mean_budget(side, m);
      const int pointed = draw_bars(context, bars, side, scale, {at.x, is_upwards ? axis - offset : axis + offset}, bars_width, height, is_upwards);
      // One decimal has room; the rest is in the tooltip.
      const std::string label = mean.draws == 0 ? std::string(tr("all")) : cat(std::round(mean.value * 10) / 10);
      const float label_width = widgets::text_width(context.fonts.mono_small, label);
      const float y = is_upwards ? at.y + number * 0.5f - context.px(2) : axis + height + number * 0.5f + context.px(2);
      widgets::text(context, context.fonts.mono_small, {at.x + (bars_width - label_width) * 0.5f, y},
                    is_upwards ? context.theme.encoder_text : context.theme.decoder_text, label);
      if (pointed < 0) continue;
      const int most = shown.modality(m).max_tokens;
      std::string tip = fill(tr("{0}, {1} budget"), info.name, side_name(side));
      if (mean.draws == 0) tip += cat("\n", tr("none: everything that is not input is a target"));
      else {
        tip += cat("\n", tokens_label(bars, pointed, most), ": ", share_with_error(bars.share(static_cast<std::size_t>(pointed))));
        tip += cat("\n", fill(tr("mean {0} tokens"), mean_with_error(mean)));
      }
      tip += cat("\n", fill(tr("slots used in the end: mean {0}"), mean_with_error(tally.mean_used(side, m))));
      widgets::tooltip(context, tip);
    }
    // The modality's hue as a line under its bars: a square beside the name would not leave room for the name.
    const float bottom = at.y + 2 * (number + height) + context.px(11), band = at.y + 2 * (number + height) + context.px(1);
    list.AddRectFilled({at.x, band}, {at.x + bars_width, band + context.px(2)}, modality_hue(context, info.name), context.px(1));
    bool is_cut = false;
    const std::string name = widgets::ellipsized(context.fonts.small, info.short_name, step - context.px(1), is_cut);
    const float name_width = widgets::text_width(context.fonts.small, name);
    widgets::text(context, context.fonts.small, {at.x + (bars_width - name_width) * 0.5f, bottom}, context.theme.text, name);
    context.log_widget("distribution.budget." + info.name, at, {at.x + bars_width, axis + height + number});
  }
  const int rows = (num_modalities + columns - 1) / columns;
  return context.px(part_caption_height) + row_height * static_cast<float>(rows);
}

float draw_slot_use(PanelContext& context, const ShownDistribution& shown, ImVec2 corner, float width) {
  const Tally& tally = shown.tally();
  draw_part_caption(context, tr("SLOTS USED"), corner);
  const float label = context.px(64), gap = context.px(10), column = std::max((width - label - gap) * 0.5f, 1.0f);
  const float bars_height = context.px(30), row = context.px(18), top = corner.y + context.px(part_caption_height);
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const bool is_hovered = ImGui::IsWindowHovered();
  struct Row {
    const char* label;
    const char* tip;
    SideCount what;
  };
  constexpr std::array<Row, 3> rows{{{tr_later("none at all"), tr_later("Samples in which no slot is used: P(no input) and P(no targets)."), SideCount::empty},
                                     {tr_later("all"), tr_later("Samples in which every slot is used, so that none is ignored."), SideCount::full},
                                     {tr_later("too many"), tr_later("Samples with more tokens than slots: what is beyond the last slot is lost."), SideCount::cut}}};
  const float first_row = top + context.px(18) + bars_height + context.px(12);
  widgets::text(context, context.fonts.small, {corner.x, first_row}, context.theme.secondary_text, tr("mean"));
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const float y = first_row + row * static_cast<float>(r + 1);
    widgets::text(context, context.fonts.small, {corner.x, y}, context.theme.secondary_text, tr(rows[r].label));
    const bool is_label_hovered = is_hovered && ImGui::IsMouseHoveringRect({corner.x, y - row * 0.5f}, {corner.x + label, y + row * 0.5f});
    if (is_label_hovered) widgets::tooltip(context, tr(rows[r].tip));
  }
  for (const TallySide side : sides) {
    const float left = corner.x + label + (column + gap) * static_cast<float>(side);
    const int slots = tally.shape().slots(side);
    widgets::text(context, context.fonts.small, {left, top + context.px(7)}, side == TallySide::encoder ? context.theme.encoder_text : context.theme.decoder_text, side_name(side));
    const std::string total = fill(tr("of {0}"), slots);
    if (widgets::text_width(context.fonts.small, side_name(side)) + widgets::text_width(context.fonts.mono_small, total) + context.px(4) <= column) {
      widgets::text_right(context, context.fonts.mono_small, {left + column, top + context.px(7)}, context.theme.secondary_text, total);
    }
    const int most_bars = std::max(4, static_cast<int>(column / context.px(2)));
    const int per_bin = tally.shape().tokens_per_fill_bin(side);
    const int num_bins = std::clamp((slots + per_bin - 1) / per_bin, 1, num_fill_bins - 1);
    const Bars bars = make_bars(tally.fill_bins(side), per_bin, num_bins, most_bars, tally.draws());
    double scale = bars.greatest();
    if (scale <= 0) scale = 1;
    const float base = top + context.px(18) + bars_height;
    ImGui::GetWindowDrawList()->AddRectFilled({left, base}, {left + column, base + context.px(1)}, context.theme.line);
    const int pointed = draw_bars(context, bars, side, scale, {left, base}, column, bars_height, true);
    if (pointed >= 0) {
      widgets::tooltip(context, cat(side_name(side), "\n", fill(tr("{0} of {1} slots used: {2}"), bin_label(pointed, bars.tokens_per_bar, slots), slots,
                                                              share_with_error(bars.share(static_cast<std::size_t>(pointed))))));
    }
    context.log_widget(side == TallySide::encoder ? "distribution.fill.encoder" : "distribution.fill.decoder", {left, top}, {left + column, base});
    const Estimate mean = tally.mean_fill(side);
    widgets::text_right(context, context.fonts.mono_small, {left + column, first_row}, context.theme.text, mean_text(mean));
    const auto hover = [&](float y, const std::string& tip) {
      const bool is_here = is_hovered && mouse.x >= left && mouse.x < left + column && mouse.y >= y - row * 0.5f && mouse.y < y + row * 0.5f;
      if (is_here) widgets::tooltip(context, tip);
    };
    hover(first_row, fill(tr("{0}: mean {1} of {2} slots used"), side_name(side), mean_with_error(mean), slots));
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const float y = first_row + row * static_cast<float>(r + 1);
      const Estimate share = tally.probability(side, rows[r].what);
      // A sample without input or without a target is worth a colour: training on it teaches nothing.
      const bool is_bad = rows[r].what != SideCount::full && share.count > 0;
      widgets::text_right(context, context.fonts.mono_small, {left + column, y}, is_bad ? context.theme.warning : context.theme.text, share_text(share));
      hover(y, cat(side_name(side), "\n", tr(rows[r].tip), "\n", share_with_error(share)));
    }
  }
  return first_row + row * static_cast<float>(rows.size() + 1) - corner.y;
}

}  // namespace maskscope
