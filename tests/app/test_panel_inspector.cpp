// The places that the inspector's sentences name: by mouse and by keyboard.
#include <optional>

#include "app/explain.h"
#include "app/panels/view_places.h"
#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

TokenIdentity token_of(const MaskedFrame& frame, Fate fate) {
  const int m = frame.scheme.find("tok_depth@224");
  const auto fates = source_fates(frame.masks(), m);
  for (std::size_t i = 0; i < fates.size(); ++i) {
    if (fates[i] == fate) return {m, static_cast<std::int32_t>(i)};
  }
  return {};
}

// The widget of the first link of a kind in a story.
std::string link_of(const TokenStory& story, PlaceKind kind) {
  for (std::size_t line = 0; line < story.lines.size(); ++line) {
    for (std::size_t i = 0; i < story.lines[line].links.size(); ++i) {
      if (story.lines[line].links[i].place.kind == kind) return cat("inspector.link.", line, ".", i);
    }
  }
  return "";
}

void pin(PanelStage& stage, const Pointed& pointed) {
  stage.view().pinned = pointed;
  stage.view().pinned_modality.clear();
  stage.frames(2);
}

}  // namespace

TEST_CASE("every kind of place that a sentence names can be clicked") {
  for (const bool is_ignored : {false, true}) {
    PanelStage stage(depth_budget_document(), {1600, 1400});
    stage.frames(2);
    const Pointed pointed = is_ignored ? Pointed{{}, PackedSide::encoder, 100} : Pointed{token_of(stage.masked(), Fate::decoder), {}, -1};
    pin(stage, pointed);
    const TokenStory story = is_ignored ? tell_ignored_slot(stage.masked(), true, 100) : tell_token(stage.masked(), pointed.token);
    const auto click = [&](PlaceKind kind) {
      const std::string link = link_of(story, kind);
      INFO(link);
      REQUIRE(stage.has_widget(link));
      stage.view().bottom_tab = BottomTab::problems;
      stage.click(link);
      stage.frames(2);
      stage.move_to({2, 2});
    };
    click(PlaceKind::budget);
    CHECK(stage.view().bottom_tab == BottomTab::waterfall);
    click(PlaceKind::attention_row);
    CHECK(stage.view().bottom_tab == BottomTab::attention);
    click(PlaceKind::embedding_row);
    CHECK(stage.view().bottom_tab == BottomTab::embeddings);
    CHECK(stage.view().pinned == pointed);
    stage.view().steps.position = 2.5f;
    stage.view().steps.is_playing = true;
    click(PlaceKind::packed_slot);
    CHECK(stage.view().bottom_tab == BottomTab::problems);
    stage.frames(20);
    CHECK_FALSE(stage.view().steps.is_playing);
    CHECK(stage.view().steps.position == num_steps);
    CHECK(stage.view().pinned == pointed);
    if (is_ignored) continue;
    stage.view().table_modality = "caption";
    click(PlaceKind::table);
    CHECK(stage.view().bottom_tab == BottomTab::table);
    CHECK(stage.view().table_kind == TableKind::modality);
    CHECK(stage.view().table_modality == "tok_depth@224");
    click(PlaceKind::concatenation);
    stage.frames(20);
    CHECK(stage.view().steps.position == 4);
    click(PlaceKind::card);
    CHECK(stage.view().pinned == pointed);
  }
}

TEST_CASE("a click on a link pins the token that was only hovered") {
  PanelStage stage(depth_budget_document(), {1600, 1400});
  stage.frames(2);
  const Pointed first{token_of(stage.masked(), Fate::encoder), {}, -1};
  pin(stage, first);
  stage.click(link_of(tell_token(stage.masked(), first.token), PlaceKind::packed_slot));
  CHECK(stage.view().pinned == first);  // still: a link does not let go
}

