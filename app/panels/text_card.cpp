#include "app/panels/text_card.h"

#include <algorithm>
#include <cmath>

#include "app/imgui_compat.h"
#include "app/panels/image_card.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

struct Chip {
  std::string label;
  std::int32_t origin = 0;
  Fate fate = Fate::discarded;      // decides the style
  float x = 0, y = 0, width = 0;    // px from the corner of the rows
};

struct Row {
  const char* name = "";
  ImU32 name_colour = 0;
  std::vector<Chip> chips;
};

constexpr float chip_height = 22, chip_gap = 5, line_gap = 5, row_gap = 9, name_width = 46;

// Fate of a chip in the rows "in" and "out": sentinels and [EOS] have a style of their own.
Fate chip_fate(std::int32_t origin, std::int32_t eos_position, Fate side) {
  if (origin::is_sentinel(origin)) return Fate::sentinel;
  if (origin == eos_position) return Fate::end_of_text;
  return side;
}

struct TextRows {
  std::vector<Row> rows;
  int num_discarded = 0;
  int num_tokens = 0;
};

TextRows make_rows(PanelContext& context, int modality) {
  const MaskedFrame& frame = context.frame();
  const SampleMasks masks = frame.masks();
  const SchemeModality& entry = frame.scheme.modalities[static_cast<std::size_t>(modality)];
  const ModalityContent* content = frame.inputs->find(entry.modality.name);
  TextRows result;
  if (!content || !content->tokens) return result;
  const std::vector<Fate> fates = source_fates(masks, modality);
  result.num_tokens = static_cast<int>(fates.size());
  result.num_discarded = static_cast<int>(std::count(fates.begin(), fates.end(), Fate::discarded));
  const auto text_tokens = content->tokens->pieces.size();
  const std::int32_t eos_position = text_tokens < fates.size() ? static_cast<std::int32_t>(text_tokens) : -1;
  const auto label_of = [&](std::int32_t origin) -> std::string {
    if (origin::is_sentinel(origin)) return cat("[S_", origin::sentinel_number(origin), "]");
    if (origin == eos_position) return "[EOS]";
    return drawable(content->tokens->pieces[static_cast<std::size_t>(origin)]);
  };

  if (result.num_discarded > 0) {
    Row row{"text", context.theme.secondary_text, {}};
    for (std::size_t i = 0; i < fates.size(); ++i) {
      const auto origin = static_cast<std::int32_t>(i);
      row.chips.push_back({label_of(origin), origin, fates[i] == Fate::discarded ? Fate::discarded : chip_fate(origin, eos_position, fates[i])});
    }
    result.rows.push_back(std::move(row));
  }
  Row in{"in", context.theme.encoder_text, {}}, out{"out", context.theme.decoder_text, {}};
  for (int slot = 0; slot < entry.modality.num_slots(); ++slot) {
    const std::int32_t origin = masks.slot_value(frame.batch.slot_origin, modality, slot);
    if (origin == origin::padding) continue;
    if (!masks.slot_value(frame.batch.input_mask, modality, slot)) {
      in.chips.push_back({label_of(origin), origin, chip_fate(origin, eos_position, Fate::encoder)});
    }
    if (!masks.slot_value(frame.batch.target_mask, modality, slot)) {
      out.chips.push_back({label_of(origin), origin, chip_fate(origin, eos_position, Fate::decoder)});
    }
  }
  result.rows.push_back(std::move(in));
  result.rows.push_back(std::move(out));
  return result;
}

// Breaks the chips into lines; returns the height of all rows.
float arrange(PanelContext& context, std::vector<Row>& rows, float width) {
  const float left = context.px(name_width);
  float y = 0;
  for (Row& row : rows) {
    float x = left;
    for (Chip& chip : row.chips) {
      chip.width = std::min(widgets::text_width(context.fonts.mono_small, chip.label) + context.px(12), width - left);
      if (x > left && x + chip.width > width) {
        x = left;
        y += context.px(chip_height + line_gap);
      }
      chip.x = x;
      chip.y = y;
      x += chip.width + context.px(chip_gap);
    }
    y += context.px(chip_height + row_gap);
  }
  return y;
}

std::string row_note(const PanelContext& context, int modality, bool is_input) {
  const MaskedFrame& frame = context.frame();
  const SchemeModality& entry = frame.scheme.modalities[static_cast<std::size_t>(modality)];
  if (is_input) return entry.reaches_encoder() ? "nothing: budget 0" : "not an input of this scheme";
  return entry.reaches_decoder() ? "nothing: budget 0" : "not a target of this scheme";
}

ImU32 chip_text_colour(const Theme& theme, const Chip& chip) {
  switch (chip.fate) {
    case Fate::discarded: return theme.secondary_text;
    default: return theme.text;
  }
}

