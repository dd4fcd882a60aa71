#include "app/panels/embeddings_panel.h"

#include <algorithm>
#include <cmath>

#include "app/panels/heat_map.h"
#include "app/panels/slot_bands.h"
#include "app/panels/view_parts.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr float row_axis_width = 48, titles_height = 36;  // px at scale 1

}  // namespace

void EmbeddingsPanel::follow(PanelContext& context) {
  std::optional<ViewPlace>& place = context.view.wanted_place;
  if (!place || place->kind != PlaceKind::embedding_row) return;
  context.view.bottom_tab = BottomTab::embeddings;
  wanted_ = *place;
  place.reset();
}

void EmbeddingsPanel::go_to_wanted(PanelContext& context) {
  if (!wanted_) return;
  const ViewPlace place = *wanted_;
  wanted_.reset();
  shown_ = place.side == PackedSide::encoder ? Shown::encoder : Shown::decoder;
  update(context);
  int row = place.slot;
  for (int slot = 0; row < 0 && place.modality >= 0 && slot < maps_.axis.num_slots(); ++slot) {
    const AxisSlot& entry = maps_.axis.slots[static_cast<std::size_t>(slot)];
    if (!entry.is_ignored && entry.modality == place.modality) row = slot;
  }
  if (row < 0 || row >= maps_.axis.num_slots()) return view_.reset();
  view_.go_to(row, std::nullopt);
  context.view.pinned = pointed_at(maps_.axis, row);
  context.view.pinned_modality.clear();
}

void EmbeddingsPanel::add_slot_panes(PanelContext& context, const SlotMaps& maps, bool is_after_zeroing) {
  const auto is_unknown = [&](int slot) {
    const auto at = static_cast<std::size_t>(slot);
    return maps_.is_unknown[at] != 0 && !(is_after_zeroing && maps_.axis.slots[at].is_ignored);
  };
  const auto add = [&](const char* title, const ValueMap& map, bool has_x) {
    Pane& pane = panes_.emplace_back();
    pane.title = title;
    pane.map = &map;
    pane.picture = heat_picture(context.theme, map, maps_.dim, maps_.largest, has_x ? std::function<bool(int)>(is_unknown) : std::function<bool(int)>());
    pane.is_after_zeroing = is_after_zeroing;
  };
  add("x", maps.x, true);
  add("emb", maps.emb, false);
  add("x+emb", maps.sum, true);
}

void EmbeddingsPanel::add_table_panes(PanelContext& context) {
  const MaskedFrame& frame = context.frame();
  const auto add = [&](std::string title, const ValueMap& map, std::function<std::string(int)> row_name) {
    if (map.rows == 0) return;
    Pane& pane = panes_.emplace_back();
    pane.title = std::move(title);
    pane.map = &map;
    pane.picture = heat_picture(context.theme, map, tables_.dim, tables_.largest, {});
    pane.row_name = std::move(row_name);
  };
  std::vector<std::string> modalities;
  for (const SchemeModality& entry : frame.scheme.modalities) modalities.push_back(entry.modality.name);
  add(tr("mask token"), tables_.mask_token, [](int) { return std::string(tr("mask token: stands in every decoder slot of an image")); });
  add(fill(tr("modality vectors · {0}"), tables_.modality_vectors.rows), tables_.modality_vectors,
      [modalities](int row) { return fill(tr("modality vector of {0}"), modalities[static_cast<std::size_t>(row)]); });
  add(fill(tr("text positions · {0}"), tables_.text_positions.rows), tables_.text_positions, [](int row) { return fill(tr("position {0} of a text"), row); });
  const int side = tables_.grid_side;
  add(fill(tr("grid positions · {0}×{0}"), side), tables_.grid_positions, [side](int row) { return fill(tr("position of grid cell ({0}, {1})"), row / side, row % side); });
}

void EmbeddingsPanel::update(PanelContext& context) {
  const Source source{key_of(context.frame(), context.session.revision()), shown_, context.view.embedding_dim, context.view.theme, language()};
  if (source_ == source) return;
  source_ = source;
  failure_.clear();
  panes_.clear();
  hovered_.reset();
  try {
    maps_ = embedding_maps(context.frame(), shown_ != Shown::decoder, source.dim);
    if (shown_ == Shown::tables) {
      tables_ = embedding_tables_view(context.frame(), source.dim);
      add_table_panes(context);
    } else if (maps_.axis.num_slots() > 0) {
      add_slot_panes(context, maps_.before, false);
      add_slot_panes(context, maps_.after, true);
    }
  } catch (const Error& error) {
    maps_ = {};
    failure_ = error.what();
  }
}

