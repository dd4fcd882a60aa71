// The words of the whole window switched while it is open: other texts, other widths, the same document.
#include <cmath>

#include "app/panels/widgets.h"
#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

constexpr BottomTab all_tabs[] = {BottomTab::tokens, BottomTab::waterfall, BottomTab::attention, BottomTab::embeddings, BottomTab::distribution, BottomTab::compare,
                                  BottomTab::table, BottomTab::problems};

}  // namespace

TEST_CASE("panels: the language is switched live") {
  if (!has_chinese_font()) {
    WARN("SKIPPED: no Chinese font is installed");
    return;
  }
  PanelStage stage;
  stage.frames(3);
  const float english = stage.widget("tab.distribution").width, problems = stage.widget("tab.problems").width;
  stage.view().language = Language::chinese;
  stage.frames(3);
  CHECK(language() == Language::chinese);
  CHECK(stage.widget("tab.distribution").width < english - 20);
  CHECK(stage.widget("tab.problems").width < problems - 10);
  CHECK(stage.widget("legend.ignored slot").width > 0);  // named the same in every language
  CHECK(stage.widget("scheme.mode.direct").width > 0);
  CHECK_FALSE(stage.session().can_undo());
  // A click on a translated widget does what it did.
  stage.click("scheme.mode.direct");
  CHECK(stage.session().document().scheme.mode == BudgetMode::direct);
  CHECK(stage.session().undo_name() == "直接比例");
  stage.view().language = Language::english;
  stage.frames(3);
  CHECK(stage.widget("tab.distribution").width == english);
  CHECK(stage.session().undo_name() == "direct ratios");
}

TEST_CASE("panels: the list of problems follows the language") {
  if (!has_chinese_font()) {
    WARN("SKIPPED: no Chinese font is installed");
    return;
  }
  Document document = default_document();
  set_only_budget(document, "caption", 0, 0);
  PanelStage stage(document);
  stage.view().bottom_tab = BottomTab::problems;
  stage.frames(3);
  REQUIRE(stage.session().frame().problems.size() == 2);
  const auto copied = [&] {
    stage.click("problems.copy");
    return std::string(ImGui::GetClipboardText());
  };
  CHECK_THAT(copied(), contains_text("Nothing is a target"));
  stage.view().language = Language::chinese;
  stage.frames(3);
  CHECK_THAT(copied(), contains_text("没有任何目标"));
  CHECK_THAT(copied(), !contains_text("Nothing is a target"));
}

TEST_CASE("panels: everything in Chinese at every size, scale and theme") {
  if (!has_chinese_font()) {
    WARN("SKIPPED: no Chinese font is installed");
    return;
  }
  const std::pair<float, float> sizes[] = {{1600, 900}, {1024, 700}, {3840, 2160}, {200, 100}, {100, 900}, {1600, 40}, {1, 1}, {0, 0}};
  for (const float scale : {0.75f, 1.0f, 3.0f}) {
    PanelStage stage(default_document(), {.scale = scale, .theme = scale > 2 ? ThemeKind::light : ThemeKind::dark});
    stage.view().language = Language::chinese;
    for (const BottomTab tab : all_tabs) {
      stage.view().bottom_tab = tab;
      for (const auto& [width, height] : sizes) {
        INFO(width << " x " << height << ", scale " << scale << ", tab " << static_cast<int>(tab));
        stage.resize(width, height);
        stage.frames(2);
        for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
          for (const TokenQuad& quad : batch.quads) REQUIRE((std::isfinite(quad.x) && std::isfinite(quad.width) && quad.width >= 0));
        }
      }
    }
    CHECK(language() == Language::chinese);
    CHECK(stage.session().messages().empty());
  }
}

TEST_CASE("panels: without a Chinese font the window stays in English and says what to install") {
  const ScopedVariable home("XDG_DATA_HOME", "/nonexistent"), shared("XDG_DATA_DIRS", "/nonexistent");
  if (has_chinese_font()) {
    WARN("SKIPPED: the program has a Chinese font of its own");
    return;
  }
  PanelStage stage;
  stage.frames(2);
  stage.view().language = Language::chinese;
  stage.frames(3);
  CHECK(language() == Language::english);
  CHECK(stage.view().language == Language::english);
  REQUIRE(stage.session().messages().size() == 1);  // said once, not in every frame
  CHECK_THAT(stage.session().messages().front().sentence, contains_text("Install the package fonts-wqy-microhei"));
}

