// The Embeddings view: rows are linked to tokens, maps are made once, zeroed slots are seen.
#include <algorithm>

#include "app/panels/heat_map.h"
#include "tests/app/dataset_frame.h"
#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

std::unique_ptr<PanelStage> embeddings_stage(const Document& document = default_document(), Screen screen = {}) {
  auto stage = std::make_unique<PanelStage>(document, screen);
  stage->view().bottom_tab = BottomTab::embeddings;
  stage->view().bottom_share = 0.6f;
  stage->frames(4);
  return stage;
}

// The maps, from left to right.
std::vector<TokenQuad> maps_of(const PanelStage& stage) {
  const WidgetRect& area = stage.widget("embeddings.maps");
  std::vector<TokenQuad> maps;
  for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
    if (batch.picture && batch.quads.size() == 1 && batch.quads[0].x >= area.x - 1 && batch.clip.y >= area.y - 1) maps.push_back(batch.quads[0]);
  }
  return maps;
}

int num_hatched(const PanelStage& stage) {
  const WidgetRect& area = stage.widget("embeddings.maps");
  int count = 0;
  for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
    for (const TokenQuad& quad : batch.quads) count += quad.style == TokenStyle::ignored && quad.x >= area.x - 1 && quad.y >= area.y - 1;
  }
  return count;
}

}  // namespace

TEST_CASE("heat map: colours are symmetric, zero is the ground, and 0.02 is seen beside 1") {
  for (const ThemeKind kind : {ThemeKind::dark, ThemeKind::light}) {
    const Theme& colours = theme(kind);
    CHECK(heat_share(0, 1) == 0);
    CHECK(heat_share(1, 1) == Approx(1));
    CHECK(heat_share(-1, 1) == Approx(-1));
    CHECK(heat_share(0.02f, 1) > 0.15f);
    CHECK(heat_share(5, 1) == 1);
    CHECK(heat_share(1, 0) == 0);
    CHECK(contrast(heat_colour(colours, 1), heat_colour(colours, 0)) > 4);
    CHECK(contrast(heat_colour(colours, -1), heat_colour(colours, 0)) > 4);
    const ValueMap map{2, {-1, 0, 1, 0.5f}};
    const auto picture = heat_picture(colours, map, 2, 1, [](int row) { return row == 1; });
    REQUIRE(picture->rgb.size() == 12);
    const auto pixel = [&](std::size_t i) { return IM_COL32(picture->rgb[3 * i], picture->rgb[3 * i + 1], picture->rgb[3 * i + 2], 255); };
    CHECK(pixel(0) == heat_colour(colours, -1));
    CHECK(pixel(1) == heat_colour(colours, 0));
    CHECK(pixel(2) != heat_colour(colours, 1));  // unknown: none of the scale's colours
    CHECK(pixel(2) != pixel(3));
  }
  CHECK(signed_number(0.02134f) == "+0.0213");
  CHECK(signed_number(-1) == "-1.0000");
}

TEST_CASE("embeddings panel: six maps side by side, three of either, ignored slots hatched after zeroing") {
  const auto stage = embeddings_stage();
  CHECK(maps_of(*stage).size() == 6);
  CHECK(num_hatched(*stage) == 3);  // the ignored tail, in each map after zeroing
  stage->click("embeddings.zeroed.Before");
  stage->frames(2);
  CHECK(maps_of(*stage).size() == 3);
  CHECK(num_hatched(*stage) == 0);
  stage->click("embeddings.zeroed.After");
  stage->frames(2);
  CHECK(maps_of(*stage).size() == 3);
  CHECK(num_hatched(*stage) == 3);
  stage->click("embeddings.side.Tables");
  stage->frames(2);
  CHECK(maps_of(*stage).size() == 4);  // mask token, modality vectors, positions of texts and of grids
  CHECK_FALSE(stage->has_widget("embeddings.zeroed.After"));
}

