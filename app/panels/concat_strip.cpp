#include "app/panels/concat_strip.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "app/panels/step_motion.h"
#include "app/panels/widgets.h"

namespace maskscope {
namespace {

// Padding of a text's tensor, and what tokens have left behind.
constexpr float ground_share = 0.12f;

std::uint8_t opacity_of(float share) { return static_cast<std::uint8_t>(std::lround(255.0f * std::clamp(share, 0.0f, 1.0f))); }

// Which slots stand in the row: those that have arrived (3 .. 4), those that have not left (4 .. 5).
class Standing {
 public:
  Standing(const StepView& steps, int num_slots) : arriving_(share_of_step(steps, 3)), leaving_(share_of_step(steps, 4)), num_slots_(num_slots) {}
  bool is_here(int slot) const {
    if (arriving_ >= 1.0f && leaving_ <= 0.0f) return true;
    const float delay = row_delay(slot, num_slots_);
    return leaving_ > 0.0f ? staggered(leaving_, delay) <= 0.0f : staggered(arriving_, delay) >= 1.0f;
  }
  // Of the modality's ground, 0 .. 1.
  float ground(const ConcatBand& band) const {
    if (leaving_ > 0.0f) return 1.0f - eased_out(leaving_);
    return eased_out(staggered(arriving_, row_delay((band.begin + band.end) / 2, num_slots_)));
  }

