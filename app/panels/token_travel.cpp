#include "app/panels/token_travel.h"

#include <algorithm>
#include <cmath>

#include "app/panels/concat_strip.h"
#include "app/panels/step_motion.h"

namespace maskscope {
namespace {

// Where there is no card to come from, tokens sink into their place from this many of its heights above.
constexpr float heights_above = 1.5f;
// Smaller cells go without their part of the picture: nobody could make it out.
constexpr float least_picture = 6;  // px at scale 1
// How far unused tokens fall, in heights of their strip.
constexpr float heights_below = 1.6f;

float between(float from, float to, float share) { return from + (to - from) * share; }

std::uint8_t byte_of(float share) { return static_cast<std::uint8_t>(255.0f * std::clamp(share, 0.0f, 1.0f) + 0.5f); }

// A tick narrower than a px is drawn one px wide and accordingly fainter.
struct Tick {
  PlaceRect rect;
  float coverage = 1;  // 0 .. 1
};
Tick visible(PlaceRect rect) {
  const float coverage = std::min(rect.width, 1.0f);
  rect.width = std::max(rect.width, 1.0f);
  return {rect, coverage};
}

PlaceRect fallback_above(const PlaceRect& target) {
  return {target.x, target.y - heights_above * target.height, target.width, target.height};
}

// From the card the token goes across first and down later. A cell becomes the tick when it is nearly there; a chip, which is much
// wider, shrinks while it lifts off.
PlaceRect on_the_way(const PlaceRect& from, const PlaceRect& to, bool is_chip, float progress) {
  const float across = eased_out(progress), down = eased_in_out(progress), shape = is_chip ? eased_out(eased_out(progress)) : progress * progress;
  const float width = between(from.width, to.width, shape), height = between(from.height, to.height, is_chip ? progress : shape * progress);
  const float x = between(from.x + from.width * 0.5f, to.x + to.width * 0.5f, across);
  const float y = between(from.y + from.height * 0.5f, to.y + to.height * 0.5f, down);
  return {x - width * 0.5f, y - height * 0.5f, width, height};
}

TokenQuad quad_of(const PlaceRect& rect, ImU32 colour, std::uint8_t opacity) {
  return {.x = rect.x, .y = rect.y, .width = rect.width, .height = rect.height, .colour = colour, .style = TokenStyle::tile, .opacity = opacity};
}

// The part of the picture that the token's cell shows.
void take_picture(TokenQuad& quad, const GridPlace& grid, std::int32_t slot, float progress) {
  const float step = 1.0f / static_cast<float>(grid.columns), inset = step * grid.picture_inset;
  const auto row = static_cast<float>(slot / grid.columns), column = static_cast<float>(slot % grid.columns);
  quad.u0 = column * step + inset;
  quad.v0 = row * step + inset;
  quad.u1 = (column + 1) * step - inset;
  quad.v1 = (row + 1) * step - inset;
  quad.flags |= TokenFlag::has_picture;
  quad.cover = byte_of(0.25f + 1.25f * progress * progress);
}

Fate fate_of(PackedSide side, const ConcatSlot& slot) {
  if (origin::is_sentinel(slot.token.origin)) return Fate::sentinel;
  return !slot.is_used ? Fate::discarded : side == PackedSide::encoder ? Fate::encoder : Fate::decoder;
}

ImU32 hue_of(const PanelContext& context, int modality) {
  return modality_hue(context, context.frame().scheme.modalities[static_cast<std::size_t>(modality)].modality.name);
}

}  // namespace

void TokenTravel::flush(PanelContext& context, PictureHandle picture) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  num_moving_ += static_cast<int>(tiles_.size() + marked_.size());
  // Marked ones apart: all the others can then be drawn in the cheapest way.
  if (!tiles_.empty()) context.canvas.draw(list, picture, tiles_);
  if (!marked_.empty()) context.canvas.draw(list, picture, marked_);
  tiles_.clear();
  marked_.clear();
}

