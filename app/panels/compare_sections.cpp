#include "app/panels/compare_sections.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "app/panels/widgets.h"
#include "app/token_label.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr float card_side = 72;  // px at scale 1
constexpr std::array<Fate, num_token_fates> token_fates = {Fate::encoder, Fate::decoder, Fate::discarded};

// The flat colour of a fate in cells of a few pixels.
TokenQuad cell_of(PanelContext& context, Fate fate) {
  TokenQuad quad;
  quad.colour = fate == Fate::discarded ? context.theme.track : fate_colour(context.theme, fate);
  quad.style = fate == Fate::decoder ? TokenStyle::striped_bar : TokenStyle::bar;
  return quad;
}

// The grid at a corner; what is in cells is decided by paint(slot), false leaves the cell empty.
template <class Paint>
void draw_grid(PanelContext& context, ImVec2 corner, int columns, std::size_t count, const Paint& paint) {
  const float side = context.px(card_side), cell = side / static_cast<float>(std::max(columns, 1));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(corner, {corner.x + side, corner.y + side}, context.theme.card, context.px(3));
  std::vector<TokenQuad> quads;
  quads.reserve(count);
  for (std::size_t slot = 0; slot < count; ++slot) {
    TokenQuad quad;
    if (!paint(slot, quad)) continue;
    quad.x = corner.x + cell * static_cast<float>(static_cast<int>(slot) % columns);
    quad.y = corner.y + cell * static_cast<float>(static_cast<int>(slot) / columns);
    quad.width = quad.height = cell;
    quads.push_back(quad);
  }
  context.canvas.draw(list, {}, quads);
  list.AddRect(corner, {corner.x + side, corner.y + side}, context.theme.line, context.px(3), 0, context.px(1));
}

std::string change_words(Fate a, Fate b) {
  return a == b ? fill(tr("{0} in A and B"), tr(fate_name(a))) : fill(tr("{0} in A → {1} in B"), tr(fate_name(a)), tr(fate_name(b)));
}

// Three cards: A, B, and what changed. Under the cursor the token is pointed at, and its change told.
void draw_cards(PanelContext& context, const ModalityComparison& comparison, int columns, ImVec2 corner) {
  const float side = context.px(card_side), step = side + context.px(10);
  const auto flags_of = [&](std::size_t slot, Fate fate) { return context.token_flags({comparison.modality_b, static_cast<std::int32_t>(slot)}, fate); };
  for (int card = 0; card < 3; ++card) {
    const ImVec2 at{corner.x + step * static_cast<float>(card), corner.y};
    const std::vector<Fate>& fates = card == 0 ? comparison.fates_a : comparison.fates_b;
    draw_grid(context, at, columns, fates.size(), [&](std::size_t slot, TokenQuad& quad) {
      if (card == 2 && comparison.fates_a[slot] == comparison.fates_b[slot]) return false;
      quad = cell_of(context, fates[slot]);
      if (card == 2 && fates[slot] == Fate::discarded) quad.colour = context.theme.discarded;  // here a change, not the ground
      quad.flags = flags_of(slot, fates[slot]);
      return true;
    });
    const char* name = card == 0 ? "A" : card == 1 ? "B" : tr("changed, as in B");
    widgets::text(context, context.fonts.small, {at.x, at.y + side + context.px(8)}, context.theme.secondary_text, name);
    ImGui::SetCursorScreenPos(at);
    ImGui::PushID(card);
    ImGui::InvisibleButton(comparison.name.c_str(), {side, side});
    ImGui::PopID();
    if (card == 2) context.log_last_item("compare.changed." + comparison.name);
    if (!ImGui::IsItemHovered()) continue;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const float cell = side / static_cast<float>(columns);
    const int column = std::clamp(static_cast<int>((mouse.x - at.x) / cell), 0, columns - 1), row = std::clamp(static_cast<int>((mouse.y - at.y) / cell), 0, columns - 1);
    const auto slot = static_cast<std::size_t>(row * columns + column);
    if (slot >= comparison.fates_b.size()) continue;
    context.point_at({{comparison.modality_b, static_cast<std::int32_t>(slot)}, {}, -1});
    widgets::tooltip(context, cat(drawable(token_label(context.frame(), comparison.modality_b, static_cast<std::int32_t>(slot))), "\n", change_words(comparison.fates_a[slot], comparison.fates_b[slot])));
  }
}