void draw_rows(PanelContext& context, int modality, const std::vector<Row>& rows, ImVec2 corner, float width) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  std::vector<TokenQuad> quads;
  const float height = context.px(chip_height);
  for (const Row& row : rows) {
    for (const Chip& chip : row.chips) {
      quads.push_back({.x = corner.x + chip.x,
                       .y = corner.y + chip.y,
                       .width = chip.width,
                       .height = height,
                       .colour = fate_colour(context.theme, chip.fate),
                       .style = fate_style(chip.fate),
                       .flags = context.token_flags({modality, chip.origin}, chip.fate),
                       .corner_radius = context.px(5)});
    }
  }
  context.canvas.draw(list, {}, quads);

  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const bool is_mouse_here = ImGui::IsWindowHovered();
  ImFont* font = context.fonts.mono_small;
  float y = 0;
  for (const Row& row : rows) {
    if (!row.chips.empty()) y = row.chips.front().y;
    widgets::text(context, context.fonts.small, {corner.x, corner.y + y + height * 0.5f}, row.name_colour, row.name);
    if (row.chips.empty()) {
      const bool is_input = std::string_view(row.name) == "in";
      widgets::text(context, context.fonts.small, {corner.x + context.px(name_width), corner.y + y + height * 0.5f},
                    context.theme.secondary_text, row_note(context, modality, is_input));
    } else {
      y = row.chips.back().y;
    }
    for (const Chip& chip : row.chips) {
      const ImVec2 min{corner.x + chip.x, corner.y + chip.y}, max{min.x + chip.width, min.y + height};
      if (!ImGui::IsRectVisible(min, max)) continue;
      const bool is_dimmed = context.view.isolated && *context.view.isolated != chip.fate;
      const ImU32 colour = with_alpha(chip_text_colour(context.theme, chip), is_dimmed ? 0.25f : 1.0f);
      bool is_cut = false;
      const std::string label = widgets::ellipsized(font, chip.label, chip.width - context.px(10), is_cut);
      const float label_width = widgets::text_width(font, label);
      const float middle = (min.y + max.y) * 0.5f, x = std::round((min.x + max.x - label_width) * 0.5f);
      widgets::text(context, font, {x, middle}, colour, label);
      if (chip.fate == Fate::discarded) list.AddLine({x, middle + context.px(1)}, {x + label_width, middle + context.px(1)}, colour, context.px(1));
      if (is_mouse_here && mouse.x >= min.x && mouse.x < max.x && mouse.y >= min.y && mouse.y < max.y) {
        context.point_at({{modality, chip.origin}, {}, -1});
      }
    }
    y += context.px(chip_height + row_gap);
  }
  ImGui::SetCursorScreenPos(corner);
  ImGui::Dummy({width, y});
}

std::string facts_of(const PanelContext& context, int modality, const TextRows& rows) {
  const MaskedFrame& frame = context.frame();
  const auto m = static_cast<std::size_t>(modality);
  if (frame.batch.num_attempts[m] == 0 || frame.batch.input_budget[m] == 0) return cat(rows.num_tokens, " tokens");
  char keep[16];
  std::snprintf(keep, sizeof keep, "%.2f", frame.batch.keep_probability[m]);
  return cat(rows.num_tokens, " tokens · keep ", keep);
}

}  // namespace

float wanted_text_card_height(PanelContext& context, int modality, float width) {
  TextRows rows = make_rows(context, modality);
  return context.px(card_header_height) + arrange(context, rows.rows, width - context.px(4 * card_inset)) + context.px(card_inset + 18);
}

void draw_text_card(PanelContext& context, int modality, ImVec2 position, ImVec2 size) {
  const MaskedFrame& frame = context.frame();
  const SchemeModality& entry = frame.scheme.modalities[static_cast<std::size_t>(modality)];
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 end{position.x + size.x, position.y + size.y};
  list.AddRectFilled(position, end, context.theme.card, context.px(8));
  list.AddRect(position, end, context.theme.line, context.px(8), 0, context.px(1));
  context.log_widget("card." + entry.modality.name, position, end);

  TextRows rows = make_rows(context, modality);
  const bool is_caption = entry.modality.name == "caption";
  const float edit_width = is_caption ? widgets::text_width(context.fonts.small, "edit") + context.px(14) : 0.0f;
  const float header = draw_card_header(context, modality, position, size.x - edit_width, facts_of(context, modality, rows));
  ImGui::PushID(entry.modality.name.c_str());
  if (is_caption) {
    ImGui::SetCursorScreenPos({end.x - edit_width - context.px(card_inset - 2), position.y + context.px(6)});
    if (ImGui::InvisibleButton("edit", {edit_width, context.px(22)})) context.view.is_text_editor_wanted = true;
    const bool is_hot = ImGui::IsItemHovered() || ImGui::IsItemFocused();
    const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
    widgets::text_right(context, context.fonts.small, {max.x - context.px(4), (min.y + max.y) * 0.5f},
                        is_hot ? context.theme.text : context.theme.accent, "edit");
    context.log_last_item("caption.edit");
  }
  const float inset = context.px(card_inset + 2);
  ImGui::SetCursorScreenPos({position.x + inset, position.y + header});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
  ImGui::BeginChild("rows", {std::max(size.x - 2 * inset, 1.0f), std::max(size.y - header - context.px(4), 1.0f)}, false);
  const float width = std::max(ImGui::GetContentRegionAvail().x - context.px(4), context.px(name_width + 20));
  arrange(context, rows.rows, width);
  draw_rows(context, modality, rows.rows, ImGui::GetCursorScreenPos(), width);
  if (rows.num_discarded > 0) {
    const auto m = static_cast<std::size_t>(modality);
    const std::string cut = cat("target cut at budget ", frame.batch.target_budget[m], ": ", rows.num_discarded,
                                rows.num_discarded == 1 ? " token discarded" : " tokens discarded");
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + context.px(name_width));
    widgets::paragraph(context, context.fonts.small, context.theme.secondary_text, cut, width - context.px(name_width));
  }
  ImGui::EndChild();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar();
  ImGui::PopID();
}

}  // namespace maskscope