TEST_CASE("a lost text token's link leads to the sentinel at which the target window starts") {
  Document document = text_document("a red cube on a blue floor");
  set_only_budget(document, "caption", 4, 4);
  bool was_followed = false;
  for (std::uint64_t seed = 0; seed < 80 && !was_followed; ++seed) {
    document.seed = seed;
    PanelStage stage(document, {1600, 1400});
    stage.frames(2);
    const auto fates = source_fates(stage.masked().masks(), 0);
    for (std::int32_t i = 0; i < static_cast<std::int32_t>(fates.size()) && !was_followed; ++i) {
      const TokenStory story = tell_token(stage.masked(), {0, i});
      for (std::size_t line = 0; line < story.lines.size(); ++line) {
        if (story.lines[line].step != 3 || story.lines[line].links.empty()) continue;
        pin(stage, {{0, i}, {}, -1});
        stage.click(cat("inspector.link.", line, ".0"));
        const TokenIdentity pinned = stage.view().pinned.token;
        CHECK(origin::is_sentinel(pinned.origin));
        CHECK_THAT(story.lines[line].sentence, contains_text(cat("[S_", origin::sentinel_number(pinned.origin), "]")));
        was_followed = true;
        break;
      }
    }
  }
  CHECK(was_followed);
}

TEST_CASE("links are reached and followed by the keyboard") {
  PanelStage stage(depth_budget_document(), {1600, 1400});
  ImGui::GetIO().ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  stage.frames(2);
  const Pointed pointed{token_of(stage.masked(), Fate::encoder), {}, -1};
  pin(stage, pointed);
  const std::string link = link_of(tell_token(stage.masked(), pointed.token), PlaceKind::budget);
  stage.view().bottom_tab = BottomTab::problems;
  // A click beside the text gives the panel the keyboard; the arrows go through its links.
  const WidgetRect rect = stage.widget(link);
  stage.click(ImVec2{rect.x - 8, rect.y - 4});
  bool has_gone = false;
  for (int i = 0; i < 12 && !has_gone; ++i) {
    stage.key(Key::down);
    stage.key(Key::space);
    stage.frames(2);
    has_gone = stage.view().bottom_tab != BottomTab::problems;
  }
  CHECK(has_gone);
  CHECK(stage.view().pinned == pointed);
}

TEST_CASE("every kind of place leads somewhere, with a slot and without, and nothing is left over") {
  PanelStage stage(depth_budget_document(), {1600, 1400});
  stage.frames(2);
  for (int kind = 0; kind <= static_cast<int>(PlaceKind::table); ++kind) {
    for (const PackedSide side : {PackedSide::encoder, PackedSide::decoder}) {
      for (const int slot : {-1, 0, 5, 100000}) {
        INFO("kind " << kind << ", slot " << slot);
        ViewState& view = stage.view();
        view.bottom_tab = BottomTab::problems;
        view.steps.position = 2;
        view.pinned = {};
        go_to(view, stage.masked(), {static_cast<PlaceKind>(kind), -1, side, slot});
        stage.frames(20);
        CHECK_FALSE(view.wanted_place);
        CHECK(view.steps.wish == StepWish::nothing);
        const bool has_moved = view.bottom_tab != BottomTab::problems || view.steps.position != 2;
        CHECK(has_moved == (static_cast<PlaceKind>(kind) != PlaceKind::card));  // cards are in view already
        if (static_cast<PlaceKind>(kind) == PlaceKind::packed_slot) {
          CHECK(view.pinned.is_valid() == (slot == 0 || slot == 5));
          CHECK((view.pinned.is_valid() && view.pinned.token.is_valid()) == (slot == 0 || slot == 5));
        }
      }
    }
  }
  go_to(stage.view(), stage.masked(), {PlaceKind::table, -1, PackedSide::decoder, -1});
  CHECK(stage.view().table_kind == TableKind::decoder);
}

TEST_CASE("a row of the attention that is gone to is pinned and stays explained") {
  PanelStage stage(depth_budget_document(), {1600, 1400});
  stage.frames(2);
  pin(stage, {token_of(stage.masked(), Fate::encoder), {}, -1});  // another one
  go_to(stage.view(), stage.masked(), {PlaceKind::attention_row, -1, PackedSide::decoder, 3});
  stage.frames(3);
  CHECK(stage.view().pinned.token == token_in_decoder_slot(stage.masked().masks(), 3));
}
