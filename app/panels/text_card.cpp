#include "app/panels/text_card.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "app/imgui_compat.h"
#include "app/panels/image_card.h"
#include "app/panels/missing_card.h"
#include "app/panels/text_rows.h"
#include "app/panels/step_motion.h"
#include "app/panels/token_places.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

std::string row_note(const PanelContext& context, int modality, bool is_input) {
  const MaskedFrame& frame = context.frame();
  const SchemeModality& entry = frame.scheme.modalities[static_cast<std::size_t>(modality)];
  if (is_input) return entry.reaches_encoder() ? tr("nothing: budget 0") : tr("not an input of this scheme");
  return entry.reaches_decoder() ? tr("nothing: budget 0") : tr("not a target of this scheme");
}

ImU32 chip_text_colour(const Theme& theme, const TextChip& chip) {
  switch (chip.fate) {
    case Fate::discarded: return theme.secondary_text;
    default: return theme.text;
  }
}

// A bracket under the chips of each chunk: they are kept or masked together. A chunk that goes on in the next line has an
// open end there.
void draw_chunk_grounds(PanelContext& context, const std::vector<TextChip>& chips, ImVec2 corner) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float height = context.px(text_chip_height), tick = context.px(3);
  for (std::size_t begin = 0, end = 0; begin < chips.size(); begin = end) {
    const TextChip& first = chips[begin];
    for (end = begin + 1; end < chips.size() && chips[end].chunk == first.chunk && chips[end].y == first.y; ++end) {}
    if (first.chunk < 0) continue;
    const TextChip& last = chips[end - 1];
    const float y = corner.y + first.y + height + context.px(2.5f);
    const float left = corner.x + first.x + context.px(1), right = corner.x + last.x + last.width - context.px(1);
    const bool starts_here = begin == 0 || chips[begin - 1].chunk != first.chunk, ends_here = end == chips.size() || chips[end].chunk != first.chunk;
    const ImU32 colour = with_alpha(context.theme.secondary_text, 0.7f);
    list.AddLine({left, y}, {right, y}, colour, context.px(1));
    if (starts_here) list.AddLine({left, y - tick}, {left, y}, colour, context.px(1));
    if (ends_here) list.AddLine({right, y - tick}, {right, y}, colour, context.px(1));
  }
}

// The chips' quads: the plain outline of the text, over it the style of the fate as far as it is shown.
std::vector<TokenQuad> quads_of(const PanelContext& context, int modality, const std::vector<TextRow>& rows, ImVec2 corner) {
  std::vector<TokenQuad> quads;
  for (const TextRow& row : rows) {
    for (const TextChip& chip : row.chips) {
      TokenQuad quad{.x = corner.x + chip.x, .y = corner.y + chip.y, .width = chip.width, .height = context.px(text_chip_height),
                     .flags = context.token_flags({modality, chip.origin}, chip.fate), .corner_radius = context.px(5)};
      if (chip.shown < 1.0f && !chip.is_new) {
        quad.colour = context.theme.secondary_text;
        quad.opacity = static_cast<std::uint8_t>(255.0f * (1.0f - chip.shown));
        quads.push_back(quad);
      }
      if (chip.shown <= 0.0f) continue;
      quad.colour = fate_colour(context.theme, chip.fate);
      quad.style = fate_style(chip.fate);
      quad.opacity = static_cast<std::uint8_t>(255.0f * chip.shown);
      quads.push_back(quad);
    }
  }
  return quads;
}

void draw_chip_label(PanelContext& context, const TextChip& chip, ImVec2 min, ImVec2 max) {
  ImFont* font = context.fonts.mono_small;
  const bool is_dimmed = context.view.isolated && *context.view.isolated != chip.fate;
  const ImU32 fated = with_alpha(chip_text_colour(context.theme, chip), (is_dimmed ? 0.25f : 1.0f) * (chip.is_new ? chip.shown : 1.0f));
  const ImU32 colour = chip.shown < 0.5f && !chip.is_new ? context.theme.text : fated;
  bool is_cut = false;
  const std::string label = widgets::ellipsized(font, chip.label, chip.width - context.px(10), is_cut);
  const float label_width = widgets::text_width(font, label);
  const float middle = (min.y + max.y) * 0.5f, x = std::round((min.x + max.x - label_width) * 0.5f);
  widgets::text(context, font, {x, middle}, colour, label);
  if (chip.fate == Fate::discarded && chip.shown >= 0.5f) {
    ImGui::GetWindowDrawList()->AddLine({x, middle + context.px(1)}, {x + label_width, middle + context.px(1)}, colour, context.px(1));
  }
}

