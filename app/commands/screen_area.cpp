#include "app/commands/screen_area.h"

#include <algorithm>
#include <cmath>

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
    const WidgetRect& rect = found->second;
    const float left = std::max(std::floor(rect.x), 0.0f), top = std::max(std::floor(rect.y), 0.0f);
    const float right = std::min(std::ceil(rect.x + rect.width), static_cast<float>(width)), bottom = std::min(std::ceil(rect.y + rect.height), static_cast<float>(height));
    if (right - left >= 8 && bottom - top >= 8) return {left, top, right - left, bottom - top};
  }
  throw Error(cat("--view ", view, ": a window of ", width, " x ", height, " pixels has no room for it. Give it more with --width and --height, or a smaller --scale."));
}

}  // namespace maskscope::commands