TEST_CASE("panels: fonts that lack the glyphs although the files have them are waited for once, then a sentence says so") {
  PanelStage stage;
  stage.frames(2);
  Session& session = stage.session();
  ViewState& view = stage.view();
  RecordingCanvas canvas;
  PictureCache pictures(canvas);
  ImFont empty;
  Fonts fonts;  // without a glyph, and none will come
  fonts.body = &empty;
  WidgetLog widgets;
  PanelContext context{session, view, canvas, pictures, stage.colours(), fonts, 1, widgets, false};
  LanguageSwitch language_switch;
  for (int attempt = 1; attempt <= 2; ++attempt) {  // chosen again: tried again
    view.language = Language::chinese;
    for (int frame = 0; frame < 2; ++frame) {
      view.animate_seconds = 0;
      language_switch.follow(context);
    }
    CHECK(view.animate_seconds == 0);
    CHECK(language() == Language::english);
    CHECK(view.language == Language::english);
    CHECK(session.num_said() == static_cast<std::uint64_t>(attempt));
    CHECK_THAT(last_sentence(session), contains_text("fonts-wqy-microhei"));
  }
}

TEST_CASE("a language can be drawn if the font files have its characters") {
  CHECK(why_not_drawable(Language::english, {}).empty());
  CHECK_THAT(why_not_drawable(Language::chinese, {}), contains_text("fonts-wqy-microhei"));
  CHECK_THAT(why_not_drawable(Language::chinese, {"/nonexistent/font.ttf"}), contains_text("fonts-wqy-microhei"));
  if (has_chinese_font()) CHECK(why_not_drawable(Language::chinese, text_font_files()).empty());
}

TEST_CASE("widgets: Chinese is wrapped between characters, not before a mark that closes") {
  if (!has_chinese_font()) {
    WARN("SKIPPED: no Chinese font is installed");
    return;
  }
  PanelStage stage;
  stage.view().language = Language::chinese;
  stage.frame();
  ImFont* font = ImGui::GetIO().FontDefault;
  const float em = font->GetCharAdvance(0x6A21);
  CHECK(widgets::wrapped(font, "plain words stay as they are", 10) == "plain words stay as they are");
  CHECK(widgets::wrapped(font, "模态预算模态预算", em * 4.5f) == "模态预算\n模态预算");
  CHECK(widgets::wrapped(font, "模态预算，模态预算", em * 4.5f) == "模态预\n算，模态\n预算");  // the comma does not begin a line
  CHECK(widgets::wrapped(font, "模态\n预算", em * 4.5f) == "模态\n预算");
  CHECK(widgets::wrapped(font, "模态 token 预算", em * 3.0f) == "模态\ntoken\n预算");
  CHECK(widgets::wrapped(font, "模", 0) == "模");
  CHECK(widgets::wrapped(font, "模态", 0) == "模\n态");
  CHECK(widgets::wrapped(font, "", 10).empty());
}

TEST_CASE("bottom views: tabs that have no room are in a menu behind the others") {
  PanelStage stage(default_document(), {.width = 1024, .height = 700, .scale = 2});
  stage.frames(3);
  REQUIRE(stage.has_widget("tab.more"));
  CHECK_FALSE(stage.has_widget("tab.problems"));
  stage.click("tab.more");
  stage.frame();
  stage.click("tab.problems");
  stage.frames(3);
  CHECK(stage.view().bottom_tab == BottomTab::problems);
  // The chosen one has a place in the row.
  CHECK(stage.widget("tab.problems").y == stage.widget("tab.more").y - 2);
  CHECK(stage.widget("tab.problems").x < stage.widget("tab.more").x);
  stage.resize(3200, 1800);
  stage.frames(3);
  CHECK_FALSE(stage.has_widget("tab.more"));
}

TEST_CASE("panels: a window that is too small for them is scrolled") {
  PanelStage stage(default_document(), {.width = 640, .height = 300});
  stage.frames(3);
  const float right = stage.widget("scheme.preset").x;
  const float top = stage.widget("modality.caption").y;
  CHECK(right > 400);  // its left part only is in sight
  stage.move_to({320, 130});
  for (int i = 0; i < 60; ++i) stage.wheel(-3);
  stage.frames(2);
  CHECK(stage.widget("modality.caption").y < top - 60);
  stage.resize(1600, 900);
  stage.frames(3);
  CHECK(stage.widget("modality.caption").y > 40);
  CHECK(stage.widget("scheme.preset").x > 1200);
}
