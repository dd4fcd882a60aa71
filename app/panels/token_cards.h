// TOKENS: one card per modality, pictures with their token grid, texts with their tokens as chips.
#pragma once

#include <imgui.h>

#include "app/panels/panel_context.h"

namespace maskscope {

// Fills the rectangle; scrolls by itself when the cards do not fit.
void draw_token_cards(PanelContext& context, ImVec2 position, ImVec2 size);

}  // namespace maskscope
