#include "app/panels/keyboard_focus.h"

#include <imgui.h>
#include <imgui_internal.h>  // there is no public way to say so in ImGui 1.86

namespace maskscope {

void keep_keyboard_focus() {
  ImGui::GetCurrentContext()->NavWindowingToggleLayer = false;
  ImGui::NavMoveRequestCancel();
}

}  // namespace maskscope
