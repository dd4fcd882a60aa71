// The `?` sheet: every key, by groups. And what the program is.
#pragma once

#include "app/panels/panel_context.h"

namespace maskscope {

// Windows of their own while view.is_shortcut_sheet_open, view.is_about_open.
void draw_shortcut_sheet(PanelContext& context);
void draw_about(PanelContext& context);

}  // namespace maskscope
