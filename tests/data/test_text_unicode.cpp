#include <string>

#include "core/data/bert_normalizer.h"
#include "core/data/unicode_class.h"
#include "core/data/utf8.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/tiny_tokenizer.h"

namespace maskscope {
namespace {

using Ranges = std::vector<ByteRange>;

std::string normal(std::string_view text, BertNormalizer normalizer = {}) { return normalizer.normalize(text).text; }

}  // namespace

TEST_CASE("utf8: every code point is written and read back") {
  std::size_t num_checked = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text = "x";
    append_utf8(text, c);
    std::size_t offset = 1;
    const bool is_equal = !find_invalid_utf8(text) && next_code_point(text, offset) == c && offset == text.size() &&
                          code_point_before(text, text.size()) == c && count_code_points(text) == 2;
    if (!is_equal) FAIL("code point " << static_cast<unsigned>(c));
    ++num_checked;
  }
  CHECK(num_checked == 0x110000 - 0x800);
}

TEST_CASE("utf8: what is not UTF-8 is found at its first byte") {
  CHECK(find_invalid_utf8("ab\xff") == 2u);
  CHECK(find_invalid_utf8("\x80") == 0u);              // a continuation without a beginning
  CHECK(find_invalid_utf8("a\xC0\xAF") == 1u);         // overlong
  CHECK(find_invalid_utf8("a\xE0\x9F\xBF") == 1u);     // overlong
  CHECK(find_invalid_utf8("\xF0\x8F\xBF\xBF") == 0u);  // overlong
  CHECK(find_invalid_utf8("\xED\xA0\x80") == 0u);      // a surrogate
  CHECK(find_invalid_utf8("\xF4\x90\x80\x80") == 0u);  // above U+10FFFF
  CHECK(find_invalid_utf8("\xF5\x80\x80\x80") == 0u);
  CHECK(find_invalid_utf8("abc\xE7\x8C") == 3u);       // cut short
  CHECK(find_invalid_utf8("abc\xC3(") == 3u);
  CHECK_FALSE(find_invalid_utf8("").has_value());
  CHECK(test::message_of([] { validate_utf8("caf\xE9", "notes.txt"); }) ==
        "notes.txt: not valid UTF-8 at byte offset 3 (byte 0xE9), UTF-8 text was expected. Save the text as UTF-8 and "
        "open it again.");
}

TEST_CASE("unicode: classes are those of the tokenizers library") {
  using namespace unicode;
  CHECK(is_removed_by_cleaning(0));
  CHECK(is_removed_by_cleaning(0x0B));    // a control, though it is white space too
  CHECK(is_removed_by_cleaning(0x200B));  // Cf
  CHECK(is_removed_by_cleaning(0xFFFD));
  CHECK(is_removed_by_cleaning(0xE000));
  CHECK_FALSE(is_removed_by_cleaning(0xE001));  // private use: only the ends of the blocks
  CHECK_FALSE(is_removed_by_cleaning(0x0378));  // unassigned
  CHECK_FALSE(is_removed_by_cleaning('\t'));
  CHECK_FALSE(is_removed_by_cleaning(0x08E2));  // Cf since Unicode 9.0
  CHECK(is_nonspacing_mark(0x0301));
  CHECK(is_nonspacing_mark(0xFE0F));
  CHECK_FALSE(is_nonspacing_mark(0x20DD));   // enclosing
  CHECK_FALSE(is_nonspacing_mark(0x1E000));  // Mn since Unicode 9.0
  CHECK(is_punctuation('$'));
  CHECK(is_punctuation(0x3002));
  CHECK_FALSE(is_punctuation(0x2E44));  // Po since Unicode 9.0
  CHECK_FALSE(is_punctuation(0x20AC));     // currency
  CHECK(is_whitespace(0x85));
  CHECK(is_whitespace(0x3000));
  CHECK_FALSE(is_whitespace(0x200B));
  CHECK(is_chinese_character(0x4E00));
  CHECK_FALSE(is_chinese_character(0x3042));  // hiragana
  CHECK_FALSE(is_chinese_character(0x2B820));  // the library's list leaves extension E's first part out
  CHECK(is_word_character('_'));
  CHECK(is_word_character(0x0301));
  CHECK(is_word_character(0x24D2));
  CHECK(is_word_character(0x200D));
  CHECK_FALSE(is_word_character('-'));
  CHECK_FALSE(is_word_character(0x00B2));  // No
}

