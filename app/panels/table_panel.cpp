#include "app/panels/table_panel.h"

#include <algorithm>
#include <cmath>

#include "app/imgui_compat.h"
#include "app/panels/actions.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr float row_height = 20;  // px at scale 1

constexpr const char* copy_column_label = tr_later("Copy column…");
constexpr const char* copy_table_label = tr_later("Copy table");

std::string table_name(const MaskedFrame& frame, TableKind kind, int modality) {
  if (kind == TableKind::encoder) return tr("encoder");
  if (kind == TableKind::decoder) return tr("decoder");
  return frame.scheme.modalities[static_cast<std::size_t>(modality)].modality.name;
}

// "514 slots, 24 input, 12 target": what the rows add up to.
std::string summary(const MaskedFrame& frame, TableKind kind, int modality) {
  const MaskedBatch& batch = frame.batch;
  if (kind != TableKind::modality) {
    const bool is_encoder = kind == TableKind::encoder;
    const int slots = is_encoder ? batch.encoder_slots : batch.decoder_slots;
    const int used = std::min(is_encoder ? batch.encoder_valid[0] : batch.decoder_valid[0], slots);
    return fill(tr("{0} slots · {1} used · {2} ignored"), slots, used, slots - used);
  }
  const Modality& info = frame.scheme.modalities[static_cast<std::size_t>(modality)].modality;
  if (!frame.is_present(modality)) return fill(tr("missing in this sample: all {0} slots are masked"), info.num_slots());
  int input = 0, target = 0;
  for (int slot = 0; slot < info.num_slots(); ++slot) {
    input += !frame.masks().slot_value(batch.input_mask, modality, slot);
    target += !frame.masks().slot_value(batch.target_mask, modality, slot);
  }
  return fill(tr("{0} slots · {1} input · {2} target"), info.num_slots(), input, target);
}

float column_width(const PanelContext& context, const TableColumn& column) {
  const float digit = widgets::text_width(context.fonts.mono_small, "0");
  const float name = widgets::text_width(context.fonts.small, tr(column.name.c_str()));
  return std::max(name, digit * static_cast<float>(column.widest));
}

// Of the token a row is about; what a row of an ignored or padded slot says is quiet.
ImU32 cell_colour(const PanelContext& context, const TensorTable& table, int row, std::size_t column) {
  const Theme& theme = context.theme;
  if (!table.is_used(row)) return theme.secondary_text;
  return table.columns()[column].is_number ? theme.text : fate_text_colour(theme, table.fate(row));
}

void draw_header(PanelContext& context, const TensorTable& table, float height) {
  ImGui::TableNextRow(ImGuiTableRowFlags_Headers, height);
  for (std::size_t c = 0; c < table.columns().size(); ++c) {
    if (!ImGui::TableSetColumnIndex(static_cast<int>(c))) continue;
    const TableColumn& column = table.columns()[c];
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, middle = at.y + height * 0.5f;
    const char* const name = tr(column.name.c_str());
    if (column.is_number) widgets::text_right(context, context.fonts.small, {at.x + width, middle}, context.theme.secondary_text, name);
    else widgets::text(context, context.fonts.small, {at.x, middle}, context.theme.secondary_text, name);
    ImGui::Dummy({std::max(width, 1.0f), height});
    if (ImGui::IsItemHovered()) widgets::tooltip(context, cat(name, "\n", tr(column.meaning.c_str())));
  }
}

// column: -1 for all of them.
void copy(PanelContext& context, const TensorTable& table, const std::string& name, int column) {
  const bool is_one = table.num_rows() == 1;
  if (column < 0) {
    ImGui::SetClipboardText(to_tsv(table).c_str());
    context.session.say(MessageLevel::info, later(is_one ? tr_later("Copied the table of {0}: {1} row of {2} columns, with a header, separated by tabs.")
                                                   : tr_later("Copied the table of {0}: {1} rows of {2} columns, with a header, separated by tabs."),
                                            name, table.num_rows(), table.columns().size()));
  } else {
    ImGui::SetClipboardText(column_to_text(table, column).c_str());
    context.session.say(MessageLevel::info, later(is_one ? tr_later("Copied the column {0} of {1}: {2} row.") : tr_later("Copied the column {0} of {1}: {2} rows."),
                                            table.columns()[static_cast<std::size_t>(column)].name, name, table.num_rows()));
  }
}

constexpr int nothing_to_copy = -2;

}  // namespace

TablePanel::Pin TablePanel::pin_of(const PanelContext& context) {
  const Pointed& pinned = context.view.pinned;
  const Scheme& scheme = context.frame().scheme;
  if (!pinned.token.is_valid() || pinned.token.modality >= scheme.num_modalities()) return {"", 0, pinned.ignored_slot, pinned.side};
  return {scheme.modalities[static_cast<std::size_t>(pinned.token.modality)].modality.name, pinned.token.origin, -1, pinned.side};
}

