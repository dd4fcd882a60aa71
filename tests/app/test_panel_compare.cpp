// The Compare view: pin, change, look, swap, let go; at every size.
#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

TEST_CASE("a state is pinned, compared, swapped and let go of with the mouse") {
  PanelStage stage(default_document(), {1600, 1200});
  stage.view().bottom_tab = BottomTab::compare;
  stage.frames(2);
  CHECK_FALSE(stage.has_widget("compare.swap"));
  stage.click("compare.pin");
  stage.frames(2);
  REQUIRE(stage.has_widget("compare.swap"));
  CHECK_FALSE(stage.has_widget("compare.changed.tok_rgb@224"));  // nothing changed, no cards
  REQUIRE(stage.session().apply(edits::set_seed(7)));
  stage.frames(2);
  const std::vector<std::int32_t> present = stage.masked().batch.encoder_source;
  bool has_cards = false;
  for (const SchemeModality& entry : stage.masked().scheme.modalities) has_cards |= stage.has_widget("compare.changed." + entry.modality.name);
  CHECK(has_cards);

  stage.click("compare.swap");
  stage.frames(2);
  CHECK(stage.session().document().seed == 42);
  stage.click("compare.swap");
  stage.frames(2);
  CHECK(stage.session().document().seed == 7);
  CHECK(stage.masked().batch.encoder_source == present);
  stage.session().undo();
  stage.frames(2);
  CHECK(stage.session().document().seed == 42);

  stage.click("compare.let_go");
  stage.frames(2);
  CHECK_FALSE(stage.has_widget("compare.swap"));
  CHECK(stage.has_widget("compare.pin"));
}

TEST_CASE("a wish from the menu is fulfilled while another view is shown") {
  PanelStage stage;
  stage.frames(2);
  stage.view().compare_wish = CompareWish::swap;  // nothing is pinned: nothing happens
  stage.frames(2);
  CHECK(stage.view().compare_wish == CompareWish::nothing);
  CHECK_FALSE(stage.session().can_undo());
  stage.view().compare_wish = CompareWish::pin;
  stage.frames(2);
  CHECK(stage.view().compare_wish == CompareWish::nothing);
  stage.view().bottom_tab = BottomTab::compare;
  stage.frames(2);
  CHECK(stage.has_widget("compare.swap"));
}

TEST_CASE("a changed cell under the cursor is the token in every view") {
  Document document = default_document();
  set_only_budget(document, "tok_depth@224", 60, 60);
  PanelStage stage(document, {1600, 1400});
  stage.view().bottom_tab = BottomTab::compare;
  stage.view().compare_wish = CompareWish::pin;
  stage.frames(2);
  REQUIRE(stage.session().apply(edits::set_seed(8)));
  stage.frames(2);
  const WidgetRect card = stage.widget("compare.changed.tok_depth@224");
  stage.move_to({card.x + card.width * 4.5f / 14, card.y + card.height * 2.5f / 14});
  stage.frame();
  CHECK(stage.view().hovered.token == TokenIdentity{stage.masked().scheme.find("tok_depth@224"), 2 * 14 + 4});
}

TEST_CASE("the Compare view is drawn at every size, language, and for two samples that have little in common") {
  for (const Language wanted : {Language::english, Language::chinese}) {
    set_language(wanted);
    for (const Screen& screen : {Screen{1600, 900, 1, ThemeKind::dark}, Screen{1024, 700, 1, ThemeKind::light}, Screen{1600, 900, 2, ThemeKind::dark}, Screen{200, 100, 1, ThemeKind::dark},
                                 Screen{0, 0, 1, ThemeKind::dark}}) {
      PanelStage stage(default_document(), screen);
      stage.view().bottom_tab = BottomTab::compare;
      stage.frames(2);
      stage.view().compare_wish = CompareWish::pin;
      stage.frames(2);
      REQUIRE(stage.session().apply(edits::set_seed(9)));
      CHECK_NOTHROW(stage.frames(2));
      REQUIRE(stage.session().apply(edits::open_scene(3)));
      REQUIRE(stage.session().apply(edits::set_modality_enabled("tok_rgb@224", false)));
      CHECK_NOTHROW(stage.frames(2));
    }
  }
  set_language(Language::english);
}

TEST_CASE("both states are drawn many times while they are looked at, and only then") {
  PanelStage stage(default_document(), {1600, 1400});
  stage.view().compare_wish = CompareWish::pin;
  stage.frames(2);
  REQUIRE(stage.session().apply(edits::set_input_tokens({40, 40})));
  stage.frames(2);
  CHECK_FALSE(stage.has_widget("compare.draws"));
  stage.view().bottom_tab = BottomTab::compare;
  stage.frames(2);
  stage.bottom_views().settle();
  stage.frames(2);
  CHECK(stage.has_widget("compare.draws"));
  // Other settings are under way when A is let go of: nobody asks for them any more.
  REQUIRE(stage.session().apply(edits::set_seed(11)));
  stage.frame();
  stage.view().compare_wish = CompareWish::let_go;
  stage.frame();
  CHECK_FALSE(stage.bottom_views().compare().is_drawing());
  stage.view().compare_wish = CompareWish::pin;
  stage.frames(2);
  stage.bottom_views().settle();
  stage.frames(2);
  CHECK(stage.has_widget("compare.draws"));
  REQUIRE(stage.session().apply(edits::set_random(RandomSource::torch)));  // a stream: said, not drawn
  stage.frames(2);
  CHECK_FALSE(stage.has_widget("compare.draws"));
}
