#include <cstdlib>
#include <string>

#include "app/render/font_files.h"
#include "app/render/fonts.h"
#include "tests/catch.h"

using namespace maskscope;

namespace {

std::string utf8_of_range(unsigned first, unsigned last) {
  std::string text;
  for (unsigned c = first; c <= last; ++c) {
    text += static_cast<char>(0xE0 | c >> 12);
    text += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (c & 0x3F));
  }
  return text;
}

std::vector<ImFont*> faces_of(const Fonts& fonts) {
  return {fonts.body, fonts.strong, fonts.small_caps, fonts.small, fonts.title, fonts.mono, fonts.mono_small};
}

}  // namespace

TEST_CASE("every face is built, with Latin and the substitute") {
  ImFontAtlas atlas;
  const Fonts fonts = build_fonts(atlas, {});
  for (ImFont* face : faces_of(fonts)) {
    REQUIRE(face != nullptr);
    for (const char32_t c : U"Az09[]#_@µé") CHECK((c == 0 || face->FindGlyphNoFallback(static_cast<ImWchar>(c)) != nullptr));
  }
  CHECK(fonts.num_glyphs > 7 * 190);
  CHECK(fonts.num_glyphs < 7 * 400);
  CHECK(fonts.atlas_bytes <= 4u << 20);
}

TEST_CASE("faces have the sizes of the design and grow with the scale") {
  ImFontAtlas atlas;
  const Fonts at_one = build_fonts(atlas, {});
  const float body = at_one.body->FontSize, title = at_one.title->FontSize, caption = at_one.small_caps->FontSize;
  CHECK(title > body);
  CHECK(body > caption);
  const Fonts at_two = build_fonts(atlas, {.scale = 2, .ui_text = {}, .extra_text = {}});
  CHECK(at_two.body->FontSize == Approx(2 * body).margin(1));
}

TEST_CASE("digits of the monospaced face are equally wide") {
  ImFontAtlas atlas;
  const Fonts fonts = build_fonts(atlas, {});
  if (font_files(FontRole::mono).empty()) {
    WARN("SKIPPED: no monospaced font is installed");
    return;
  }
  for (const ImWchar c : {'1', 'i', 'W', '#'}) CHECK(fonts.mono->GetCharAdvance(c) == fonts.mono->GetCharAdvance('0'));
}

TEST_CASE("a text with all of CJK keeps the atlas bounded and says so") {
  ImFontAtlas atlas;
  const std::string everything = utf8_of_range(0x4E00, 0x9FA5);
  const Fonts fonts = build_fonts(atlas, {.scale = 3, .ui_text = {}, .extra_text = everything});
  CHECK(fonts.atlas_bytes <= 160u << 20);
  REQUIRE_FALSE(fonts.notes.empty());
  CHECK_THAT(fonts.notes.front(), contains_text("different characters"));
}

TEST_CASE("without any font there is still text and a sentence") {
  setenv("XDG_DATA_HOME", "/nonexistent", 1);
  setenv("XDG_DATA_DIRS", "/nonexistent", 1);
  ImFontAtlas atlas;
  const Fonts fonts = build_fonts(atlas, {});
  for (ImFont* face : faces_of(fonts)) REQUIRE(face != nullptr);
  if (font_files(FontRole::regular).empty()) {
    REQUIRE_FALSE(fonts.notes.empty());
    CHECK_THAT(fonts.notes.front(), contains_text("No font was found"));
  }
  unsetenv("XDG_DATA_HOME");
  unsetenv("XDG_DATA_DIRS");
}

TEST_CASE("fonts are rebuilt only for new characters") {
  CHECK_FALSE(needs_rebuild("", "plain ASCII and Latin é"));
  CHECK_FALSE(needs_rebuild("红色", "色红 abc"));
  CHECK(needs_rebuild("红色", "蓝"));
  CHECK_FALSE(needs_rebuild("", "\U0001F600"));  // drawn as a substitute anyway
}

TEST_CASE("what can't be drawn becomes a visible substitute") {
  CHECK(drawable("a\tb\n红") == "a\tb\n红");
  CHECK(drawable("\U0001F600!") == "\uFFFD!");
  CHECK(drawable("a\xFF\xC3") == "a\uFFFD\uFFFD");
  CHECK(drawable("\xC0\x80") == "\uFFFD\uFFFD");      // overlong
  CHECK(drawable("\xED\xA0\x80x") == "\uFFFD\uFFFD\uFFFDx");  // surrogate
  CHECK(drawable(std::string("\0", 1)) == "\uFFFD");
}

TEST_CASE("Chinese stands in every face, beside Latin on one line") {
  const std::string chinese = "模态预算编码器解码器掩码槽位丢弃忽略哨兵注意力，。：（）";
  if (drawable_share(chinese, text_font_files()) < 1) {
    WARN("SKIPPED: no Chinese font is installed");
    return;
  }
  ImFontAtlas atlas;
  const Fonts fonts = build_fonts(atlas, {.scale = 2, .ui_text = chinese, .extra_text = {}});
  CHECK(glyph_share(fonts, chinese) == 1);
  for (const ImFont* face : faces_of(fonts)) {
    const ImFontGlyph* square = face->FindGlyphNoFallback(0x6A21);  // 模
    const ImFontGlyph* capital = face->FindGlyphNoFallback('H');
    REQUIRE(square != nullptr);
    REQUIRE(capital != nullptr);
    // As wide as it is high, without the wide spacing of capitals; a little higher than a capital, a little below its foot.
    CHECK(square->AdvanceX == Approx(square->Y1 - square->Y0).epsilon(0.25));
    CHECK(square->Y0 < capital->Y0 + 2);
    CHECK(square->Y1 > capital->Y1);
    CHECK(square->Y1 < capital->Y1 + 0.25f * square->AdvanceX);
    CHECK(square->Y0 >= -0.1f * face->FontSize);
    CHECK(square->Y1 <= 1.1f * face->FontSize);
  }
}

TEST_CASE("the share of a text that font files can draw") {
  CHECK(drawable_share("", {}) == 1);
  CHECK(drawable_share("abc", {}) == 0);
  CHECK(drawable_share("abc", {"/nonexistent/font.ttf"}) == 0);
  if (font_files(FontRole::regular).empty()) return;
  CHECK(drawable_share("abc", text_font_files()) == 1);
  CHECK(drawable_share("ab红蓝", {font_files(FontRole::regular).front()}) == Approx(0.5));
}
