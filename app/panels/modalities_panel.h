// MODALITIES: budget, use and size of every modality on both sides; below it the legend.
#pragma once

#include <imgui.h>

#include "app/panels/panel_context.h"

namespace maskscope {

// is_folded: only colour, short name and the two counts (narrow windows).
void draw_modalities(PanelContext& context, ImVec2 position, ImVec2 size, bool is_folded);

}  // namespace maskscope
