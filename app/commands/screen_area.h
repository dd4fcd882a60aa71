// The parts of the window that can be shown alone, by the names of --view.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/panels/panel_context.h"

namespace maskscope::commands {

// "tokens, budgets, …": the tabs under the strips, by value of BottomTab.
const std::vector<std::string>& tab_names();
// Of --view: "window", the tabs and the parts that are always there.
std::vector<std::string> view_names();
std::string joined(const std::vector<std::string>& names);

// Which tab a view needs; nothing for those that are always there.
std::optional<BottomTab> tab_of_view(const std::string& view);

// Where the view is in the frame whose widgets these are, in whole px within the window. Throws Error when it is not there:
// a window too small for it.
WidgetRect area_of_view(const std::string& view, const WidgetLog& widgets, int width, int height);

}  // namespace maskscope::commands
