#include "app/panels/attention_panel.h"

#include <algorithm>
#include <vector>

#include "app/panels/attention_matrix.h"
#include "app/panels/slot_bands.h"
#include "app/panels/view_parts.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

struct StateName {
  CellState state;
  const char* name;
};
constexpr StateName state_names[] = {{CellState::allowed, tr_later("may attend")},
                                     {CellState::other_modality, tr_later("blocked: other modality")},
                                     {CellState::beyond_reach, tr_later("blocked: order")},
                                     {CellState::other_and_beyond, tr_later("blocked by both")},
                                     {CellState::ignored, tr_later("blocked: ignored slot")}};

bool can_have(AttentionKind kind, CellState state) {
  return state == CellState::allowed || (state == CellState::ignored) != (kind == AttentionKind::decoder);
}

const char* what_it_is(AttentionKind kind) {
  switch (kind) {
    case AttentionKind::decoder: return tr("Each row is a decoder slot, each column a decoder slot it may attend to or not. The line is the running sum of the compressed numbers: order allows what is left of it.");
    case AttentionKind::cross: return tr("Each row is a decoder slot, each column an encoder slot. Every row may attend to every encoder slot that holds a token.");
    case AttentionKind::encoder: return tr("Rows and columns are encoder slots. Every row may attend to every slot that holds a token, of whatever modality.");
  }
  return "";
}

}  // namespace

void AttentionPanel::follow(PanelContext& context) {
  std::optional<ViewPlace>& place = context.view.wanted_place;
  if (!place || place->kind != PlaceKind::attention_row) return;
  context.view.bottom_tab = BottomTab::attention;
  wanted_ = *place;
  place.reset();
}

void AttentionPanel::update(PanelContext& context) {
  const Source source{key_of(context.frame(), context.session.revision()), {kind_, context.view.is_attention_causal, context.view.is_attention_separate},
                      context.view.theme, language()};
  if (source_ == source) return;
  source_ = source;
  failure_.clear();
  picture_.reset();
  matrix_ = {};
  hovered_.reset();
  try {
    matrix_ = attention_matrix(context.frame(), source.settings);
    if (!matrix_.cells.empty()) picture_ = attention_picture(context, matrix_);
  } catch (const Error& error) {
    failure_ = error.what();
  }
  if (kept_ && (kept_->row >= matrix_.rows.num_slots() || kept_->column >= matrix_.columns.num_slots())) kept_.reset();
}

void AttentionPanel::go_to_wanted(PanelContext& context) {
  if (!wanted_) return;
  const ViewPlace place = *wanted_;
  wanted_.reset();
  if (place.side == PackedSide::encoder) kind_ = AttentionKind::encoder;
  else if (kind_ == AttentionKind::encoder) kind_ = AttentionKind::decoder;
  update(context);
  int row = place.slot;
  for (int slot = 0; row < 0 && place.modality >= 0 && slot < matrix_.rows.num_slots(); ++slot) {
    const AxisSlot& entry = matrix_.rows.slots[static_cast<std::size_t>(slot)];
    if (!entry.is_ignored && entry.modality == place.modality) row = slot;
  }
  if (row < 0 || row >= matrix_.rows.num_slots()) return view_.reset();
  const int column = std::min(row, matrix_.columns.num_slots() - 1);
  if (column < 0) return;
  view_.go_to(row, column);
  kept_ = MatrixCell{row, column};
  context.view.pinned = pointed_at(matrix_.rows, row);  // another pin would take the place of what is explained
  context.view.pinned_modality.clear();
}

void AttentionPanel::draw(PanelContext& context, ImVec2 position, ImVec2 size) {
  if (widgets::begin_panel(context, "attention", position, size)) {
    context.log_widget("attention", position, {position.x + size.x, position.y + size.y});
    go_to_wanted(context);
    update(context);
    const ImVec2 corner = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
    const float gap = context.px(16);
    const bool is_stacked = room.x < context.px(440);
    // Square cells and about as many rows as columns: the matrix takes a square, the words the rest.
    const ImVec2 matrix = is_stacked ? ImVec2{room.x, room.y * 0.55f} : ImVec2{std::min(room.y + context.px(row_axis_width - column_axis_height), room.x - context.px(250) - gap), room.y};
    draw_matrix(context, corner, {corner.x + matrix.x, corner.y + matrix.y});
    const ImVec2 words = is_stacked ? ImVec2{corner.x, corner.y + matrix.y + gap * 0.5f} : ImVec2{corner.x + matrix.x + gap, corner.y};
    draw_words(context, words, {corner.x + room.x, corner.y + room.y});
  }
  widgets::end_panel();
}

