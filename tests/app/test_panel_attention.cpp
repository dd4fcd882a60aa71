// The Attention view: what is under the cursor is lit everywhere, the matrix zooms and moves, nothing is made twice.
#include <cmath>

#include "app/attention_view.h"
#include "tests/app/dataset_frame.h"
#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

// With room for the view: it takes most of the column.
std::unique_ptr<PanelStage> attention_stage(const Document& document = default_document(), Screen screen = {}) {
  auto stage = std::make_unique<PanelStage>(document, screen);
  stage->view().bottom_tab = BottomTab::attention;
  stage->view().bottom_share = 0.6f;
  stage->frames(4);
  return stage;
}

// The quad of the matrix: the only one with a picture within it.
const TokenQuad& matrix_quad(const PanelStage& stage) {
  const WidgetRect& area = stage.widget("attention.matrix");
  for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
    if (!batch.picture || batch.quads.size() != 1) continue;
    if (std::abs(batch.clip.x - area.x) < 1 && std::abs(batch.clip.y - area.y) < 1) return batch.quads.front();
  }
  FAIL("no matrix was drawn");
  return stage.canvas().batches().front().quads.front();
}

ImVec2 cell_at(const PanelStage& stage, int row, int column) {
  const TokenQuad& quad = matrix_quad(stage);
  const auto slots = static_cast<float>(stage.masked().batch.decoder_slots);
  return {quad.x + quad.width * (static_cast<float>(column) + 0.5f) / slots, quad.y + quad.height * (static_cast<float>(row) + 0.5f) / slots};
}

std::uint8_t card_flags(const PanelStage& stage, TokenIdentity token) {
  const Modality& info = stage.masked().scheme.modalities[static_cast<std::size_t>(token.modality)].modality;
  for (const TokenQuad& quad : stage.grid_of(info.name).quads) {
    const auto side = static_cast<float>(info.grid_side());
    if (std::lround(quad.u0 * side) == token.origin % info.grid_side() && std::lround(quad.v0 * side) == token.origin / info.grid_side()) return quad.flags;
  }
  return 0;
}

}  // namespace

TEST_CASE("attention panel: a hovered cell lights its row and its column everywhere, a click pins the row") {
  const auto stage = attention_stage();
  const SlotAxis axis = slot_axis(stage->masked(), false);
  // Two image tokens of the decoder in different slots.
  std::vector<int> images;
  for (int slot = 0; slot < axis.num_slots(); ++slot) {
    const AxisSlot& entry = axis.slots[static_cast<std::size_t>(slot)];
    if (!entry.is_ignored && stage->masked().scheme.modalities[static_cast<std::size_t>(entry.modality)].modality.name == "tok_depth@224") images.push_back(slot);
  }
  REQUIRE(images.size() > 4);
  const int row = images[1], column = images[4];
  const TokenIdentity row_token = axis.slots[static_cast<std::size_t>(row)].token, column_token = axis.slots[static_cast<std::size_t>(column)].token;
  stage->move_to(cell_at(*stage, row, column));
  stage->frame();
  CHECK(stage->view().hovered.token == row_token);
  CHECK(stage->view().hovered_with.token == column_token);
  CHECK((card_flags(*stage, row_token) & is_hovered) != 0);
  CHECK((card_flags(*stage, column_token) & is_hovered) != 0);
  const Pointed before = stage->view().pinned;
  CHECK_FALSE(before.token == row_token);
  stage->click(cell_at(*stage, row, column));
  stage->frame();
  CHECK(stage->view().pinned.token == row_token);
  stage->click(cell_at(*stage, row, column));
  stage->frame();
  CHECK_FALSE(stage->view().pinned.is_valid());
  stage->move_to({1, 1});
  stage->frame();
  CHECK_FALSE(stage->view().hovered_with.is_valid());
}

TEST_CASE("attention panel: the wheel zooms at the cursor, a drag moves, a double click shows all") {
  const auto stage = attention_stage();
  const TokenQuad whole = matrix_quad(*stage);
  const ImVec2 place = cell_at(*stage, 40, 40);
  stage->move_to(place);
  stage->wheel(5);
  stage->frame();
  const TokenQuad zoomed = matrix_quad(*stage);
  CHECK(zoomed.width == Approx(whole.width * std::pow(1.25f, 5.0f)).epsilon(0.01));
  const ImVec2 same = cell_at(*stage, 40, 40);
  CHECK(same.x == Approx(place.x).margin(2));
  CHECK(same.y == Approx(place.y).margin(2));
  const Pointed pinned = stage->view().pinned;
  stage->drag(place, {place.x - 30, place.y - 20}, 6);
  const TokenQuad moved = matrix_quad(*stage);
  CHECK(moved.x == Approx(zoomed.x - 30).margin(3.5));
  CHECK(moved.y == Approx(zoomed.y - 20).margin(3.5));
  CHECK(stage->view().pinned == pinned);  // a drag is no click
  // Never beyond the matrix.
  for (int i = 0; i < 40; ++i) stage->drag(place, {place.x + 100, place.y + 100}, 2);
  CHECK(matrix_quad(*stage).x == Approx(whole.x).margin(1));
  CHECK(matrix_quad(*stage).y == Approx(whole.y).margin(1));
  stage->move_to(place);
  stage->wheel(200);
  stage->frame();
  // Close up, the first cell can be moved out from under the names.
  for (int i = 0; i < 80; ++i) stage->drag(place, {place.x + 200, place.y + 200}, 2);
  CHECK(matrix_quad(*stage).x > whole.x + 100);
  CHECK(matrix_quad(*stage).y > whole.y + 50);
  CHECK(std::isfinite(matrix_quad(*stage).width));
  CHECK(matrix_quad(*stage).width < 128 * 50);
  stage->move_to(place);
  stage->frames(30);  // the drags' presses are no part of the double click
  stage->press(), stage->release(), stage->press(), stage->release();
  stage->frame();
  CHECK(matrix_quad(*stage).width == Approx(whole.width).margin(0.1));
  stage->wheel(3);
  stage->key(Key::home);
  stage->frame();
  CHECK(matrix_quad(*stage).width == Approx(whole.width).margin(0.1));
}