void EmbeddingsPanel::draw(PanelContext& context, ImVec2 position, ImVec2 size) {
  if (widgets::begin_panel(context, "embeddings", position, size)) {
    context.log_widget("embeddings", position, {position.x + size.x, position.y + size.y});
    go_to_wanted(context);
    update(context);
    const ImVec2 corner = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
    const float gap = context.px(16);
    const bool is_stacked = room.x < context.px(480);
    const float words = std::clamp(room.x * 0.42f, context.px(250), context.px(420));
    const ImVec2 maps = is_stacked ? ImVec2{room.x, room.y * 0.5f} : ImVec2{room.x - words - gap, room.y};
    draw_maps(context, corner, {corner.x + maps.x, corner.y + maps.y});
    const ImVec2 at = is_stacked ? ImVec2{corner.x, corner.y + maps.y + gap * 0.5f} : ImVec2{corner.x + maps.x + gap, corner.y};
    draw_words(context, at, {corner.x + room.x, corner.y + room.y});
  }
  widgets::end_panel();
}

void EmbeddingsPanel::draw_maps(PanelContext& context, ImVec2 min, ImVec2 max) {
  hovered_.reset();
  const bool is_tables = shown_ == Shown::tables;
  const ImVec2 inner{min.x + (is_tables ? 0.0f : context.px(row_axis_width)), min.y + context.px(titles_height)};
  if (panes_.empty() || max.x - inner.x < context.px(24) || max.y - inner.y < context.px(16)) return;
  std::vector<Pane*> seen;
  for (Pane& pane : panes_) {
    pane.width = 0;
    if (is_tables || zeroed_ == Zeroed::both || pane.is_after_zeroing == (zeroed_ == Zeroed::after)) seen.push_back(&pane);
  }
  const float gap = context.px(8), wide_gap = context.px(20), count = static_cast<float>(seen.size());
  const bool has_wide_gap = !is_tables && zeroed_ == Zeroed::both;
  const float width = (max.x - inner.x - gap * (count - 1) - (has_wide_gap ? wide_gap - gap : 0)) / count;
  if (width < context.px(4)) return;
  // Slots are zoomed and moved together; a table is always seen whole.
  const int rows = is_tables ? 1 : maps_.axis.num_slots();
  view_.update(context, "embedding maps", inner, max, {rows, 1, false}, true);
  context.log_widget("embeddings.maps", inner, max);
  float x = inner.x;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (has_wide_gap && i > 0 && seen[i]->is_after_zeroing && !seen[i - 1]->is_after_zeroing) x += wide_gap - gap;
    seen[i]->x = x;
    seen[i]->width = width;
    seen[i]->row_height = is_tables ? (max.y - inner.y) / static_cast<float>(seen[i]->map->rows) : view_.cell_height();
    seen[i]->y = is_tables ? inner.y : view_.y_of(0);
    x += width + gap;
  }
  draw_titles(context, min.y);
  if (view_.hovered()) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    for (std::size_t i = 0; i < panes_.size(); ++i) {
      const Pane& pane = panes_[i];
      if (pane.width <= 0 || mouse.x < pane.x || mouse.x >= pane.x + pane.width) continue;
      const int row = std::clamp(static_cast<int>((mouse.y - pane.y) / pane.row_height), 0, pane.map->rows - 1);
      const int component = std::clamp(static_cast<int>((mouse.x - pane.x) / pane.width * static_cast<float>(maps_.dim)), 0, maps_.dim - 1);
      hovered_ = Cell{i, row, component};
    }
  }
  if (hovered_ && !is_tables) {
    const Pointed pointed = pointed_at(maps_.axis, hovered_->row);
    context.view.hovered_next = pointed;
    if (view_.is_clicked()) {
      context.view.pinned = context.view.pinned == pointed ? Pointed{} : pointed;
      context.view.pinned_modality.clear();  // another one: taken up at the end of the frame
    }
  }
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PushClipRect(inner, max, true);
  for (const Pane* pane : seen) draw_pane(context, *pane, inner.y, max.y);
  draw_marks(context, inner.y, max.y);
  list.PopClipRect();
  if (!is_tables) draw_row_bands(context, view_, maps_.axis, context.px(row_axis_width - 8));
}

