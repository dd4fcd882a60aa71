// TABLE: every tensor of the sample, exactly, to read and to copy.
#pragma once

#include <string>

#include <imgui.h>

#include "app/panels/panel_context.h"

namespace maskscope {

class TablePanel {
 public:
  // Every frame, also where another view is shown: a pin that has moved takes the table along to its modality and its row.
  void follow(PanelContext& context);
  void draw(PanelContext& context, ImVec2 position, ImVec2 size);

 private:
  // The pinned token by name: a modality's position changes with the scheme.
  struct Pin {
    std::string modality;
    std::int32_t origin = 0;
    int ignored_slot = -1;
    PackedSide side = PackedSide::encoder;
    bool operator==(const Pin&) const = default;
  };
  static Pin pin_of(const PanelContext& context);

  void draw_controls(PanelContext& context, const TensorTable& table, int modality);
  // Where the copy buttons go, and what they did: the column to copy, -1 for all of them, nothing_to_copy for none.
  int draw_copy_chips(PanelContext& context, const TensorTable& table, ImVec2 position);
  void draw_rows(PanelContext& context, const TensorTable& table);
  void draw_row(PanelContext& context, const TensorTable& table, int row, float height);
  void scroll_to_pinned(PanelContext& context, const TensorTable& table, float row_px, float seen_px);

  Pin last_pin_;
  TableKind last_kind_ = TableKind::modality;
  std::string last_modality_;
  bool was_drawn_ = false;  // in the last frame
  bool is_scroll_wanted_ = false;
};

}  // namespace maskscope
