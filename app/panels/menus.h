// The menus of the menu bar: made of the list of actions.
#pragma once

#include "app/panels/panel_context.h"

namespace maskscope {

// Within the root window's menu bar.
void draw_menus(PanelContext& context);

}  // namespace maskscope
