// The words of the Embeddings view: what is chosen, what the number under the cursor is, and what its colour means.
#include <algorithm>
#include <iterator>

#include "app/panels/embeddings_panel.h"
#include "app/panels/heat_map.h"
#include "app/panels/slot_bands.h"
#include "app/panels/view_parts.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr const char* dim_labels[] = {"16", "32", "64", "128", "256", "768"};
static_assert(std::size(dim_labels) == std::size(embedding_dims));

constexpr float number_width = 180;  // px at scale 1: of a name and its number

// A name on the left, a number on the right.
void number_line(PanelContext& context, float width, const char* name, const std::string& number, ImU32 colour) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float line = context.px(18), middle = at.y + line * 0.5f;
  widgets::text(context, context.fonts.body, {at.x, middle}, context.theme.secondary_text, name);
  widgets::text_right(context, context.fonts.mono, {at.x + std::min(width, context.px(number_width)), middle}, colour, number);
  ImGui::Dummy({std::min(width, context.px(number_width)), line});
}

}  // namespace

void EmbeddingsPanel::draw_words(PanelContext& context, ImVec2 min, ImVec2 max) {
  if (!begin_words(context, "embedding words", min, max)) return end_words();
  const float width = ImGui::GetContentRegionAvail().x;
  draw_controls(context, width);
  draw_story(context, width);
  if (!panes_.empty()) {
    space(context, 8);
    const bool is_tables = shown_ == Shown::tables;
    if (!is_tables && std::any_of(maps_.is_unknown.begin(), maps_.is_unknown.end(), [](std::uint8_t is_unknown) { return is_unknown != 0; })) {
      draw_unknown_sample(context);
    }
    widgets::paragraph(context, context.fonts.small, context.theme.secondary_text,
                       fill(tr("Tables before training, N(0, {0}), seed {1}: not a trained model's."), "0.02", embedding_seed), width);
  }
  end_words();
}

void EmbeddingsPanel::draw_controls(PanelContext& context, float width) {
  ViewState& view = context.view;
  // Two lines where there is room, else four.
  const bool is_wide = width >= context.px(380);
  const float gap = context.px(12), half = is_wide ? (width - gap) * 0.5f : width;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float line = context.px(32);
  float x = at.x, y = at.y;
  const auto next = [&](bool is_beside) {
    x = is_beside && is_wide ? at.x + half + gap : at.x;
    if (x == at.x) y += line;
    ImGui::SetCursorScreenPos({x, y});
  };
  shown_ = static_cast<Shown>(widgets::segments(context, "embeddings.side", {tr_later("Encoder"), tr_later("Decoder"), tr_later("Tables")}, static_cast<int>(shown_), half));
  if (shown_ != Shown::tables) {
    next(true);
    zeroed_ = static_cast<Zeroed>(widgets::segments(context, "embeddings.zeroed", {tr_later("Before"), tr_later("After"), tr_later("Both")}, static_cast<int>(zeroed_), half));
  }
  next(false);
  const float label = context.px(20), dims = is_wide ? (width - gap) * 0.6f : width;
  widgets::text(context, context.fonts.body, {x, y + context.px(13)}, context.theme.secondary_text, "D");
  ImGui::SetCursorScreenPos({x + label, y});
  const auto chosen = std::find(std::begin(embedding_dims), std::end(embedding_dims), view.embedding_dim);
  const auto before = static_cast<int>(chosen - std::begin(embedding_dims));
  const int dim = widgets::segments(context, "embeddings.dim", {std::begin(dim_labels), std::end(dim_labels)}, before, dims - label);
  if (dim != before) view.embedding_dim = embedding_dims[dim];
  if (is_wide) ImGui::SetCursorScreenPos({at.x + dims + gap, y});
  else next(false);
  if (!panes_.empty()) draw_heat_scale(context, shown_ == Shown::tables ? tables_.largest : maps_.largest, is_wide ? width - dims - gap : width);
  ImGui::SetCursorScreenPos({at.x, y + context.px(heat_scale_height + 8)});
}

void EmbeddingsPanel::draw_story(PanelContext& context, float width) {
  const Theme& theme = context.theme;
  if (!failure_.empty()) {
    widgets::paragraph(context, context.fonts.body, theme.warning, failure_, width);
    return;
  }
  if (panes_.empty()) {
    widgets::paragraph(context, context.fonts.body, theme.secondary_text, tr("There is no slot on this side."), width);
    return;
  }
  if (hovered_ && shown_ == Shown::tables) return draw_table_story(context, width);
  if (hovered_) return draw_slot_story(context, width, hovered_->row, hovered_->component);
  const int ignored = maps_.axis.num_ignored();
  if (shown_ == Shown::tables) {
    widgets::paragraph(context, context.fonts.body, theme.secondary_text,
                       tr("emb of a slot is a position's row plus its modality's vector. The mask token stands as x in every decoder slot of an image."), width);
  } else {
    widgets::paragraph(context, context.fonts.body, theme.secondary_text,
                       fill(tr("Each row is a slot, each column one of {0} components. x is the token, emb its position and modality."), maps_.dim), width);
    space(context, 2);
    widgets::paragraph(context, context.fonts.body, ignored > 0 ? theme.text : theme.secondary_text,
                       fill(tr("{0} of {1} slots are ignored: x and emb become 0 there."), ignored, maps_.axis.num_slots()), width);
  }
}

