// core/data/shard_notation: the recorded expansions of the reference, and what is refused.
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

#include "core/data/shard_notation.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/golden_file.h"

using namespace maskscope;
using Names = std::vector<std::string>;

TEST_CASE("notation: the recorded expansions") {
  const auto cases = nlohmann::json::parse(test::read_golden("dataset/shard_cases.json")).at("expansions");
  REQUIRE(cases.size() >= 10);
  for (const auto& expansion : cases) {
    const auto pattern = expansion.at("pattern").get<std::string>();
    INFO(pattern);
    CHECK(expand_braces(pattern) == expansion.at("urls").get<Names>());
  }
}

TEST_CASE("notation: what the recorded expansions leave open") {
  CHECK(expand_braces("{a,b}{1..2}") == Names{"a1", "a2", "b1", "b2"});
  CHECK(expand_braces("{-01..1}") == Names{"-01", "000", "001"});
  CHECK(expand_braces("{10..0..-5}") == Names{"10", "5", "0"});
  CHECK(expand_braces("{0..2..0}") == Names{"0", "1", "2"});
  CHECK(expand_braces("{C..A}") == Names{"C", "B", "A"});
  CHECK(expand_braces("{Y..b}") == Names{"Y", "Z", "a", "b"});
  CHECK(expand_braces("{a..e..2}") == Names{"a", "c", "e"});
  CHECK(expand_braces("{5..5}") == Names{"5"});
  CHECK(expand_braces("{1..a}") == Names{"{1..a}"});
  CHECK(expand_braces("{}") == Names{"{}"});
  CHECK(expand_braces("{{1..2}}") == Names{"{1}", "{2}"});
  CHECK(expand_braces("\\{a,b\\}") == Names{"{a,b}"});
  CHECK(expand_braces("{a\\,b,c}") == Names{"a,b", "c"});
  CHECK(expand_braces("") == Names{""});
  CHECK(expand_braces("{1,{2,{3..4}}x}") == Names{"1", "2x", "3x", "4x"});
}

TEST_CASE("notation: refused with a sentence, before memory is taken") {
  CHECK_THROWS_WITH(expand_braces("x/{1..2.tar"), contains_text("x/{1..2.tar: a brace is opened and not closed"));
  CHECK_THROWS_WITH(expand_braces("x/1}.tar"), contains_text("closed and not opened"));
  CHECK(expand_braces("{1..1000000}").size() == 1'000'000);
  CHECK_THROWS_WITH(expand_braces("{0..1000000}"), contains_text("more than 1000000 names"));
  CHECK_THROWS_WITH(expand_braces("{1..1001}{1..1000}"), contains_text("more than 1000000 names"));
  CHECK_THROWS_WITH(expand_braces("{0..999999999999999999}"), contains_text("more than 1000000 names"));
  CHECK_THROWS_WITH(expand_braces("{0..9999999999999999999999}"), contains_text("too large for the end of a range"));
  CHECK_THROWS_WITH(expand_braces("{0..1..9999999999999999999999}"), contains_text("too large"));
  CHECK_THROWS_WITH(expand_braces("{1..1000000}" + std::string(1000, 'x')), contains_text("128 MiB"));
  CHECK_THROWS_WITH(expand_braces(std::string(51, '{') + "a,b" + std::string(51, '}')), contains_text("more than 50 deep"));
  CHECK_THROWS_WITH(expand_braces(std::string(70'000, '{')), contains_text("at most 65536"));
  std::string many;
  for (int i = 0; i < 30; ++i) many += "{a,b}";
  CHECK_THROWS_WITH(expand_braces(many), contains_text("more than 1000000 names"));
}

TEST_CASE("notation: brackets") {
  CHECK_FALSE(parse_brackets("x/s-0.tar").has_value());
  const auto one = parse_brackets("x/train_[rgb, caption]_y/s.tar");
  REQUIRE(one.has_value());
  CHECK(one->names == Names{"rgb", " caption"});
  CHECK(one->path(1) == "x/train_ caption_y/s.tar");
  CHECK(parse_brackets("[rgb]/s.tar")->names == Names{"rgb"});
  CHECK_THROWS_WITH(parse_brackets("[a,b]/[c].tar"), contains_text("more than one pair of brackets"));
  CHECK_THROWS_WITH(parse_brackets("[a,[b]]/c.tar"), contains_text("more than one pair of brackets"));
  CHECK_THROWS_WITH(parse_brackets("[a,b/c.tar"), contains_text("only one of the two brackets"));
  CHECK_THROWS_WITH(parse_brackets("a]b[/c.tar"), contains_text("only one of the two brackets"));
  CHECK_THROWS_WITH(parse_brackets("[]/c.tar"), contains_text("no modality within the brackets"));
}