void AttentionPanel::draw_matrix(PanelContext& context, ImVec2 min, ImVec2 max) {
  if (matrix_.cells.empty()) return;
  const ImVec2 inner_min{min.x + context.px(row_axis_width), min.y + context.px(column_axis_height)};
  const ImVec2 inner_max{max.x - context.px(sight_marks_width), max.y};
  if (inner_max.x - inner_min.x < context.px(16) || inner_max.y - inner_min.y < context.px(16)) return;
  view_.set_covered(names_size(context, view_));
  view_.update(context, "attention matrix", inner_min, inner_max, {matrix_.rows.num_slots(), matrix_.columns.num_slots(), true});
  context.log_widget("attention.matrix", inner_min, inner_max);

  ViewState& view = context.view;
  hovered_ = view_.hovered();
  std::vector<MatrixMark> marks;
  if (kept_) marks.push_back({kept_->row, kept_->column, true});
  else if (view.pinned.is_valid()) marks.push_back({slot_of(matrix_.rows, view.pinned), slot_of(matrix_.columns, view.pinned), true});
  if (hovered_) {
    const Pointed row = pointed_at(matrix_.rows, hovered_->row);
    view.hovered_next = row;
    view.hovered_with_next = pointed_at(matrix_.columns, hovered_->column);
    marks.push_back({hovered_->row, hovered_->column, false});
    if (view_.is_clicked()) {
      const bool is_let_go = kept_ == hovered_;
      kept_ = is_let_go ? std::nullopt : hovered_;
      view.pinned = is_let_go ? Pointed{} : row;
      view.pinned_modality.clear();  // another one: taken up at the end of the frame
    }
  } else if (view.hovered.is_valid()) {
    marks.push_back({slot_of(matrix_.rows, view.hovered), slot_of(matrix_.columns, view.hovered), false});
  }
  // A pin that was set elsewhere takes the place of the cell that is explained here.
  if (kept_ && view.pinned.is_valid() && !(view.pinned == pointed_at(matrix_.rows, kept_->row))) kept_.reset();
  draw_attention_matrix(context, matrix_, view_, picture_, marks);
}

void AttentionPanel::draw_words(PanelContext& context, ImVec2 min, ImVec2 max) {
  if (!begin_words(context, "attention words", min, max)) return end_words();
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, gap = context.px(24);
  const bool has_two_columns = width >= context.px(600);
  const float left = has_two_columns ? std::min((width - gap) * 0.58f, context.px(460)) : width;
  draw_controls(context, left);
  draw_story(context, left);
  if (has_two_columns) {
    const float bottom = ImGui::GetCursorScreenPos().y;
    ImGui::SetCursorScreenPos({corner.x + left + gap, corner.y});
    ImGui::BeginGroup();
    draw_legend(context, std::min(width - left - gap, context.px(320)));
    ImGui::EndGroup();
    ImGui::SetCursorScreenPos({corner.x, std::max(bottom, ImGui::GetCursorScreenPos().y)});
  } else {
    space(context, 16);
    draw_legend(context, left);
  }
  end_words();
}

void AttentionPanel::draw_controls(PanelContext& context, float width) {
  ViewState& view = context.view;
  kind_ = static_cast<AttentionKind>(widgets::segments(context, "attention.kind", {tr_later("Decoder"), tr_later("Cross"), tr_later("Encoder")}, static_cast<int>(kind_), std::min(width, context.px(300))));
  space(context, 8);
  if (kind_ == AttentionKind::decoder) {
    if (checkbox(context, "attention.separate", tr("separate modalities"), view.is_attention_separate, tr("decoder_sep_mask: decoder tokens see only those of their own modality."))) {
      view.is_attention_separate = !view.is_attention_separate;
    }
    next_in_line(context, width, tr("causal"));
    if (checkbox(context, "attention.causal", tr("causal"), view.is_attention_causal, tr("decoder_causal_mask: every slot sees itself and those before it; the compressed numbers are not used."))) {
      view.is_attention_causal = !view.is_attention_causal;
    }
    next_in_line(context, width, tr("Which mask?"));
  }
  if (link(context, "attention.which", tr("Which mask?"))) view.is_mask_legend_open = true;
  space(context, 8);
}

