#include <algorithm>
#include <cmath>

#include "app/panels/distribution_parts.h"
#include "app/panels/estimate_text.h"
#include "app/number_text.h"
#include "app/panels/widgets.h"
#include "app/token_label.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr float label_row = 16, gap = 12, bars_height = 26;  // px at scale 1

const char* name_of(MapFate fate) {
  switch (fate) {
    case MapFate::encoder: return tr("encoder");
    case MapFate::decoder: return tr("decoder");
    case MapFate::discarded: return tr("discarded");
  }
  return "";
}

std::string label_of(PanelContext& context, const ShownDistribution& shown, int modality, int token) {
  if (shown.is_current) return drawable(token_label(context.frame(), modality, token));
  const Modality& info = shown.modality(modality);
  if (has_places(info)) return cat("(", token / info.grid_side(), ", ", token % info.grid_side(), ")");
  return fill(tr("token {0}"), token);
}

void draw_label(PanelContext& context, const ShownDistribution& shown, int modality, std::string_view value, ImVec2 corner, float width) {
  const Modality& info = shown.modality(modality);
  const float middle = corner.y + context.px(label_row * 0.5f - 1), square = context.px(8);
  ImGui::GetWindowDrawList()->AddRectFilled({corner.x, middle - square * 0.5f}, {corner.x + square, middle + square * 0.5f},
                                            modality_hue(context, info.name), context.px(2));
  float room = width - square - context.px(4);
  const float value_width = widgets::text_width(context.fonts.mono_small, value) + context.px(4);
  // The name matters more than the number, which the tooltip has, too.
  if (widgets::text_width(context.fonts.small, info.short_name) + value_width <= room) {
    widgets::text_right(context, context.fonts.mono_small, {corner.x + width, middle}, context.theme.secondary_text, value);
    room -= value_width;
  }
  bool is_cut = false;
  std::string name = widgets::ellipsized(context.fonts.small, info.name, room, is_cut);
  if (is_cut) name = widgets::ellipsized(context.fonts.small, info.short_name, room, is_cut);
  widgets::text(context, context.fonts.small, {corner.x + square + context.px(4), middle}, context.theme.text, name);
}

void point_at(PanelContext& context, const ShownDistribution& shown, int modality, int token) {
  if (shown.is_current) context.point_at({{modality, token}, {}, -1});
  std::string tip = cat(shown.modality(modality).name, " ", label_of(context, shown, modality, token));
  for (const MapFate fate : {MapFate::encoder, MapFate::decoder, MapFate::discarded}) {
    tip += cat("\n", name_of(fate), " ", share_with_error(shown.frequency(fate, modality, token)));
  }
  widgets::tooltip(context, tip);
}

std::string mean_label(const ShownDistribution& shown, MapFate fate, int modality) {
  const double encoder = shown.tally().mean_frequency(TallySide::encoder, modality), decoder = shown.tally().mean_frequency(TallySide::decoder, modality);
  const double mean = fate == MapFate::encoder ? encoder : fate == MapFate::decoder ? decoder : 1 - encoder - decoder;
  return cat(std::round(mean * 1000) / 10, " %");
}

}  // namespace

Estimate ShownDistribution::frequency(MapFate fate, int m, int token) const {
  if (fate == MapFate::discarded) return tally().discarded(m, token);
  return tally().frequency(fate == MapFate::encoder ? TallySide::encoder : TallySide::decoder, m, token);
}

double ShownDistribution::greatest_frequency(MapFate fate) const {
  if (fate == MapFate::discarded) return 1;
  return tally().greatest_frequency(fate == MapFate::encoder ? TallySide::encoder : TallySide::decoder);
}

ImU32 map_colour(const Theme& theme, MapFate fate) {
  return fate == MapFate::encoder ? theme.encoder : fate == MapFate::decoder ? theme.decoder : theme.secondary_text;
}

std::string token_sentence(PanelContext& context, const ShownDistribution& shown, int modality, int token) {
  const auto text = [&](MapFate fate) { return share_with_error(shown.frequency(fate, modality, token)); };
  return fill(tr("{0} {1}: encoder {2}, decoder {3}, discarded {4}"), shown.modality(modality).name, label_of(context, shown, modality, token),
              text(MapFate::encoder), text(MapFate::decoder), text(MapFate::discarded));
}

