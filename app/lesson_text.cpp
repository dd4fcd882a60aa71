#include "app/lesson_text.h"

#include <algorithm>
#include <utility>

#include "app/lesson_line.h"
#include "app/lesson_question.h"
#include "app/lesson_values.h"
#include "core/data/utf8.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr std::size_t max_pages = 32, max_blocks = 64, max_questions = 8, max_options = 6, max_nesting = 4;

// Ideographs and their punctuation are written without spaces: a line that ends with one goes on without a space.
bool ends_wide(const LessonParagraph& paragraph) {
  return !paragraph.empty() && !paragraph.back().text.empty() && code_point_before(paragraph.back().text, paragraph.back().text.size()) >= 0x2E80;
}

class Parser {
 public:
  explicit Parser(std::string file) : place_{std::move(file)} {}

  Lesson parse(std::string_view text) {
    if (text.size() > max_lesson_bytes) throw Error(cat(place_.file, ": ", text.size(), " bytes found, at most ", max_lesson_bytes, " expected. Install maskscope again."));
    validate_utf8(text, place_.file);
    lesson_.text = text;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      ++place_.line;
      take_line(trimmed(text.substr(0, end)));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (lesson_.title.empty()) place_.fail("no title", "\"# title\" in the first line");
    end_page();
    return std::move(lesson_);
  }

 private:
  void take_line(std::string_view line) {
    if (lesson_.title.empty()) {
      if (!line.starts_with("# ") || trimmed(line.substr(2)).empty()) place_.fail(quoted(line), "\"# title\" in the first line");
      lesson_.title = trimmed(line.substr(2));
      return;
    }
    if (line == "---") {
      end_page();
      return;
    }
    if (line.empty()) {
      end_paragraph();
      return;
    }
    if (!has_page_) begin_page(line);
    else if (line.front() == '@') take_directive(line);
    else if (is_option_line(line)) take_option(line);
    else take_text(line);
  }

  void begin_page(std::string_view line) {
    if (!line.starts_with("## ") || trimmed(line.substr(3)).empty()) place_.fail(quoted(line), "\"## heading\" at the top of a page");
    if (lesson_.pages.size() == max_pages) place_.fail("one page more", cat("at most ", max_pages, " pages"));
    lesson_.pages.push_back({.heading = std::string(trimmed(line.substr(3)))});
    has_page_ = true;
  }

  void end_page() {
    if (!has_page_) place_.fail("a page without anything", "\"## heading\" and text");
    if (!guards_.empty()) place_.fail("the end of a page", "@end of an @if first");
    end_paragraph();
    end_question();
    if (lesson_.pages.back().blocks.empty()) place_.fail("a page without text", "text");
    has_page_ = false;
  }

  LessonPage& page() { return lesson_.pages.back(); }
  LessonQuestion& question() { return page().questions[static_cast<std::size_t>(question_)]; }

  LessonCondition condition() const {
    LessonCondition all;
    for (const Guard& guard : guards_) all.push_back(guard.clause);
    return all;
  }

  void add(std::variant<LessonParagraph, LessonShow, LessonAction> content) {
    if (page().blocks.size() == max_blocks) place_.fail("one piece more", cat("at most ", max_blocks, " on a page"));
    if (question_ >= 0 && !is_reveal_ && !question().options.empty()) place_.fail("more of the question behind its options", "@reveal");
    page().blocks.push_back({condition(), question_, is_reveal_, std::move(content)});
  }

  void end_paragraph() {
    if (!paragraph_.empty()) add(std::exchange(paragraph_, {}));
  }

  void take_text(std::string_view line) {
    if (!paragraph_.empty() && !ends_wide(paragraph_)) paragraph_.push_back({LessonStyle::plain, " "});
    const LessonParagraph spans = lesson_spans(place_, line);
    paragraph_.insert(paragraph_.end(), spans.begin(), spans.end());
  }

  bool is_option_line(std::string_view line) const {
    return question_ >= 0 && !is_reveal_ && line.size() > 2 && line[1] == ' ' && (line[0] == '-' || line[0] == '+' || line[0] == '?');
  }

