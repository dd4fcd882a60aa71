#include "app/panels/lesson_panel.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "app/imgui_compat.h"
#include "app/panels/keyboard_focus.h"
#include "app/panels/legend.h"
#include "app/panels/lesson_show.h"
#include "app/panels/rich_text.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

std::string title_of(int chapter) {
  try {
    return lesson(chapter, language()).title;
  } catch (const Error&) {
    return "?";  // whoever opens it is told why
  }
}

// At the cursor, within the panel.
void draw_dots(PanelContext& context, int num_pages, float width) {
  const Theme& theme = context.theme;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = context.px(26), each = std::min(context.px(16), width / static_cast<float>(std::max(num_pages, 1)));
  const float left = at.x + (width - each * static_cast<float>(num_pages)) * 0.5f;
  for (int page = 0; page < num_pages; ++page) {
    ImGui::SetCursorScreenPos({left + each * static_cast<float>(page), at.y});
    ImGui::PushID(page);
    if (ImGui::InvisibleButton("page", {std::max(each, 1.0f), height})) context.view.lesson_page = page;
    ImGui::PopID();
    context.log_last_item(cat("lesson.page.", page + 1));
    const bool is_hot = ImGui::IsItemHovered() || ImGui::IsItemFocused();
    const ImVec2 centre{left + each * (static_cast<float>(page) + 0.5f), at.y + height * 0.5f};
    const bool is_present = page == context.view.lesson_page;
    ImGui::GetWindowDrawList()->AddCircleFilled(centre, context.px(is_present ? 4.0f : 3.0f), is_present ? theme.accent : is_hot ? theme.text : theme.disabled_text);
    if (ImGui::IsItemHovered()) widgets::tooltip(context, fill(tr("page {0} of {1}"), page + 1, num_pages));
  }
}

}  // namespace

void open_lesson(ViewState& view, int chapter) {
  if (view.lesson != chapter) view.lesson_page = 0;
  view.lesson = chapter;
  view.is_lesson_open = true;
}

void close_lesson(ViewState& view) {
  view.is_lesson_open = false;
  view.steps.position = num_steps;
  view.steps.is_playing = false;
  view.isolated.reset();
}

void draw_lesson_chapters(PanelContext& context) {
  for (int chapter = 0; chapter < num_lessons; ++chapter) {
    const bool is_finished = context.view.finished_lessons >> chapter & 1;
    const std::string name = cat("lesson.chapter.", chapter + 1);
    if (ImGui::MenuItem(cat(chapter + 1, "   ", title_of(chapter), "###", name).c_str(), nullptr, is_finished)) open_lesson(context.view, chapter);
    context.log_last_item(name);
  }
}

void LessonPanel::stay(const ViewState& view) {
  left_.reset();
  if (view.is_lesson_open) left_ = Place{view.lesson, view.lesson_page};
}

void LessonPanel::update_values(const PanelContext& context) {
  const FrameKey key = key_of(context.frame(), context.session.revision());
  if (key == values_key_) return;
  values_ = LessonValues(context.frame());
  values_key_ = key;
}

void LessonPanel::show_all(PanelContext& context, const LessonPage& page, bool is_reveal) const {
  const int asked = question_of(page, values_);
  for (const LessonBlock& block : page.blocks) {
    const auto* show = std::get_if<LessonShow>(&block.content);
    const bool is_due = block.is_reveal == is_reveal && (block.question < 0 || block.question == asked);
    if (show && is_due && values_.holds(block.condition)) apply_show(context.view, context.frame(), *show, values_);
  }
}

void LessonPanel::enter(PanelContext& context, const LessonPage& page) {
  const Place place{context.view.lesson, context.view.lesson_page};
  if (entered_ == place) return;
  entered_ = place;
  LessonAnswer& here = answer(context.view);
  if (!here.is_committed) here.passed_over = context.view.pinned;
  show_all(context, page, false);
  if (here.is_committed) show_all(context, page, true);
  ImGui::SetScrollY(0);
}

