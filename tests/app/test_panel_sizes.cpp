// The whole window's content at every size, scale and theme: it never fails, and what is drawn is finite and in place.
#include <algorithm>
#include <cmath>
#include <utility>

#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

void check_quads(const PanelStage& stage) {
  for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
    CHECK(batch.clip.x >= 0);
    CHECK(batch.clip.y >= 0);
    CHECK(batch.clip.z <= std::max(stage.screen().width, 1.0f));
    CHECK(batch.clip.w <= std::max(stage.screen().height, 1.0f));
    for (const TokenQuad& quad : batch.quads) {
      for (const float value : {quad.x, quad.y, quad.width, quad.height, quad.u0, quad.v0, quad.u1, quad.v1, quad.corner_radius}) REQUIRE(std::isfinite(value));
      REQUIRE(quad.width >= 0);
      REQUIRE(quad.height >= 0);
      REQUIRE(quad.u0 >= 0);
      REQUIRE(quad.v1 <= 1.0001f);
      REQUIRE(static_cast<int>(quad.style) < token_style_count);
    }
  }
}

}  // namespace

TEST_CASE("panels: every size, scale and theme") {
  const std::pair<float, float> sizes[] = {{1600, 900}, {1024, 700}, {3840, 2160}, {700, 1600}, {200, 100}, {100, 900}, {1600, 40}, {1, 1}, {0, 0}, {0, 500}};
  for (const ThemeKind theme : {ThemeKind::dark, ThemeKind::light}) {
    for (const float scale : {1.0f, 2.0f, 3.0f}) {
      PanelStage stage(default_document(), {.scale = scale, .theme = theme});
      for (const auto& [width, height] : sizes) {
        INFO(width << " x " << height << ", scale " << scale);
        stage.resize(width, height);
        stage.frames(3);
        check_quads(stage);
      }
      stage.resize(1600, 900);
      stage.frames(3);
      CHECK(stage.canvas().num_quads() > 196);
    }
  }
}

TEST_CASE("panels: every mode, preset and grid can be drawn") {
  PanelStage stage;
  for (const std::string& preset : preset_names()) {
    for (const auto& [size, patch] : {std::pair{224, 16}, std::pair{448, 14}}) {
      for (const BudgetMode mode : {BudgetMode::sampled, BudgetMode::direct}) {
        INFO(preset << " " << size << "/" << patch);
        stage.session().apply(edits::set_preset(preset));
        stage.session().apply(edits::set_grid(size, patch));
        stage.session().apply(edits::set_mode(mode));
        stage.frames(2);
        check_quads(stage);
      }
      REQUIRE(stage.session().apply(edits::set_transfer_mode()));
      stage.frames(2);
      check_quads(stage);
    }
  }
}

TEST_CASE("panels: drawing changes nothing in the document") {
  Document document = default_document();
  document.scheme.encoder_slots = 5000;  // beyond what the fields offer
  document.scheme.decoder_slots = 6000;
  document.scheme.input_tokens = {100, 5000};
  for (const BudgetMode mode : {BudgetMode::sampled, BudgetMode::direct}) {
    document.scheme.mode = mode;
    for (SchemeModality& entry : document.scheme.modalities) entry.input_alphas = {1e7};
    PanelStage stage(document);
    stage.frames(4);
    CHECK(stage.session().document() == document);
    CHECK_FALSE(stage.session().can_undo());
  }
}

TEST_CASE("panels: the important widgets are logged where they are") {
  PanelStage stage;
  stage.frames(3);
  for (const char* id : {"seed.value", "seed.roll", "scheme.preset", "scheme.mode.direct", "scheme.mode.sampled", "scheme.in", "scheme.out", "card.rgb@224",
                         "card.tok_depth@224", "card.caption", "card.det", "strip.encoder", "strip.decoder", "scheme.alpha.caption", "modality.caption",
                         "legend.encoder", "legend.discarded", "source.next", "source.grid", "caption.edit"}) {
    const WidgetRect& rect = stage.widget(id);
    INFO(id);
    CHECK(rect.width > 0);
    CHECK(rect.height > 0);
    CHECK(rect.x >= 0);
    CHECK(rect.y >= 0);
    CHECK(rect.x + rect.width <= 1600);
    CHECK(rect.y + rect.height <= 900);
  }
  CHECK_FALSE(stage.has_widget("scheme.direct.caption.bar"));
  stage.session().apply(edits::set_mode(BudgetMode::direct));
  stage.frames(2);
  CHECK(stage.has_widget("scheme.direct.caption.bar"));
  CHECK_FALSE(stage.has_widget("scheme.alpha.caption"));
}

TEST_CASE("panels: the same document is drawn the same") {
  const auto drawing = [] {
    PanelStage stage;
    stage.frames(4);
    std::vector<float> numbers;
    for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
      for (const TokenQuad& quad : batch.quads) numbers.insert(numbers.end(), {quad.x, quad.y, quad.width, quad.height, static_cast<float>(quad.style)});
    }
    return numbers;
  };
  CHECK(drawing() == drawing());
}
