// The scrubber of the six steps, and the tokens on their way.
#include <algorithm>
#include <cmath>

#include "app/panels/concat_row.h"
#include "app/panels/step_story.h"
#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

PanelStage& at_step(PanelStage& stage, float position) {
  stage.view().steps.position = position;
  stage.frames(2);
  return stage;
}

ConcatRow row_of(const MaskedFrame& frame, PackedSide side) {
  ConcatRow row;
  make_concat_row(frame.masks(), side, row);
  return row;
}

bool is_in(const WidgetRect& rect, const TokenQuad& quad) {
  const float x = quad.x + quad.width * 0.5f, y = quad.y + quad.height * 0.5f;
  return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

// Batches of the window that is drawn last of cards, strips and tokens on their way: it is as wide as the screen.
std::vector<TokenQuad> travelling(const PanelStage& stage) {
  std::vector<TokenQuad> quads;
  for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
    if (batch.clip.x > 0 || batch.clip.z < stage.screen().width) continue;
    for (const TokenQuad& quad : batch.quads) {
      if (quad.style == TokenStyle::tile) quads.push_back(quad);
    }
  }
  return quads;
}

int count_in(const PanelStage& stage, const std::string& widget, TokenStyle style) {
  int count = 0;
  for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
    for (const TokenQuad& quad : batch.quads) count += quad.style == style && is_in(stage.widget(widget), quad);
  }
  return count;
}

int frames_until(PanelStage& stage, float position, int most) {
  int frames = 0;
  while (frames < most && stage.view().steps.position != position) {
    stage.frame();
    ++frames;
  }
  return frames;
}

}  // namespace

TEST_CASE("a step that is clicked is reached within a quarter of a second, easing out") {
  PanelStage stage;
  stage.frames(2);
  stage.view().animate_seconds = 0;
  stage.click("step.3");
  float last = num_steps, last_way = 10;
  CHECK(stage.view().animate_seconds > 0);
  for (int frame = 0; frame < 15; ++frame) {
    stage.frame();
    const float way = last - stage.view().steps.position;
    CHECK(way >= 0);
    CHECK(way <= last_way + 1e-3f);
    last = stage.view().steps.position;
    last_way = way;
  }
  CHECK(stage.view().steps.position == 3);
  CHECK_FALSE(stage.view().steps.is_playing);
}

TEST_CASE("with reduced motion a step that is clicked is there at once, and dragging stops at steps only") {
  PanelStage stage;
  stage.view().is_motion_reduced = true;
  stage.frames(2);
  stage.click("step.4");
  CHECK(stage.view().steps.position == 4);
  const ImVec2 from = stage.centre("step.4");
  stage.move_to(from);
  stage.press();
  for (int i = 0; i < 30; ++i) {
    stage.move_to({from.x - 9.0f * static_cast<float>(i), from.y});
    CHECK(stage.view().steps.position == std::round(stage.view().steps.position));
  }
  stage.release();
  CHECK(stage.view().steps.position < 4);
}

TEST_CASE("dragging goes continuously from step to step and beyond neither end") {
  PanelStage stage;
  stage.frames(2);
  const ImVec2 third = {stage.widget("step.3").x + 9, stage.centre("step.3").y};
  const ImVec2 fourth = {stage.widget("step.4").x + 9, third.y};
  stage.move_to(third);
  stage.press();
  stage.move_to({(third.x + fourth.x) * 0.5f, third.y});
  CHECK(stage.view().steps.position == Approx(3.5f).margin(0.02));
  stage.move_to(fourth);
  CHECK(stage.view().steps.position == Approx(4.0f).margin(0.02));
  stage.move_to({5, third.y});
  CHECK(stage.view().steps.position == 1);
  stage.move_to({stage.screen().width - 5, third.y + 300});
  CHECK(stage.view().steps.position == num_steps);
  stage.release();
  CHECK(stage.view().steps.position == num_steps);
}

