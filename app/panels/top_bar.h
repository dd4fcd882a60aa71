// The bar at the top: menus, what is open, seed, language and backend.
#pragma once

#include "app/panels/panel_context.h"

namespace maskscope {

// Within the root window's menu bar.
void draw_top_bar(PanelContext& context);

}  // namespace maskscope
