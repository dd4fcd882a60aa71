// The guided chapters, on the user's own data.
#pragma once

#include "app/panels/panel_context.h"

namespace maskscope {

class LessonPanel {
 public:
  // Takes the place of the modalities while view.is_lesson_open.
  void draw(PanelContext& context, ImVec2 position, ImVec2 size);
};

// The Lesson menu of the menu bar: sets the view's lesson.
void draw_lesson_menu(PanelContext& context);

}  // namespace maskscope