TEST_CASE("playing goes from the first step to the last one, stands at each, stops there, and then asks for no more frames") {
  PanelStage stage;
  stage.frames(2);
  stage.view().animate_seconds = 0;
  stage.frame();
  CHECK(stage.view().animate_seconds == 0);
  stage.click("step.play");
  REQUIRE(stage.view().steps.is_playing);
  int standing = 0, frames = 0;
  float last = 0;
  for (; stage.view().steps.is_playing && frames < 6000; ++frames) {
    stage.frame();
    const float position = stage.view().steps.position;
    CHECK(position >= last);
    standing += position == last && position == std::round(position);
    last = position;
  }
  CHECK(last == num_steps);
  CHECK(standing > 5 * 40);   // it can be read what happens
  CHECK(frames < 60 * 30);
  stage.view().animate_seconds = 0;
  stage.frames(3);
  CHECK(stage.view().animate_seconds == 0);
  CHECK(stage.view().steps.position == num_steps);
}

TEST_CASE("twice the speed takes half the time") {
  int frames[2] = {};
  for (const int i : {0, 1}) {
    PanelStage stage;
    stage.frames(2);
    if (i == 1) stage.click("step.speed");
    CHECK(stage.view().steps.speed == (i == 1 ? 2.0f : 1.0f));
    stage.view().steps.position = 1;
    stage.view().steps.is_playing = true;
    frames[i] = frames_until(stage, num_steps, 6000);
  }
  CHECK(frames[0] == Approx(2 * frames[1]).margin(4));
}

TEST_CASE("reduced motion plays from step to step without anything in between") {
  PanelStage stage;
  stage.view().is_motion_reduced = true;
  stage.frames(2);
  stage.click("step.play");
  for (int frame = 0; stage.view().steps.is_playing && frame < 6000; ++frame) {
    stage.frame();
    CHECK(stage.view().steps.position == std::round(stage.view().steps.position));
    CHECK(travelling(stage).empty());
  }
  CHECK(stage.view().steps.position == num_steps);
}

TEST_CASE("whoever wants it played gets it from the first step on, step by step with reduced motion") {
  for (const bool is_reduced : {false, true}) {
    PanelStage stage;
    stage.view().is_motion_reduced = is_reduced;
    at_step(stage, 4);
    stage.view().steps.wish = StepWish::play_from_first;  // as a lesson's button does
    stage.frame();
    CHECK(stage.view().steps.position == 1);
    CHECK(stage.view().steps.is_playing);
    CHECK(stage.view().steps.wish == StepWish::nothing);
    int whole = 0;
    for (int frame = 0; stage.view().steps.is_playing && frame < 6000; ++frame) {
      const float before = stage.view().steps.position;
      stage.frame();
      const float now = stage.view().steps.position;
      if (is_reduced) CHECK(now == std::round(now));
      whole += now != before && now == std::round(now);
    }
    CHECK(whole == num_steps - 1);
    CHECK(stage.view().steps.position == num_steps);
  }
}

TEST_CASE("keys play, pause and step, and leave the keyboard to whoever has it") {
  PanelStage stage;
  stage.view().is_motion_reduced = true;
  stage.frames(2);
  stage.key(Key::comma);
  CHECK(stage.view().steps.position == 5);
  stage.key(Key::comma);
  stage.key(Key::period);
  CHECK(stage.view().steps.position == 5);
  stage.key(Key::period);
  stage.key(Key::period);
  CHECK(stage.view().steps.position == num_steps);
  stage.key(Key::space);
  CHECK(stage.view().steps.is_playing);
  CHECK(stage.view().steps.position == 1);
  stage.key(Key::space);
  CHECK_FALSE(stage.view().steps.is_playing);
  // The text editor takes its own commas and spaces.
  stage.view().is_text_editor_wanted = true;
  stage.frames(3);
  stage.key(Key::space);
  stage.key(Key::period);
  CHECK(stage.view().steps.position == 1);
  CHECK_FALSE(stage.view().steps.is_playing);
}

TEST_CASE("previous and next go to the steps on both sides, also from in between") {
  PanelStage stage;
  stage.view().is_motion_reduced = true;
  at_step(stage, 3.4f);
  stage.click("step.previous");
  CHECK(stage.view().steps.position == 3);
  at_step(stage, 3.4f);
  stage.click("step.next");
  CHECK(stage.view().steps.position == 4);
}

