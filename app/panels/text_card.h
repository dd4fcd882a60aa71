// One card of a modality of kind seq: the source text (when something of it is discarded), the encoder's
// input and the decoder's target, every token a chip.
#pragma once

#include <imgui.h>

#include "app/panels/panel_context.h"

namespace maskscope {

void draw_text_card(PanelContext& context, int modality, ImVec2 position, ImVec2 size);

// Height the card would like at a width: all rows without scrolling.
float wanted_text_card_height(PanelContext& context, int modality, float width);

}  // namespace maskscope
