// A question of a lesson: the user commits an answer, then what is right is revealed.
#pragma once

#include <string>
#include <vector>

#include "app/lesson_question.h"
#include "app/panels/panel_context.h"
#include "app/panels/rich_text.h"

namespace maskscope {

// How far the user has got with the question of one page.
struct LessonAnswer {
  int question = -1;         // of the page; another one is asked once the data call for it
  int chosen = -1;           // option
  int typed = 0;
  Pointed passed_over = {};  // what was pinned already when the question was asked, or was a miss
  LaterText remark = {};     // about what was just tried
  bool is_committed = false;
  bool is_right = false;
  std::string right = {};    // what was right at that time: other data may ask anew
};

// The paragraph with the values in it.
std::vector<RichPiece> rich_pieces(const LessonParagraph& paragraph, const LessonValues& values);

// Asks anew where the data have changed what is right, and notes what is pinned.
void follow_question(PanelContext& context, const LessonPage& page, const LessonValues& values, LessonAnswer& answer);

// Below the question's text, at the cursor. True in the frame in which the answer is committed.
bool draw_answers(PanelContext& context, const LessonQuestion& question, const LessonValues& values, LessonAnswer& answer);

}  // namespace maskscope
