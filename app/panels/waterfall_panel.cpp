#include "app/panels/waterfall_panel.h"

#include "app/panels/budget_table.h"

namespace maskscope {

void WaterfallPanel::follow(PanelContext&) {}
void WaterfallPanel::draw(PanelContext& context, ImVec2 position, ImVec2 size) { draw_budget_table(context, position, size); }

}  // namespace maskscope
