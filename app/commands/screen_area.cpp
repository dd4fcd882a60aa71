#include "app/commands/screen_area.h"

#include "app/panels/view_export.h"
#include "core/error.h"

namespace maskscope::commands {

std::vector<std::string> view_names() {
  std::vector<std::string> names = {"window", "packing", "inspector"};
  names.insert(names.end(), tab_names.begin(), tab_names.end());
  return names;
}

WidgetRect area_of_view(const std::string& view, const WidgetLog& widgets, int width, int height) {
  if (view == "window") return {0, 0, static_cast<float>(width), static_cast<float>(height)};
  const auto tab = tab_of(view);
  const auto found = widgets.find(tab && *tab != BottomTab::tokens ? "view.bottom" : "view." + view);
  if (found != widgets.end()) {
    if (const auto area = picture_area(found->second, static_cast<float>(width), static_cast<float>(height))) return *area;
  }
  throw Error(cat("--view ", view, ": a window of ", width, " x ", height, " pixels has no room for it. Give it more with --width and --height, or a smaller --scale."));
}

}  // namespace maskscope::commands
