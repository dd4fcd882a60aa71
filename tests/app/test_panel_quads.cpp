// What is drawn is what the frame says: cells, chips and ticks, with the style of their fate.
#include <algorithm>

#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

// The batch whose quads lie in a widget's rectangle and have the style.
int count_in(const PanelStage& stage, const WidgetRect& rect, TokenStyle style) {
  int count = 0;
  for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
    for (const TokenQuad& quad : batch.quads) {
      const float x = quad.x + quad.width * 0.5f, y = quad.y + quad.height * 0.5f;
      count += quad.style == style && x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
    }
  }
  return count;
}

bool is_inside(const TokenQuad& quad, const ImVec4& clip) {
  return quad.x >= clip.x - 1 && quad.y >= clip.y - 1 && quad.x + quad.width <= clip.z + 1 && quad.y + quad.height <= clip.w + 1;
}

}  // namespace

TEST_CASE("cards show one cell per token, over the right part of the picture, in its fate's style") {
  PanelStage stage;
  stage.frames(3);
  const MaskedFrame& frame = stage.masked();
  int grids = 0;
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    const Modality& info = frame.scheme.modalities[static_cast<std::size_t>(m)].modality;
    if (info.kind != ModalityKind::img) continue;
    INFO(info.name);
    ++grids;
    const RecordingCanvas::Batch& grid = stage.grid_of(info.name);
    const std::vector<Fate> fates = source_fates(frame.masks(), m);
    REQUIRE(grid.quads.size() == 196);
    CHECK(grid.picture);
    for (std::size_t slot = 0; slot < 196; ++slot) {
      const TokenQuad& cell = grid.quads[slot];
      CHECK(cell.style == fate_style(fates[slot]));
      CHECK(cell.colour == fate_colour(stage.colours(), fates[slot]));
      CHECK((cell.flags & has_picture) != 0);
      CHECK(cell.u0 == Approx(static_cast<float>(slot % 14) / 14));
      CHECK(cell.v0 == Approx(static_cast<float>(slot / 14) / 14));
      CHECK(cell.width == Approx(cell.height));
      CHECK(is_inside(cell, grid.clip));
    }
  }
  CHECK(grids == 6);
  // rgb and its tokens share one picture.
  CHECK(stage.canvas().num_pictures() == 5);
}

TEST_CASE("strips show one tick per used slot and one hatched field for the ignored ones") {
  Document document = default_document();
  set_only_budget(document, "tok_depth@224", 50, 40);
  PanelStage stage(document);
  stage.frames(3);
  CHECK(count_in(stage, stage.widget("strip.encoder"), TokenStyle::band) == 50);
  CHECK(count_in(stage, stage.widget("strip.decoder"), TokenStyle::band) == 40);
  CHECK(count_in(stage, stage.widget("strip.encoder"), TokenStyle::ignored) == 1);
  CHECK(count_in(stage, stage.widget("strip.decoder"), TokenStyle::ignored) == 1);
  stage.session().apply(edits::set_encoder_slots(50));
  stage.frames(2);
  CHECK(count_in(stage, stage.widget("strip.encoder"), TokenStyle::band) == 50);
  CHECK(count_in(stage, stage.widget("strip.encoder"), TokenStyle::ignored) == 0);
  for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
    for (const TokenQuad& quad : batch.quads) {
      if (quad.style == TokenStyle::band) CHECK(is_inside(quad, batch.clip));
    }
  }
}

TEST_CASE("a text card shows a chip per token on each side, and the source when something is left out") {
  Document document = text_document("a red cube on a blue floor");
  set_only_budget(document, "caption", 8, 20);
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    document.seed = seed;
    for (const int target_budget : {20, 4}) {
      set_only_budget(document, "caption", 8, target_budget);
      PanelStage stage(document);
      stage.frames(2);
      const MaskedFrame& frame = stage.masked();
      const auto& batch = frame.batch;
      const auto used = [](const std::vector<std::uint8_t>& mask) { return static_cast<int>(std::count(mask.begin(), mask.end(), 0)); };
      const std::vector<Fate> fates = source_fates(frame.masks(), 0);
      const bool has_discarded = std::count(fates.begin(), fates.end(), Fate::discarded) > 0;
      const int expected = used(batch.input_mask) + used(batch.target_mask) + (has_discarded ? static_cast<int>(fates.size()) : 0);
      int chips = 0;
      for (const TokenStyle style : {TokenStyle::encoder, TokenStyle::decoder, TokenStyle::discarded, TokenStyle::sentinel, TokenStyle::end_of_text}) {
        chips += count_in(stage, stage.widget("card.caption"), style);
      }
      CHECK(chips == expected);
    }
  }
}

TEST_CASE("isolating a fate dims every token of the others") {
  PanelStage stage;
  stage.frames(2);
  stage.view().isolated = Fate::decoder;
  stage.frame();
  const MaskedFrame& frame = stage.masked();
  const std::vector<Fate> fates = source_fates(frame.masks(), frame.scheme.find("tok_rgb@224"));
  const RecordingCanvas::Batch& grid = stage.grid_of("tok_rgb@224");
  for (std::size_t slot = 0; slot < fates.size(); ++slot) CHECK(((grid.quads[slot].flags & is_dimmed) != 0) == (fates[slot] != Fate::decoder));
}

TEST_CASE("pictures that are no longer shown are released") {
  PanelStage stage;
  stage.frames(2);
  CHECK(stage.canvas().num_pictures() == 5);
  stage.session().apply(edits::set_modality_enabled("tok_depth@224", false));
  stage.frames(2);
  CHECK(stage.canvas().num_pictures() == 4);
  stage.session().apply(edits::replace_document(text_document("words"), "text"));
  stage.frames(2);
  CHECK(stage.canvas().num_pictures() == 0);
}