// A chip per token, its upper edge in A's colour and its lower in B's; those that did not change are quiet. Returns the height.
float draw_chips(PanelContext& context, const ModalityComparison& comparison, ImVec2 corner, float width) {
  const float height = context.px(22), gap = context.px(4), pad = context.px(6), edge = context.px(3);
  float x = 0, y = 0;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (std::size_t i = 0; i < comparison.fates_b.size(); ++i) {
    const TokenIdentity token{comparison.modality_b, static_cast<std::int32_t>(i)};
    const Fate a = comparison.fates_a[i], b = comparison.fates_b[i];
    bool is_cut = false;
    const std::string label = widgets::ellipsized(context.fonts.mono_small, drawable(token_label(context.frame(), comparison.modality_b, token.origin)), std::max(width - 2 * pad, 1.0f), is_cut);
    const float chip = widgets::text_width(context.fonts.mono_small, label) + 2 * pad;
    if (x > 0 && x + chip > width) x = 0, y += height + gap;
    const ImVec2 min{corner.x + x, corner.y + y}, max{min.x + chip, min.y + height};
    if (ImGui::IsRectVisible(min, max)) {
      const bool has_changed = a != b;
      list.AddRectFilled(min, max, context.theme.card, context.px(4));
      if (has_changed) {
        list.AddRectFilled(min, {max.x, min.y + edge}, fate_colour(context.theme, a), context.px(2));
        list.AddRectFilled({min.x, max.y - edge}, max, fate_colour(context.theme, b), context.px(2));
      }
      if (context.token_flags(token, b) & (TokenFlag::is_hovered | TokenFlag::is_pinned)) list.AddRect(min, max, context.theme.highlight, context.px(4), 0, context.px(1.5f));
      widgets::text(context, context.fonts.mono_small, {min.x + pad, (min.y + max.y) * 0.5f}, has_changed ? context.theme.text : context.theme.disabled_text, label);
      if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(min, max)) {
        context.point_at({token, {}, -1});
        widgets::tooltip(context, change_words(a, b));
      }
    }
    x += chip + gap;
  }
  return y + height;
}

// Rows: fate in A; columns: fate in B. The diagonal is what stayed.
void draw_matrix(PanelContext& context, const FateMatrix& from_to, ImVec2 corner) {
  const Theme& theme = context.theme;
  const float label = context.px(62), column = context.px(49), line = context.px(17);
  widgets::text(context, context.fonts.small, {corner.x, corner.y + line * 0.5f}, theme.secondary_text, tr("A ↓  B →"));
  for (std::size_t b = 0; b < token_fates.size(); ++b) {
    bool is_cut = false;
    const std::string name = widgets::ellipsized(context.fonts.small, tr(fate_name(token_fates[b])), column - context.px(3), is_cut);
    widgets::text_right(context, context.fonts.small, {corner.x + label + column * static_cast<float>(b + 1), corner.y + line * 0.5f}, fate_text_colour(theme, token_fates[b]), name);
  }
  for (std::size_t a = 0; a < token_fates.size(); ++a) {
    const float middle = corner.y + line * (static_cast<float>(a) + 1.5f);
    widgets::text(context, context.fonts.small, {corner.x, middle}, fate_text_colour(theme, token_fates[a]), tr(fate_name(token_fates[a])));
    for (std::size_t b = 0; b < token_fates.size(); ++b) {
      const int count = from_to[a][b];
      const ImU32 colour = count == 0 ? theme.disabled_text : a == b ? theme.secondary_text : theme.text;
      widgets::text_right(context, context.fonts.mono_small, {corner.x + label + column * static_cast<float>(b + 1), middle}, colour, cat(count));
    }
  }
}

