// The lesson panel: a whole chapter by hand, answers right and wrong, both languages, every size; and no text beyond its column.
#include <algorithm>
#include <optional>
#include <variant>

#include "app/lesson_question.h"
#include "app/lessons.h"
#include "app/panels/lesson_question_view.h"
#include "app/panels/rich_text.h"
#include "app/panels/view_memory.h"
#include "app/panels/widgets.h"
#include "tests/app/dataset_frame.h"
#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

// English again at the end, whatever the test did.
struct ScopedLanguage {
  explicit ScopedLanguage(Language wanted) { set_language(wanted); }
  ~ScopedLanguage() { set_language(Language::english); }
};

void open_page(PanelStage& stage, int chapter, int page) {
  stage.view().is_lesson_open = true;
  stage.view().lesson = chapter;
  stage.view().lesson_page = page;
  stage.frames(3);
}

const LessonPage& page_in_view(PanelStage& stage) {
  return lesson(stage.view().lesson, language()).pages.at(static_cast<std::size_t>(stage.view().lesson_page));
}

const LessonQuestion& question_in_view(PanelStage& stage) {
  const LessonPage& page = page_in_view(stage);
  const int asked = question_of(page, LessonValues(stage.masked()));
  REQUIRE(asked >= 0);
  return page.questions.at(static_cast<std::size_t>(asked));
}

void type_number(PanelStage& stage, std::int64_t number) {
  stage.click("lesson.number");
  stage.frame();
  stage.type(cat(number));
  stage.key(Key::enter);
  stage.frames(2);
}

// Answers the question in view as asked for; true if there was one.
bool answer(PanelStage& stage, bool is_right) {
  const LessonValues values(stage.masked());
  if (question_of(page_in_view(stage), values) < 0) return false;
  const LessonQuestion& question = question_in_view(stage);
  if (question.kind == QuestionKind::choice) {
    const int right = right_option(question, values);
    const int option = is_right ? right : (right + 1) % static_cast<int>(question.options.size());
    stage.click(cat("lesson.answer.", option + 1));
    stage.frame();
    stage.click("lesson.reveal");
  } else if (question.kind == QuestionKind::number) {
    type_number(stage, values.number(question.subject) + (is_right ? 0 : 1));
  } else if (is_right) {
    const auto hit = first_hit(stage.masked(), question.subject);
    REQUIRE(hit);
    stage.view().pinned = {hit->token, hit->is_encoder_slot ? PackedSide::encoder : PackedSide::decoder, hit->ignored_slot};
  } else {
    stage.click("lesson.reveal");
  }
  stage.frames(3);
  return true;
}

std::vector<RichPiece> pieces_of(const std::string& text) { return {{RichStyle::plain, text}}; }

std::string together(const RichLayout& layout, int line) {
  std::string text;
  for (const RichRun& run : layout.runs) {
    if (run.line == line) text += run.text + '|';
  }
  return text;
}

}  // namespace

TEST_CASE("lessons: a whole chapter with the mouse, every answer right") {
  PanelStage stage;
  open_page(stage, 1, 0);
  const std::size_t num_pages = lesson(1, Language::english).pages.size();
  int asked = 0;
  for (std::size_t page = 0; page < num_pages; ++page) {
    REQUIRE(stage.view().lesson_page == static_cast<int>(page));
    if (answer(stage, true)) {
      ++asked;
      CHECK(stage.has_widget("lesson.verdict"));
      CHECK_FALSE(stage.has_widget("lesson.reveal"));
    }
    if (page + 1 < num_pages) {
      CHECK(stage.view().finished_lessons == 0);
      stage.click("lesson.next");
      stage.frames(2);
    }
  }
  CHECK(asked == 5);
  CHECK(stage.view().finished_lessons == 2);
  CHECK_FALSE(stage.session().can_undo());
  stage.click("lesson.next");
  CHECK(stage.view().lesson == 2);
  CHECK(stage.view().lesson_page == 0);
  stage.frame();
  stage.click("lesson.previous");
  CHECK(stage.view().lesson == 1);
  CHECK(stage.view().lesson_page == static_cast<int>(num_pages) - 1);
  stage.click("lesson.close");
  CHECK_FALSE(stage.view().is_lesson_open);
  stage.frame();
  CHECK(stage.has_widget("modality.caption"));
}

