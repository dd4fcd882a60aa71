// Below everything: what is computed, what is lost, the last message.
#pragma once

#include <imgui.h>

#include "app/panels/panel_context.h"

namespace maskscope {

void draw_status_bar(PanelContext& context, ImVec2 position, ImVec2 size);

}  // namespace maskscope
