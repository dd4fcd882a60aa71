// A paragraph in which parts can be clicked, or reached by the keyboard.
#pragma once

#include <string>
#include <vector>

#include "app/linked_sentence.h"
#include "app/panels/panel_context.h"

namespace maskscope::widgets {

// Wraps the text to the width at the cursor, between Chinese characters too, and moves the cursor below it. A link is not broken;
// one wider than the line is cut with an ellipsis. Returns the index of the link that was clicked or activated, -1: none.
// id: also the links' names for tests, "id.0", "id.1", …
int linked_paragraph(PanelContext& context, const std::string& id, const std::string& text, const std::vector<PlaceLink>& links, float width);

}  // namespace maskscope::widgets