void EmbeddingsPanel::draw_titles(PanelContext& context, float top) {
  const Theme& theme = context.theme;
  bool was_after = true;
  for (const Pane& pane : panes_) {
    if (pane.width <= 0) continue;
    bool is_cut = false;
    widgets::text(context, context.fonts.small, {pane.x, top + context.px(26)}, theme.secondary_text, widgets::ellipsized(context.fonts.small, pane.title, pane.width, is_cut));
    const bool is_first = pane.row_name ? false : (&pane == &panes_.front() || pane.is_after_zeroing != was_after || zeroed_ != Zeroed::both) && pane.title == "x";
    if (is_first) {
      const std::string title = pane.is_after_zeroing ? tr("AFTER ZEROING") : tr("BEFORE ZEROING");
      widgets::text(context, context.fonts.small_caps, {pane.x, top + context.px(8)}, theme.secondary_text,
                    widgets::ellipsized(context.fonts.small_caps, title, pane.width * 3, is_cut));
    }
    was_after = pane.is_after_zeroing;
  }
  if (shown_ == Shown::tables) widgets::text(context, context.fonts.small_caps, {panes_.front().x, top + context.px(8)}, theme.secondary_text, tr("TABLES BEFORE TRAINING"));
}

void EmbeddingsPanel::draw_pane(PanelContext& context, const Pane& pane, float top, float bottom) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float height = pane.row_height * static_cast<float>(pane.map->rows);
  const TokenQuad quad{.x = pane.x, .y = pane.y, .width = pane.width, .height = height, .flags = has_picture};
  context.canvas.draw(list, context.pictures.handle(pane.picture, Sampling::sharp), {&quad, 1});
  if (pane.is_after_zeroing) {
    std::vector<TokenQuad> ignored;
    for (int slot = 0; slot < maps_.axis.num_slots(); ++slot) {
      if (!maps_.axis.slots[static_cast<std::size_t>(slot)].is_ignored) continue;
      int end = slot;
      while (end < maps_.axis.num_slots() && maps_.axis.slots[static_cast<std::size_t>(end)].is_ignored) ++end;
      ignored.push_back({.x = pane.x, .y = view_.y_of(static_cast<float>(slot)), .width = pane.width, .height = pane.row_height * static_cast<float>(end - slot), .colour = context.theme.ignored, .style = TokenStyle::ignored});
      slot = end;
    }
    context.canvas.draw(list, {}, ignored);
  }
  list.AddRect({pane.x, std::max(pane.y, top)}, {pane.x + pane.width, std::min(pane.y + height, bottom)}, context.theme.line);
}

// The row of a table that a slot's emb is made with; -1: none.
int EmbeddingsPanel::table_row_of(const PanelContext& context, const Pane& pane, int slot) const {
  const AxisSlot& entry = maps_.axis.slots[static_cast<std::size_t>(slot)];
  if (entry.is_ignored) return -1;
  if (pane.map == &tables_.modality_vectors) return entry.modality;
  const Modality& info = context.frame().scheme.modalities[static_cast<std::size_t>(entry.modality)].modality;
  const bool is_image = info.kind == ModalityKind::img;
  const bool is_its_table = is_image ? pane.map == &tables_.grid_positions && info.grid_side() == tables_.grid_side : pane.map == &tables_.text_positions;
  const int position = maps_.position[static_cast<std::size_t>(slot)];
  return is_its_table && position < pane.map->rows ? position : -1;
}

void EmbeddingsPanel::draw_marks(PanelContext& context, float top, float bottom) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ViewState& view = context.view;
  const auto mark = [&](int slot, bool is_strong) {
    if (slot < 0) return;
    const float thick = context.px(is_strong ? 2 : 1);
    for (const Pane& pane : panes_) {
      const int row = pane.row_name ? table_row_of(context, pane, slot) : slot;
      if (pane.width <= 0 || row < 0) continue;
      const float y = pane.y + pane.row_height * static_cast<float>(row), height = std::max(pane.row_height, context.px(2));
      list.AddRect({pane.x - thick, std::max(y - thick, top)}, {pane.x + pane.width + thick, std::min(y + height + thick, bottom)},
                   with_alpha(context.theme.highlight, is_strong ? 1.0f : 0.85f), 0, 0, thick);
    }
  };
  if (view.pinned.is_valid()) mark(slot_of(maps_.axis, view.pinned), true);
  if (hovered_ && shown_ != Shown::tables) mark(hovered_->row, false);
  else if (view.hovered.is_valid()) mark(slot_of(maps_.axis, view.hovered), false);
}

std::optional<std::string> EmbeddingsPanel::text(const PanelContext& context) const {
  if (!failure_.empty()) return std::nullopt;
  if (shown_ == Shown::tables) return embedding_tables_as_text(tables_);
  if (maps_.axis.num_slots() == 0) return std::nullopt;
  return embeddings_as_text(context.frame(), maps_, zeroed_ != Zeroed::before);
}

}  // namespace maskscope
