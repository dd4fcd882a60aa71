// The sample in numbers: where every modality's tokens went, and what was lost on the way.
#pragma once

#include <imgui.h>

#include "app/panels/panel_context.h"

namespace maskscope {

void draw_budget_table(PanelContext& context, ImVec2 position, ImVec2 size);

}  // namespace maskscope
