// What the slots hold: x, emb and their sum as heat maps, before and after zeroing.
#pragma once

#include "app/panels/panel_context.h"

namespace maskscope {

class EmbeddingsPanel {
 public:
  // Every frame, also while the view is not shown.
  void follow(PanelContext& context);
  void draw(PanelContext& context, ImVec2 position, ImVec2 size);
};

}  // namespace maskscope
