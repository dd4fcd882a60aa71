// The Budgets view: its rows, its CSV, the link from the inspector; every size.
#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

TEST_CASE("the Budgets view copies its numbers as CSV") {
  PanelStage stage(depth_budget_document());
  stage.view().bottom_tab = BottomTab::waterfall;
  stage.frames(2);
  stage.click("waterfall.csv");
  stage.frame();
  const std::string csv = ImGui::GetClipboardText();
  CHECK(csv == waterfall_csv(stage.masked().waterfall, stage.masked().scheme));
  CHECK_THAT(csv, contains_text("tok_depth@224,encoder,196,92,64,0,64,0,0,,64,0,0,0,64,,\n"));
  CHECK_THAT(csv, contains_text("tok_depth@224,decoder,196,92,40,0,40,0,0,,40,0,0,0,40,,\n"));
  REQUIRE(stage.session().current_message());
  CHECK_THAT(stage.session().current_message()->sentence, contains_text("CSV"));
}

TEST_CASE("the Budgets view scrolls to the modality that is asked for") {
  Document document = default_document();
  document.scheme = preset_scheme("4m-21");
  PanelStage stage(document);
  stage.view().bottom_tab = BottomTab::waterfall;
  stage.frames(2);
  const Scheme& scheme = stage.masked().scheme;
  const int last = scheme.num_modalities() - 1;
  const std::string id = "waterfall." + scheme.modalities[static_cast<std::size_t>(last)].modality.name;
  const auto is_in_view = [&] {
    if (!stage.has_widget(id)) return false;
    const WidgetRect row = stage.widget(id), panel = stage.widget("waterfall");
    return row.y >= panel.y && row.y + row.height <= panel.y + panel.height - 44;
  };
  stage.resize(1600, 760);
  stage.frames(2);
  stage.view().bottom_tab = BottomTab::tokens;
  stage.view().wanted_place = ViewPlace{PlaceKind::budget, 0};
  stage.frames(3);
  CHECK(stage.view().shown_tab() == BottomTab::waterfall);
  CHECK_FALSE(stage.view().wanted_place);
  stage.view().wanted_place = ViewPlace{PlaceKind::budget, last};
  stage.frames(3);
  CHECK(is_in_view());
}

TEST_CASE("a bar of the Budgets view is as long as its tokens") {
  PanelStage stage(depth_budget_document());
  stage.view().bottom_tab = BottomTab::waterfall;
  stage.frames(2);
  const WidgetRect row = stage.widget("waterfall.tok_depth@224");
  float encoder = 0, decoder = 0;
  for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
    for (const TokenQuad& quad : batch.quads) {
      const bool is_in_row = quad.y >= row.y && quad.y + quad.height <= row.y + row.height && quad.x >= row.x && quad.x < row.x + row.width;
      if (is_in_row && quad.style == TokenStyle::bar) encoder += quad.width;
      if (is_in_row && quad.style == TokenStyle::striped_bar) decoder += quad.width;
    }
  }
  REQUIRE(encoder > 20);
  CHECK(decoder == Approx(encoder * 40 / 64).epsilon(0.02));
}

TEST_CASE("the Budgets view is drawn at every size, theme and language, and of a sample without targets") {
  for (const Language wanted : {Language::english, Language::chinese}) {
    set_language(wanted);
    for (const Screen& screen : {Screen{1600, 900, 1, ThemeKind::dark}, Screen{1024, 700, 1, ThemeKind::light}, Screen{1600, 900, 2, ThemeKind::dark}, Screen{200, 100, 1, ThemeKind::dark},
                                 Screen{0, 0, 1, ThemeKind::dark}}) {
      Document document = default_document();
      set_only_budget(document, "rgb@224", 10, 0);
      PanelStage stage(document, screen);
      stage.view().bottom_tab = BottomTab::waterfall;
      CHECK_NOTHROW(stage.frames(3));
      if (screen.width >= 1024) {
        CHECK_FALSE(stage.masked().waterfall.has_targets());
        stage.move_to(stage.centre("waterfall.decoder_slots"));
        stage.frame();
      }
    }
  }
  set_language(Language::english);
}