TEST_CASE("lessons: every page of every chapter, answered wrong, and none changes the document") {
  for (const Language language : {Language::english, Language::chinese}) {
    const ScopedLanguage scoped(language);
    PanelStage stage;
    const Document before = stage.session().document();
    for (int chapter = 0; chapter < num_lessons; ++chapter) {
      for (int page = 0; page < static_cast<int>(lesson(chapter, language).pages.size()); ++page) {
        INFO(language_code(language) << ", lesson " << chapter + 1 << ", page " << page + 1);
        open_page(stage, chapter, page);
        stage.view().is_mask_legend_open = false;
        stage.view().pinned = {};
        stage.frame();
        if (answer(stage, false)) CHECK(stage.has_widget("lesson.verdict"));
      }
    }
    CHECK(stage.view().finished_lessons == 63);
    CHECK(stage.session().document() == before);
  }
}

TEST_CASE("lessons: pages by keyboard, not beyond the ends") {
  PanelStage stage;
  open_page(stage, 0, 0);
  stage.key(Key::left, {.alt = true});
  CHECK(stage.view().lesson_page == 0);
  CHECK_FALSE(stage.has_widget("lesson.previous"));
  stage.key(Key::right, {.alt = true});
  CHECK(stage.view().lesson_page == 1);
  stage.key(Key::left, {.alt = true});
  CHECK(stage.view().lesson_page == 0);
  open_page(stage, num_lessons - 1, 100);
  const int last = static_cast<int>(lesson(num_lessons - 1, Language::english).pages.size()) - 1;
  CHECK(stage.view().lesson_page == last);
  CHECK_FALSE(stage.has_widget("lesson.next"));
  stage.key(Key::right, {.alt = true});
  CHECK(stage.view().lesson == num_lessons - 1);
  CHECK(stage.view().lesson_page == last);
  stage.click("lesson.page.1");
  CHECK(stage.view().lesson_page == 0);
}

TEST_CASE("lessons: a page sets up the window once, then the user is free") {
  PanelStage stage;
  open_page(stage, 2, 0);
  CHECK(stage.view().steps.position == 2);
  CHECK(stage.view().bottom_tab == BottomTab::waterfall);
  stage.view().steps.position = 4;
  stage.view().bottom_tab = BottomTab::table;
  stage.frames(2);
  CHECK(stage.view().bottom_tab == BottomTab::table);
  open_page(stage, 5, 0);
  CHECK(stage.view().steps.position == num_steps);
  CHECK(stage.view().bottom_tab == BottomTab::attention);
  stage.view().is_attention_causal = true;
  open_page(stage, 5, 1);
  CHECK_FALSE(stage.view().is_attention_causal);
  stage.view().steps.position = 3;
  stage.click("lesson.close");
  CHECK(stage.view().steps.position == num_steps);
  // Opened again on the same page, that page is set up again.
  stage.frames(2);
  stage.view().bottom_tab = BottomTab::table;
  open_page(stage, 5, 1);
  CHECK(stage.view().bottom_tab == BottomTab::attention);
}

TEST_CASE("lessons: the language changes, page and answer stay") {
  PanelStage stage;
  open_page(stage, 1, 1);
  answer(stage, true);
  REQUIRE(stage.has_widget("lesson.verdict"));
  const ScopedLanguage scoped(Language::chinese);
  stage.frames(2);
  CHECK(stage.view().lesson == 1);
  CHECK(stage.view().lesson_page == 1);
  CHECK(stage.has_widget("lesson.verdict"));
  CHECK_FALSE(stage.has_widget("lesson.reveal"));
}

TEST_CASE("lessons: a choice is committed before it is revealed, then it stays") {
  PanelStage stage;
  open_page(stage, 1, 1);
  CHECK_FALSE(stage.has_widget("lesson.reveal"));
  stage.click("lesson.answer.1");
  stage.frame();
  CHECK_FALSE(stage.has_widget("lesson.verdict"));
  stage.click("lesson.answer.3");
  stage.frame();
  stage.click("lesson.reveal");
  stage.frames(2);
  CHECK(stage.has_widget("lesson.verdict"));
  stage.click("lesson.answer.2");
  stage.frame();
  CHECK(stage.has_widget("lesson.verdict"));
}

