// Per modality and side, what became of the budget: drawn, clamped, filled, kept; and why slots are left over.
#pragma once

#include <optional>
#include <string>

#include "app/panels/panel_context.h"

namespace maskscope {

class WaterfallPanel {
 public:
  // Every frame, also while the view is not shown.
  void follow(PanelContext& context);
  void draw(PanelContext& context, ImVec2 position, ImVec2 size);
  // The numbers that are shown, as text for a spreadsheet; nothing while there are none.
  std::optional<std::string> text(const PanelContext& context) const;

 private:
  int wanted_modality_ = -1;  // whose row is to be scrolled to; -1: none
};

}  // namespace maskscope
