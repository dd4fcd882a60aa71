#include "app/panels/compare_panel.h"

namespace maskscope {

void ComparePanel::follow(PanelContext&) {}
void ComparePanel::draw(PanelContext&, ImVec2, ImVec2) {}

}  // namespace maskscope