void TokenTravel::draw_to_row(PanelContext& context, PackedSide side, bool is_used, float share) {
  const TokenPlaces& places = *context.places;
  const ConcatRow& row = places.row(side);
  for (const ConcatBand& band : row.bands) {
    const GridPlace* grid = places.grid(band.modality);
    const bool has_picture = grid && grid->picture && grid->cell >= context.px(least_picture);
    const ImU32 hue = hue_of(context, band.modality);
    for (int slot = band.begin; slot < band.end; ++slot) {
      const ConcatSlot& entry = row.slots[static_cast<std::size_t>(slot)];
      if (entry.is_used != is_used || !entry.token.is_valid()) continue;
      const float progress = staggered(share, row_delay(slot, row.num_slots()));
      if (progress <= 0.0f || progress >= 1.0f) continue;
      const Tick to = visible(places.concatenated(side, slot));
      const auto card = places.card(entry.token, side);
      const float last = is_used ? 1.0f : unused_share * to.coverage;
      const float first = !card ? 0.0f : !is_used ? unused_share : grid ? 1.0f : 0.4f;  // a chip's label stays readable while it is left
      const float opacity = between(first, last, progress);
      TokenQuad quad = quad_of(on_the_way(card ? *card : fallback_above(to.rect), to.rect, card && !grid, progress), hue, byte_of(opacity));
      if (has_picture) take_picture(quad, *grid, entry.token.origin, progress);
      quad.flags |= context.token_flags(entry.token, fate_of(side, entry));
      (quad.flags & (TokenFlag::is_hovered | TokenFlag::is_pinned) ? marked_ : tiles_).push_back(quad);
    }
    flush(context, has_picture ? grid->picture : PictureHandle{});
  }
}

void TokenTravel::draw_to_strip(PanelContext& context, PackedSide side, float share) {
  const TokenPlaces& places = *context.places;
  const ConcatRow& row = places.row(side);
  const PlaceRect strip = places.strip(side)->rect;
  for (const ConcatBand& band : row.bands) {
    const ImU32 hue = hue_of(context, band.modality);
    for (int slot = band.begin; slot < band.end; ++slot) {
      const ConcatSlot& entry = row.slots[static_cast<std::size_t>(slot)];
      if (!entry.token.is_valid() && entry.packed_slot < 0) continue;  // padding that nobody misses
      const float progress = staggered(share, row_delay(slot, row.num_slots()));
      if (progress <= 0.0f || progress >= 1.0f) continue;
      const Tick from = visible(places.concatenated(side, slot));
      const float start = entry.is_used ? 1.0f : unused_share * from.coverage;
      PlaceRect rect = from.rect;
      ImU32 colour = hue;
      float opacity = start;
      if (entry.packed_slot >= 0) {
        const PlaceRect to = places.packed(side, entry.packed_slot);
        const float way = eased_in_out(progress);
        rect.x = between(from.rect.x, to.x, way);
        rect.width = between(from.rect.width, to.width, way);
        opacity = between(start, entry.is_used ? 1.0f : 0.5f, way);
      } else {
        // One that was meant to be used is pushed out at the end of the strip before it falls, in the colour of an error.
        const float fall = entry.is_cut() ? std::max(2.0f * progress - 1.0f, 0.0f) : progress;
        if (entry.is_cut()) {
          rect.width = std::max(rect.width, context.px(3));
          rect.x = between(rect.x, strip.x + strip.width - rect.width, eased_out(std::min(2.0f * progress, 1.0f)));
          colour = mix(hue, context.theme.error, progress);
        }
        rect.y += heights_below * strip.height * fall * fall;
        opacity *= 1.0f - fall;
      }
      TokenQuad quad = quad_of(rect, colour, byte_of(opacity));
      if (entry.token.is_valid()) quad.flags |= context.token_flags(entry.token, fate_of(side, entry));
      (quad.flags & (TokenFlag::is_hovered | TokenFlag::is_pinned) ? marked_ : tiles_).push_back(quad);
    }
  }
  flush(context, {});
}

void TokenTravel::draw(PanelContext& context) {
  num_moving_ = 0;
  if (!context.places || !context.places->is_of(context.frame())) return;
  const float to_row = share_of_step(context.view.steps, 3), to_strip = share_of_step(context.view.steps, 4);
  const bool is_to_row = to_row > 0.0f && to_row < 1.0f, is_to_strip = to_strip > 0.0f && to_strip < 1.0f;
  if (!is_to_row && !is_to_strip) return;
  if (const StripPlace* last = context.places->strip(PackedSide::decoder); last && is_to_strip) {
    // What falls is gone at the lower edge of the strips' panel.
    ImGui::PushClipRect({0, 0}, {ImGui::GetIO().DisplaySize.x, last->rect.y + last->rect.height + context.px(12)}, false);
  }
  for (const PackedSide side : {PackedSide::encoder, PackedSide::decoder}) {
    if (!context.places->strip(side)) continue;
    if (is_to_strip) draw_to_strip(context, side, to_strip);
    else draw_to_row(context, side, false, to_row);
  }
  if (is_to_strip && context.places->strip(PackedSide::decoder)) ImGui::PopClipRect();
  if (!is_to_row) return;
  for (const PackedSide side : {PackedSide::encoder, PackedSide::decoder}) {
    if (context.places->strip(side)) draw_to_row(context, side, true, to_row);  // above the unused ones
  }
}

}  // namespace maskscope
