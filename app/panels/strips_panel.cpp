#include "app/panels/strips_panel.h"

#include <algorithm>
#include <cmath>

#include "app/number_text.h"
#include "app/panels/concat_strip.h"
#include "app/panels/step_motion.h"
#include "app/panels/step_story.h"
#include "app/panels/token_places.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr float head_width = 132;  // px at scale 1, of name and numbers

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

// What has got into the strip so far.
struct Filling {
  float arriving = 1;  // of step 4 .. 5: tokens slide to the front
  float zeroing = 1;   // of step 5 .. 6: ignored slots go dark
  bool is_there(int slot, const std::vector<int>& concat_slots, int num_concat_slots) const {
    if (arriving >= 1.0f) return true;
    const int from = concat_slots[static_cast<std::size_t>(slot)];
    return from >= 0 && staggered(arriving, row_delay(from, num_concat_slots)) >= 1.0f;
  }
};

std::string note_of(const PanelContext& context, const Strip& strip, int used) {
  const float position = context.view.steps.position;
  if (!context.places) return fill(tr("{0} used · {1} ignored"), used, strip.num_slots - used);
  const ConcatRow& row = context.places->row(strip.side);
  if (position < 3.5f) return tr("no slots yet");
  if (position < 4.5f) return fill(tr("{0} of {1} used"), row.num_used, grouped(row.num_slots()));
  if (row.num_cut > 0) return fill(tr("{0} used · {1} cut off"), used, row.num_cut);
  return fill(tr("{0} used · {1} left over"), used, strip.num_slots - used);
}

void draw_head(PanelContext& context, const Strip& strip, int used, ImVec2 position, float height) {
  const float middle = position.y + height * 0.5f;
  widgets::text(context, context.fonts.strong, {position.x, middle - context.px(8)}, context.theme.text, tr(strip.name));
  bool is_cut = false;
  const std::string whole = note_of(context, strip, used);
  const std::string note = widgets::ellipsized(context.fonts.small, whole, context.px(head_width - 6), is_cut);
  widgets::text(context, context.fonts.small, {position.x, middle + context.px(8)}, context.theme.secondary_text, note);
  if (is_cut && ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(position, {position.x + context.px(head_width), position.y + height})) {
    widgets::tooltip(context, whole);
  }
}

// The labels of the modalities, and of the ignored slots.
void draw_label(PanelContext& context, const std::string& label, float begin, float end, float middle, ImU32 ground, ImU32 colour, float alpha) {
  const float width = widgets::text_width(context.fonts.small, label);
  if (width + context.px(8) > end - begin || alpha <= 0.02f) return;
  const float centre = (begin + end) * 0.5f;
  ImGui::GetWindowDrawList()->AddRectFilled({centre - width * 0.5f - context.px(4), middle - context.px(8)},
                                            {centre + width * 0.5f + context.px(4), middle + context.px(8)}, with_alpha(ground, alpha), context.px(3));
  widgets::text(context, context.fonts.small, {std::round(centre - width * 0.5f), middle}, with_alpha(colour, alpha), label);
}

