// "Which mask?": everything that is called a mask, and what a 1 in it means.
#pragma once

#include "app/panels/panel_context.h"

namespace maskscope {

class MaskLegend {
 public:
  // A window of its own while view.is_mask_legend_open.
  void draw(PanelContext& context);
};

}  // namespace maskscope
