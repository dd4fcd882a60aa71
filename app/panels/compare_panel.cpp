#include "app/panels/compare_panel.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "app/panels/compare_sections.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

// "seed 42 · 4m-7": what a state is called.
std::string state_name(const Document& document) { return fill(tr("seed {0} · {1}"), document.seed, document.scheme.name); }

void draw_empty(PanelContext& context) {
  const float width = ImGui::GetContentRegionAvail().x;
  widgets::paragraph(context, context.fonts.title, context.theme.text, tr("Two states side by side"), width);
  ImGui::Dummy({1, context.px(2)});
  widgets::paragraph(context, context.fonts.body, context.theme.secondary_text,
                     tr("Pin what is shown now as A, then change whatever you like: a seed, a budget, an α. What becomes different stands here: the fate of every token, "
                        "the budgets, the settings, and what many draws give."),
                     std::min(width, context.px(560)));
  ImGui::Dummy({1, context.px(8)});
  if (widgets::chip(context, "pin", "", tr("Pin as A"))) context.view.compare_wish = CompareWish::pin;
  context.log_last_item("compare.pin");
}

}  // namespace

void ComparePanel::follow(PanelContext& context) {
  const CompareWish wish = std::exchange(context.view.compare_wish, CompareWish::nothing);
  switch (wish) {
    case CompareWish::nothing: break;
    case CompareWish::pin:
      pinned_ = PinnedState{context.session.document(), context.frame()};
      ++pin_number_;
      break;
    case CompareWish::swap: swap(context); break;
    case CompareWish::let_go:
      pinned_.reset();
      key_.reset();
      comparison_ = {};
      break;
  }
  if (pinned_) draws_.follow(context, pinned_->frame, context.frame(), context.view.shown_tab() == BottomTab::compare);
  else draws_.rest();
}

void ComparePanel::swap(PanelContext& context) {
  if (!pinned_ || context.shown_frame) return;  // a frame from elsewhere is no state of the document
  PinnedState present{context.session.document(), context.frame()};
  if (!context.session.apply(edits::replace_document(pinned_->document, tr_later("swap of A and B")), pinned_->frame.inputs)) return;
  pinned_ = std::move(present);
  ++pin_number_;
  context.view.hovered = {};
  follow_pin(context.view, context.frame());
}

void ComparePanel::update(PanelContext& context) {
  const MaskedFrame& frame = context.frame();
  const Key key{context.session.revision(), pin_number_, &frame, frame.inputs.get(), frame.seed, frame.sample_index, language()};
  if (key_ == key) return;
  key_ = key;
  comparison_ = compare(*pinned_, frame, context.session.document());
}

void ComparePanel::draw_chips(PanelContext& context, float width) {
  const float left = ImGui::GetCursorScreenPos().x, gap = context.px(6);
  const auto chip = [&](const char* id, const char* name, CompareWish wish, const char* tip) {
    if (widgets::chip(context, id, "", name)) context.view.compare_wish = wish;
    context.log_last_item(std::string("compare.") + id);
    if (ImGui::IsItemHovered()) widgets::tooltip(context, tip);
    ImGui::SameLine(0, gap);
  };
  chip("pin", tr("Pin as A"), CompareWish::pin, tr("What is shown now becomes A."));
  if (!context.shown_frame) chip("swap", tr("Swap A and B"), CompareWish::swap, tr("A becomes the present state, and the present state A. Undo takes it back."));
  chip("let_go", tr("Let go of A"), CompareWish::let_go, tr("Forgets A."));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float room = width - (at.x - left);
  const std::string names = fill(tr("A: {0}    B: {1}"), drawable(state_name(pinned_->document)), drawable(state_name(context.session.document())));
  bool is_cut = false;
  if (room > context.px(60)) {
    widgets::text(context, context.fonts.body, {at.x + context.px(6), at.y + context.px(13)}, context.theme.secondary_text,
                  widgets::ellipsized(context.fonts.body, names, room - context.px(6), is_cut));
  }
  ImGui::NewLine();
}

void ComparePanel::draw_sections(PanelContext& context) {
  const float width = ImGui::GetContentRegionAvail().x - context.px(12), gap = context.px(28);
  if (!comparison_.is_same_sample) {
    widgets::paragraph(context, context.fonts.body, context.theme.warning, tr("A and B are different samples: their tokens are not the same ones, so only budgets and settings can be compared."), width);
    ImGui::Dummy({1, context.px(4)});
  }
  if (width < context.px(760)) {
    draw_setting_changes(context, comparison_, width);
    draw_fate_changes(context, comparison_, *pinned_, width);
    draw_flow_changes(context, comparison_, width);
    draws_.draw(context, width);
    return;
  }
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float left = std::floor((width - gap) * 0.52f), right = width - gap - left;
  ImGui::BeginGroup();
  draw_fate_changes(context, comparison_, *pinned_, left);
  ImGui::EndGroup();
  const float left_end = ImGui::GetCursorScreenPos().y;
  ImGui::SetCursorScreenPos({corner.x + left + gap, corner.y});
  ImGui::BeginGroup();
  draw_setting_changes(context, comparison_, right);
  draw_flow_changes(context, comparison_, right);
  draws_.draw(context, right);
  ImGui::EndGroup();
  ImGui::SetCursorScreenPos({corner.x, std::max(left_end, ImGui::GetCursorScreenPos().y)});
  ImGui::Dummy({1, 1});
}

void ComparePanel::draw(PanelContext& context, ImVec2 position, ImVec2 size) {
  if (widgets::begin_panel(context, "compare", position, size)) {
    context.log_widget("compare", position, {position.x + size.x, position.y + size.y});
    if (!pinned_) {
      draw_empty(context);
    } else {
      update(context);
      ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {context.px(4), context.px(4)});
      draw_chips(context, ImGui::GetContentRegionAvail().x);
      ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
      ImGui::BeginChild("sections", {0, 0}, false);
      draw_sections(context);
      ImGui::EndChild();
      ImGui::PopStyleVar(2);
    }
  }
  widgets::end_panel();
}

std::optional<std::string> ComparePanel::text() const {
  if (!pinned_ || !key_) return std::nullopt;
  return comparison_as_text(comparison_);
}

}  // namespace maskscope