void LessonPanel::go(ViewState& view, int pages, int num_pages) {
  const int wanted = view.lesson_page + pages;
  if (wanted >= 0 && wanted < num_pages) {
    view.lesson_page = wanted;
  } else if (wanted < 0 && view.lesson > 0) {
    --view.lesson;
    view.lesson_page = static_cast<int>(lesson(view.lesson, language()).pages.size()) - 1;
  } else if (wanted >= num_pages && view.lesson + 1 < num_lessons) {
    open_lesson(view, view.lesson + 1);
  }
}

void LessonPanel::draw_header(PanelContext& context, const Lesson& shown) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, button = context.px(26), gap = context.px(4);
  widgets::caption(context, fill(tr("LESSON {0} OF {1}"), context.view.lesson + 1, num_lessons));
  ImGui::SetCursorScreenPos({at.x + width - 2 * button - gap, at.y - context.px(4)});
  if (widgets::icon_button(context, "chapters", widgets::Icon::chevron, tr("All lessons"))) ImGui::OpenPopup("chapters");
  context.log_last_item("lesson.chapters");
  ImGui::SetCursorScreenPos({at.x + width - button, at.y - context.px(4)});
  if (widgets::icon_button(context, "close", widgets::Icon::close, tr("Close the lesson"))) close_lesson(context.view);
  context.log_last_item("lesson.close");
  bool is_cut = false;
  const std::string title = widgets::ellipsized(context.fonts.title, shown.title, width, is_cut);
  const float height = context.fonts.title->FontSize;
  ImGui::SetCursorScreenPos({at.x, at.y + context.px(24)});
  widgets::text(context, context.fonts.title, {at.x, at.y + context.px(24) + height * 0.5f}, context.theme.text, title);
  ImGui::Dummy({std::max(width, 1.0f), height});
  if (is_cut && ImGui::IsItemHovered()) widgets::tooltip(context, shown.title);
  if (ImGui::BeginPopup("chapters")) {
    draw_lesson_chapters(context);
    ImGui::EndPopup();
  }
}

void LessonPanel::draw_blocks(PanelContext& context, const LessonPage& page, int question, bool is_reveal) {
  const float width = ImGui::GetContentRegionAvail().x;
  for (const LessonBlock& block : page.blocks) {
    if (block.question != question || block.is_reveal != is_reveal || !values_.holds(block.condition)) continue;
    if (const auto* paragraph = std::get_if<LessonParagraph>(&block.content)) {
      draw_rich(context, rich_pieces(*paragraph, values_), width, context.theme.text);
    } else if (const auto* action = std::get_if<LessonAction>(&block.content); action && is_action_offered(context, action->name)) {
      const bool is_clicked = widgets::chip(context, action->name.c_str(), "", action->label.front().text);
      context.log_last_item("lesson.do." + action->name);
      if (is_clicked) apply_action(context, action->name);
    }
  }
}

void LessonPanel::draw_page(PanelContext& context, const LessonPage& page) {
  enter(context, page);
  follow_question(context, page, values_, answer(context.view));
  LessonAnswer& here = answer(context.view);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {context.px(8), context.px(8)});
  draw_rich(context, {{RichStyle::strong, page.heading}}, ImGui::GetContentRegionAvail().x, context.theme.accent);
  draw_blocks(context, page, -1, false);
  if (const int asked = here.question; asked >= 0) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::GetWindowDrawList()->AddLine(at, {at.x + ImGui::GetContentRegionAvail().x, at.y}, context.theme.line, context.px(1));
    ImGui::Dummy({1, context.px(1)});
    draw_blocks(context, page, asked, false);
    if (std::exchange(scrolls_to_verdict_, false)) ImGui::SetScrollHereY(0.0f);
    if (draw_answers(context, page.questions[static_cast<std::size_t>(asked)], values_, here)) {
      show_all(context, page, true);
      scrolls_to_verdict_ = true;
    }
    if (here.is_committed) draw_blocks(context, page, asked, true);
  }
  ImGui::Dummy({1, context.px(4)});
  ImGui::PopStyleVar();
}

