// The mouse on tokens: hover links every view, a click pins.
#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

ImVec2 strip_slot(const PanelStage& stage, const char* strip, int slot, int capacity) {
  const WidgetRect& rect = stage.widget(strip);
  return {rect.x + rect.width * (static_cast<float>(slot) + 0.5f) / static_cast<float>(capacity), rect.y + rect.height * 0.5f};
}

}  // namespace

TEST_CASE("the middle of every cell points at its token") {
  for (const float scale : {1.0f, 2.0f}) {
    PanelStage stage(default_document(), {.width = 1600 * scale, .height = 900 * scale, .scale = scale});
    stage.frames(3);
    const int m = stage.masked().scheme.find("tok_depth@224");
    for (int slot = 0; slot < 196; slot += 5) {
      stage.move_to(stage.cell_centre("tok_depth@224", slot));
      CHECK(stage.view().hovered == Pointed{{m, slot}, {}, -1});
    }
    stage.move_to({1, 1});
    CHECK_FALSE(stage.view().hovered.is_valid());
  }
}

TEST_CASE("a hovered token lights up in its card and in the strip") {
  PanelStage stage;
  stage.frames(3);
  const MaskedFrame& frame = stage.masked();
  int m = -1;
  TokenIdentity token;
  for (int slot = 0; slot < frame.batch.encoder_slots && m < 0; ++slot) {
    token = token_in_encoder_slot(frame.masks(), slot);
    if (token.is_valid() && frame.scheme.modalities[static_cast<std::size_t>(token.modality)].modality.kind == ModalityKind::img) m = token.modality;
  }
  REQUIRE(m >= 0);
  stage.move_to(stage.cell_centre(frame.scheme.modalities[static_cast<std::size_t>(m)].modality.name, token.origin));
  stage.frame();
  int lit_cells = 0, lit_ticks = 0;
  for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
    for (const TokenQuad& quad : batch.quads) {
      if (!(quad.flags & is_hovered)) continue;
      (quad.style == TokenStyle::band ? lit_ticks : lit_cells) += 1;
    }
  }
  CHECK(lit_cells == 1);
  CHECK(lit_ticks == 1);
}

TEST_CASE("a click pins, a second one lets go, another moves the pin") {
  PanelStage stage;
  stage.frames(3);
  const int m = stage.masked().scheme.find("tok_depth@224");
  const ImVec2 first = stage.cell_centre("tok_depth@224", 30), second = stage.cell_centre("tok_depth@224", 99);
  stage.click(first);
  CHECK(stage.view().pinned == Pointed{{m, 30}, {}, -1});
  stage.click(second);
  CHECK(stage.view().pinned == Pointed{{m, 99}, {}, -1});
  stage.click(second);
  CHECK_FALSE(stage.view().pinned.is_valid());
  stage.click(first);
  stage.move_to({1, 1});
  CHECK(stage.view().pinned.is_valid());
  CHECK(stage.view().shown() == stage.view().pinned);
  CHECK_FALSE(stage.session().can_undo());
}

TEST_CASE("the strips point at the token in the slot, or at the ignored slot") {
  Document document = default_document();
  set_only_budget(document, "tok_rgb@224", 60, 20);
  PanelStage stage(document);
  stage.frames(3);
  const MaskedFrame& frame = stage.masked();
  for (const int slot : {0, 1, 17, 59, 60, 127}) {
    stage.move_to(strip_slot(stage, "strip.encoder", slot, 128));
    const TokenIdentity token = token_in_encoder_slot(frame.masks(), slot);
    INFO(slot);
    if (token.is_valid()) CHECK(stage.view().hovered == Pointed{token, {}, -1});
    else CHECK(stage.view().hovered == Pointed{{}, PackedSide::encoder, slot});
  }
  stage.move_to(strip_slot(stage, "strip.decoder", 5, 128));
  CHECK(stage.view().hovered.token == token_in_decoder_slot(frame.masks(), 5));
  stage.click(strip_slot(stage, "strip.decoder", 100, 128));
  CHECK(stage.view().pinned == Pointed{{}, PackedSide::decoder, 100});
  stage.frames(2);
}

TEST_CASE("a pinned token that goes away with its modality does no harm") {
  PanelStage stage;
  stage.frames(3);
  const int m = stage.masked().scheme.num_modalities() - 1;
  stage.view().pinned = {{m, 195}, {}, -1};
  stage.frames(2);
  stage.session().apply(edits::replace_document(text_document("a"), "text"));
  stage.frames(2);
  stage.session().apply(edits::replace_document(default_document(), "scene"));
  stage.view().pinned = {{stage.masked().scheme.find("caption"), origin::sentinel(150)}, {}, -1};
  stage.frames(2);
  stage.view().pinned = {{}, PackedSide::decoder, 100000};
  stage.frames(2);
}

TEST_CASE("the mouse anywhere, pressed and dragged, does no harm") {
  PanelStage stage;
  stage.frames(2);
  std::uint32_t state = 12345;
  const auto random = [&](float below) {
    state = state * 1664525u + 1013904223u;
    return static_cast<float>(state >> 8) / 16777216.0f * below;
  };
  for (int i = 0; i < 600; ++i) {
    stage.move_to({random(1600), random(900)});
    if (i % 3 == 0) stage.press();
    if (i % 3 == 2) stage.release();
    if (i % 97 == 0) stage.key(Key::escape);
  }
  stage.release();
  stage.frames(3);
  CHECK(stage.canvas().num_quads() > 0);
}