  void take_option(std::string_view line) {
    end_paragraph();
    if (question().kind != QuestionKind::choice) place_.fail(quoted(line), "options of a choice only");
    if (question().options.size() == max_options) place_.fail("one option more", cat("at most ", max_options));
    std::string_view label = trimmed(line.substr(2));
    LessonOption option{.label = {}, .may_be_right = line.front() != '-'};
    if (line.front() == '?') {
      const std::size_t colon = label.find(" : ");
      if (colon == std::string_view::npos) place_.fail(quoted(line), "\"? condition : option\"");
      option.right_if.push_back(lesson_clause(place_, label.substr(0, colon)));
      label = trimmed(label.substr(colon + 3));
    }
    option.label = lesson_spans(place_, label);
    if (option.label.empty()) place_.fail("an option without text", "text");
    question().options.push_back(std::move(option));
  }

  void take_directive(std::string_view line) {
    end_paragraph();
    const std::size_t space = std::min(line.find(' '), line.size());
    const std::string_view name = line.substr(1, space - 1), rest = trimmed(line.substr(space));
    if (name == "show") add(lesson_show(place_, rest));
    else if (name == "do") add(lesson_action(place_, rest));
    else if (name == "if") begin_if(rest);
    else if (name == "else") turn_if();
    else if (name == "end") end_if();
    else if (name == "question") begin_question(rest);
    else if (name == "reveal") begin_reveal();
    else place_.fail(quoted(line), "@show, @do, @if, @else, @end, @question or @reveal");
  }

  void begin_if(std::string_view rest) {
    if (guards_.size() == max_nesting) place_.fail("one @if more", cat("at most ", max_nesting, " inside each other"));
    guards_.push_back({lesson_clause(place_, rest), question_, false});
  }
  void turn_if() {
    if (guards_.empty() || guards_.back().is_turned) place_.fail("@else", "an @if before it");
    leave_question();
    guards_.back().is_turned = true;
    guards_.back().clause.is_negated = true;
  }
  void end_if() {
    if (guards_.empty()) place_.fail("@end", "an @if before it");
    leave_question();
    guards_.pop_back();
  }
  // A question that began inside the @if ends with it.
  void leave_question() {
    if (question_ != guards_.back().question_before) end_question();
  }

  void begin_question(std::string_view rest) {
    if (question_ >= 0) place_.fail("@question", "the end of the question before it");
    if (page().questions.size() == max_questions) place_.fail("one question more", cat("at most ", max_questions, " on a page"));
    const std::vector<std::string_view> words = words_of(rest);
    LessonQuestion question{.condition = condition()};
    if (words.size() == 1 && words[0] == "choice") {
      question.kind = QuestionKind::choice;
    } else if (words.size() == 2 && words[0] == "number" && is_lesson_value(words[1])) {
      question.kind = QuestionKind::number;
      question.subject = words[1];
    } else if (words.size() == 2 && words[0] == "point" && is_lesson_target(words[1])) {
      question.kind = QuestionKind::point;
      question.subject = words[1];
    } else {
      place_.fail(quoted(rest), "choice, number and a value, or point and what to point at");
    }
    page().questions.push_back(std::move(question));
    question_ = static_cast<int>(page().questions.size()) - 1;
    question_line_ = place_.line;
    question_depth_ = guards_.size();
  }
  void begin_reveal() {
    if (question_ < 0 || is_reveal_) place_.fail("@reveal", "a question before it");
    if (guards_.size() != question_depth_) place_.fail("@reveal", "@end of the @if inside the question first");
    is_reveal_ = true;
  }
  void end_question() {
    if (question_ < 0) return;
    if (!is_reveal_) place_.fail(cat("the end of the question of line ", question_line_), "@reveal first");
    if (question().kind == QuestionKind::choice && question().options.size() < 2) place_.fail("the end of a choice", "two options or more");
    if (question().kind == QuestionKind::choice && std::none_of(question().options.begin(), question().options.end(), [](const LessonOption& o) { return o.may_be_right; })) {
      place_.fail("the end of a choice", "an option that can be right");
    }
    question_ = -1;
    is_reveal_ = false;
  }

  struct Guard {
    LessonClause clause;
    int question_before = -1;
    bool is_turned = false;
  };

  LinePlace place_;
  Lesson lesson_;
  bool has_page_ = false;
  LessonParagraph paragraph_;
  std::vector<Guard> guards_;  // of the @ifs around the line, the outermost first
  int question_ = -1;          // of the page, that the line belongs to
  int question_line_ = 0;
  std::size_t question_depth_ = 0;  // @ifs around it
  bool is_reveal_ = false;
};

}  // namespace

Lesson parse_lesson(std::string_view text, const std::string& file) { return Parser(file).parse(text); }

}  // namespace maskscope