TEST_CASE("lessons: other data ask anew where they change the answer") {
  PanelStage stage;
  open_page(stage, 1, 3);
  REQUIRE(question_in_view(stage).subject == "encoder_ignored");
  type_number(stage, LessonValues(stage.masked()).number("encoder_ignored"));
  REQUIRE(stage.has_widget("lesson.verdict"));
  const std::int64_t before = LessonValues(stage.masked()).number("encoder_ignored");
  std::uint64_t seed = 42;
  do stage.session().apply(edits::set_seed(++seed));
  while (LessonValues(stage.masked()).number("encoder_ignored") == before && seed < 500);
  REQUIRE(seed < 500);
  stage.frames(2);
  CHECK_FALSE(stage.has_widget("lesson.verdict"));
  CHECK(stage.has_widget("lesson.number"));
}

TEST_CASE("lessons: pointing by a click; what was pinned before does not count, a miss is told and tried again") {
  PanelStage stage;
  stage.frames(2);
  stage.view().pinned = first_look(stage.masked());  // an encoder token
  open_page(stage, 0, 4);
  REQUIRE(question_in_view(stage).subject == "encoder_token");
  CHECK_FALSE(stage.has_widget("lesson.verdict"));
  const int m = stage.masked().scheme.find("tok_depth@224");
  const std::vector<Fate> fates = source_fates(stage.masked().masks(), m);
  const auto slot_of = [&](Fate fate) {
    const auto found = std::find(fates.begin(), fates.end(), fate);
    REQUIRE(found != fates.end());
    return static_cast<int>(found - fates.begin());
  };
  stage.click(stage.cell_centre("tok_depth@224", slot_of(Fate::discarded)));
  stage.frames(2);
  CHECK_FALSE(stage.has_widget("lesson.verdict"));
  stage.click(stage.cell_centre("tok_depth@224", slot_of(Fate::encoder)));
  stage.frames(2);
  CHECK(stage.has_widget("lesson.verdict"));
  CHECK_FALSE(stage.session().can_undo());
}

TEST_CASE("lessons: shown one, the pin says which") {
  PanelStage stage;
  open_page(stage, 1, 2);
  stage.view().pinned = {};
  stage.frame();
  stage.click("lesson.reveal");
  stage.frames(2);
  CHECK(stage.has_widget("lesson.verdict"));
  const Pointed pinned = stage.view().pinned;
  CHECK(is_hit(stage.masked(), "discarded_token", {pinned.token}));
}

TEST_CASE("lessons: buttons change the document as edits that can be undone, and only where they are of use") {
  PanelStage stage;
  open_page(stage, 2, 1);
  answer(stage, true);  // the button stands in the reveal
  stage.click("lesson.do.roll");
  stage.frame();
  CHECK(stage.session().document().seed == 43);
  CHECK(stage.session().can_undo());
  stage.session().undo();
  CHECK(stage.session().document().seed == 42);
  stage.session().apply(edits::set_mode(BudgetMode::direct));
  open_page(stage, 2, 0);
  stage.click("lesson.do.sampled");
  stage.frame();
  CHECK(stage.session().document().scheme.mode == BudgetMode::sampled);
  CHECK_FALSE(stage.has_widget("lesson.do.sampled"));
  stage.session().apply(edits::replace_document(text_document("a"), "text"));
  open_page(stage, 0, 1);
  stage.click("lesson.do.scene");
  stage.frames(2);
  CHECK(stage.session().document().inputs.picture == PictureSource::scene);
  open_page(stage, 1, 0);
  stage.click("lesson.do.legend");
  CHECK(stage.view().is_mask_legend_open);
}