void draw_rows(PanelContext& context, int modality, const std::vector<TextRow>& rows, ImVec2 corner, float width) {
  const float height = context.px(text_chip_height);
  const bool is_moving = context.view.steps.position > 2.0f && context.view.steps.position < 3.0f;
  if (!is_moving) {
    for (const TextRow& row : rows) draw_chunk_grounds(context, row.chips, corner);
  }
  ImDrawList& list = *ImGui::GetWindowDrawList();
  context.canvas.draw(list, {}, quads_of(context, modality, rows, corner));

  const ImVec2 mouse = ImGui::GetIO().MousePos, low = list.GetClipRectMin(), high = list.GetClipRectMax();
  const bool is_mouse_here = ImGui::IsWindowHovered();
  float y = 0;
  for (const TextRow& row : rows) {
    const float middle = corner.y + row.y + height * 0.5f;
    widgets::text(context, context.fonts.small, {corner.x, middle}, row.name_colour, row.name);
    if (row.chips.empty()) {
      widgets::text(context, context.fonts.small, {corner.x + context.px(text_name_width), middle}, context.theme.secondary_text,
                    row_note(context, modality, row.side == PackedSide::encoder));
    }
    y = std::max(y, row.y);
    for (const TextChip& chip : row.chips) {
      y = std::max(y, chip.y);
      const ImVec2 min{corner.x + chip.x, corner.y + chip.y}, max{min.x + chip.width, min.y + height};
      if (context.places) context.places->put_chip({modality, chip.origin}, row.side, {min.x, min.y, chip.width, height}, {low.x, low.y, high.x, high.y});
      if (!ImGui::IsRectVisible(min, max)) continue;
      draw_chip_label(context, chip, min, max);
      if (is_mouse_here && mouse.x >= min.x && mouse.x < max.x && mouse.y >= min.y && mouse.y < max.y) {
        context.point_at({{modality, chip.origin}, {}, -1});
      }
    }
  }
  ImGui::SetCursorScreenPos(corner);
  ImGui::Dummy({width, y + context.px(text_chip_height + text_row_gap)});
}

std::string facts_of(const PanelContext& context, int modality, const TextRows& rows) {
  const MaskedFrame& frame = context.frame();
  if (!frame.is_present(modality)) return tr("missing");
  const auto m = static_cast<std::size_t>(modality);
  const bool is_rows = frame.scheme.modalities[m].modality.kind == ModalityKind::seq_emb;
  std::string facts = fill(is_rows ? tr_count(rows.num_tokens, "{0} row", "{0} rows") : tr_count(rows.num_tokens, "{0} token", "{0} tokens"), rows.num_tokens);
  if (rows.num_chunks > 0) facts += " · " + fill(tr_count(rows.num_chunks, "{0} chunk", "{0} chunks"), rows.num_chunks);
  if (context.view.steps.position < 3.0f) return facts;  // nothing is drawn yet
  if (frame.batch.num_attempts[m] == 0 || frame.batch.input_budget[m] == 0) return facts;
  char keep[16];
  std::snprintf(keep, sizeof keep, "%.2f", frame.batch.keep_probability[m]);
  return facts + " · " + fill(tr("keep {0}"), keep);
}