TEST_CASE("unicode: combining classes and decompositions end with Unicode 9.0") {
  using namespace unicode;
  CHECK(combining_class(0x0301) == 230);
  CHECK(combining_class(0x0323) == 220);
  CHECK(combining_class(0x3099) == 8);
  CHECK(combining_class(0x302E) == 224);   // a spacing mark
  CHECK(combining_class(0x1E000) == 230);  // new in 9.0
  CHECK(combining_class(0x1AC1) == 0);     // new in 14.0
  CHECK(combining_class('a') == 0);
  CHECK(decompose(0xE9).length == 2);
  CHECK(decompose(0x1EA5).length == 3);
  CHECK(decompose(0x1F82).length == 4);  // the longest there is
  CHECK(decompose(0xAC01).length == 3);  // Hangul
  CHECK(decompose(0x2F800).code_points[0] == 0x4E3D);
  CHECK(decompose(0x11938).length == 1);  // new in 13.0
  CHECK(decompose(0xFB01).length == 1);   // compatibility only
}

TEST_CASE("normalizer: cleaning, ideographs, accents, case") {
  CHECK(normal("A\tB\r\nC\x07") == "a b  c");
  CHECK(normal(std::string("nu\0ll", 5)) == "null");
  CHECK(normal("\u732bdog") == " \u732b dog");
  CHECK(normal("CAF\u00c9 cafe\u0301") == "cafe cafe");
  CHECK(normal("\u0130stanbul") == "istanbul");
  CHECK(normal("\u03a3\u0391\u03a3") == "\u03c3\u03b1\u03c3");  // no final sigma
  CHECK(normal("STRASSE \u1e9e") == "strasse \u00df");
  CHECK(normal("\ud55c") == "\u1112\u1161\u11ab");
  CHECK(normal("\u2260") == "=");
  CHECK(normal("") == "");
}

TEST_CASE("normalizer: each step can be switched off") {
  BertNormalizer none{false, false, false, false};
  CHECK(normal("A\t\u732b\u00c9", none) == "A\t\u732b\u00c9");
  BertNormalizer lower_only = none;
  lower_only.lowercase = true;
  CHECK(normal("\u0130\u00c9", lower_only) == "i\u0307\u00e9");
  BertNormalizer accents_only = none;
  accents_only.strip_accents = true;
  CHECK(normal("\u00c9\u0130", accents_only) == "EI");
  // Of marks that are not accents to Unicode 8.0, class 7 goes before class 216.
  CHECK(normal("a\U0001D165\U0001E94A", accents_only) == "a\U0001E94A\U0001D165");
}

TEST_CASE("normalizer: sources point into the original text") {
  const BertNormalizer normalizer;
  CHECK(normalizer.normalize("aB").sources == Ranges{{0, 1}, {1, 2}});
  CHECK(normalizer.normalize("aB", 10).sources == Ranges{{10, 11}, {11, 12}});
  CHECK(normalizer.normalize("e\u0301x").sources == Ranges{{0, 3}, {3, 4}});
  CHECK(normalizer.normalize("a\u0323\u0301\u0323").sources == Ranges{{0, 7}});
  CHECK(normalizer.normalize("\u00e9").sources == Ranges{{0, 2}});
  CHECK(normalizer.normalize("\u732b").sources == Ranges(5, {0, 3}));  // blank, three bytes, blank
  CHECK(normalizer.normalize("\u0301a").sources == Ranges{{2, 3}});    // no letter to count to
  CHECK(normalizer.normalize("a\x01z").sources == Ranges{{0, 1}, {2, 3}});
  CHECK(normalizer.normalize("\u00df").sources == Ranges{{0, 2}, {0, 2}});
}

}  // namespace maskscope