void draw_modality_name(PanelContext& context, const ModalityComparison& comparison, const std::string& facts, float width) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float middle = at.y + context.px(9), square = context.px(8);
  ImGui::GetWindowDrawList()->AddRectFilled({at.x, middle - square * 0.5f}, {at.x + square, middle + square * 0.5f}, modality_hue(context, comparison.name), context.px(2));
  const float facts_width = widgets::text_width(context.fonts.small, facts);
  bool is_cut = false;
  widgets::text(context, context.fonts.body, {at.x + square + context.px(7), middle}, context.theme.text,
                widgets::ellipsized(context.fonts.body, drawable(comparison.name), std::max(width - facts_width - square - context.px(16), context.px(20)), is_cut));
  widgets::text_right(context, context.fonts.small, {at.x + width, middle}, comparison.changed > 0 ? context.theme.text : context.theme.secondary_text, facts);
  ImGui::Dummy({std::max(width, 1.0f), context.px(20)});
}

std::string facts_of(const ModalityComparison& comparison) {
  if (comparison.modality_a < 0) return tr("only in B");
  if (comparison.modality_b < 0) return tr("only in A");
  if (!comparison.is_comparable) return comparison.fates_a.empty() && comparison.fates_b.empty() ? tr("missing in A and B") : tr("not the same tokens");
  return fill(tr("{0} of {1} tokens changed"), comparison.changed, comparison.fates_b.size());
}

void draw_modality(PanelContext& context, const ModalityComparison& comparison, const PinnedState& a, float width) {
  draw_modality_name(context, comparison, facts_of(comparison), width);
  if (!comparison.is_comparable || comparison.changed == 0) return;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const Modality& info = a.frame.scheme.modalities[static_cast<std::size_t>(comparison.modality_a)].modality;
  const float matrix = context.px(209), matrix_height = context.px(17 * 4), gap = context.px(12);
  const bool is_grid = info.kind == ModalityKind::img && info.grid_side() > 0;
  const float cards = context.px(card_side * 3 + 20);
  const bool is_beside = width >= (is_grid ? cards : context.px(180)) + gap + matrix;
  float height = 0;
  if (is_grid) {
    draw_cards(context, comparison, info.grid_side(), corner);
    height = context.px(card_side + 16);
  } else {
    height = draw_chips(context, comparison, corner, is_beside ? width - gap - matrix : width);
  }
  const ImVec2 at = is_beside ? ImVec2{corner.x + width - matrix, corner.y} : ImVec2{corner.x, corner.y + height + context.px(4)};
  draw_matrix(context, comparison.from_to, at);
  ImGui::SetCursorScreenPos({corner.x, std::max(corner.y + height, at.y + matrix_height) + context.px(8)});
  ImGui::Dummy({1, 1});
}

}  // namespace

void draw_section_title(PanelContext& context, const std::string& title, float width) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  widgets::text(context, context.fonts.small_caps, {at.x, at.y + context.px(8)}, context.theme.secondary_text, title);
  ImGui::GetWindowDrawList()->AddLine({at.x, at.y + context.px(18)}, {at.x + width, at.y + context.px(18)}, context.theme.line, context.px(1));
  ImGui::Dummy({std::max(width, 1.0f), context.px(22)});
}

void draw_setting_changes(PanelContext& context, const Comparison& comparison, float width) {
  draw_section_title(context, tr("SETTINGS: A → B"), width);
  if (comparison.settings.empty()) widgets::paragraph(context, context.fonts.body, context.theme.secondary_text, tr("No setting differs."), width);
  for (const std::string& line : comparison.settings) widgets::paragraph(context, context.fonts.body, context.theme.text, drawable(line), width);
  ImGui::Dummy({1, context.px(8)});
}

void draw_fate_changes(PanelContext& context, const Comparison& comparison, const PinnedState& a, float width) {
  draw_section_title(context, fill(tr("FATES: {0} OF {1} TOKENS CHANGED"), comparison.changed, comparison.num_tokens), width);
  for (const ModalityComparison& modality : comparison.modalities) draw_modality(context, modality, a, width);
  ImGui::Dummy({1, context.px(8)});
}

}  // namespace maskscope
