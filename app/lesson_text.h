// The format of a lesson chapter: a text file, assets/lessons/<language>/<number>-<name>.md.
//
//   # What is a token?                    the chapter's title: the first line
//   ## One grid, many cells               a page's heading: the first line of each page
//   A picture of {grid_pixels} pixels     text; **strong**, `code`, {value} (lesson_values.h). An empty line ends a paragraph
//   @show step=1 tab=tokens               sets up the window when the page is entered; after @reveal: when the answer is revealed
//   @do roll Roll the seed                a button (lesson_actions); what it does to the document can be undone
//   @if has_text and text_tokens > 3      what follows, down to @else or @end, is there only if all of it holds; !name: if not.
//   @else                                 May be nested. A bare name holds if its number is not 0
//   @end
//   @question choice                      a question: its text, then options of a line each; at most one of a page may be there
//   - wrong                               at a time. It goes on to the end of the page or of the @if it stands in
//   + right
//   ? encoder_cut > 0 : it depends        right if the condition holds
//   @question number encoder_ignored      to be typed; the value is the answer
//   @question point discarded_text        to be clicked in the window (lesson_point_targets)
//   @reveal                               from here on: shown once the user has answered
//   ---                                   the next page
//
// @show knows: step=1..6, play=yes, tab=…, place=…, side=encoder|decoder, slot=VALUE, isolate=FATE|none, legend=open,
// attention=reference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace maskscope {

enum class LessonStyle : std::uint8_t { plain, strong, code, value };
struct LessonSpan {
  LessonStyle style = LessonStyle::plain;
  std::string text;  // value: its name
  bool operator==(const LessonSpan&) const = default;
};
using LessonParagraph = std::vector<LessonSpan>;

// One comparison. An operand is the name of a value or a whole number.
struct LessonTerm {
  enum class Comparison : std::uint8_t { less, less_equal, equal, not_equal, greater_equal, greater };
  std::string left;
  Comparison comparison = Comparison::not_equal;
  std::string right = "0";
};
struct LessonClause {
  std::vector<LessonTerm> all_of;
  bool is_negated = false;  // under an @else
};
using LessonCondition = std::vector<LessonClause>;  // all must hold; none: always

struct LessonShow {
  int step = 0;  // 1 .. 6; 0: as it is
  bool plays = false;
  bool opens_mask_legend = false;
  bool resets_attention = false;  // to the switches the values are computed for
  std::string tab, place, side, slot, isolate;  // empty: as it is
};
struct LessonAction {
  std::string name;  // of lesson_actions
  LessonParagraph label;
};

struct LessonBlock {
  LessonCondition condition;
  int question = -1;       // of the page's questions that it belongs to; -1: none
  bool is_reveal = false;
  std::variant<LessonParagraph, LessonShow, LessonAction> content;
};

struct LessonOption {
  LessonParagraph label;
  bool may_be_right = false;     // false: wrong whatever the data
  LessonCondition right_if = {};
};
enum class QuestionKind : std::uint8_t { choice, number, point };
struct LessonQuestion {
  LessonCondition condition;
  QuestionKind kind = QuestionKind::choice;
  std::string subject = {};                // number: a value; point: a target
  std::vector<LessonOption> options = {};  // choice: at least 2
};

struct LessonPage {
  std::string heading;
  std::vector<LessonBlock> blocks = {};  // in the order of the file
  std::vector<LessonQuestion> questions = {};
};

struct Lesson {
  std::string title;
  std::vector<LessonPage> pages;  // at least one
  std::string text;               // the whole file: its characters are what the fonts need
};

constexpr std::size_t max_lesson_bytes = std::size_t{1} << 16;

// Throws Error naming the file and the line: what was found, what was expected; also for names of values, targets, tabs … that
// do not exist.
Lesson parse_lesson(std::string_view text, const std::string& file);

}  // namespace maskscope