FrequencyMap ShownDistribution::map(const Theme& theme, MapFate fate, int m) const {
  static_assert(IM_COL32_R_SHIFT == 0 && IM_COL32_G_SHIFT == 8 && IM_COL32_B_SHIFT == 16, "as a FrequencyMap has its colours");
  const TallyModality& counted = tally().shape().modalities[static_cast<std::size_t>(m)];
  const TallyLayout layout = tally().shape().layout();
  FrequencyMap map;
  map.fate = fate;
  map.cells = modality(m).grid_side();
  // Every cell some texels wide, so that the filter's blur stays at its rim.
  map.zoom = std::clamp(256 / map.cells, 1, 8);
  map.num_positions = counted.num_positions;
  map.encoder_at = layout.position(TallySide::encoder, counted.first_position);
  map.decoder_at = layout.position(TallySide::decoder, counted.first_position);
  map.full = fate == MapFate::discarded ? tally().draws() : tally().greatest_count(fate == MapFate::encoder ? TallySide::encoder : TallySide::decoder);
  map.low = theme.track;  // an empty one
  map.high = map_colour(theme, fate);
  return map;
}

PictureHandle FrequencyMaps::map_of(PanelContext& context, const ShownDistribution& shown, MapFate fate, int modality) {
  Map& map = maps_[shown.modality(modality).name];
  map.is_used = true;
  if (must_make_ || !map.picture.handle()) map.picture.show(context.canvas, shown.map(context.theme, fate, modality), shown.result);
  return map.picture.handle();
}

void FrequencyMaps::draw_grid(PanelContext& context, const ShownDistribution& shown, MapFate fate, int modality, ImVec2 corner, float side) {
  draw_label(context, shown, modality, mean_label(shown, fate, modality), corner, side);
  const ImVec2 at{corner.x, corner.y + context.px(label_row)};
  const Modality& info = shown.modality(modality);
  if (shown.tally().shape().modalities[static_cast<std::size_t>(modality)].num_positions == 0) {
    ImGui::GetWindowDrawList()->AddRect(at, {at.x + side, at.y + side}, context.theme.line, context.px(3), 0, context.px(1));
    widgets::text(context, context.fonts.small, {at.x + context.px(6), at.y + context.px(12)}, context.theme.secondary_text, tr("missing"));
    return;
  }
  const TokenQuad quad{.x = at.x, .y = at.y, .width = side, .height = side, .style = TokenStyle::source, .flags = TokenFlag::has_picture};
  context.canvas.draw(*ImGui::GetWindowDrawList(), map_of(context, shown, fate, modality), {&quad, 1});
  const int cells = info.grid_side();
  const float cell = side / static_cast<float>(cells);
  const TokenIdentity token = context.view.shown().token;
  if (shown.is_current && token.modality == modality && token.origin >= 0 && token.origin < cells * cells) {
    const ImVec2 min{at.x + cell * static_cast<float>(token.origin % cells), at.y + cell * static_cast<float>(token.origin / cells)};
    ImGui::GetWindowDrawList()->AddRect({min.x - 1, min.y - 1}, {min.x + cell + 1, min.y + cell + 1}, context.theme.highlight, 0, 0, context.px(1.5f));
  }
  ImGui::SetCursorScreenPos(at);
  ImGui::PushID(modality);
  ImGui::InvisibleButton("map", {side, side});
  ImGui::PopID();
  context.log_last_item("distribution.map." + info.name);
  if (!ImGui::IsItemHovered()) return;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const int column = std::clamp(static_cast<int>((mouse.x - at.x) / cell), 0, cells - 1), row = std::clamp(static_cast<int>((mouse.y - at.y) / cell), 0, cells - 1);
  point_at(context, shown, modality, row * cells + column);
}

