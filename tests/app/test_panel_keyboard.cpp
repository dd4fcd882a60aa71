// Shortcuts and the keyboard on controls.
#include <utility>

#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

constexpr KeyModifiers ctrl{.ctrl = true};

}  // namespace

TEST_CASE("R rolls, Ctrl+Z takes back, Ctrl+Y and Ctrl+Shift+Z bring again") {
  PanelStage stage;
  stage.frames(3);
  stage.key(Key::r);
  const std::uint64_t first = stage.session().document().seed;
  CHECK(first != 42);
  stage.key(Key::r);
  const std::uint64_t second = stage.session().document().seed;
  stage.key(Key::z, ctrl);
  CHECK(stage.session().document().seed == first);
  stage.key(Key::z, ctrl);
  CHECK(stage.session().document().seed == 42);
  stage.key(Key::z, ctrl);
  stage.key(Key::y, ctrl);
  CHECK(stage.session().document().seed == first);
  stage.key(Key::z, {.ctrl = true, .shift = true});
  CHECK(stage.session().document().seed == second);
}

TEST_CASE("a letter with another modifier is another shortcut, or none") {
  PanelStage stage;
  stage.frames(2);
  stage.key(Key::r, ctrl);
  stage.key(Key::d, {.alt = true});
  stage.key(Key::z);
  CHECK_FALSE(stage.session().can_undo());
  CHECK(stage.session().document() == default_document());
}

TEST_CASE("D switches the mode, page keys the scene") {
  PanelStage stage;
  stage.frames(2);
  stage.key(Key::d);
  CHECK(stage.session().document().scheme.mode == BudgetMode::direct);
  stage.key(Key::d);
  CHECK(stage.session().document().scheme.mode == BudgetMode::sampled);
  stage.key(Key::page_down);
  CHECK(stage.session().document().inputs.scene_seed == 1);
  stage.key(Key::page_up);
  stage.key(Key::page_up);
  CHECK(stage.session().document().inputs.scene_seed == 0);
}

TEST_CASE("Esc lets the pin go first, then shows all fates") {
  PanelStage stage;
  stage.frames(3);
  stage.view().pinned = {{0, 1}, {}, -1};
  stage.view().isolated = Fate::encoder;
  stage.key(Key::escape);
  CHECK_FALSE(stage.view().pinned.is_valid());
  CHECK(stage.view().isolated == Fate::encoder);
  stage.key(Key::escape);
  CHECK_FALSE(stage.view().isolated.has_value());
  stage.key(Key::escape);
}

TEST_CASE("text size, shortcut sheet and quit") {
  PanelStage stage;
  stage.frames(2);
  stage.key(Key::equal, ctrl);
  CHECK(stage.view().text_size == Approx(1.1f));
  stage.key(Key::minus, ctrl);
  CHECK(stage.view().text_size == Approx(1.0f));
  for (int i = 0; i < 30; ++i) stage.key(Key::equal, ctrl);
  CHECK(stage.view().text_size == Approx(3.0f));
  for (int i = 0; i < 60; ++i) stage.key(Key::minus, ctrl);
  CHECK(stage.view().text_size == Approx(0.75f));
  stage.key(Key::n0, ctrl);
  CHECK(stage.view().text_size == 1.0f);
  stage.key(Key::f1);
  CHECK(stage.view().is_shortcut_sheet_open);
  stage.frames(2);
  stage.key(Key::escape);
  CHECK_FALSE(stage.view().is_shortcut_sheet_open);
  CHECK_FALSE(stage.view().is_quit_wanted);
  stage.key(Key::q, ctrl);
  CHECK(stage.view().is_quit_wanted);
}

TEST_CASE("dialogs open and close by the keyboard") {
  for (const Key key : {Key::o, Key::s, Key::t}) {
    PanelStage stage;
    stage.frames(2);
    stage.key(key, ctrl);
    stage.frames(3);
    CHECK(ImGui::GetIO().WantTextInput);  // the name or the text can be typed at once
    const std::uint64_t seed = stage.session().document().seed;
    stage.key(Key::r);
    CHECK(stage.session().document().seed == seed);
    stage.key(Key::escape);
    stage.frames(3);
    stage.key(Key::escape);
    stage.frames(2);
    CHECK_FALSE(ImGui::GetIO().WantTextInput);
    CHECK_FALSE(stage.session().can_undo());
  }
}

TEST_CASE("arrow keys move the bar in focus by one token and do nothing else") {
  Document document = default_document();
  set_only_budget(document, "tok_depth@224", 40, 80);
  PanelStage stage(document);
  ImGui::GetIO().ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  stage.frames(3);
  const auto budgets = [&] {
    const SchemeModality& entry = stage.session().document().scheme.modalities[static_cast<std::size_t>(stage.session().document().scheme.find("tok_depth@224"))];
    return std::pair{entry.direct_encoder_tokens, entry.direct_decoder_tokens};
  };
  const WidgetRect bar = stage.widget("scheme.direct.tok_depth@224.bar");
  stage.click(ImVec2{bar.x + 5 + (bar.width - 10) * 40 / 196, bar.y + bar.height * 0.5f});
  REQUIRE(budgets() == std::pair{40, 80});
  stage.move_to({1, 1});
  stage.key(Key::right);
  CHECK(budgets() == std::pair{41, 79});
  stage.key(Key::left);
  stage.key(Key::left);
  CHECK(budgets() == std::pair{39, 81});
}
