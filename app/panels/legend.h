// What every colour and pattern means. A click isolates a fate, a second click shows all again.
#pragma once

#include "app/panels/panel_context.h"

namespace maskscope {

float legend_height(const PanelContext& context, bool is_folded);
void draw_legend(PanelContext& context, bool is_folded);

}  // namespace maskscope
