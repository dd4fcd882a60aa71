#include "app/panels/main_view.h"

#include <algorithm>

#include "app/panels/actions.h"
#include "app/panels/inspector_panel.h"
#include "app/panels/modalities_panel.h"
#include "app/panels/scheme_panel.h"
#include "app/panels/shortcut_sheet.h"
#include "app/panels/status_bar.h"
#include "app/panels/strips_panel.h"
#include "app/panels/token_cards.h"
#include "app/panels/top_bar.h"
#include "app/panels/view_memory.h"
#include "app/scheme_files.h"
#include "app/session_file.h"
#include "core/error.h"

namespace maskscope {

namespace fs = std::filesystem;

void MainView::open_files(Session& session, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) browser_.open(session, path);
}

void MainView::show(const SessionView& saved, const MaskedFrame& frame, ViewState& view) {
  show_session_view(saved, frame, view);
  lesson_.stay(view);
}

void MainView::draw(PanelContext& context) {
  context.view.hovered_next = {};
  context.view.hovered_with_next = {};
  context.browser = &browser_;
  browser_.update(context);
  take_opened_session(context);
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  if (size.x < 1 || size.y < 1) return;
  // Whatever can edit the document comes before what shows it: every control acts in the frame it is used in.
  handle_shortcuts(context);
  draw_dialogs(context);
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(size);
  const float bar = context.px(44);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {context.px(10), (bar - context.fonts.body->FontSize) * 0.5f});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, context.theme.ground);
  ImGui::Begin("maskscope", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                   ImGuiWindowFlags_MenuBar | ImGuiWindowFlags_NoScrollWithMouse);
  const bool has_bar = ImGui::BeginMenuBar();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar(4);
  if (has_bar) {
    draw_top_bar(context);
    ImGui::EndMenuBar();
  }
  const float status = context.px(34);
  const float offer = offer_ ? context.px(restore_bar_height) : 0.0f;
  if (offer_) draw_offer(context, {0, bar}, {size.x, offer});
  draw_room(context, {0, bar + offer}, {size.x, size.y - bar - offer - status});
  draw_status_bar(context, {0, size.y - status}, {size.x, status});
  ImGui::End();

  draw_shortcut_sheet(context);
  draw_about(context);
  mask_legend_.draw(context);
  palette_.draw(context);
  export_.draw(context, [&] { return bottom_views_.text(context); });
  follow_pin(context.view, context.frame());
  context.view.hovered = context.view.hovered_next;
  context.view.hovered_with = context.view.hovered_with_next;
}

// Where there is less room than the panels can do with, they keep their least size and are scrolled.
void MainView::draw_room(PanelContext& context, ImVec2 corner, ImVec2 size) {
  const ImVec2 least{context.px(context.view.is_lesson_open ? 920 : 700), context.px(430)};
  if (size.x >= least.x && size.y >= least.y) return draw_panels(context, corner, size);
  if (size.x < 1 || size.y < 1) return;
  ImGui::SetCursorScreenPos(corner);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  imgui_compat::begin_child("panels", size, false, ImGuiWindowFlags_HorizontalScrollbar);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  const ImVec2 scrolled = ImGui::GetCursorScreenPos();
  const float bar = ImGui::GetStyle().ScrollbarSize;  // of the direction that has to be scrolled, if it is only one
  const ImVec2 whole{std::max(size.x - (size.y < least.y ? bar : 0.0f), least.x), std::max(size.y - (size.x < least.x ? bar : 0.0f), least.y)};
  draw_panels(context, scrolled, whole);
  ImGui::SetCursorScreenPos(scrolled);
  ImGui::Dummy(whole);
  ImGui::EndChild();
}

void MainView::draw_offer(PanelContext& context, ImVec2 corner, ImVec2 size) {
  switch (draw_restore_bar(context, *offer_, corner, size)) {
    case RestoreChoice::none: break;
    case RestoreChoice::restore: browser_.open(context.session, offer_->path); break;
    case RestoreChoice::discard:
      offer_->discarded();
      offer_.reset();
      break;
  }
}

void MainView::take_opened_session(PanelContext& context) {
  const auto opened = browser_.take_opened_session();
  if (!opened) return;
  if (opened->view) show(*opened->view, context.frame(), context.view);
  if (!offer_ || opened->path != offer_->path) return;
  browser_.recent().remove(offer_->path);
  offer_->restored();
  offer_.reset();
}

