// TABLE: every tensor of the sample, exactly, to read and to copy.
#pragma once

#include <string>

#include <imgui.h>

#include "app/panels/panel_context.h"

namespace maskscope {

class TablePanel {
 public:
  void draw(PanelContext& context, ImVec2 position, ImVec2 size);

 private:
  struct Pin {
    std::string modality;
    std::int32_t origin = 0;
    int ignored_slot = -1;
    PackedSide side = PackedSide::encoder;
    bool operator==(const Pin&) const = default;
  };
  static Pin pin_of(const PanelContext& context);
  // Which of the tables the view asks for; a pin that has moved to another modality takes the table along.
  int choose_modality(PanelContext& context) const;
  void draw_controls(PanelContext& context, const TensorTable& table, const std::string& name);
  void draw_rows(PanelContext& context, const TensorTable& table);
  void draw_row(PanelContext& context, const TensorTable& table, int row, float height);
  void copy(PanelContext& context, const TensorTable& table, const std::string& name, int column);  // -1: all of it

  // What the rows have been scrolled to. By name: a modality's position changes with the scheme.
  Pin last_pin_;
  TableKind last_kind_ = TableKind::modality;
  int last_modality_ = -1;
};

}  // namespace maskscope
