// ENCODER and DECODER: every slot as a tick of its modality's band, ignored slots hatched.
#pragma once

#include <imgui.h>

#include "app/panels/panel_context.h"

namespace maskscope {

void draw_strips(PanelContext& context, ImVec2 position, ImVec2 size);
constexpr float strips_height = 98;  // px at scale 1

}  // namespace maskscope