void MainView::draw_panels(PanelContext& context, ImVec2 corner, ImVec2 size) {
  const float gap = context.px(10);
  const bool is_narrow = size.x < context.px(1240);
  const float left_width = context.px(context.view.is_lesson_open ? (is_narrow ? 300 : 356) : is_narrow ? 84 : 252);
  const float right_width = context.px(is_narrow ? 276 : 332);
  const float top = corner.y + gap, height = size.y - 2 * gap;
  const float left = corner.x + gap, centre = left + left_width + gap;
  const float right = corner.x + size.x - gap - right_width;
  const float centre_width = std::max(right - gap - centre, context.px(40));

  const float scheme = std::min(wanted_scheme_height(context), std::max(height - gap - context.px(230), height * 0.5f));
  draw_scheme(context, {right, top}, {right_width, scheme});
  if (context.view.is_lesson_open) lesson_.draw(context, {left, top}, {left_width, height});
  else draw_modalities(context, {left, top}, {left_width, height}, is_narrow);

  follow_pin(context.view, context.frame());

  const float steps = context.px(step_bar_height);
  step_bar_.advance(context);
  step_bar_.draw(context, {centre, top}, {centre_width, steps});
  draw_centre(context, {centre, top + steps + gap}, {centre_width, std::max(height - steps - gap, 1.0f)});
  step_bar_.draw_travel(context);
  draw_inspector(context, {right, top + scheme + gap}, {right_width, height - scheme - gap});
  context.log_widget("view.inspector", {right, top + scheme + gap}, {right + right_width, top + height});
}

void MainView::draw_centre(PanelContext& context, ImVec2 corner, ImVec2 size) {
  const float gap = context.px(10), strips = context.px(strips_height);
  // The views below need room of their own: without it they share the place of the cards.
  const float least_cards = context.px(260), least_below = context.px(150);
  const float room = size.y - strips - 2 * gap;
  if (room < context.px(600)) {
    const float cards = std::max(size.y - strips - gap, 1.0f);
    bottom_views_.draw(context, corner, {size.x, cards}, true, export_);
    context.log_widget("view.packing", {corner.x, corner.y + cards + gap}, {corner.x + size.x, corner.y + size.y});
    draw_strips(context, {corner.x, corner.y + cards + gap}, {size.x, strips});
    return;
  }
  // As much as the numbers need, if the user did not say; other views scroll.
  const float wanted = context.px(tabs_height + 44 + 20 * static_cast<float>(context.frame().scheme.num_modalities() + 3));
  const float by_default = std::min(wanted, size.y * 0.41f);
  const float below = std::clamp(context.view.bottom_share > 0 ? context.view.bottom_share * size.y : by_default, least_below, room - least_cards);
  const float cards = room - below;
  draw_token_cards(context, corner, {size.x, cards});
  context.log_widget("view.tokens", corner, {corner.x + size.x, corner.y + cards});
  context.log_widget("view.packing", {corner.x, corner.y + cards + gap}, {corner.x + size.x, corner.y + cards + gap + strips});
  draw_strips(context, {corner.x, corner.y + cards + gap}, {size.x, strips});
  const float top = corner.y + cards + gap + strips;
  draw_bottom_handle(context, {corner.x, top}, {size.x, gap}, corner.y, size.y);
  bottom_views_.draw(context, {corner.x, top + gap}, {size.x, below}, false, export_);
}

void MainView::draw_dialogs(PanelContext& context) {
  ViewState& view = context.view;
  if (view.is_open_dialog_wanted) {
    saved_ = Saved::nothing;
    file_dialog_.show_open(dialog_folder(context));
    view.is_open_dialog_wanted = false;
  }
  if (view.is_save_dialog_wanted) {
    saved_ = Saved::session;
    file_dialog_.show_save(dialog_folder(context), "session.json", tr_later("the session"));
    view.is_save_dialog_wanted = false;
  }
  if (view.is_scheme_dialog_wanted) {
    saved_ = Saved::scheme;
    file_dialog_.show_save(dialog_folder(context), "scheme.yaml", tr_later("the scheme"));
    view.is_scheme_dialog_wanted = false;
  }
  if (view.is_config_update_wanted) {
    view.is_config_update_wanted = false;
    update_config_files(context.session);
  }
  if (const auto path = file_dialog_.draw(context)) {
    if (saved_ == Saved::nothing) open_files(context.session, {path->string()});
    else save(context, *path);
  }
  text_editor_.draw(context);
}

void MainView::save(PanelContext& context, const fs::path& path) {
  Session& session = context.session;
  try {
    if (saved_ == Saved::session) {
      const SessionView view = to_session_view(context.view);
      save_session(session.document(), path, &view);
      browser_.recent().add(path.string());
    } else {
      save_scheme(session.document().scheme, path);
      browser_.recent().set_folder(path.parent_path().string());
    }
    session.say(MessageLevel::info, later(saved_ == Saved::session ? tr_later("Saved the session as {0}.") : tr_later("Saved the scheme as {0}."), path.string()));
  } catch (const Error& error) {
    session.say(MessageLevel::error, error.what());
  }
}

}  // namespace maskscope