// The slots that are ignored: one hatched field. Until zeroing they still hold the unused tokens that selection had to fill up
// with, each hatched in its modality's colour.
void add_ignored(PanelContext& context, const Strip& strip, const std::vector<int>& concat_slots, const Filling& filling, int used, const PlaceRect& rect,
                 float tick, std::vector<TokenQuad>& quads) {
  const Theme& theme = context.theme;
  const auto flags = static_cast<std::uint8_t>(context.view.isolated && *context.view.isolated != Fate::ignored ? TokenFlag::is_dimmed : 0);
  if (filling.zeroing < 1.0f) {
    const ConcatRow& row = context.places->row(strip.side);
    for (int slot = used; slot < strip.num_slots; ++slot) {
      if (!filling.is_there(slot, concat_slots, row.num_slots())) continue;
      const int from = concat_slots[static_cast<std::size_t>(slot)];
      const int modality = from >= 0 ? band_of(row, from).modality : -1;
      const ImU32 hue = modality >= 0 ? modality_hue(context, context.frame().scheme.modalities[static_cast<std::size_t>(modality)].modality.name) : theme.ignored;
      quads.push_back({.x = rect.x + tick * static_cast<float>(slot), .y = rect.y, .width = tick, .height = rect.height, .colour = hue, .style = TokenStyle::ignored,
                       .flags = flags, .opacity = static_cast<std::uint8_t>(255.0f * (1.0f - filling.zeroing))});
    }
  }
  if (filling.arriving < 1.0f || filling.zeroing <= 0.0f || used >= strip.num_slots) return;
  const float x = rect.x + tick * static_cast<float>(used);
  quads.push_back({.x = x + context.px(1), .y = rect.y, .width = std::max(tick * static_cast<float>(strip.num_slots - used) - context.px(1), 0.0f), .height = rect.height,
                   .colour = theme.ignored, .style = TokenStyle::ignored, .flags = flags, .opacity = static_cast<std::uint8_t>(255.0f * filling.zeroing),
                   .corner_radius = context.px(4)});
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
  draw_head(context, strip, used, position, size.y);

  const float left = position.x + context.px(head_width), width = std::max(size.x - context.px(head_width), 1.0f);
  const float tick = width / static_cast<float>(std::max(strip.capacity, 1)), middle = position.y + size.y * 0.5f;
  const auto x_of = [&](int slot) { return left + tick * static_cast<float>(slot); };
  const PlaceRect rect{left, position.y, width, size.y};
  ImGui::SetCursorScreenPos({left, position.y});
  ImGui::InvisibleButton(strip.name, {width, size.y});
  context.log_last_item(strip.side == PackedSide::encoder ? "strip.encoder" : "strip.decoder");
  const bool is_hovered = ImGui::IsItemHovered();

  Filling filling;
  std::vector<int> concat_slots;  // (N') or (M') where each slot came from
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (context.places) {
    context.places->put_strip(strip.side, {rect, strip.capacity});
    filling = {share_of_step(context.view.steps, 4), share_of_step(context.view.steps, 5)};
    list.AddRectFilled({left, rect.y}, {left + width, rect.y + rect.height}, with_alpha(theme.track, 0.45f * (1.0f - filling.zeroing)), context.px(4));
    if (context.view.steps.position < 5.0f) draw_concat_strip(context, strip.side, is_hovered);
    if (filling.arriving <= 0.0f) return;
    concat_slots = slots_by_packed(context.places->row(strip.side), strip.num_slots);
  }

  const int num_concat = context.places ? context.places->row(strip.side).num_slots() : 0;
  std::vector<TokenQuad> quads;
  quads.reserve(tokens.size());
  for (const Band& band : bands) {
    if (band.modality < 0) continue;
    const ImU32 hue = modality_hue(context, frame.scheme.modalities[static_cast<std::size_t>(band.modality)].modality.name);
    for (int slot = band.begin; slot < band.end; ++slot) {
      if (!filling.is_there(slot, concat_slots, num_concat)) continue;
      const TokenIdentity token = tokens[static_cast<std::size_t>(slot)];
      std::uint8_t flags = context.token_flags(token, fate_in_slot(strip.side, token));
      if (slot != band.begin) flags |= TokenFlag::is_flat_left;
      if (slot + 1 != band.end) flags |= TokenFlag::is_flat_right;
      quads.push_back({.x = x_of(slot), .y = position.y, .width = tick, .height = size.y, .colour = hue,
                       .style = TokenStyle::band, .flags = flags, .corner_radius = context.px(4)});
    }
  }
  add_ignored(context, strip, concat_slots, filling, used, rect, tick, quads);
  if (!quads.empty()) context.canvas.draw(list, {}, quads);
  for (const Band& band : bands) {
    if (band.modality < 0) continue;
    const Modality& info = frame.scheme.modalities[static_cast<std::size_t>(band.modality)].modality;
    const ImU32 hue = modality_hue(context, info.name);
    draw_label(context, info.short_name, x_of(band.begin), x_of(band.end), middle, hue, text_on(hue), std::clamp(filling.arriving * 4.0f - 3.0f, 0.0f, 1.0f));
  }
  const int ignored = strip.num_slots - used;
  if (ignored > 0) {
    const bool is_zeroed = filling.zeroing > 0.5f;
    draw_label(context, is_zeroed ? fill(tr("{0} ignored"), ignored) : fill(tr("{0} unused"), ignored), x_of(used) + context.px(2), x_of(strip.num_slots), middle, theme.panel,
               theme.secondary_text, std::clamp(filling.arriving * 4.0f - 3.0f, 0.0f, 1.0f));
  }
  if (filling.arriving < 1.0f) return;
  const Pointed& shown = context.view.shown();
  if (shown.ignored_slot >= 0 && shown.side == strip.side && shown.ignored_slot < strip.num_slots) {
    list.AddRect({x_of(shown.ignored_slot), position.y}, {x_of(shown.ignored_slot + 1), position.y + size.y}, theme.highlight, context.px(2), 0, context.px(2));
  }
  if (is_hovered && strip.num_slots > 0) {
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
    if (context.places && !context.places->is_of(frame)) context.places->begin_frame(frame);
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    const float gap = context.px(8), height = (ImGui::GetContentRegionAvail().y - gap) * 0.5f;
    const float width = ImGui::GetContentRegionAvail().x;
    draw_strip(context, {tr_later("ENCODER"), PackedSide::encoder, frame.batch.encoder_slots, frame.scheme.encoder_slots}, corner, {width, height});
    draw_strip(context, {tr_later("DECODER"), PackedSide::decoder, frame.batch.decoder_slots, frame.scheme.decoder_slots},
               {corner.x, corner.y + height + gap}, {width, height});
  }
  widgets::end_panel();
}

}  // namespace maskscope
