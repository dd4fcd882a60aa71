// What a run that ended badly left, offered under the menu bar.
#pragma once

#include <functional>
#include <string>

#include "app/panels/panel_context.h"

namespace maskscope {

struct RestoreOffer {
  std::string path;      // of the session
  std::string when;      // for people
  std::function<void()> restored;  // it was opened
  std::function<void()> discarded;
};

constexpr float restore_bar_height = 40;  // px at scale 1

enum class RestoreChoice : std::uint8_t { none, restore, discard };
// At position, over the size.
RestoreChoice draw_restore_bar(PanelContext& context, const RestoreOffer& offer, ImVec2 position, ImVec2 size);

}  // namespace maskscope
