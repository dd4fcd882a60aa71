#include "app/panels/image_card.h"

#include <algorithm>
#include <cmath>

#include "app/panels/missing_card.h"
#include "app/panels/step_motion.h"
#include "app/panels/token_places.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {

float draw_card_header(PanelContext& context, int modality, ImVec2 position, float width, const std::string& facts) {
  const Modality& info = context.frame().scheme.modalities[static_cast<std::size_t>(modality)].modality;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float middle = position.y + context.px(card_header_height) * 0.5f;
  const float inset = context.px(card_inset + 2), square = context.px(8);
  const float left = position.x + inset;
  list.AddRectFilled({left, middle - square * 0.5f}, {left + square, middle + square * 0.5f}, modality_hue(context, info.name), context.px(2));
  const float whole_room = width - 2 * inset - square - context.px(8);
  const float facts_width = widgets::text_width(context.fonts.mono_small, facts) + context.px(8);
  // The name comes first: facts that would cut it are left to the table and the tooltip.
  const bool has_facts = widgets::text_width(context.fonts.body, info.name) + facts_width <= whole_room;
  const float room = has_facts ? whole_room - facts_width : whole_room;
  bool is_cut = false;
  const std::string name = widgets::ellipsized(context.fonts.body, info.name, room, is_cut);
  widgets::text(context, context.fonts.body, {left + square + context.px(7), middle}, context.theme.text, name);
  if (has_facts) {
    widgets::text_right(context, context.fonts.mono_small, {position.x + width - inset, middle}, context.theme.secondary_text, facts);
  }
  if ((is_cut || !has_facts) && ImGui::IsMouseHoveringRect(position, {position.x + width, position.y + context.px(card_header_height)})) {
    widgets::tooltip(context, cat(info.name, " · ", facts));
  }
  return context.px(card_header_height);
}

namespace {

TokenQuad cell_of(const GridPlace& place, int slot) {
  const auto row = static_cast<float>(slot / place.columns), column = static_cast<float>(slot % place.columns);
  const float step = 1.0f / static_cast<float>(place.columns), inset = step * place.picture_inset;
  return {.x = place.corner.x + place.cell * column,
          .y = place.corner.y + place.cell * row,
          .width = place.cell,
          .height = place.cell,
          .u0 = column * step + inset,
          .v0 = row * step + inset,
          .u1 = (column + 1) * step - inset,
          .v1 = (row + 1) * step - inset,
          .flags = static_cast<std::uint8_t>((place.picture ? TokenFlag::has_picture : 0) | TokenFlag::has_grid)};
}

// The picture as it is before the content masks, then every cell in the style of its fate; in between the one fades into the other.
void draw_cells(PanelContext& context, int modality, const std::vector<Fate>& fates, const GridPlace& place) {
  const float share = share_of_step(context.view.steps, 2);
  const auto count = static_cast<int>(fates.size());
  std::vector<TokenQuad> plain, fated;
  fated.reserve(fates.size());
  for (int slot = 0; slot < count; ++slot) {
    const Fate fate = fates[static_cast<std::size_t>(slot)];
    const float shown = share < 1.0f ? staggered(share, fate_delay(fate, slot, count)) : 1.0f;
    TokenQuad cell = cell_of(place, slot);
    cell.flags |= context.token_flags({modality, slot}, fate);
    if (shown < 1.0f) {
      TokenQuad source = cell;
      source.colour = context.theme.secondary_text;
      // An encoder token keeps its picture: only the border is new.
      source.opacity = fate == Fate::encoder ? 255 : static_cast<std::uint8_t>(255.0f * (1.0f - shown));
      plain.push_back(source);
      cell.flags &= static_cast<std::uint8_t>(~(TokenFlag::is_hovered | TokenFlag::is_pinned));
    }
    if (shown <= 0.0f) continue;
    cell.colour = fate_colour(context.theme, fate);
    cell.style = fate_style(fate);
    cell.opacity = static_cast<std::uint8_t>(255.0f * shown);
    fated.push_back(cell);
  }
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (!plain.empty()) context.canvas.draw(list, place.picture, plain);
  if (!fated.empty()) context.canvas.draw(list, place.picture, fated);
}

}  // namespace

void draw_image_card(PanelContext& context, int modality, ImVec2 position, ImVec2 size) {
  const MaskedFrame& frame = context.frame();
  const Modality& info = frame.scheme.modalities[static_cast<std::size_t>(modality)].modality;
  const ModalityContent* content = frame.content(modality);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(position, {position.x + size.x, position.y + size.y}, context.theme.card, context.px(8));
  list.AddRect(position, {position.x + size.x, position.y + size.y}, context.theme.line, context.px(8), 0, context.px(1));
  context.log_widget("card." + info.name, position, {position.x + size.x, position.y + size.y});

  const int columns = std::max(info.grid_side(), 1);
  const bool is_present = frame.is_present(modality);
  const float header = draw_card_header(context, modality, position, size.x, is_present ? cat(columns, "×", columns) : std::string(tr("missing")));
  const float margin = context.px(card_inset);
  const float side = std::floor(std::min(size.x - 2 * margin, size.y - header - margin));
  if (side < static_cast<float>(columns)) return;
  const ImVec2 corner{std::round(position.x + (size.x - side) * 0.5f), std::round(position.y + header)};
  if (!is_present) {
    draw_missing(context, modality, corner, {side, side});
    return;
  }
  const float cell = side / static_cast<float>(columns);

  std::shared_ptr<const Picture> picture = content ? content->picture : nullptr;
  const bool is_over_picture = context.view.shows_ids_over_picture && content && content->overlay;
  if (is_over_picture) picture = content->overlay;
  // Cells of one colour each are sampled in their middle half, so that no filter mixes in the neighbour's colour.
  const GridPlace place{.corner = corner, .cell = cell, .columns = columns, .picture = context.pictures.handle(picture),
                        .picture_inset = picture && !content->ids.empty() && !is_over_picture ? 0.25f : 0.0f,
                        .clip = {list.GetClipRectMin().x, list.GetClipRectMin().y, list.GetClipRectMax().x, list.GetClipRectMax().y}};
  if (context.places) context.places->put_grid(modality, place);
  const std::vector<Fate> fates = fates_at_step(frame, context.view.steps, modality);
  draw_cells(context, modality, fates, place);

  ImGui::SetCursorScreenPos(corner);
  ImGui::PushID(info.name.c_str());
  ImGui::InvisibleButton("grid", {side, side});
  if (ImGui::IsItemHovered()) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const int column = std::clamp(static_cast<int>((mouse.x - corner.x) / cell), 0, columns - 1);
    const int row = std::clamp(static_cast<int>((mouse.y - corner.y) / cell), 0, columns - 1);
    const int slot = row * columns + column;
    if (slot < static_cast<int>(fates.size())) context.point_at({{modality, slot}, {}, -1});
  }
  ImGui::PopID();
}

}  // namespace maskscope