TEST_CASE("attention panel: no picture is made again while nothing changes") {
  const auto stage = attention_stage();
  const std::size_t uploads = stage->canvas().num_uploads();
  for (int i = 0; i < 20; ++i) stage->move_to(cell_at(*stage, 3 * i, 5 * i));
  stage->wheel(4);
  stage->frames(3);
  CHECK(stage->canvas().num_uploads() == uploads);
  stage->click("attention.causal");
  stage->frame();
  CHECK(stage->view().is_attention_causal);
  CHECK(stage->canvas().num_uploads() == uploads + 1);
  stage->click("attention.separate");
  stage->frame();
  CHECK_FALSE(stage->view().is_attention_separate);
  stage->key(Key::r);  // another seed
  stage->frames(2);
  CHECK(stage->canvas().num_uploads() == uploads + 3);
}

TEST_CASE("attention panel: cross and encoder attention have encoder columns") {
  Document document = default_document();
  document.scheme.encoder_slots = 64;
  document.scheme.input_tokens = {64, 64};
  const auto stage = attention_stage(document);
  const TokenQuad decoder = matrix_quad(*stage);
  CHECK(decoder.width == Approx(decoder.height));
  stage->click("attention.kind.Cross");
  stage->frames(2);
  const TokenQuad cross = matrix_quad(*stage);
  CHECK(cross.width * 2 == Approx(cross.height));
  CHECK_FALSE(stage->has_widget("attention.causal"));
  stage->click("attention.kind.Encoder");
  stage->frames(2);
  CHECK(matrix_quad(*stage).width == Approx(matrix_quad(*stage).height));
}

TEST_CASE("attention panel: goes to the rows that are wanted, and to those that see nothing") {
  Document document = default_document();
  set_only_budget(document, "tok_rgb@224", 0, 7);
  const auto stage = attention_stage(document);
  stage->view().bottom_tab = BottomTab::table;
  stage->view().wanted_place = ViewPlace{PlaceKind::attention_row, -1, PackedSide::decoder, 90};
  stage->frames(3);
  CHECK(stage->view().bottom_tab == BottomTab::attention);
  CHECK_FALSE(stage->view().wanted_place.has_value());
  const WidgetRect area = stage->widget("attention.matrix");
  CHECK(matrix_quad(*stage).height > area.height * 1.5f);  // close enough to read
  const float middle = cell_at(*stage, 90, 90).y;
  CHECK(middle > area.y);
  CHECK(middle < area.y + area.height);
  // Without any input no decoder row has an encoder token to look at.
  stage->click("attention.kind.Cross");
  stage->frames(2);
  REQUIRE(stage->has_widget("attention.next_blind"));
  stage->click("attention.next_blind");
  stage->frames(2);
  CHECK(stage->view().pinned.is_valid());
  const Pointed first = stage->view().pinned;
  stage->click("attention.next_blind");
  stage->frames(2);
  CHECK_FALSE(stage->view().pinned == first);
  // A place that is not there does no harm.
  stage->view().wanted_place = ViewPlace{PlaceKind::attention_row, -1, PackedSide::encoder, 1 << 20};
  stage->frames(3);
  CHECK_FALSE(stage->view().wanted_place.has_value());
}

TEST_CASE("attention panel: any size, any scale, both themes and languages, other frames") {
  const MaskedFrame other = dataset_frame({.is_empty = true});
  for (const Language wanted : {Language::english, Language::chinese}) {
    set_language(wanted);
    for (const ThemeKind theme : {ThemeKind::dark, ThemeKind::light}) {
      for (const float scale : {0.75f, 1.0f, 3.0f}) {
        const auto stage = attention_stage(default_document(), {.width = 1024, .height = 700, .scale = scale, .theme = theme});
        stage->show(other);
        stage->frames(2);
        for (const auto& [width, height] : {std::pair{200.0f, 100.0f}, std::pair{0.0f, 0.0f}, std::pair{1.0f, 900.0f}, std::pair{3840.0f, 2160.0f}}) {
          stage->resize(width, height);
          stage->frames(2);
        }
        CHECK(stage->has_widget("attention"));
      }
    }
  }
  set_language(Language::english);
}

TEST_CASE("attention panel: a side without slots is a sentence, not a picture") {
  const auto stage = attention_stage();
  MaskedFrame frame = stage->masked();
  frame.batch.decoder_slots = 0;
  stage->show(frame);
  stage->frames(2);
  CHECK(stage->has_widget("attention"));
  CHECK_FALSE(stage->has_widget("attention.matrix"));
}
