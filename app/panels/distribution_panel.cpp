#include "app/panels/distribution_panel.h"

namespace maskscope {

void DistributionPanel::follow(PanelContext&) {}
void DistributionPanel::draw(PanelContext&, ImVec2, ImVec2) {}

}  // namespace maskscope
