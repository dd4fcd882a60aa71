#include "app/panels/strips_panel.h"

#include <algorithm>
#include <cmath>

#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

struct Strip {
  const char* name;
  PackedSide side;
  int num_slots;  // kept after selection
  int capacity;   // N or M of the scheme
};

struct Band {
  int modality = -1;  // -1: ignored slots
  int begin = 0, end = 0;
};

TokenIdentity token_in_slot(const MaskedFrame& frame, PackedSide side, int slot) {
  return side == PackedSide::encoder ? token_in_encoder_slot(frame.masks(), slot) : token_in_decoder_slot(frame.masks(), slot);
}

Fate fate_in_slot(PackedSide side, TokenIdentity token) {
  if (!token.is_valid()) return Fate::ignored;
  if (origin::is_sentinel(token.origin)) return Fate::sentinel;
  return side == PackedSide::encoder ? Fate::encoder : Fate::decoder;
}

void draw_strip(PanelContext& context, const Strip& strip, ImVec2 position, ImVec2 size) {
  const MaskedFrame& frame = context.frame();
  const Theme& theme = context.theme;
  std::vector<TokenIdentity> tokens(static_cast<std::size_t>(strip.num_slots));
  std::vector<Band> bands;
  int used = 0;
  for (int slot = 0; slot < strip.num_slots; ++slot) {
    const TokenIdentity token = tokens[static_cast<std::size_t>(slot)] = token_in_slot(frame, strip.side, slot);
    used += token.is_valid();
    const int modality = token.is_valid() ? token.modality : -1;
    if (bands.empty() || bands.back().modality != modality) bands.push_back({modality, slot, slot});
    bands.back().end = slot + 1;
  }

  const float middle = position.y + size.y * 0.5f;
  widgets::text(context, context.fonts.strong, {position.x, middle - context.px(8)}, theme.text, strip.name);
  widgets::text(context, context.fonts.small, {position.x, middle + context.px(8)}, theme.secondary_text,
                cat(used, " used · ", strip.num_slots - used, " ignored"));

  const float left = position.x + context.px(132), width = std::max(size.x - context.px(132), 1.0f);
  const float tick = width / static_cast<float>(std::max(strip.capacity, 1));
  const auto x_of = [&](int slot) { return left + tick * static_cast<float>(slot); };
  std::vector<TokenQuad> quads;
  quads.reserve(tokens.size());
  for (const Band& band : bands) {
    if (band.modality < 0) {
      // One hatched field for the whole ignored tail, and an unseen outline for the slot that is pointed at.
      const bool is_dimmed = context.view.isolated && *context.view.isolated != Fate::ignored;
      quads.push_back({.x = x_of(band.begin) + context.px(1), .y = position.y, .width = std::max(tick * static_cast<float>(band.end - band.begin) - context.px(1), 0.0f), .height = size.y,
                       .colour = theme.ignored, .style = TokenStyle::ignored,
                       .flags = static_cast<std::uint8_t>(is_dimmed ? TokenFlag::is_dimmed : 0), .corner_radius = context.px(4)});
      continue;
    }
    const std::string& name = frame.scheme.modalities[static_cast<std::size_t>(band.modality)].modality.name;
    const ImU32 hue = modality_hue(context, name);
    for (int slot = band.begin; slot < band.end; ++slot) {
      const TokenIdentity token = tokens[static_cast<std::size_t>(slot)];
      std::uint8_t flags = context.token_flags(token, fate_in_slot(strip.side, token));
      if (slot != band.begin) flags |= TokenFlag::is_flat_left;
      if (slot + 1 != band.end) flags |= TokenFlag::is_flat_right;
      quads.push_back({.x = x_of(slot), .y = position.y, .width = tick, .height = size.y, .colour = hue,
                       .style = TokenStyle::band, .flags = flags, .corner_radius = context.px(4)});
    }
  }
  ImDrawList& list = *ImGui::GetWindowDrawList();
  context.canvas.draw(list, {}, quads);
  for (const Band& band : bands) {
    if (band.modality < 0) continue;
    const Modality& info = frame.scheme.modalities[static_cast<std::size_t>(band.modality)].modality;
    const float band_width = x_of(band.end) - x_of(band.begin);
    const float label_width = widgets::text_width(context.fonts.small, info.short_name);
    if (label_width + context.px(8) > band_width) continue;
    const ImU32 hue = modality_hue(context, info.name);
    const float centre = (x_of(band.begin) + x_of(band.end)) * 0.5f;
    const ImVec2 min{centre - label_width * 0.5f - context.px(4), middle - context.px(8)};
    list.AddRectFilled(min, {centre + label_width * 0.5f + context.px(4), middle + context.px(8)}, hue, context.px(3));
    widgets::text(context, context.fonts.small, {std::round(centre - label_width * 0.5f), middle}, text_on(hue), info.short_name);
  }
  if (used < strip.capacity) {
    const int ignored = strip.num_slots - used;
    const std::string label = cat(ignored, " ignored");
    const float label_width = widgets::text_width(context.fonts.small, label);
    if (ignored > 0 && label_width + context.px(10) < tick * static_cast<float>(ignored)) {
      const float centre = x_of(used) + tick * static_cast<float>(ignored) * 0.5f;
      list.AddRectFilled({centre - label_width * 0.5f - context.px(5), middle - context.px(9)},
                         {centre + label_width * 0.5f + context.px(5), middle + context.px(9)}, theme.panel, context.px(3));
      widgets::text(context, context.fonts.small, {std::round(centre - label_width * 0.5f), middle}, theme.secondary_text, label);
    }
  }
  const Pointed& shown = context.view.shown();
  if (shown.ignored_slot >= 0 && shown.side == strip.side && shown.ignored_slot < strip.num_slots) {
    list.AddRect({x_of(shown.ignored_slot), position.y}, {x_of(shown.ignored_slot + 1), position.y + size.y}, theme.highlight, context.px(2), 0, context.px(2));
  }

  ImGui::SetCursorScreenPos({left, position.y});
  ImGui::InvisibleButton(strip.name, {width, size.y});
  context.log_last_item(strip.side == PackedSide::encoder ? "strip.encoder" : "strip.decoder");
  if (ImGui::IsItemHovered() && strip.num_slots > 0) {
    const int slot = static_cast<int>((ImGui::GetIO().MousePos.x - left) / tick);
    if (slot >= 0 && slot < strip.num_slots) {
      const TokenIdentity token = tokens[static_cast<std::size_t>(slot)];
      context.point_at(token.is_valid() ? Pointed{token, {}, -1} : Pointed{{}, strip.side, slot});
    }
  }
}

}  // namespace

void draw_strips(PanelContext& context, ImVec2 position, ImVec2 size) {
  if (widgets::begin_panel(context, "strips", position, size)) {
    const MaskedFrame& frame = context.frame();
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    const float gap = context.px(8), height = (ImGui::GetContentRegionAvail().y - gap) * 0.5f;
    const float width = ImGui::GetContentRegionAvail().x;
    draw_strip(context, {"ENCODER", PackedSide::encoder, frame.batch.encoder_slots, frame.scheme.encoder_slots}, corner, {width, height});
    draw_strip(context, {"DECODER", PackedSide::decoder, frame.batch.decoder_slots, frame.scheme.decoder_slots},
               {corner.x, corner.y + height + gap}, {width, height});
  }
  widgets::end_panel();
}

}  // namespace maskscope
