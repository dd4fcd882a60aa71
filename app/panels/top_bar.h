// Menus, what is open, seed and backend.
#pragma once

#include "app/panels/panel_context.h"

namespace maskscope {

// Within the root window's menu bar.
void draw_top_bar(PanelContext& context);

// Keyboard shortcuts of the whole window; once a frame.
void handle_shortcuts(PanelContext& context);

// Every shortcut, for the sheet and the menus.
struct Shortcut {
  const char* keys;
  const char* what;
};
const std::vector<Shortcut>& shortcuts();

}  // namespace maskscope
