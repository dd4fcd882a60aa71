#include "app/panels/main_view.h"

#include <imgui_stdlib.h>

#include <algorithm>

#include "app/imgui_compat.h"
#include "app/panels/inspector_panel.h"
#include "app/panels/modalities_panel.h"
#include "app/panels/scheme_panel.h"
#include "app/panels/status_bar.h"
#include "app/panels/strips_panel.h"
#include "app/panels/token_cards.h"
#include "app/panels/top_bar.h"
#include "app/panels/widgets.h"
#include "app/scheme_files.h"
#include "app/session_file.h"
#include "core/error.h"

namespace maskscope {
namespace {

namespace fs = std::filesystem;

constexpr const char* text_editor_title = "Text";

void draw_shortcut_sheet(PanelContext& context) {
  if (!context.view.is_shortcut_sheet_open) return;
  const ImVec2 room = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({room.x * 0.5f, room.y * 0.5f}, ImGuiCond_Always, {0.5f, 0.5f});
  if (ImGui::Begin("Keyboard shortcuts", &context.view.is_shortcut_sheet_open,
                   ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoSavedSettings)) {
    for (const Shortcut& shortcut : shortcuts()) {
      const ImVec2 at = ImGui::GetCursorScreenPos();
      const float middle = at.y + context.px(11);
      widgets::text(context, context.fonts.mono, {at.x, middle}, context.theme.accent, shortcut.keys);
      widgets::text(context, context.fonts.body, {at.x + context.px(220), middle}, context.theme.text, shortcut.what);
      ImGui::Dummy({context.px(680), context.px(22)});
    }
  }
  ImGui::End();
}

void draw_about(PanelContext& context) {
  if (!context.view.is_about_open) return;
  const ImVec2 room = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({room.x * 0.5f, room.y * 0.5f}, ImGuiCond_Always, {0.5f, 0.5f});
  if (ImGui::Begin("About maskscope", &context.view.is_about_open,
                   ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoSavedSettings)) {
    const float width = context.px(420);
    widgets::paragraph(context, context.fonts.title, context.theme.text, "maskscope " MASKSCOPE_VERSION, width);
    ImGui::Dummy({1, context.px(4)});
    widgets::paragraph(context, context.fonts.body, context.theme.secondary_text,
                       "Shows which token goes where, and why, when 4M masks a sample: to the encoder, to the decoder as a target, or nowhere. "
                       "The masking scheme is that of 4M (apple/ml-4m). Apache License 2.0.",
                       width);
    ImGui::Dummy({1, context.px(4)});
    widgets::paragraph(context, context.fonts.body, context.theme.secondary_text, context.session.backend_story(), width);
  }
  ImGui::End();
}

fs::path folder_of_inputs(const Document& document) {
  if (document.inputs.picture == PictureSource::dump) return document.inputs.dump.path.parent_path();
  if (document.inputs.picture == PictureSource::dataset) return fs::path(document.inputs.dataset.path).parent_path();
  if (!document.inputs.photo.empty()) return document.inputs.photo.parent_path();
  if (!document.inputs.text_file.empty()) return document.inputs.text_file.parent_path();
  std::error_code failure;
  return fs::current_path(failure);
}

}  // namespace

void MainView::open_files(Session& session, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) browser_.open(session, path);
}

void MainView::draw(PanelContext& context) {
  context.view.hovered_next = {};
  context.browser = &browser_;
  browser_.update(context);
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
  draw_room(context, {0, bar}, {size.x, size.y - bar - status});
  draw_status_bar(context, {0, size.y - status}, {size.x, status});
  ImGui::End();

  draw_shortcut_sheet(context);
  draw_about(context);
  mask_legend_.draw(context);
  palette_.draw(context);
  export_.draw(context);
  follow_pin(context.view, context.frame());
  context.view.hovered = context.view.hovered_next;
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
}