TEST_CASE("whoever sets the position is obeyed, whatever it is") {
  PanelStage stage;
  stage.frames(2);
  stage.click("step.2");
  stage.view().steps.position = 4.25f;  // a lesson, in the middle of a jump
  stage.frames(30);
  CHECK(stage.view().steps.position == 4.25f);
  for (const float wrong : {0.0f, -5.0f, 99.0f, NAN, INFINITY}) {
    at_step(stage, wrong);
    CHECK(stage.view().steps.position >= 1);
    CHECK(stage.view().steps.position <= num_steps);
  }
}

TEST_CASE("before the content masks there are plain pictures and texts, and no slots") {
  PanelStage stage;
  at_step(stage, 1);
  for (const TokenQuad& cell : stage.grid_of("tok_depth@224").quads) CHECK(cell.style == TokenStyle::source);
  const auto tokens = source_fates(stage.masked().masks(), stage.masked().scheme.find("caption")).size();
  CHECK(count_in(stage, "card.caption", TokenStyle::source) == static_cast<int>(tokens));
  CHECK(count_in(stage, "card.caption", TokenStyle::sentinel) == 0);
  for (const char* strip : {"strip.encoder", "strip.decoder"}) {
    CHECK(count_in(stage, strip, TokenStyle::band) == 0);
    CHECK(count_in(stage, strip, TokenStyle::ignored) == 0);
  }
  at_step(stage, 3);
  const int m = stage.masked().scheme.find("tok_depth@224");
  const std::vector<Fate> fates = source_fates(stage.masked().masks(), m);
  REQUIRE(stage.grid_of("tok_depth@224").quads.size() == fates.size());
  for (std::size_t slot = 0; slot < fates.size(); ++slot) CHECK(stage.grid_of("tok_depth@224").quads[slot].style == fate_style(fates[slot]));
}

TEST_CASE("the bars of the modalities grow to their budgets") {
  Document document = default_document();
  set_only_budget(document, "tok_depth@224", 60, 0);
  PanelStage stage(document);
  const auto longest_bar = [&] {
    float width = 0;
    for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
      for (const TokenQuad& quad : batch.quads) {
        if (quad.style == TokenStyle::bar && is_in(stage.widget("modality.tok_depth@224"), quad)) width = std::max(width, quad.width);
      }
    }
    return width;
  };
  at_step(stage, 1);
  CHECK(longest_bar() == 0);
  at_step(stage, 1.3f);
  const float part = longest_bar();
  at_step(stage, 2);
  CHECK(part > 0);
  CHECK(part < longest_bar());
  const float whole = longest_bar();
  at_step(stage, num_steps);
  CHECK(longest_bar() == whole);  // here the budget is used up
}

TEST_CASE("half-way to the rows every token of both rows is one quad, and at the steps there is none") {
  PanelStage stage;
  const MaskedFrame& frame = stage.masked();
  at_step(stage, 3.5f);
  const ConcatRow encoder = row_of(frame, PackedSide::encoder), decoder = row_of(frame, PackedSide::decoder);
  CHECK(encoder.num_tokens > 1000);
  CHECK(static_cast<int>(travelling(stage).size()) == encoder.num_tokens + decoder.num_tokens);
  for (const float step : {1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f}) {
    at_step(stage, step);
    CHECK(travelling(stage).empty());
  }
  at_step(stage, 4.5f);
  int expected = 0;
  for (const ConcatRow* row : {&encoder, &decoder}) {
    for (const ConcatSlot& slot : row->slots) expected += slot.token.is_valid() || slot.packed_slot >= 0;
  }
  CHECK(static_cast<int>(travelling(stage).size()) == expected);
}