void TablePanel::follow(PanelContext& context) {
  ViewState& view = context.view;
  const Pin pin = pin_of(context);
  if (!pin.modality.empty() && (!(pin == last_pin_) || view.table_modality.empty())) view.table_modality = pin.modality;
  if (!was_drawn_ || !(pin == last_pin_) || view.table_kind != last_kind_ || view.table_modality != last_modality_) is_scroll_wanted_ = true;
  last_pin_ = pin;
  last_kind_ = view.table_kind;
  last_modality_ = view.table_modality;
  was_drawn_ = false;
}

int TablePanel::draw_copy_chips(PanelContext& context, const TensorTable& table, ImVec2 position) {
  int column = nothing_to_copy;
  ImGui::SetCursorScreenPos(position);
  if (widgets::chip(context, "copy column", "", tr(copy_column_label))) ImGui::OpenPopup("columns");
  context.log_last_item("table.copy_column");
  const ImVec2 below{ImGui::GetItemRectMin().x, ImGui::GetItemRectMax().y + context.px(4)};
  ImGui::SameLine(0, context.px(6));
  if (widgets::chip(context, "copy table", "", tr(copy_table_label))) column = -1;
  context.log_last_item("table.copy");
  if (ImGui::IsItemHovered()) widgets::tooltip(context, tr("All rows with a header, separated by tabs: paste it into a spreadsheet. Ctrl+C does the same."));
  ImGui::SetNextWindowPos(below);
  if (ImGui::BeginPopup("columns")) {
    for (std::size_t c = 0; c < table.columns().size(); ++c) {
      if (ImGui::MenuItem(cat(tr(table.columns()[c].name.c_str()), "##", c).c_str())) column = static_cast<int>(c);
      context.log_last_item("table.copy." + table.columns()[c].name);
    }
    ImGui::EndPopup();
  }
  if (is_copy_pressed(context)) column = -1;
  return column;
}

void TablePanel::draw_controls(PanelContext& context, const TensorTable& table, int modality) {
  ViewState& view = context.view;
  const MaskedFrame& frame = context.frame();
  const std::string name = table_name(frame, view.table_kind, modality), facts = summary(frame, view.table_kind, modality);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, segments = std::min(context.px(240), width);
  const int kind = widgets::segments(context, "table.kind", {tr_later("Modality"), tr_later("Encoder"), tr_later("Decoder")}, static_cast<int>(view.table_kind), segments);
  float left = segments + context.px(8);
  if (view.table_kind == TableKind::modality) {
    ImGui::SetCursorScreenPos({at.x + left, at.y});
    if (widgets::chip(context, "which", tr("of"), name)) ImGui::OpenPopup("modalities");
    context.log_last_item("table.modality");
    const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
    left = max.x - at.x + context.px(8);
    ImGui::SetNextWindowPos({min.x, max.y + context.px(4)});
    if (ImGui::BeginPopup("modalities")) {
      for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
        const std::string& other = frame.scheme.modalities[static_cast<std::size_t>(m)].modality.name;
        if (ImGui::MenuItem(other.c_str(), frame.is_present(m) ? nullptr : tr("missing"), m == modality)) view.table_modality = other;
        context.log_last_item("table.modality." + other);
      }
      ImGui::EndPopup();
    }
  }
  view.table_kind = static_cast<TableKind>(kind);

  // Right-aligned; where there is no room beside, in a line of their own.
  const auto chip_width = [&](const char* label) { return widgets::text_width(context.fonts.body, label) + context.px(20); };
  const float copies = chip_width(tr(copy_column_label)) + chip_width(tr(copy_table_label)) + context.px(6);
  const bool has_room = left + copies <= width;
  const float top = has_room ? 0.0f : context.px(32), copies_left = has_room ? width - copies : 0.0f;
  const int column = draw_copy_chips(context, table, {at.x + copies_left, at.y + top});
  if (column != nothing_to_copy) copy(context, table, name, column);

  const float facts_left = has_room ? left + context.px(4) : copies + context.px(12), facts_end = has_room ? copies_left - context.px(12) : width;
  if (facts_left + widgets::text_width(context.fonts.small, facts) <= facts_end) {
    widgets::text(context, context.fonts.small, {at.x + facts_left, at.y + top + context.px(13)}, context.theme.secondary_text, facts);
  }
  ImGui::SetCursorScreenPos({at.x, at.y + top + context.px(34)});
}