void MainView::draw_centre(PanelContext& context, ImVec2 corner, ImVec2 size) {
  const float gap = context.px(10), strips = context.px(strips_height);
  // The views below need room of their own: without it they share the place of the cards.
  const float least_cards = context.px(260), least_below = context.px(150);
  const float room = size.y - strips - 2 * gap;
  if (room < context.px(600)) {
    const float cards = std::max(size.y - strips - gap, 1.0f);
    bottom_views_.draw(context, corner, {size.x, cards}, true);
    draw_strips(context, {corner.x, corner.y + cards + gap}, {size.x, strips});
    return;
  }
  // As much as the numbers need, if the user did not say; other views scroll.
  const float wanted = context.px(tabs_height + 24 + 20 * static_cast<float>(context.frame().scheme.num_modalities() + 3));
  const float by_default = std::min(wanted, size.y * 0.38f);
  const float below = std::clamp(context.view.bottom_share > 0 ? context.view.bottom_share * size.y : by_default, least_below, room - least_cards);
  const float cards = room - below;
  draw_token_cards(context, corner, {size.x, cards});
  draw_strips(context, {corner.x, corner.y + cards + gap}, {size.x, strips});
  const float top = corner.y + cards + gap + strips;
  draw_bottom_handle(context, {corner.x, top}, {size.x, gap}, corner.y, size.y);
  bottom_views_.draw(context, {corner.x, top + gap}, {size.x, below}, false);
}

void MainView::draw_dialogs(PanelContext& context) {
  ViewState& view = context.view;
  if (view.is_open_dialog_wanted) {
    saved_ = Saved::nothing;
    file_dialog_.show(FileDialog::Purpose::open, folder_of_inputs(context.session.document()), "");
    view.is_open_dialog_wanted = false;
  }
  if (view.is_save_dialog_wanted) {
    saved_ = Saved::session;
    file_dialog_.show(FileDialog::Purpose::save, folder_of_inputs(context.session.document()), "session.json", tr("the session"));
    view.is_save_dialog_wanted = false;
  }
  if (view.is_scheme_dialog_wanted) {
    saved_ = Saved::scheme;
    file_dialog_.show(FileDialog::Purpose::save, folder_of_inputs(context.session.document()), "scheme.yaml", tr("the scheme"));
    view.is_scheme_dialog_wanted = false;
  }
  if (view.is_config_update_wanted) {
    view.is_config_update_wanted = false;
    update_config_files(context.session);
  }
  if (const auto path = file_dialog_.draw(context)) {
    if (saved_ == Saved::nothing) open_files(context.session, {path->string()});
    else save(context.session, *path);
  }
  draw_text_editor(context);
}

void MainView::save(Session& session, const fs::path& path) {
  try {
    if (saved_ == Saved::session) save_session(session.document(), path);
    else save_scheme(session.document().scheme, path);
    session.say(MessageLevel::info, cat(saved_ == Saved::session ? "Saved the session as " : "Saved the scheme as ", path.string(), "."));
  } catch (const Error& error) {
    session.say(MessageLevel::error, error.what());
  }
}

void MainView::draw_text_editor(PanelContext& context) {
  if (context.view.is_text_editor_wanted) {
    context.view.is_text_editor_wanted = false;
    context.session.end_merge();  // each visit to the editor is an undo step
    const ModalityContent* caption = context.frame().inputs ? context.frame().inputs->find("caption") : nullptr;
    edited_text_ = caption && caption->text ? *caption->text : "";
    ImGui::OpenPopup(text_editor_title);
  }
  const ImVec2 room = ImGui::GetIO().DisplaySize;
  // High up, so that the tokens below are seen to follow every key.
  ImGui::SetNextWindowPos({room.x * 0.5f, context.px(56)}, ImGuiCond_Always, {0.5f, 0.0f});
  ImGui::SetNextWindowSize({std::min(context.px(640), room.x * 0.94f), 0});
  if (!ImGui::BeginPopup(text_editor_title)) return;
  widgets::caption(context, "CAPTION");
  if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  if (ImGui::InputTextMultiline("##text", &edited_text_, {ImGui::GetContentRegionAvail().x, context.px(110)})) {
    context.session.apply(edits::set_text(edited_text_));
  }
  context.log_last_item("text.editor");
  if (ImGui::IsItemDeactivatedAfterEdit()) context.session.end_merge();
  if (widgets::chip(context, "done", "", "Done", true)) ImGui::CloseCurrentPopup();
  if (context.session.document().inputs.text && context.frame().inputs && context.frame().inputs->scene_caption) {
    ImGui::SameLine(0, context.px(8));
    if (widgets::chip(context, "own", "", "Scene's own caption")) {
      context.session.apply(edits::use_scene_caption());
      ImGui::CloseCurrentPopup();
    }
  }
  ImGui::EndPopup();
}

}  // namespace maskscope
