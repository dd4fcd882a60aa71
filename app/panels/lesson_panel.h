// The guided chapters, on the user's own data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "app/lessons.h"
#include "app/panels/lesson_question_view.h"
#include "app/panels/panel_context.h"

namespace maskscope {

class LessonPanel {
 public:
  // Takes the place of the modalities while view.is_lesson_open.
  void draw(PanelContext& context, ImVec2 position, ImVec2 size);

 private:
  using Place = std::pair<int, int>;  // chapter, page; from 0

  void update_values(const PanelContext& context);
  void enter(PanelContext& context, const LessonPage& page);
  void show_all(PanelContext& context, const LessonPage& page, bool is_reveal) const;
  void draw_header(PanelContext& context, const Lesson& lesson);
  void draw_page(PanelContext& context, const LessonPage& page);
  void draw_blocks(PanelContext& context, const LessonPage& page, int question, bool is_reveal);
  void draw_footer(PanelContext& context, int num_pages);
  void go(ViewState& view, int pages, int num_pages);
  LessonAnswer& answer(const ViewState& view) { return answers_[{view.lesson, view.lesson_page}]; }

  LessonValues values_;
  std::optional<std::uint64_t> values_revision_;  // of the session
  std::optional<Place> entered_;
  std::map<Place, LessonAnswer> answers_;
  bool scrolls_to_verdict_ = false;
  int last_frame_ = -1;  // of ImGui, in which a page was drawn
};

// The Lesson menu of the menu bar: sets the view's lesson.
void draw_lesson_menu(PanelContext& context);

}  // namespace maskscope
