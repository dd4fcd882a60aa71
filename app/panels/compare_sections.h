// What the comparison shows, section by section, one under another; each is as wide as it is told and moves the cursor below it.
#pragma once

#include <string>

#include "app/comparison.h"
#include "app/panels/panel_context.h"

namespace maskscope {

// In capitals, over a line of this width; 22 px high at scale 1.
void draw_section_title(PanelContext& context, const std::string& title, float width);

// Settings that differ, a line each.
void draw_setting_changes(PanelContext& context, const Comparison& comparison, float width);
// Per modality: cards of A, of B and of the tokens whose fate changed, and the matrix of what became of what.
void draw_fate_changes(PanelContext& context, const Comparison& comparison, const PinnedState& a, float width);
// The waterfall's main numbers of A and B and their difference.
void draw_flow_changes(PanelContext& context, const Comparison& comparison, float width);

}  // namespace maskscope
