// Many draws of the present scheme: frequency maps, histograms, fill.
#pragma once

#include "app/panels/panel_context.h"

namespace maskscope {

class DistributionPanel {
 public:
  // Every frame, also while the view is not shown.
  void follow(PanelContext& context);
  void draw(PanelContext& context, ImVec2 position, ImVec2 size);
};

}  // namespace maskscope