TEST_CASE("tokens start at their cell and end in their slot") {
  Document document = default_document();
  set_only_budget(document, "tok_depth@224", 1, 0);
  PanelStage stage(document);
  stage.frames(2);
  const MaskedFrame& frame = stage.masked();
  const ConcatRow row = row_of(frame, PackedSide::encoder);
  const auto used = std::find_if(row.slots.begin(), row.slots.end(), [](const ConcatSlot& slot) { return slot.is_used && slot.token.is_valid(); });
  REQUIRE(used != row.slots.end());
  const auto slot = static_cast<int>(used - row.slots.begin());
  stage.view().pinned = {used->token, {}, -1};  // its quad is the pinned one
  const auto pinned_on_the_way = [&]() -> std::optional<TokenQuad> {
    const std::vector<TokenQuad> quads = travelling(stage);
    // In the encoder's row it is fully bright; its unused copy in the decoder's is faint.
    const auto found = std::find_if(quads.begin(), quads.end(), [](const TokenQuad& quad) { return (quad.flags & is_pinned) && quad.opacity == 255; });
    return found == quads.end() ? std::nullopt : std::optional(*found);
  };
  std::optional<TokenQuad> first, last;
  for (float position = 3; position < 4; position += 0.002f) {
    stage.view().steps.position = position;
    stage.frame();
    if (const auto quad = pinned_on_the_way()) {
      if (!first) first = quad;
      last = quad;
    }
  }
  REQUIRE(first);
  const ImVec2 cell = stage.cell_centre("tok_depth@224", used->token.origin);
  CHECK(first->x + first->width * 0.5f == Approx(cell.x).margin(8));
  CHECK(first->y + first->height * 0.5f == Approx(cell.y).margin(2));
  const WidgetRect strip = stage.widget("strip.encoder");
  CHECK(last->x == Approx(strip.x + strip.width * static_cast<float>(slot) / static_cast<float>(row.num_slots())).margin(2));
  CHECK(last->y == Approx(strip.y).margin(1.5));
  CHECK(last->height == Approx(strip.height).margin(1.5));
  for (float position = 4; position < 5; position += 0.002f) {
    stage.view().steps.position = position;
    stage.frame();
    if (const auto quad = pinned_on_the_way()) last = quad;
  }
  CHECK(last->x == Approx(strip.x).margin(2));  // the only used slot: the first one
  at_step(stage, 5);
  CHECK(count_in(stage, "strip.encoder", TokenStyle::band) == 1);
}

TEST_CASE("used slots that find no room are seen to be cut, in their own colour") {
  Document document = default_document();
  set_only_budget(document, "tok_depth@224", 40, 0);
  PanelStage stage(document);
  stage.session().apply(edits::set_encoder_slots(30));
  at_step(stage, 4.7f);
  const ConcatRow row = row_of(stage.masked(), PackedSide::encoder);
  CHECK(row.num_cut == 10);
  const int m = stage.masked().scheme.find("tok_depth@224");
  const std::vector<TokenQuad> quads = travelling(stage);
  const WidgetRect strip = stage.widget("strip.encoder");
  const auto falls = [&](const TokenQuad& quad) { return quad.width >= 3 && quad.y > strip.y + 1 && quad.colour != modality_colour(stage.colours(), m); };
  CHECK(std::count_if(quads.begin(), quads.end(), falls) == 10);
  at_step(stage, 5);
  CHECK(count_in(stage, "strip.encoder", TokenStyle::band) == 30);
  // Input by the content mask until selection, discarded afterwards.
  const auto inputs = [&] {
    const auto& cells = stage.grid_of("tok_depth@224").quads;
    return std::count_if(cells.begin(), cells.end(), [](const TokenQuad& cell) { return cell.style == TokenStyle::encoder; });
  };
  CHECK(inputs() == 30);
  at_step(stage, 4);
  CHECK(inputs() == 40);
}

TEST_CASE("at step 5 the slots that are left over hold unused tokens, at step 6 they are dark") {
  Document document = default_document();
  set_only_budget(document, "tok_depth@224", 20, 10);
  PanelStage stage(document);
  at_step(stage, 5);
  const int kept = stage.masked().batch.encoder_slots;
  CHECK(count_in(stage, "strip.encoder", TokenStyle::ignored) == kept - 20);
  at_step(stage, num_steps);
  CHECK(count_in(stage, "strip.encoder", TokenStyle::ignored) == 1);
}

TEST_CASE("a long row is drawn with few quads and loses no used slot") {
  PanelStage stage;
  at_step(stage, 4);
  const ConcatRow row = row_of(stage.masked(), PackedSide::encoder);
  const WidgetRect strip = stage.widget("strip.encoder");
  std::vector<TokenQuad> bright;
  int quads = 0;
  for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
    for (const TokenQuad& quad : batch.quads) {
      if (quad.style != TokenStyle::tile || !is_in(strip, quad)) continue;
      ++quads;
      if (quad.opacity > 128) bright.push_back(quad);
    }
  }
  CHECK(quads < 400);
  for (int slot = 0; slot < row.num_slots(); ++slot) {
    if (!row.slots[static_cast<std::size_t>(slot)].is_used) continue;
    const float x = strip.x + strip.width * static_cast<float>(slot) / static_cast<float>(row.num_slots());
    CAPTURE(slot);
    CHECK(std::any_of(bright.begin(), bright.end(), [&](const TokenQuad& quad) { return quad.x <= x && x < quad.x + quad.width; }));
  }
}

