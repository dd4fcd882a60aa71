// Where lines may end: one rule for paragraphs, links and the pages of the lessons.
#include "app/panels/line_breaks.h"
#include "tests/catch.h"

using namespace maskscope;

TEST_CASE("lines end behind spaces and beside ideographs, but never before a closing mark or behind an opening one") {
  CHECK(may_break(U' ', U'a'));
  CHECK_FALSE(may_break(U'a', U'b'));
  CHECK_FALSE(may_break(U'a', U' '));
  CHECK(may_break(U'掩', U'码'));
  CHECK(may_break(U'a', U'码'));
  CHECK(may_break(U'码', U'a'));
  CHECK_FALSE(may_break(U'码', U'，'));
  CHECK_FALSE(may_break(U'码', U','));
  CHECK_FALSE(may_break(U'（', U'码'));
  CHECK_FALSE(may_break(U'“', U'码'));
}

TEST_CASE("characters are read one by one, and a text that is cut short ends") {
  const std::string_view text = "a掩é";
  std::size_t at = 0;
  CHECK(next_drawn_character(text, at) == U'a');
  CHECK(next_drawn_character(text, at) == U'掩');
  CHECK(next_drawn_character(text, at) == U'é');
  CHECK(at == text.size());
  at = 0;
  next_drawn_character(std::string_view("\xe6\x8e", 2), at);
  CHECK(at == 2);
  CHECK(has_cjk("tok_depth 掩码"));
  CHECK_FALSE(has_cjk("tok_depth é"));
}
