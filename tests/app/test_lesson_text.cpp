// The format of lesson texts: what it holds, and what is said of a file that is wrong.
#include "app/lesson_text.h"

#include <string>
#include <variant>

#include "app/lesson_question.h"
#include "app/lesson_values.h"
#include "app/lessons.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

const LessonParagraph& paragraph(const LessonPage& page, std::size_t block) { return std::get<LessonParagraph>(page.blocks.at(block).content); }

std::string failure(const std::string& text) { return sentence_of([&] { parse_lesson(text, "l.md"); }); }

std::string page_of(const std::string& lines) { return "# T\n## P\n" + lines; }

}  // namespace

TEST_CASE("lesson text: title, pages, paragraphs and styles") {
  const Lesson lesson = parse_lesson("# All of it\n## First\none **two** `x y`\nthree {tokens}.\n\nfour\n---\n## Second\n甲\n乙 **丙**\n", "l.md");
  CHECK(lesson.title == "All of it");
  REQUIRE(lesson.pages.size() == 2);
  CHECK(lesson.pages[0].heading == "First");
  REQUIRE(lesson.pages[0].blocks.size() == 2);
  CHECK(paragraph(lesson.pages[0], 0) == LessonParagraph{{LessonStyle::plain, "one "},
                                                         {LessonStyle::strong, "two"},
                                                         {LessonStyle::plain, " "},
                                                         {LessonStyle::code, "x y"},
                                                         {LessonStyle::plain, " "},
                                                         {LessonStyle::plain, "three "},
                                                         {LessonStyle::value, "tokens"},
                                                         {LessonStyle::plain, "."}});
  CHECK(paragraph(lesson.pages[0], 1) == LessonParagraph{{LessonStyle::plain, "four"}});
  // Ideographs go on in the next line without a space.
  CHECK(paragraph(lesson.pages[1], 0) == LessonParagraph{{LessonStyle::plain, "甲"}, {LessonStyle::plain, "乙 "}, {LessonStyle::strong, "丙"}});
}

TEST_CASE("lesson text: what a page does to the window") {
  const LessonPage page = parse_lesson(page_of("@show step=3 tab=budgets isolate=sentinel legend=open play=yes attention=reference\n"
                                               "@show place=embedding_row side=decoder slot=decoder_used\n@do roll Once more\n"),
                                       "l.md").pages[0];
  const auto& first = std::get<LessonShow>(page.blocks.at(0).content);
  CHECK(first.step == 3);
  CHECK(first.tab == "budgets");
  CHECK(first.isolate == "sentinel");
  CHECK(first.opens_mask_legend);
  CHECK(first.plays);
  CHECK(first.resets_attention);
  const auto& second = std::get<LessonShow>(page.blocks.at(1).content);
  CHECK(second.step == 0);
  CHECK(second.place == "embedding_row");
  CHECK(second.side == "decoder");
  CHECK(second.slot == "decoder_used");
  const auto& action = std::get<LessonAction>(page.blocks.at(2).content);
  CHECK(action.name == "roll");
  CHECK(action.label.front().text == "Once more");
}

TEST_CASE("lesson text: conditions, else and nesting") {
  const LessonPage page = parse_lesson(page_of("a\n@if has_text and text_tokens >= 3\nb\n@if !has_grid\nc\n@end\n@else\nd\n@end\ne\n"), "l.md").pages[0];
  const LessonValues none;
  const LessonValues some(make_session(text_document("one two three")).frame());
  const auto shown = [&](const LessonValues& values) {
    std::string all;
    for (const LessonBlock& block : page.blocks) {
      if (values.holds(block.condition)) all += std::get<LessonParagraph>(block.content).front().text;
    }
    return all;
  };
  CHECK(shown(none) == "ade");
  CHECK(shown(some) == "abce");
}

