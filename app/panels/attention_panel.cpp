#include "app/panels/attention_panel.h"

namespace maskscope {

void AttentionPanel::follow(PanelContext&) {}
void AttentionPanel::draw(PanelContext&, ImVec2, ImVec2) {}

}  // namespace maskscope