 private:
  float arriving_, leaving_;
  int num_slots_;
};

// The used slots of a band. Where a slot is narrower than a few px, those of one px are drawn as one, as bright as it is full: no
// used slot is lost, and the many quads of a long row become a few.
void add_used(PanelContext& context, const ConcatRow& row, const ConcatBand& band, const Standing& standing, const PlaceRect& strip, ImU32 hue,
              std::vector<TokenQuad>& quads) {
  const float tick = strip.width / static_cast<float>(std::max(row.num_slots(), 1));
  const bool has_ticks = tick >= context.px(3);
  float run_begin = 0, run_end = -1, share = 0;
  const auto finish = [&] {
    if (run_end > run_begin) {
      quads.push_back({.x = run_begin, .y = strip.y, .width = run_end - run_begin, .height = strip.height, .colour = hue, .style = TokenStyle::tile,
                       .opacity = opacity_of(0.65f + 0.35f * share)});
    }
  };
  for (int slot = band.begin; slot < band.end; ++slot) {
    if (!row.slots[static_cast<std::size_t>(slot)].is_used || !standing.is_here(slot)) continue;
    const float x = strip.x + tick * static_cast<float>(slot);
    if (has_ticks) {
      quads.push_back({.x = x, .y = strip.y, .width = tick, .height = strip.height, .colour = hue, .style = TokenStyle::band});
      continue;
    }
    const float begin = std::floor(x), end = std::max(std::floor(x + tick), begin + 1.0f);
    if (begin < run_end) {  // in the same px
      run_end = std::max(run_end, end);
      share = std::min(share + tick, 1.0f);
      continue;
    }
    finish();
    run_begin = begin, run_end = end, share = std::min(tick, 1.0f);
  }
  finish();
}

// Tokens that are not used: runs of neighbours are one quad.
void add_unused(const ConcatRow& row, const ConcatBand& band, const Standing& standing, const PlaceRect& strip, ImU32 hue, std::vector<TokenQuad>& quads) {
  const float tick = strip.width / static_cast<float>(std::max(row.num_slots(), 1));
  for (int begin = band.begin, end = 0; begin < band.end; begin = end) {
    const auto is_there = [&](int slot) { return row.slots[static_cast<std::size_t>(slot)].token.is_valid() && standing.is_here(slot); };
    for (end = begin + 1; end < band.end && is_there(end) == is_there(begin); ++end) {}
    if (!is_there(begin)) continue;
    quads.push_back({.x = strip.x + tick * static_cast<float>(begin), .y = strip.y, .width = tick * static_cast<float>(end - begin), .height = strip.height,
                     .colour = hue, .style = TokenStyle::tile, .opacity = opacity_of(unused_share - ground_share)});
  }
}

void draw_label(PanelContext& context, const std::string& label, const PlaceRect& strip, float begin, float end, ImU32 hue, float alpha) {
  const float width = widgets::text_width(context.fonts.small, label);
  if (width + context.px(12) > end - begin || alpha <= 0.02f) return;
  const float centre = (begin + end) * 0.5f, middle = strip.y + strip.height * 0.5f;
  ImGui::GetWindowDrawList()->AddRectFilled({centre - width * 0.5f - context.px(4), middle - context.px(8)},
                                            {centre + width * 0.5f + context.px(4), middle + context.px(8)}, with_alpha(hue, alpha), context.px(3));
  widgets::text(context, context.fonts.small, {std::round(centre - width * 0.5f), middle}, with_alpha(text_on(hue), alpha), label);
}

// The slot under the cursor; of slots narrower than the cursor is exact, the nearest used one.
int slot_under_cursor(const PanelContext& context, const ConcatRow& row, const PlaceRect& strip) {
  const float tick = strip.width / static_cast<float>(std::max(row.num_slots(), 1));
  const int slot = static_cast<int>(std::floor((ImGui::GetIO().MousePos.x - strip.x) / tick));
  if (slot < 0 || slot >= row.num_slots()) return -1;
  const int reach = static_cast<int>(context.px(2) / tick);
  for (int distance = 0; distance <= reach; ++distance) {
    for (const int candidate : {slot - distance, slot + distance}) {
      if (candidate >= 0 && candidate < row.num_slots() && row.slots[static_cast<std::size_t>(candidate)].is_used) return candidate;
    }
  }
  return slot;
}

// The marked tokens stand out of the row, and are wide enough to be seen.
void add_marked(PanelContext& context, const ConcatRow& row, const Standing& standing, const PlaceRect& strip, std::vector<TokenQuad>& quads) {
  const float tick = strip.width / static_cast<float>(std::max(row.num_slots(), 1)), width = std::max(tick, context.px(3));
  for (int slot = 0; slot < row.num_slots(); ++slot) {
    const TokenIdentity token = row.slots[static_cast<std::size_t>(slot)].token;
    if (!token.is_valid() || (token != context.view.hovered.token && token != context.view.pinned.token) || !standing.is_here(slot)) continue;
    const std::string& name = context.frame().scheme.modalities[static_cast<std::size_t>(token.modality)].modality.name;
    const float x = strip.x + tick * (static_cast<float>(slot) + 0.5f) - width * 0.5f;
    quads.push_back({.x = std::round(x), .y = strip.y, .width = width, .height = strip.height, .colour = modality_hue(context, name), .style = TokenStyle::bar,
                     .flags = static_cast<std::uint8_t>(token == context.view.pinned.token ? TokenFlag::is_pinned : TokenFlag::is_hovered)});
  }
}

}  // namespace

void draw_concat_strip(PanelContext& context, PackedSide side, bool is_hovered) {
  const ConcatRow& row = context.places->row(side);
  const PlaceRect strip = context.places->strip(side)->rect;
  const Standing standing(context.view.steps, row.num_slots());
  const float tick = strip.width / static_cast<float>(std::max(row.num_slots(), 1));
  std::vector<TokenQuad> quads;
  const Scheme& scheme = context.frame().scheme;
  const auto name_of = [&](const ConcatBand& band) -> const Modality& { return scheme.modalities[static_cast<std::size_t>(band.modality)].modality; };
  for (const ConcatBand& band : row.bands) {
    const ImU32 hue = modality_hue(context, name_of(band).name);
    // A px of ground between two modalities keeps them apart.
    const float begin = strip.x + tick * static_cast<float>(band.begin), end = strip.x + tick * static_cast<float>(band.end);
    quads.push_back({.x = begin, .y = strip.y, .width = std::max(end - begin - context.px(1), 1.0f), .height = strip.height, .colour = hue, .style = TokenStyle::tile,
                     .opacity = opacity_of(ground_share * standing.ground(band))});
    add_unused(row, band, standing, strip, hue, quads);
    add_used(context, row, band, standing, strip, hue, quads);
  }
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const bool is_dimmed = context.view.isolated && *context.view.isolated != (side == PackedSide::encoder ? Fate::encoder : Fate::decoder);
  if (is_dimmed) {
    for (TokenQuad& quad : quads) quad.flags |= TokenFlag::is_dimmed;
  }
  context.canvas.draw(list, {}, quads);
  const float leaving = share_of_step(context.view.steps, 4);
  for (const ConcatBand& band : row.bands) {
    const float begin = strip.x + tick * static_cast<float>(band.begin), end = strip.x + tick * static_cast<float>(band.end);
    draw_label(context, name_of(band).short_name, strip, begin, end, modality_hue(context, name_of(band).name),
               standing.ground(band) * std::clamp(1.0f - 4.0f * leaving, 0.0f, 1.0f));
  }
  std::vector<TokenQuad> marked;
  add_marked(context, row, standing, strip, marked);
  if (!marked.empty()) context.canvas.draw(list, {}, marked);
  if (!is_hovered) return;
  const int slot = slot_under_cursor(context, row, strip);
  if (slot >= 0 && standing.is_here(slot) && row.slots[static_cast<std::size_t>(slot)].token.is_valid()) context.point_at({row.slots[static_cast<std::size_t>(slot)].token, {}, -1});
}

}  // namespace maskscope
