// Copies the view in view, or saves it as a picture: view.export_wish.
#pragma once

#include "app/panels/panel_context.h"

namespace maskscope {

class ViewExport {
 public:
  void draw(PanelContext& context);  // its dialog
};

}  // namespace maskscope
