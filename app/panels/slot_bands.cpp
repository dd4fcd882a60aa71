#include "app/panels/slot_bands.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "app/panels/widgets.h"

namespace maskscope {
namespace {

struct Band {
  int modality = -1;  // -1: ignored slots
  int begin = 0, end = 0;
};

std::vector<Band> bands_of(const SlotAxis& axis) {
  std::vector<Band> bands;
  for (int slot = 0; slot < axis.num_slots(); ++slot) {
    const AxisSlot& entry = axis.slots[static_cast<std::size_t>(slot)];
    const int modality = entry.is_ignored ? -1 : entry.modality;
    if (bands.empty() || bands.back().modality != modality) bands.push_back({modality, slot, slot});
    bands.back().end = slot + 1;
  }
  return bands;
}

// Along one axis: place(slot) is its lower edge in px, seen_low .. seen_high what is seen.
template <class Place, class Rectangle>
void draw_bands(PanelContext& context, const SlotAxis& axis, bool is_vertical, float seen_low, float seen_high, Place place, Rectangle rectangle) {
  const MaskedFrame& frame = context.frame();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  std::vector<TokenQuad> quads;
  struct Name {
    ImVec2 min, max;
    ImU32 colour;
    const char* text;
  };
  std::vector<Name> names;
  for (const Band& band : bands_of(axis)) {
    const float low = std::max(place(band.begin), seen_low), high = std::min(place(band.end), seen_high);
    if (high <= low) continue;
    const ImVec4 box = rectangle(low, high);
    TokenQuad quad{.x = box.x, .y = box.y, .width = box.z - box.x, .height = box.w - box.y};
    const bool is_ignored = band.modality < 0;
    const Modality* info = is_ignored ? nullptr : &frame.scheme.modalities[static_cast<std::size_t>(band.modality)].modality;
    quad.colour = is_ignored ? context.theme.ignored : modality_hue(context, info->name);
    quad.style = is_ignored ? TokenStyle::ignored : TokenStyle::bar;
    quads.push_back(quad);
    if (!is_ignored) names.push_back({{box.x, box.y}, {box.z, box.w}, text_on(quad.colour), info->short_name.c_str()});
  }
  context.canvas.draw(list, {}, quads);
  ImFont* const font = context.fonts.small;
  for (const Name& name : names) {
    const float width = widgets::text_width(font, name.text), height = font->FontSize;
    const float along = is_vertical ? name.max.y - name.min.y : name.max.x - name.min.x;
    const float across = is_vertical ? name.max.x - name.min.x : name.max.y - name.min.y;
    const ImVec2 middle{(name.min.x + name.max.x) * 0.5f, (name.min.y + name.max.y) * 0.5f};
    const float needed = is_vertical ? height - context.px(1) : width + context.px(4), crossing = is_vertical ? width : height;
    if (needed <= along && crossing <= across) widgets::text(context, font, {middle.x - width * 0.5f, middle.y}, name.colour, name.text);
    if (along > context.px(2)) {
      // A seam between neighbours, also where two modalities have hues alike.
      if (is_vertical) list.AddLine({name.min.x, name.max.y - 0.5f}, {name.max.x, name.max.y - 0.5f}, context.theme.panel);
      else list.AddLine({name.max.x - 0.5f, name.min.y}, {name.max.x - 0.5f, name.max.y}, context.theme.panel);
    }
  }
}

}  // namespace

void draw_row_bands(PanelContext& context, const MatrixView& matrix, const SlotAxis& axis, float thickness) {
  const float right = matrix.seen_min().x - context.px(4);
  draw_bands(context, axis, true, matrix.seen_min().y, matrix.seen_max().y, [&](int slot) { return matrix.y_of(static_cast<float>(slot)); },
             [&](float low, float high) { return ImVec4(right - thickness, low, right, high); });
}

void draw_column_bands(PanelContext& context, const MatrixView& matrix, const SlotAxis& axis, float thickness) {
  const float bottom = matrix.seen_min().y - context.px(4);
  draw_bands(context, axis, false, matrix.seen_min().x, matrix.seen_max().x, [&](int slot) { return matrix.x_of(static_cast<float>(slot)); },
             [&](float low, float high) { return ImVec4(low, bottom - thickness, high, bottom); });
}

Pointed pointed_at(const SlotAxis& axis, int slot) {
  const AxisSlot& entry = axis.slots[static_cast<std::size_t>(slot)];
  if (entry.token.is_valid()) return {entry.token, {}, -1};
  return {{}, axis.is_encoder ? PackedSide::encoder : PackedSide::decoder, slot};
}

int slot_of(const SlotAxis& axis, const Pointed& pointed) {
  if (pointed.token.is_valid()) return axis.find(pointed.token);
  const PackedSide side = axis.is_encoder ? PackedSide::encoder : PackedSide::decoder;
  return pointed.ignored_slot >= 0 && pointed.side == side && pointed.ignored_slot < axis.num_slots() ? pointed.ignored_slot : -1;
}

void text_upwards(ImFont* font, ImVec2 bottom_middle, ImU32 colour, std::string_view text) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  // Written level first, at the upper left of what is seen so that no character is left out, then turned.
  const ImVec2 corner{list.GetClipRectMin().x, list.GetClipRectMin().y};
  const int first = list.VtxBuffer.Size;
  list.AddText(font, font->FontSize, corner, colour, text.data(), text.data() + text.size());
  const ImVec2 to{std::round(bottom_middle.x - font->FontSize * 0.5f), std::round(bottom_middle.y)};
  for (int i = first; i < list.VtxBuffer.Size; ++i) {
    const ImVec2 from = list.VtxBuffer[i].pos;
    list.VtxBuffer[i].pos = {to.x + (from.y - corner.y), to.y - (from.x - corner.x)};
  }
}

}  // namespace maskscope
