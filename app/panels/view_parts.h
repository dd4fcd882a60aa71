// Small pieces that the views below the strips share: a scrolling column of words, check boxes, links.
#pragma once

#include <imgui.h>

#include "app/panels/panel_context.h"

namespace maskscope {

// A region that scrolls by itself; end_words always.
bool begin_words(PanelContext& context, const char* id, ImVec2 min, ImVec2 max);
void end_words();

void space(const PanelContext& context, float px_at_scale_1);
// The next item stands beside the last one, if its label and a box fit within width of the line's begin; else below.
void next_in_line(PanelContext& context, float width, const char* label);

// True when clicked; what is shown is is_on. id: also in the widget log.
bool checkbox(PanelContext& context, const char* id, const char* label, bool is_on, const char* tooltip);
bool link(PanelContext& context, const char* id, const char* label);

}  // namespace maskscope
