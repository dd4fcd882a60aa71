// What copying means: a token's story, and the numbers of a view as text for a spreadsheet.
#pragma once

#include <optional>
#include <string>

#include "app/panels/panel_context.h"

namespace maskscope {

// Of the token or ignored slot that all views light up; nothing where there is none.
std::optional<std::string> story_as_text(const PanelContext& context);

// Tab-separated, with headers; nothing for views that have no text. To give a view one, add it to the table in view_text.cpp.
std::optional<std::string> view_as_text(const PanelContext& context, BottomTab tab);
bool has_text(BottomTab tab);

}  // namespace maskscope