TEST_CASE("lessons: the chapters in the panel and in the menu bar") {
  PanelStage stage;
  open_page(stage, 3, 2);
  stage.click("lesson.chapters");
  stage.frames(2);
  stage.click("lesson.chapter.6");
  stage.frames(2);
  CHECK(stage.view().lesson == 5);
  CHECK(stage.view().lesson_page == 0);
  stage.click("lesson.close");
  stage.frames(2);
  stage.click("menu.lesson");
  stage.frames(2);
  stage.click("lesson.chapter.2");
  stage.frames(2);
  CHECK(stage.view().is_lesson_open);
  CHECK(stage.view().lesson == 1);
}

TEST_CASE("lessons: key, menu and panel open and close the same way") {
  for (const char* way : {"key", "menu", "panel"}) {
    INFO(way);
    PanelStage stage;
    open_page(stage, 2, 1);
    stage.view().steps.position = 2;
    stage.view().isolated = Fate::decoder;
    if (way == std::string_view("key")) stage.key(Key::l);
    if (way == std::string_view("panel")) stage.click("lesson.close");
    if (way == std::string_view("menu")) {
      stage.click("menu.lesson");
      stage.frames(2);
      stage.click("menu.lesson.open");
    }
    stage.frames(2);
    CHECK_FALSE(stage.view().is_lesson_open);
    CHECK(stage.view().steps.position == num_steps);
    CHECK_FALSE(stage.view().isolated.has_value());
  }
  PanelStage stage;
  open_page(stage, 2, 1);
  stage.key(Key::l);
  stage.key(Key::l);  // again: where it was left
  CHECK(stage.view().is_lesson_open);
  CHECK(stage.view().lesson == 2);
  CHECK(stage.view().lesson_page == 1);
  stage.click("menu.lesson");
  stage.frames(2);
  stage.click("lesson.chapter.3");
  stage.frames(2);
  CHECK(stage.view().lesson_page == 1);
}

TEST_CASE("lessons: a page that a session brings stands as it was left") {
  // Of each page that sets up the window, the step, tab or isolation it sets up is changed.
  const SessionView plain = to_session_view(ViewState{});
  int num_checked = 0;
  for (int chapter = 0; chapter < num_lessons; ++chapter) {
    PanelStage entered;
    open_page(entered, chapter, 1);
    const bool sets_up = entered.view().steps.position != static_cast<float>(plain.step) || to_session_view(entered.view()).tab != plain.tab || entered.view().isolated;
    if (!sets_up) continue;
    ++num_checked;
    INFO("lesson " << chapter + 1);
    SessionView saved = plain;
    saved.is_lesson_open = true;
    saved.lesson = chapter;
    saved.lesson_page = 1;
    saved.step = 4;
    saved.tab = "table";
    saved.isolated = Fate::discarded;
    PanelStage stage;
    stage.show_session(saved);
    stage.frames(3);
    CHECK(to_session_view(stage.view()) == saved);
    // The next page is set up as ever.
    stage.click("lesson.previous");
    stage.frames(2);
    stage.click("lesson.next");
    stage.frames(2);
    CHECK_FALSE(to_session_view(stage.view()) == saved);
  }
  CHECK(num_checked > 0);
}

TEST_CASE("lessons: every size, scale and kind of data") {
  for (const Language language : {Language::english, Language::chinese}) {
    const ScopedLanguage scoped(language);
    for (const float scale : {1.0f, 2.0f}) {
      PanelStage stage(default_document(), {.scale = scale});
      for (const auto& [width, height] : {std::pair{1600.0f, 900.0f}, {1024.0f, 700.0f}, {200.0f, 100.0f}, {1.0f, 1.0f}, {0.0f, 0.0f}}) {
        stage.resize(width, height);
        for (int chapter = 0; chapter < num_lessons; ++chapter) open_page(stage, chapter, chapter % 5);
        if (width < 1024) continue;
        INFO(width << " x " << height << ", scale " << scale);
        for (const char* id : {"lesson.next", "lesson.close", "lesson.page.1"}) {
          const WidgetRect& rect = stage.widget(id);
          INFO(id);
          CHECK(rect.x >= 0);
          CHECK(rect.x + rect.width <= width);
          CHECK(rect.y + rect.height <= height);
        }
        CHECK(stage.has_widget("legend.ignored slot"));
        // Nothing lies over the panel.
        open_page(stage, 1, 0);
        stage.view().is_mask_legend_open = false;
        stage.click("lesson.next");
        CHECK(stage.view().lesson_page == 1);
      }
    }
  }
  PanelStage stage;
  stage.show(dataset_frame({.is_empty = true}));
  for (int chapter = 0; chapter < num_lessons; ++chapter) {
    for (int page = 0; page < static_cast<int>(lesson(chapter, Language::english).pages.size()); ++page) open_page(stage, chapter, page);
  }
}