void TablePanel::draw_row(PanelContext& context, const TensorTable& table, int row, float height) {
  const TokenIdentity token = table.token(row);
  const PackedSide side = context.view.table_kind == TableKind::decoder ? PackedSide::decoder : PackedSide::encoder;
  const bool is_modality = context.view.table_kind == TableKind::modality;
  const Pointed pointed = token.is_valid() || is_modality ? Pointed{token, {}, -1} : Pointed{{}, side, row};
  ImGui::TableNextRow(0, height);
  if (pointed.is_valid() && context.view.pinned == pointed) {
    ImGui::TableSetBgColor(ImGuiTableBgTarget_RowBg1, with_alpha(context.theme.accent, 0.22f));
  } else if (pointed.is_valid() && context.view.hovered == pointed) {
    ImGui::TableSetBgColor(ImGuiTableBgTarget_RowBg1, with_alpha(context.theme.text, 0.08f));
  }
  for (std::size_t c = 0; c < table.columns().size(); ++c) {
    if (!ImGui::TableSetColumnIndex(static_cast<int>(c))) continue;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, middle = at.y + height * 0.5f;
    if (c == 0) {
      ImGui::PushID(row);
      const bool is_chosen = ImGui::Selectable("##row", false, ImGuiSelectableFlags_SpanAllColumns, {0, height});
      context.log_last_item(cat("table.row.", row));
      if (pointed.is_valid()) {
        if (ImGui::IsItemHovered()) context.point_at(pointed);
        else if (ImGui::IsItemFocused() && ImGui::GetIO().NavVisible) {
          context.view.hovered_next = pointed;
          if (is_chosen) context.view.pinned = context.view.pinned == pointed ? Pointed{} : pointed, context.view.pinned_modality.clear();
        }
      }
      ImGui::PopID();
    }
    const std::string cell = drawable(table.cell(row, static_cast<int>(c)));
    const ImU32 colour = cell_colour(context, table, row, c);
    bool is_cut = false;
    const std::string shown = widgets::ellipsized(context.fonts.mono_small, cell, width, is_cut);
    if (table.columns()[c].is_number) widgets::text_right(context, context.fonts.mono_small, {at.x + width, middle}, colour, shown);
    else widgets::text(context, context.fonts.mono_small, {at.x, middle}, colour, shown);
    if (is_cut && ImGui::IsMouseHoveringRect(at, {at.x + width, at.y + height}) && ImGui::IsWindowHovered()) widgets::tooltip(context, cell);
  }
}

// Within the table: scrolls only as far as needed.
void TablePanel::scroll_to_pinned(PanelContext& context, const TensorTable& table, float row_px, float seen_px) {
  if (!is_scroll_wanted_) return;
  is_scroll_wanted_ = false;
  const Pointed& pinned = context.view.pinned;
  const TableKind side = pinned.side == PackedSide::encoder ? TableKind::encoder : TableKind::decoder;
  const int row = pinned.token.is_valid() ? table.row_of(pinned.token) : context.view.table_kind == side ? pinned.ignored_slot : -1;
  const float at = static_cast<float>(row) * row_px;
  if (row >= 0 && (at < ImGui::GetScrollY() || at + row_px > ImGui::GetScrollY() + seen_px)) ImGui::SetScrollY(std::max(at - seen_px * 0.4f, 0.0f));
}

void TablePanel::draw_rows(PanelContext& context, const TensorTable& table) {
  const float height = std::round(context.px(row_height));
  const ImVec2 room = ImGui::GetContentRegionAvail();
  if (room.x < 1 || room.y < height) return;
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {context.px(8), 0});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
  const auto num_columns = static_cast<int>(table.columns().size());
  constexpr ImGuiTableFlags flags = ImGuiTableFlags_ScrollX | ImGuiTableFlags_ScrollY | ImGuiTableFlags_RowBg | ImGuiTableFlags_BordersInnerV |
                                    ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_NoSavedSettings;
  if (ImGui::BeginTable("rows", num_columns, flags, room)) {
    ImGui::TableSetupScrollFreeze(1, 1);
    for (const TableColumn& column : table.columns()) {
      ImGui::TableSetupColumn(column.name.c_str(), ImGuiTableColumnFlags_WidthFixed | ImGuiTableColumnFlags_NoResize, column_width(context, column));
    }
    draw_header(context, table, std::round(context.px(24)));

    scroll_to_pinned(context, table, height, room.y - context.px(24 + row_height));
    ImGuiListClipper clipper;
    clipper.Begin(table.num_rows(), height);
    while (clipper.Step()) {
      for (int row = clipper.DisplayStart; row < clipper.DisplayEnd; ++row) draw_row(context, table, row, height);
    }
    ImGui::EndTable();
  }
  ImGui::PopStyleVar(2);
}

void TablePanel::draw(PanelContext& context, ImVec2 position, ImVec2 size) {
  was_drawn_ = true;
  if (widgets::begin_panel(context, "table", position, size)) {
    context.log_widget("table", position, {position.x + size.x, position.y + size.y});
    const auto chosen_modality = [&] { return std::max(context.frame().scheme.find(context.view.table_modality), 0); };
    const auto chosen_table = [&] { return TensorTable(context.frame(), context.view.table_kind, chosen_modality()); };
    draw_controls(context, chosen_table(), chosen_modality());
    if (context.view.table_kind != last_kind_ || context.view.table_modality != last_modality_) is_scroll_wanted_ = true;
    draw_rows(context, chosen_table());  // what was chosen just now
  }
  widgets::end_panel();
}

}  // namespace maskscope
