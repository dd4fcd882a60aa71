// SCHEME: preset, token counts, sampled, direct or transfer mode, and what each lets one set.
#pragma once

#include <imgui.h>

#include "app/panels/panel_context.h"

namespace maskscope {

void draw_scheme(PanelContext& context, ImVec2 position, ImVec2 size);

// Height in px at which nothing has to scroll.
float wanted_scheme_height(const PanelContext& context);

// To another mode, as one edit.
void switch_mode(Session& session, BudgetMode mode);

// Slider position 0 .. 1 of an alpha: 0 is an explicit zero, then a log scale from 1e-3 to 1e3.
float alpha_to_slider(double alpha);
double slider_to_alpha(float position);

}  // namespace maskscope
