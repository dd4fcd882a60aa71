// What stands in a card whose modality this sample lacks: shown as such, never hidden.
#pragma once

#include <imgui.h>

#include "app/panels/panel_context.h"

namespace maskscope {

// Hatching over the place of the tokens, and a sentence in its middle. modality: position in the frame's scheme.
void draw_missing(PanelContext& context, int modality, ImVec2 position, ImVec2 size);

}  // namespace maskscope
