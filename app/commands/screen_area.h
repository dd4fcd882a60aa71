// The parts of the window that can be shown alone, by the names of --view.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/panels/panel_context.h"

namespace maskscope::commands {

// Of --view: "window", the tabs and the parts that are always there.
std::vector<std::string> view_names();

// Names, with commas between them.
template <class Names>
std::string joined(const Names& names) {
  std::string all;
  for (const auto& name : names) {
    if (!all.empty()) all += ", ";
    all += name;
  }
  return all;
}

// Where the view is in the frame whose widgets these are, in whole px within the window. Throws Error when it is not there:
// a window too small for it.
WidgetRect area_of_view(const std::string& view, const WidgetLog& widgets, int width, int height);

}  // namespace maskscope::commands