void EmbeddingsPanel::draw_slot_story(PanelContext& context, float width, int slot, int component) {
  const Theme& theme = context.theme;
  const MaskedFrame& frame = context.frame();
  const AxisSlot& entry = maps_.axis.slots[static_cast<std::size_t>(slot)];
  const Pane& pane = panes_[hovered_->pane];
  const bool is_zeroed = pane.is_after_zeroing && entry.is_ignored;
  const bool is_unknown = maps_.is_unknown[static_cast<std::size_t>(slot)] != 0;
  const std::string title = fill(maps_.axis.is_encoder ? tr("encoder slot {0} · {1}") : tr("decoder slot {0} · {1}"), slot, slot_title(frame, entry));
  widgets::paragraph(context, context.fonts.strong, theme.text, drawable(title), width);
  widgets::paragraph(context, context.fonts.small, theme.secondary_text,
                     fill(pane.is_after_zeroing ? tr("component {0} of {1}, after zeroing") : tr("component {0} of {1}, before zeroing"), component, maps_.dim), width);
  const SlotMaps& shown = pane.is_after_zeroing ? maps_.after : maps_.before;
  const auto value = [&](const ValueMap& map) { return map.row(slot, maps_.dim)[component]; };
  const bool is_x_unknown = is_unknown && !is_zeroed;
  const std::string unknown = "?";
  const ImVec2 numbers = ImGui::GetCursorScreenPos();
  number_line(context, width, "x", is_x_unknown ? unknown : signed_number(value(shown.x)), theme.text);
  if (!is_zeroed) {
    const float position = value(maps_.positions);
    const int number = maps_.position[static_cast<std::size_t>(slot)];
    number_line(context, width, number < 0 ? tr("no position") : fill(tr("position {0}"), number).c_str(), signed_number(position), theme.secondary_text);
    number_line(context, width, tr("modality"), signed_number(value(shown.emb) - position), theme.secondary_text);
  }
  number_line(context, width, "emb", signed_number(value(shown.emb)), theme.text);
  number_line(context, width, "x+emb", is_x_unknown ? unknown : signed_number(value(shown.sum)), theme.text);
  std::string remark;
  if (entry.is_ignored) remark = is_zeroed ? tr("Ignored slot: x and emb are set to 0, the position with them.") : tr("Ignored slot: what its tensor slot would give; zeroing takes all of it away.");
  else if (is_unknown) remark = unknown_reason(frame, maps_, slot);
  else if (!maps_.axis.is_encoder && frame.scheme.modalities[static_cast<std::size_t>(entry.modality)].modality.kind == ModalityKind::img) {
    remark = tr("x is the mask token, the same vector in every image slot of the decoder. The position stays: this is no ignored slot.");
  } else if (!maps_.axis.is_encoder) {
    remark = fill(tr("x is “{0}”, the token before the one to predict."), held_label(frame, slot));
  }
  if (remark.empty()) return;
  // Beside the numbers where there is room.
  const float beside = context.px(number_width + 20), bottom = ImGui::GetCursorScreenPos().y;
  if (width - beside < context.px(120)) {
    space(context, 4);
    widgets::paragraph(context, context.fonts.small, theme.secondary_text, drawable(remark), width);
    return;
  }
  ImGui::SetCursorScreenPos({numbers.x + beside, numbers.y + context.px(2)});
  widgets::paragraph(context, context.fonts.small, theme.secondary_text, drawable(remark), width - beside);
  ImGui::SetCursorScreenPos({numbers.x, std::max(bottom, ImGui::GetCursorScreenPos().y)});
}

void EmbeddingsPanel::draw_table_story(PanelContext& context, float width) {
  const Pane& pane = panes_[hovered_->pane];
  widgets::paragraph(context, context.fonts.strong, context.theme.text, pane.row_name(hovered_->row), width);
  widgets::paragraph(context, context.fonts.small, context.theme.secondary_text, fill(tr("component {0} of {1}"), hovered_->component, tables_.dim), width);
  number_line(context, width, tr("value"), signed_number(pane.map->row(hovered_->row, tables_.dim)[hovered_->component]), context.theme.text);
}

}  // namespace maskscope
