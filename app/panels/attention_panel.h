// Who may attend to whom: the self-attention of the decoder slots and the attention to the encoder slots.
#pragma once

#include "app/panels/panel_context.h"

namespace maskscope {

class AttentionPanel {
 public:
  // Every frame, also while the view is not shown.
  void follow(PanelContext& context);
  void draw(PanelContext& context, ImVec2 position, ImVec2 size);
};

}  // namespace maskscope
