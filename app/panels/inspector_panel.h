// TOKEN: the history of the token under the cursor, or of the pinned one.
#pragma once

#include <imgui.h>

#include "app/panels/panel_context.h"

namespace maskscope {

void draw_inspector(PanelContext& context, ImVec2 position, ImVec2 size);

}  // namespace maskscope
