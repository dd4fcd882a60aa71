// The caption, typed: the tokens follow every key.
#pragma once

#include <string>

#include "app/panels/panel_context.h"

namespace maskscope {

class TextEditor {
 public:
  // Once a frame; opens when view.is_text_editor_wanted.
  void draw(PanelContext& context);

 private:
  std::string text_;
};

}  // namespace maskscope