TEST_CASE("lesson text: every comparison") {
  const LessonValues values;  // all 0
  for (const auto& [sign, holds] : {std::pair{"<", true}, {"<=", true}, {"==", false}, {"!=", true}, {">=", false}, {">", false}}) {
    INFO(sign);
    const LessonPage page = parse_lesson(page_of(cat("@if tokens ", sign, " 1\na\n@end\n")), "l.md").pages[0];
    CHECK(values.holds(page.blocks[0].condition) == holds);
  }
}

TEST_CASE("lesson text: questions of the three kinds") {
  const LessonPage page = parse_lesson(page_of("@if has_text\n@question choice\nwhich?\n- a\n+ b\n? encoder_cut > 0 : c\n@reveal\nb it is\n@else\n"
                                               "@question number encoder_ignored\nhow many?\n@reveal\nso many\n@end\n"),
                                       "l.md").pages[0];
  REQUIRE(page.questions.size() == 2);
  CHECK(page.questions[0].kind == QuestionKind::choice);
  REQUIRE(page.questions[0].options.size() == 3);
  CHECK_FALSE(page.questions[0].options[0].may_be_right);
  CHECK(page.questions[0].options[1].may_be_right);
  CHECK(page.questions[0].options[2].may_be_right);
  CHECK(right_option(page.questions[0], LessonValues()) == 1);
  CHECK(page.questions[1].kind == QuestionKind::number);
  CHECK(page.questions[1].subject == "encoder_ignored");
  CHECK(question_of(page, LessonValues()) == 1);
  REQUIRE(page.blocks.size() == 4);
  CHECK(page.blocks[0].question == 0);
  CHECK_FALSE(page.blocks[0].is_reveal);
  CHECK(page.blocks[1].is_reveal);
  CHECK(page.blocks[3].question == 1);
  CHECK(parse_lesson(page_of("@question point sentinel\nclick\n@reveal\nyes\n"), "l.md").pages[0].questions[0].kind == QuestionKind::point);
}

TEST_CASE("lesson text: none or several right options are noticed") {
  const auto question = [](const char* options) { return parse_lesson(page_of(cat("@question choice\nq\n", options, "@reveal\nr\n")), "l.md").pages[0].questions[0]; };
  CHECK(right_option(question("+ a\n+ b\n"), LessonValues()) == -1);
  CHECK(right_option(question("? tokens > 0 : a\n- b\n"), LessonValues()) == -1);
  CHECK(right_option(question("? tokens > 0 : a\n? tokens == 0 : b\n"), LessonValues()) == 1);
}

TEST_CASE("lesson text: errors name file and line, what was found and what was expected") {
  CHECK(failure("") == "l.md, line 0: found no title, expected \"# title\" in the first line. Install maskscope again.");
  CHECK(failure("Title\n") == "l.md, line 1: found \"Title\", expected \"# title\" in the first line. Install maskscope again.");
  CHECK(failure("# T\n") == "l.md, line 1: found a page without anything, expected \"## heading\" and text. Install maskscope again.");
  CHECK(failure("# T\ntext\n") == "l.md, line 2: found \"text\", expected \"## heading\" at the top of a page. Install maskscope again.");
  CHECK(failure("# T\n## P\n---\n## Q\na\n") == "l.md, line 3: found a page without text, expected text. Install maskscope again.");
  const auto expect = [](const char* lines, const char* found) {
    const std::string sentence = failure(page_of(lines));
    INFO(lines << " -> " << sentence);
    CHECK(sentence.find("l.md, line ") == 0);
    CHECK(sentence.find(cat("found ", found, ", expected ")) != std::string::npos);
  };
  expect("{nonsense}\n", "\"nonsense\"");
  expect("{tokens\n", "\"{tokens\"");
  expect("`open\n", "\"`open\"");
  expect("``\n", "\"``\"");
  expect("**open\n", "\"**open\"");
  expect("@jump\n", "\"@jump\"");
  expect("@show step=7\n", "\"step=7\"");
  expect("@show tab=nowhere\n", "\"tab=nowhere\"");
  expect("@show slot=nowhere\n", "\"slot=nowhere\"");
  expect("@do fly Fly\n", "\"fly Fly\"");
  expect("@do roll\n", "\"roll\"");
  expect("@if\na\n@end\n", "\"\"");
  expect("@if tokens > \na\n@end\n", "\">\"");
  expect("@if tokens and\na\n@end\n", "the end of the line");
  expect("@if tokens or has_text\na\n@end\n", "\"or\"");
  expect("@if 99999999999 < tokens\na\n@end\n", "\"99999999999\"");
  expect("@if has_text\na\n", "the end of a page");
  expect("a\n@end\n", "@end");
  expect("a\n@else\n", "@else");
  expect("@if has_text\na\n@else\nb\n@else\nc\n@end\n", "@else");
  expect("@reveal\n", "@reveal");
  expect("@question riddle\n", "\"riddle\"");
  expect("@question number nonsense\n", "\"number nonsense\"");
  expect("@question point nowhere\n", "\"point nowhere\"");
  expect("@question choice\nq\n- a\n@reveal\nr\n", "the end of a choice");
  expect("@question choice\nq\n- a\n- b\n@reveal\nr\n", "the end of a choice");
  expect("@question number tokens\nq\n- a\n@reveal\nr\n", "\"- a\"");
  expect("@question choice\nq\n? tokens : a\n? b\n@reveal\nr\n", "\"? b\"");
  expect("@question choice\nq\n- a\nmore\n@reveal\nr\n", "more of the question behind its options");
  expect("@question number tokens\nq\n", "the end of the question of line 3");
  expect("@question number tokens\nq\n@question number tokens\n", "@question");
  expect("@question number tokens\nq\n@if has_text\n@reveal\nr\n@end\n", "@reveal");
}

