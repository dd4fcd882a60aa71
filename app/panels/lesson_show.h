// What a lesson's page does to the window: sets it up, and offers changes of the document as buttons.
#pragma once

#include <string_view>

#include "app/lesson_text.h"
#include "app/lesson_values.h"
#include "app/panels/panel_context.h"

namespace maskscope {

// Through the view alone: the document stays as it is. values: of the frame.
void apply_show(ViewState& view, const MaskedFrame& frame, const LessonShow& show, const LessonValues& values);

// Of lesson_actions. Changes of the document are edits: the user can undo them.
void apply_action(PanelContext& context, std::string_view action);
// false: of no use for what is loaded; no button then.
bool is_action_offered(const PanelContext& context, std::string_view action);

}  // namespace maskscope
