// The scrubber of the six steps: play, step, drag, speed, and what happens at this step.
#pragma once

#include "app/panels/panel_context.h"

namespace maskscope {

constexpr float step_bar_height = 56;  // px at scale 1

class StepBar {
 public:
  // Moves view.steps on while it plays; before anything that depends on it is drawn.
  void advance(PanelContext& context);
  void draw(PanelContext& context, ImVec2 position, ImVec2 size);
  // The tokens on their way, above everything else; after cards and strips.
  void draw_travel(PanelContext& context);
};

}  // namespace maskscope