void AttentionPanel::draw_story(PanelContext& context, float width) {
  const Theme& theme = context.theme;
  if (!failure_.empty()) {
    widgets::paragraph(context, context.fonts.body, theme.warning, failure_, width);
    return;
  }
  if (matrix_.cells.empty()) {
    widgets::paragraph(context, context.fonts.body, theme.secondary_text, tr("There is no slot on one of the sides: nobody can attend to anything."), width);
    return;
  }
  const std::optional<MatrixCell>& cell = hovered_ ? hovered_ : kept_;
  if (!cell) {
    widgets::paragraph(context, context.fonts.body, theme.secondary_text, what_it_is(kind_), width);
    space(context, 4);
    widgets::paragraph(context, context.fonts.small, theme.secondary_text, tr("Point at a cell to read why; click to keep it. Wheel: zoom · drag: move · double click: all of it."), width);
    space(context, 8);
    draw_blind_rows(context, width);
    return;
  }
  const CellStory story = explain_cell(context.frame(), matrix_, cell->row, cell->column);
  widgets::paragraph(context, context.fonts.strong, theme.text, drawable(story.title), width);
  space(context, 4);
  widgets::paragraph(context, context.fonts.body, story.is_allowed ? theme.good : theme.error, fill(tr("{0} · attention mask {1}"), story.verdict, story.is_allowed ? 0 : 1), width);
  space(context, 4);
  std::string sentences;
  for (const std::string& sentence : story.sentences) sentences += cat(sentences.empty() || language() == Language::chinese ? "" : " ", sentence);
  widgets::paragraph(context, context.fonts.body, theme.secondary_text, drawable(sentences), width);
  space(context, 8);
  draw_blind_rows(context, width);
}

void AttentionPanel::draw_blind_rows(PanelContext& context, float width) {
  const int count = matrix_.num_rows_without_sight;
  if (count == 0) {
    widgets::paragraph(context, context.fonts.small, context.theme.secondary_text, fill(tr("Each of the {0} rows has something to attend to."), matrix_.rows.num_slots()), width);
    return;
  }
  widgets::paragraph(context, context.fonts.body, context.theme.error, fill(tr_count(count, "{0} of {1} rows has nothing to attend to.", "{0} of {1} rows have nothing to attend to."), count, matrix_.rows.num_slots()), width);
  if (!link(context, "attention.next_blind", tr("Go to the next"))) return;
  const int row = matrix_.next_row_without_sight(kept_ ? kept_->row : -1);
  const int column = std::min(row, matrix_.columns.num_slots() - 1);
  view_.go_to(row, column);
  kept_ = MatrixCell{row, column};
  context.view.pinned = pointed_at(matrix_.rows, row);
  context.view.pinned_modality.clear();
}

void AttentionPanel::draw_legend(PanelContext& context, float width) {
  if (matrix_.cells.empty()) return;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  widgets::caption(context, tr("CELLS"));
  space(context, 4);
  // Some modalities that are there, as examples: cells have their hues.
  std::vector<ImU32> hues;
  for (std::size_t i = 0, last = matrix_.columns.slots.size(); i < last && hues.size() < 3; ++i) {
    const int modality = matrix_.columns.slots[i].modality;
    const ImU32 hue = modality_hue(context, context.frame().scheme.modalities[static_cast<std::size_t>(modality)].modality.name);
    if (std::find(hues.begin(), hues.end(), hue) == hues.end()) hues.push_back(hue);
  }
  for (const StateName& entry : state_names) {
    if (!can_have(kind_, entry.state)) continue;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float side = context.px(14), middle = at.y + context.px(10);
    for (std::size_t i = 0; i < hues.size(); ++i) {
      const float stripe = side / static_cast<float>(hues.size()), left = at.x + stripe * static_cast<float>(i);
      list.AddRectFilled({left, middle - side * 0.5f}, {left + stripe, middle + side * 0.5f}, cell_colour(context.theme, entry.state, hues[i]));
    }
    list.AddRect({at.x, middle - side * 0.5f}, {at.x + side, middle + side * 0.5f}, context.theme.line);
    const std::string count = cat(matrix_.counts[static_cast<std::size_t>(entry.state)]);
    const float count_width = widgets::text_width(context.fonts.mono, count);
    bool is_cut = false;
    const std::string name = widgets::ellipsized(context.fonts.body, tr(entry.name), width - side - context.px(16) - count_width, is_cut);
    widgets::text(context, context.fonts.body, {at.x + side + context.px(8), middle}, context.theme.text, name);
    widgets::text_right(context, context.fonts.mono, {at.x + width, middle}, context.theme.text, count);
    ImGui::Dummy({width, context.px(20)});
    if (is_cut && ImGui::IsItemHovered()) widgets::tooltip(context, tr(entry.name));
  }
  widgets::paragraph(context, context.fonts.small, context.theme.secondary_text,
                     fill(tr("{0} × {1} cells; 0 = may attend, 1 = may not. Ignored slots are hatched: {2} rows, {3} columns."), matrix_.rows.num_slots(), matrix_.columns.num_slots(),
                          matrix_.rows.num_ignored(), matrix_.columns.num_ignored()),
                     width);
}

std::optional<std::string> AttentionPanel::text(const PanelContext& context) const {
  if (!failure_.empty() || matrix_.cells.empty()) return std::nullopt;
  return attention_as_text(context.frame(), matrix_);
}

}  // namespace maskscope
