// All commands in a list to type into.
#pragma once

#include "app/panels/panel_context.h"

namespace maskscope {

class CommandPalette {
 public:
  void draw(PanelContext& context);
};

}  // namespace maskscope