TEST_CASE("lesson text: sizes are bounded") {
  CHECK(failure(std::string(max_lesson_bytes + 1, 'a')).find("bytes found, at most 65536") != std::string::npos);
  CHECK(failure("# T\xff\n").find("l.md") == 0);
  std::string pages = "# T\n";
  for (int i = 0; i < 33; ++i) pages += "## P\na\n---\n";
  CHECK(failure(pages).find("at most 32 pages") != std::string::npos);
  std::string blocks;
  for (int i = 0; i < 65; ++i) blocks += "a\n\n";
  CHECK(failure(page_of(blocks)).find("at most 64 on a page") != std::string::npos);
  CHECK(failure(page_of("@if tokens\n@if tokens\n@if tokens\n@if tokens\n@if tokens\n")).find("at most 4") != std::string::npos);
  CHECK(failure(page_of("@question choice\nq\n- a\n- b\n- c\n- d\n- e\n+ f\n- g\n")).find("at most 6") != std::string::npos);
}

TEST_CASE("lesson text: files with bytes changed, lost and doubled are parsed or refused, nothing else") {
  std::uint32_t state = 7;
  const auto random = [&](std::size_t below) {
    state = state * 1664525u + 1013904223u;
    return static_cast<std::size_t>(state >> 8) % below;
  };
  const std::string signs = "@#-+?{}`* \n:=!<>\xe4\xff";
  int refused = 0, parsed = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string text = lesson(round % num_lessons, round % 2 ? Language::chinese : Language::english).text;
    for (std::size_t change = random(4) + 1; change > 0; --change) {
      const std::size_t at = random(text.size());
      switch (random(4)) {
        case 0: text[at] = signs[random(signs.size())]; break;
        case 1: text.erase(at, random(60) + 1); break;
        case 2: text.insert(at, text.substr(random(text.size()), random(80))); break;
        default: text.insert(at, 1, signs[random(signs.size())]); break;
      }
      if (text.empty()) text = "#";
    }
    try {
      const Lesson changed = parse_lesson(text, "l.md");
      const LessonValues values;
      for (const LessonPage& page : changed.pages) question_of(page, values);
      ++parsed;
    } catch (const Error& error) {
      REQUIRE(std::string(error.what()).find("l.md") == 0);
      ++refused;
    }
  }
  CHECK(parsed > 100);
  CHECK(refused > 100);
}
