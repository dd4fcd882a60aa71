#include "app/panels/step_bar.h"

namespace maskscope {

void StepBar::advance(PanelContext&) {}
void StepBar::draw(PanelContext&, ImVec2, ImVec2) {}
void StepBar::draw_travel(PanelContext&) {}

}  // namespace maskscope
