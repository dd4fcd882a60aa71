// What stands in single lines of a lesson text (lesson_text.h), read for its parser.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/lesson_text.h"

namespace maskscope {

struct LinePlace {
  std::string file;
  int line = 0;  // from 1
  // Throws Error naming file and line.
  [[noreturn]] void fail(std::string_view found, std::string_view expected) const;
};

// The start of a text in quotes, for an error.
std::string quoted(std::string_view text);
std::string_view trimmed(std::string_view text);  // of blanks
std::vector<std::string_view> words_of(std::string_view text);

// Each throws Error at the place.
// **strong**, `code`, {value}; none of them goes on in the next line.
LessonParagraph lesson_spans(const LinePlace& place, std::string_view line);
// "has_text and text_tokens > 3", "!has_grid".
LessonClause lesson_clause(const LinePlace& place, std::string_view text);
// What follows @show and @do.
LessonShow lesson_show(const LinePlace& place, std::string_view text);
LessonAction lesson_action(const LinePlace& place, std::string_view text);

}  // namespace maskscope
