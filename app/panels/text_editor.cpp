#include "app/panels/text_editor.h"

#include <imgui_stdlib.h>

#include <algorithm>

#include "app/panels/widgets.h"

namespace maskscope {
namespace {

constexpr const char* popup_id = "text editor";

}  // namespace

void TextEditor::draw(PanelContext& context) {
  if (context.view.is_text_editor_wanted) {
    context.view.is_text_editor_wanted = false;
    context.session.end_merge();  // each visit to the editor is an undo step
    const ModalityContent* caption = context.frame().inputs ? context.frame().inputs->find("caption") : nullptr;
    text_ = caption && caption->text ? *caption->text : "";
    ImGui::OpenPopup(popup_id);
  }
  const ImVec2 room = ImGui::GetIO().DisplaySize;
  // High up, so that the tokens below are seen to follow every key.
  ImGui::SetNextWindowPos({room.x * 0.5f, context.px(56)}, ImGuiCond_Always, {0.5f, 0.0f});
  ImGui::SetNextWindowSize({std::min(context.px(640), room.x * 0.94f), 0});
  if (!ImGui::BeginPopup(popup_id)) return;
  widgets::caption(context, tr("CAPTION"));
  if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  if (ImGui::InputTextMultiline("##text", &text_, {ImGui::GetContentRegionAvail().x, context.px(110)})) {
    context.session.apply(edits::set_text(text_));
  }
  context.log_last_item("text.editor");
  if (ImGui::IsItemDeactivatedAfterEdit()) context.session.end_merge();
  if (widgets::chip(context, "done", "", tr("Done"), true)) ImGui::CloseCurrentPopup();
  if (context.session.document().inputs.text && context.frame().inputs && context.frame().inputs->scene_caption) {
    ImGui::SameLine(0, context.px(8));
    if (widgets::chip(context, "own", "", tr("Scene's own caption"))) {
      context.session.apply(edits::use_scene_caption());
      ImGui::CloseCurrentPopup();
    }
  }
  ImGui::EndPopup();
}

}  // namespace maskscope
