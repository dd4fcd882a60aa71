// One card of a modality of kind img: its picture under the token grid.
#pragma once

#include <imgui.h>

#include "app/panels/panel_context.h"

namespace maskscope {

// modality: position in the frame's scheme. The grid is square and fits below the header.
void draw_image_card(PanelContext& context, int modality, ImVec2 position, ImVec2 size);

// Name, short facts at the right; shared by all cards. Returns the height used.
float draw_card_header(PanelContext& context, int modality, ImVec2 position, float width, const std::string& facts);
constexpr float card_header_height = 34;  // px at scale 1
constexpr float card_inset = 8;

}  // namespace maskscope