// How many tokens are discarded, and which of them by a target that is too short.
void draw_losses(PanelContext& context, int modality, const TextRows& rows, float width) {
  const auto m = static_cast<std::size_t>(modality);
  const SchemeModality& entry = context.frame().scheme.modalities[m];
  const auto line = [&](const char* id, const std::string& sentence) {
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + context.px(text_name_width));
    widgets::paragraph(context, context.fonts.small, context.theme.secondary_text, sentence, width - context.px(text_name_width));
    context.log_last_item(cat("card.", entry.modality.name, ".", id));
  };
  // Rows of floats are never a target: what is masked of them is simply left out.
  const bool is_rows = entry.modality.kind == ModalityKind::seq_emb;
  const int cut = rows.num_cut, other = rows.num_discarded - rows.num_cut;
  if (cut > 0 && is_rows) line("cut", fill(tr_count(cut, "masked rows are left out: {0} row discarded", "masked rows are left out: {0} rows discarded"), cut));
  else if (cut > 0) line("cut", fill(tr_count(cut, "target cut at budget {1}: {0} token discarded", "target cut at budget {1}: {0} tokens discarded"), cut, context.frame().batch.target_budget[m]));
  if (other > 0) line("discarded", fill(is_rows ? tr_count(other, "{0} row discarded", "{0} rows discarded") : tr_count(other, "{0} token discarded", "{0} tokens discarded"), other));
}

}  // namespace

float wanted_text_card_height(PanelContext& context, int modality, float width) {
  TextRows rows = make_text_rows(context, modality, false);
  if (rows.rows.empty()) return context.px(card_header_height + 56);
  return context.px(card_header_height) + arrange_text_rows(context, rows.rows, width - context.px(4 * card_inset)) + context.px(card_inset + 18);
}

void draw_text_card(PanelContext& context, int modality, ImVec2 position, ImVec2 size) {
  const MaskedFrame& frame = context.frame();
  const SchemeModality& entry = frame.scheme.modalities[static_cast<std::size_t>(modality)];
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 end{position.x + size.x, position.y + size.y};
  list.AddRectFilled(position, end, context.theme.card, context.px(8));
  list.AddRect(position, end, context.theme.line, context.px(8), 0, context.px(1));
  context.log_widget("card." + entry.modality.name, position, end);

  const float masked = share_of_step(context.view.steps, 2);
  TextRows rows = make_text_rows(context, modality, masked <= 0.0f);
  const bool is_caption = entry.modality.name == "caption" && !context.frame().inputs->loaded && !context.frame().inputs->dump;
  const float edit_width = is_caption ? widgets::text_width(context.fonts.small, tr("edit")) + context.px(14) : 0.0f;
  const float header = draw_card_header(context, modality, position, size.x - edit_width, facts_of(context, modality, rows));
  ImGui::PushID(entry.modality.name.c_str());
  if (is_caption) {
    ImGui::SetCursorScreenPos({end.x - edit_width - context.px(card_inset - 2), position.y + context.px(6)});
    if (ImGui::InvisibleButton("edit", {edit_width, context.px(22)})) context.view.is_text_editor_wanted = true;
    const bool is_hot = ImGui::IsItemHovered() || ImGui::IsItemFocused();
    const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
    widgets::text_right(context, context.fonts.small, {max.x - context.px(4), (min.y + max.y) * 0.5f},
                        is_hot ? context.theme.text : context.theme.accent, tr("edit"));
    context.log_last_item("caption.edit");
  }
  const float inset = context.px(card_inset + 2);
  if (!frame.is_present(modality)) {
    const float margin = context.px(card_inset);
    draw_missing(context, modality, {position.x + margin, position.y + header}, {size.x - 2 * margin, size.y - header - margin});
    ImGui::PopID();
    return;
  }
  ImGui::SetCursorScreenPos({position.x + inset, position.y + header});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
  ImGui::BeginChild("rows", {std::max(size.x - 2 * inset, 1.0f), std::max(size.y - header - context.px(4), 1.0f)}, false);
  const float width = std::max(ImGui::GetContentRegionAvail().x - context.px(4), context.px(text_name_width + 20));
  arrange_text_rows(context, rows.rows, width);
  if (masked > 0.0f && masked < 1.0f) {
    TextRows text = make_text_rows(context, modality, true);
    arrange_text_rows(context, text.rows, width);
    take_from_text(text.rows, masked, rows.rows);
  }
  draw_rows(context, modality, rows.rows, ImGui::GetCursorScreenPos(), width);
  if (masked >= 1.0f) draw_losses(context, modality, rows, width);
  ImGui::EndChild();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar();
  ImGui::PopID();
}

}  // namespace maskscope
