// The rows of the scheme panel that belong to one component of a mixture: which one, how often it is drawn, what it keeps.
#pragma once

#include "app/panels/panel_context.h"

namespace maskscope {

// The component whose alphas are shown and edited, from 0.
int shown_component(const PanelContext& context);

// Picker and weight; nothing without a mixture.
void draw_component(PanelContext& context);
// Keep schemes of the texts; nothing without texts.
void draw_keep(PanelContext& context);

// px at scale 1 that the rows take.
float mixture_rows_height(const PanelContext& context);

}  // namespace maskscope