void LessonPanel::draw_footer(PanelContext& context, int num_pages) {
  ViewState& view = context.view;
  const bool has_previous = view.lesson > 0 || view.lesson_page > 0;
  const bool is_last_page = view.lesson_page + 1 == num_pages;
  const bool has_next = !is_last_page || view.lesson + 1 < num_lessons;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const char* next = is_last_page ? tr("Next lesson") : tr("Next");
  const float next_width = widgets::text_width(context.fonts.body, next) + context.px(20), button = context.px(26), gap = context.px(8);
  if (has_previous) {
    if (widgets::icon_button(context, "previous", widgets::Icon::left, tr("The page before  (Alt+Left)"))) go(view, -1, num_pages);
    context.log_last_item("lesson.previous");
  }
  const float right = width - (has_next ? next_width : 0.0f);
  ImGui::SetCursorScreenPos({at.x + button + gap, at.y});
  draw_dots(context, num_pages, std::max(right - button - 2 * gap, 1.0f));
  if (has_next) {
    ImGui::SetCursorScreenPos({at.x + right, at.y});
    // Stands out once there is nothing left to be answered here.
    const LessonAnswer& here = answer(view);
    const bool is_clicked = widgets::chip(context, "next", "", next, here.question < 0 || here.is_committed);
    context.log_last_item("lesson.next");
    if (ImGui::IsItemHovered()) widgets::tooltip(context, tr("The next page  (Alt+Right)"));
    if (is_clicked) go(view, 1, num_pages);
  }
}

void LessonPanel::draw(PanelContext& context, ImVec2 position, ImVec2 size) {
  ViewState& view = context.view;
  // Opened again: the page is entered again, wherever it was closed.
  if (ImGui::GetFrameCount() > last_frame_ + 1) entered_.reset();
  if (left_) entered_ = std::exchange(left_, std::nullopt);
  last_frame_ = ImGui::GetFrameCount();
  update_values(context);
  view.lesson = std::clamp(view.lesson, 0, num_lessons - 1);
  if (widgets::begin_panel(context, "lesson", position, size)) {
    try {
      const Lesson& shown = lesson(view.lesson, language());
      const int num_pages = static_cast<int>(shown.pages.size());
      view.lesson_page = std::clamp(view.lesson_page, 0, num_pages - 1);
      draw_header(context, shown);
      const float footer = context.px(38), legend = legend_height(context, false);
      const float room = ImGui::GetContentRegionAvail().y - footer;
      // In the smallest windows the legend scrolls with the text.
      const bool has_legend_below = room - legend >= context.px(120);
      ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
      ImGui::BeginChild("page", {0, std::max(has_legend_below ? room - legend : room, context.px(40))});
      draw_page(context, shown.pages[static_cast<std::size_t>(view.lesson_page)]);
      if (!has_legend_below) draw_legend(context, false);
      ImGui::EndChild();
      ImGui::PopStyleColor();
      const LessonAnswer& here = answer(view);
      if (view.lesson_page + 1 == num_pages && (here.question < 0 || here.is_committed)) view.finished_lessons |= static_cast<std::uint8_t>(1u << view.lesson);
      // Behind the page: what is gone to is drawn in the next frame, as a whole.
      draw_footer(context, num_pages);
      if (!ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel)) {
        for (const auto& [key, direction] : {std::pair{Key::right, 1}, std::pair{Key::left, -1}}) {
          if (!imgui_compat::is_shortcut(key, {.alt = true})) continue;
          keep_keyboard_focus();
          go(view, direction, num_pages);
        }
      }
      if (has_legend_below) draw_legend(context, false);
    } catch (const Error& error) {
      const bool is_closed = widgets::chip(context, "close", "", tr("Close the lesson"));
      context.log_last_item("lesson.close");
      if (is_closed) close_lesson(view);
      widgets::paragraph(context, context.fonts.body, context.theme.error, error.what(), ImGui::GetContentRegionAvail().x);
    }
  }
  widgets::end_panel();
}

}  // namespace maskscope