void FrequencyMaps::draw_bars(PanelContext& context, const ShownDistribution& shown, MapFate fate, int modality, double scale, ImVec2 corner, float width) {
  const int count = shown.tally().shape().modalities[static_cast<std::size_t>(modality)].num_positions;
  const Modality& info = shown.modality(modality);
  const std::string value = count == 0 ? std::string(tr("missing")) : fill(tr_count(count, "{0} token", "{0} tokens"), grouped(count));
  draw_label(context, shown, modality, value, corner, width);
  const ImVec2 at{corner.x, corner.y + context.px(label_row)};
  const float height = context.px(bars_height), bottom = at.y + height;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(at, {at.x + width, bottom}, mix(context.theme.panel, context.theme.track, 0.6f), context.px(3));
  if (count == 0 || width < 1) return;
  // As many bars as there are px, where tokens are more: each shows the greatest of its tokens.
  const int num_bars = std::min(count, std::max(1, static_cast<int>(width)));
  // Short texts get bars, not walls.
  const float each = std::min(width / static_cast<float>(num_bars), context.px(24)), space = each > context.px(4) ? context.px(1) : 0.0f;
  const auto first_token = [&](int bar) { return static_cast<int>(std::int64_t{bar} * count / num_bars); };
  const TokenIdentity pointed = context.view.shown().token;
  std::vector<TokenQuad> quads;
  const TokenStyle style = fate == MapFate::decoder ? TokenStyle::striped_bar : TokenStyle::bar;
  for (int bar = 0; bar < num_bars; ++bar) {
    double often = 0;
    for (int token = first_token(bar); token < first_token(bar + 1); ++token) often = std::max(often, shown.frequency(fate, modality, token).value);
    const float tall = scale > 0 ? height * static_cast<float>(std::min(often / scale, 1.0)) : 0.0f;
    const float x = at.x + each * static_cast<float>(bar);
    if (tall >= 0.5f) quads.push_back({.x = x, .y = bottom - tall, .width = std::max(each - space, 1.0f), .height = tall, .colour = map_colour(context.theme, fate), .style = style});
    const bool is_pointed = shown.is_current && pointed.modality == modality && pointed.origin >= first_token(bar) && pointed.origin < first_token(bar + 1);
    if (is_pointed) list.AddRectFilled({x, at.y}, {x + std::max(each - space, 1.0f), bottom}, with_alpha(context.theme.highlight, 0.25f));
  }
  context.canvas.draw(list, {}, quads);
  ImGui::SetCursorScreenPos(at);
  ImGui::PushID(modality);
  ImGui::InvisibleButton("bars", {std::max(each * static_cast<float>(num_bars), 1.0f), height});
  ImGui::PopID();
  context.log_last_item("distribution.map." + info.name);
  if (!ImGui::IsItemHovered()) return;
  const int bar = std::clamp(static_cast<int>((ImGui::GetIO().MousePos.x - at.x) / each), 0, num_bars - 1);
  point_at(context, shown, modality, first_token(bar));
}

float FrequencyMaps::draw(PanelContext& context, const ShownDistribution& shown, MapFate& fate, ImVec2 corner, float width, float map_side) {
  ImGui::SetCursorScreenPos(corner);
  const float segments = std::min(width, context.px(264));
  fate = static_cast<MapFate>(widgets::segments(context, "distribution.fate", {tr_later("encoder"), tr_later("decoder"), tr_later("discarded")}, static_cast<int>(fate), segments));
  const double scale = shown.greatest_frequency(fate);
  // The scale of all maps, so that they can be compared.
  const std::string most = cat(std::round(scale * 1000) / 10, " %");
  const float text = widgets::text_width(context.fonts.mono_small, most), zero = widgets::text_width(context.fonts.mono_small, "0"), ramp = context.px(40);
  if (width - segments >= text + zero + ramp + context.px(24)) {
    const float middle = corner.y + context.px(13), right = corner.x + width - text - context.px(6);
    widgets::text_right(context, context.fonts.mono_small, {corner.x + width, middle}, context.theme.secondary_text, most);
    widgets::text_right(context, context.fonts.mono_small, {right - ramp - context.px(6), middle}, context.theme.secondary_text, "0");
    const ImU32 low = context.theme.track, high = map_colour(context.theme, fate);
    ImGui::GetWindowDrawList()->AddRectFilledMultiColor({right - ramp, middle - context.px(4)}, {right, middle + context.px(4)}, low, high, high, low);
  }

  must_make_ = made_draws_ != shown.tally().draws() || made_number_ != shown.result.number || made_fate_ != fate || made_theme_ != context.theme.kind;
  made_draws_ = shown.tally().draws();
  made_number_ = shown.result.number;
  made_fate_ = fate;
  made_theme_ = context.theme.kind;
  for (auto& [name, map] : maps_) map.is_used = false;

  const float step = map_side + context.px(gap);
  const int columns = std::max(1, static_cast<int>((width + context.px(gap)) / step));
  float y = corner.y + context.px(part_caption_height);
  int place = 0;
  std::vector<int> rest;
  for (int m = 0; m < shown.scheme().num_modalities(); ++m) {
    if (!has_places(shown.modality(m))) {
      rest.push_back(m);
      continue;
    }
    if (place == columns) {
      place = 0;
      y += context.px(label_row + 6) + map_side;
    }
    draw_grid(context, shown, fate, m, {corner.x + step * static_cast<float>(place++), y}, map_side);
  }
  if (place > 0) y += context.px(label_row + 6) + map_side;
  std::erase_if(maps_, [](const auto& item) { return !item.second.is_used; });

  const int per_row = rest.size() > 1 && width >= context.px(360) ? 2 : 1;
  const float bars_width = (width - context.px(gap) * static_cast<float>(per_row - 1)) / static_cast<float>(per_row);
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const int column = static_cast<int>(i) % per_row;
    draw_bars(context, shown, fate, rest[i], scale, {corner.x + (bars_width + context.px(gap)) * static_cast<float>(column), y}, bars_width);
    if (column + 1 == per_row || i + 1 == rest.size()) y += context.px(label_row + bars_height + 6);
  }
  return y - corner.y;
}

}  // namespace maskscope
