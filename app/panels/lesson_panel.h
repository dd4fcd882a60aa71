// The guided chapters, on the user's own data.
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "app/lessons.h"
#include "app/panels/lesson_question_view.h"
#include "app/panels/panel_context.h"
#include "app/slot_axis.h"

namespace maskscope {

class LessonPanel {
 public:
  // The view was set to a page as it was left: it stands as the user had it, and is not set up anew.
  void stay(const ViewState& view);
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
  FrameKey values_key_;  // of the frame
  std::optional<Place> entered_;
  std::optional<Place> left_;  // where the view was set to, until a page is drawn
  std::map<Place, LessonAnswer> answers_;
  bool scrolls_to_verdict_ = false;
  int last_frame_ = -1;  // of ImGui, in which a page was drawn
};

// The same for menus, keys, palette and panel. Another chapter begins at its first page; the same one goes on where it was left.
void open_lesson(ViewState& view, int chapter);
// The window shows the masks as they are, as without a lesson.
void close_lesson(ViewState& view);

// Within a menu: the chapters, with a tick where they were gone through to their end.
void draw_lesson_chapters(PanelContext& context);

}  // namespace maskscope