TEST_CASE("lessons: with the window's own fonts no line is wider than its column, in both languages") {
  PanelStage stage;
  const LessonValues values(stage.masked());
  for (const float scale : {1.0f, 1.5f, 2.0f}) {
    ImFontAtlas atlas;
    const std::string characters = lesson_characters(Language::english) + lesson_characters(Language::chinese);
    const Fonts fonts = build_fonts(atlas, {.scale = scale, .ui_text = characters, .extra_text = {}});
    // The narrow panel, its padding, a scroll bar; options have a letter and a margin besides.
    const float column = (300 - 2 * 12 - 14) * scale, option_column = column - (3 * 8 + 22) * scale;
    for (const Language language : {Language::english, Language::chinese}) {
      for (int chapter = 0; chapter < num_lessons; ++chapter) {
        const Lesson& shown = lesson(chapter, language);
        INFO(language_code(language) << ", lesson " << chapter + 1 << ", scale " << scale);
        CHECK(widgets::text_width(fonts.title, shown.title) <= column);
        for (const LessonPage& page : shown.pages) {
          INFO(page.heading);
          for (const LessonBlock& block : page.blocks) {
            if (const auto* paragraph = std::get_if<LessonParagraph>(&block.content)) CHECK(lay_out(fonts, scale, rich_pieces(*paragraph, values), column).width <= column);
            if (const auto* action = std::get_if<LessonAction>(&block.content)) CHECK(widgets::text_width(fonts.body, action->label.front().text) + 20 * scale <= column);
          }
          for (const LessonQuestion& question : page.questions) {
            for (const LessonOption& option : question.options) CHECK(lay_out(fonts, scale, rich_pieces(option.label, values), option_column).width <= option_column);
          }
        }
      }
    }
  }
}

TEST_CASE("rich text: lines break where they may") {
  ImFontAtlas atlas;
  const Fonts fonts = build_fonts(atlas, {.scale = 1, .ui_text = "一二三四五六七八九十（）。，", .extra_text = {}});
  const auto width = [&](const char* text) { return widgets::text_width(fonts.body, text); };
  CHECK(lay_out(fonts, 1, {}, 100).num_lines == 0);
  CHECK(lay_out(fonts, 1, pieces_of("one two"), 1000).num_lines == 1);
  const RichLayout two = lay_out(fonts, 1, pieces_of("one two"), width("one two") - 1);
  CHECK(two.num_lines == 2);
  CHECK(together(two, 0) == "one|");
  CHECK(together(two, 1) == "two|");
  // No line begins with a full stop, none ends with an opening bracket; ideographs part anywhere else.
  CHECK(together(lay_out(fonts, 1, pieces_of("一二三。四"), width("一二三") + 1), 0) == "一|二|");
  CHECK(together(lay_out(fonts, 1, pieces_of("一二（三）"), width("一二（") + 1), 0) == "一|二|");
  CHECK(together(lay_out(fonts, 1, pieces_of("一二三四"), width("一二三") + 1), 0) == "一|二|三|");
  // A full stop stays with the value or the code before it.
  const RichLayout glued = lay_out(fonts, 1, {{RichStyle::plain, "see "}, {RichStyle::value, "128"}, {RichStyle::plain, "."}}, width("see 128"));
  CHECK(together(glued, 1) == "128|.|");
  // Longer than a line: torn, nothing lost, nothing wider.
  const RichLayout torn = lay_out(fonts, 1, pieces_of("abcdefghijklmnopqrstuvwxyz"), 40);
  CHECK(torn.width <= 40);
  std::string all;
  for (const RichRun& run : torn.runs) all += run.text;
  CHECK(all == "abcdefghijklmnopqrstuvwxyz");
  CHECK(lay_out(fonts, 1, pieces_of("abc"), 0).num_lines == 3);
}