TEST_CASE("hovering links cards and rows at every step") {
  PanelStage stage;
  for (const float step : {1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f}) {
    at_step(stage, step);
    const int m = stage.masked().scheme.find("tok_semseg@224");
    const std::vector<Fate> fates = source_fates(stage.masked().masks(), m);
    const auto slot = static_cast<int>(std::find(fates.begin(), fates.end(), Fate::encoder) - fates.begin());
    stage.move_to(stage.cell_centre("tok_semseg@224", slot));
    stage.frames(2);
    CHECK(stage.view().hovered.token == TokenIdentity{m, slot});
    int lit = 0;
    for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
      for (const TokenQuad& quad : batch.quads) lit += (quad.flags & is_hovered) && is_in(stage.widget("strip.encoder"), quad);
    }
    CHECK(lit == (step >= 4 ? 1 : 0));
  }
  // And back, from the row to the card.
  at_step(stage, 4);
  const ConcatRow row = row_of(stage.masked(), PackedSide::encoder);
  const auto last = std::find_if(row.slots.rbegin(), row.slots.rend(), [](const ConcatSlot& slot) { return slot.is_used; });
  const auto index = static_cast<float>(row.slots.rend() - last - 1);
  const WidgetRect strip = stage.widget("strip.encoder");
  stage.move_to({strip.x + strip.width * (index + 0.5f) / static_cast<float>(row.num_slots()), strip.y + 10});
  stage.frames(2);
  // Slots are narrower than a px: it is one of the used slots next to the cursor.
  const auto hovered = std::find_if(row.slots.begin(), row.slots.end(), [&](const ConcatSlot& slot) { return slot.token == stage.view().hovered.token; });
  REQUIRE(hovered != row.slots.end());
  CHECK(hovered->is_used);
  CHECK(static_cast<float>(hovered - row.slots.begin()) == Approx(index).margin(3 * static_cast<float>(row.num_slots()) / strip.width));
  int lit = 0;
  for (const TokenQuad& cell : stage.grid_of("tok_semseg@224").quads) lit += (cell.flags & is_hovered) != 0;
  CHECK(lit == 1);
}

TEST_CASE("every size, scale and theme can be stepped through, also where the cards are another tab") {
  for (const Screen screen : {Screen{1600, 900, 1, ThemeKind::dark}, Screen{1024, 700, 1, ThemeKind::light}, Screen{1600, 900, 2, ThemeKind::dark},
                              Screen{200, 100, 1, ThemeKind::dark}, Screen{320, 240, 3, ThemeKind::light}}) {
    PanelStage stage(default_document(), screen);
    for (float position = 1; position <= num_steps; position += 0.25f) {
      at_step(stage, position);
      for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
        for (const TokenQuad& quad : batch.quads) {
          REQUIRE(std::isfinite(quad.x + quad.y + quad.width + quad.height));
          REQUIRE(quad.width >= 0);
          REQUIRE(quad.height >= 0);
        }
      }
    }
    stage.resize(0, 0);
    stage.frame();
  }
  PanelStage stage(default_document(), {1024, 700, 1, ThemeKind::dark});
  stage.view().bottom_tab = BottomTab::table;
  at_step(stage, 3.5f);
  const int tokens = row_of(stage.masked(), PackedSide::encoder).num_tokens + row_of(stage.masked(), PackedSide::decoder).num_tokens;
  CHECK(static_cast<int>(travelling(stage).size()) == tokens);
}

TEST_CASE("an edit in the middle of the way is shown from there") {
  PanelStage stage;
  for (const float position : {2.5f, 3.5f, 4.5f, 5.5f}) {
    at_step(stage, position);
    stage.session().apply(edits::set_modality_enabled("caption", false));
    stage.frames(2);
    stage.session().apply(edits::set_grid(448, 14));
    stage.frames(2);
    stage.session().undo();
    stage.session().undo();
    stage.frames(2);
    CHECK(stage.view().steps.position == position);
  }
}