TEST_CASE("embeddings panel: a row is its token, everywhere; a click pins it, zooming keeps it") {
  const auto stage = embeddings_stage();
  const SlotAxis axis = slot_axis(stage->masked(), true);
  const auto row_at = [&](std::size_t map, int row) {
    const TokenQuad quad = maps_of(*stage)[map];
    return ImVec2{quad.x + quad.width * 0.5f, quad.y + quad.height * (static_cast<float>(row) + 0.5f) / static_cast<float>(axis.num_slots())};
  };
  for (const std::size_t map : {std::size_t{0}, std::size_t{5}}) {
    stage->move_to(row_at(map, 60));
    stage->frame();
    CHECK(stage->view().hovered.token == axis.slots[60].token);
  }
  stage->click(row_at(1, 33));
  stage->frame();
  CHECK(stage->view().pinned.token == axis.slots[33].token);
  const int last = axis.num_slots() - 1;
  REQUIRE(axis.slots[static_cast<std::size_t>(last)].is_ignored);
  stage->move_to(row_at(4, last));
  stage->frame();
  CHECK(stage->view().hovered == Pointed{{}, PackedSide::encoder, last});
  // Zooming changes the height of the rows alone, at the cursor.
  stage->move_to(row_at(2, 33));
  const TokenQuad before = maps_of(*stage)[2];
  stage->wheel(4);
  stage->frame();
  const TokenQuad zoomed = maps_of(*stage)[2];
  CHECK(zoomed.height > before.height * 2);
  CHECK(zoomed.width == before.width);
  CHECK(stage->view().hovered.token == axis.slots[33].token);
}

TEST_CASE("embeddings panel: maps are made once for a sample, a side and a D") {
  const auto stage = embeddings_stage();
  std::size_t uploads = stage->canvas().num_uploads();
  const WidgetRect area = stage->widget("embeddings.maps");
  for (int i = 0; i < 15; ++i) stage->move_to({area.x + 10.0f * static_cast<float>(i), area.y + 5.0f * static_cast<float>(i)});
  stage->wheel(2);
  stage->frames(3);
  CHECK(stage->canvas().num_uploads() == uploads);
  stage->click("embeddings.dim.16");
  stage->frames(2);
  CHECK(stage->view().embedding_dim == 16);
  CHECK(stage->canvas().num_uploads() == uploads + 6);
  uploads = stage->canvas().num_uploads();
  stage->key(Key::r);  // another seed
  stage->frames(2);
  CHECK(stage->canvas().num_uploads() == uploads + 6);
  CHECK(stage->canvas().num_pictures() < uploads);  // what is not shown any more is let go
}

TEST_CASE("embeddings panel: goes to the row that is wanted") {
  const auto stage = embeddings_stage();
  stage->view().bottom_tab = BottomTab::table;
  stage->view().wanted_place = ViewPlace{PlaceKind::embedding_row, -1, PackedSide::decoder, 70};
  stage->frames(3);
  CHECK(stage->view().bottom_tab == BottomTab::embeddings);
  CHECK_FALSE(stage->view().wanted_place.has_value());
  CHECK(stage->view().pinned.token == slot_axis(stage->masked(), false).slots[70].token);
  const WidgetRect area = stage->widget("embeddings.maps");
  const TokenQuad map = maps_of(*stage).front();
  CHECK(map.height > area.height * 1.5f);
  const float row = map.y + map.height * 70.5f / 128;
  CHECK(row > area.y);
  CHECK(row < area.y + area.height);
}

TEST_CASE("embeddings panel: any size, any scale, both themes and languages, other frames; what cannot be is a sentence") {
  const MaskedFrame other = dataset_frame({.is_empty = true});
  for (const Language wanted : {Language::english, Language::chinese}) {
    set_language(wanted);
    for (const float scale : {0.75f, 1.0f, 3.0f}) {
      const auto stage = embeddings_stage(default_document(), {.width = 1024, .height = 700, .scale = scale, .theme = ThemeKind::light});
      stage->show(other);
      stage->frames(2);
      for (const auto& [width, height] : {std::pair{200.0f, 100.0f}, std::pair{0.0f, 0.0f}, std::pair{1.0f, 900.0f}, std::pair{3840.0f, 2160.0f}}) {
        stage->resize(width, height);
        stage->frames(2);
      }
      CHECK(stage->has_widget("embeddings"));
      stage->view().embedding_dim = 63;
      stage->frames(2);
      CHECK_FALSE(stage->has_widget("embeddings.maps"));
    }
  }
  set_language(Language::english);
}

TEST_CASE("embeddings panel: the tables that are shown are what is copied") {
  const auto stage = embeddings_stage();
  stage->click("embeddings.side.Tables");
  stage->frames(2);
  stage->view().export_wish = ExportWish::copy_view;
  stage->frames(2);
  const std::string copied = ImGui::GetClipboardText();
  CHECK(copied.rfind("table\trow\t0\t1\t", 0) == 0);
  CHECK_THAT(copied, contains_text("\nmask_token\t0\t"));
  CHECK_THAT(copied, contains_text(cat("\nmodality_vectors\t", stage->masked().scheme.num_modalities() - 1, "\t")));
  CHECK_THAT(copied, contains_text("\ngrid_positions\t195\t"));
}
