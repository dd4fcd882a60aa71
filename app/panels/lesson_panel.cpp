#include "app/panels/lesson_panel.h"

namespace maskscope {

void LessonPanel::draw(PanelContext&, ImVec2, ImVec2) {}
void draw_lesson_menu(PanelContext&) {}

}  // namespace maskscope
