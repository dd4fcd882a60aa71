// Samples of a data set in the panels: modalities of every kind, missing ones, content that is not there.
#include <algorithm>
#include <cmath>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "app/explain.h"
#include "app/token_label.h"
#include "tests/app/dataset_frame.h"
#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

Document document_of(const MaskedFrame& frame) {
  Document document = default_document();
  document.scheme = frame.scheme;
  return document;
}

// A stage that shows the frame.
std::unique_ptr<PanelStage> stage_of(const MaskedFrame& frame, Screen screen = {}) {
  auto stage = std::make_unique<PanelStage>(document_of(frame), screen);
  stage->show(frame);
  stage->frames(3);
  return stage;
}

bool is_inside(const WidgetRect& rect, float x, float y) { return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height; }

// Quads of one style within a card.
int count_in_card(const PanelStage& stage, const std::string& modality, TokenStyle style) {
  const WidgetRect& card = stage.widget("card." + modality);
  int count = 0;
  for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
    for (const TokenQuad& quad : batch.quads) count += quad.style == style && is_inside(card, quad.x + quad.width * 0.5f, quad.y + quad.height * 0.5f);
  }
  return count;
}

std::string whole(const TokenStory& story) {
  std::string text = story.title + "\n" + story.verdict + "\n";
  for (const HistoryLine& line : story.lines) text += std::string(line.name) + ": " + line.sentence + "\n";
  return text + story.remark;
}

}  // namespace

TEST_CASE("a missing modality keeps its card and its row: hatched, without tokens") {
  const auto stage = stage_of(dataset_frame(), {.width = 1600, .height = 2600});
  for (const char* name : {"tok_normal@224", "det"}) {
    INFO(name);
    CHECK(stage->has_widget("modality." + std::string(name)));
    CHECK(count_in_card(*stage, name, TokenStyle::ignored) == 1);
    for (const TokenStyle style : {TokenStyle::encoder, TokenStyle::decoder, TokenStyle::discarded, TokenStyle::sentinel}) CHECK(count_in_card(*stage, name, style) == 0);
    stage->move_to(stage->centre("card." + std::string(name)));
    CHECK_FALSE(stage->view().hovered.is_valid());
    stage->click("card." + std::string(name));
    CHECK_FALSE(stage->view().pinned.is_valid());
  }
  CHECK(count_in_card(*stage, "tok_depth@224", TokenStyle::ignored) == 0);
  CHECK(stage->grid_of("tok_dinov2_global").quads.size() == 16);
  CHECK(stage->grid_of("tok_dinov2@224").quads.size() == 256);
}

TEST_CASE("twenty modalities at once: every card is readable, and the place scrolls") {
  const MaskedFrame frame = dataset_frame();
  REQUIRE(frame.scheme.num_modalities() == 20);
  for (const auto& [width, height, scale] : {std::tuple{1600.0f, 900.0f, 1.0f}, std::tuple{1024.0f, 700.0f, 1.0f}, std::tuple{3200.0f, 1800.0f, 2.0f}}) {
    INFO(width << " x " << height);
    const auto stage = stage_of(frame, {.width = width, .height = height, .scale = scale});
    stage->view().bottom_tab = BottomTab::tokens;
    stage->frames(2);
    float left = width, right = 0;
    for (const SchemeModality& entry : frame.scheme.modalities) {
      const WidgetRect& card = stage->widget("card." + entry.modality.name);
      INFO(entry.modality.name);
      CHECK(card.width >= 110 * scale);
      CHECK(card.height >= 80 * scale);
      left = std::min(left, card.x);
      right = std::max(right, card.x + card.width);
      for (const SchemeModality& other : frame.scheme.modalities) {
        if (other.modality.name == entry.modality.name) continue;
        const WidgetRect& another = stage->widget("card." + other.modality.name);
        const bool is_apart = card.x + card.width <= another.x + 0.5f || another.x + another.width <= card.x + 0.5f || card.y + card.height <= another.y + 0.5f ||
                              another.y + another.height <= card.y + 0.5f;
        CHECK(is_apart);
      }
    }
    CHECK(left >= 0);
    CHECK(right <= width);
    const WidgetRect before = stage->widget("card.rgb@224");
    stage->move_to({before.x + before.width * 0.5f, before.y + before.height * 0.5f});
    stage->wheel(-3);
    stage->frames(2);
    CHECK(stage->widget("card.rgb@224").y < before.y);
  }
}

TEST_CASE("samples of every kind at every size: nothing fails, with the mouse everywhere") {
  std::uint32_t state = 99;
  const auto random = [&](float below) {
    state = state * 1664525u + 1013904223u;
    return static_cast<float>(state >> 8) / 16777216.0f * below;
  };
  std::vector<DatasetFrameOptions> cases(5);
  cases[1].has_content = false;
  cases[2].is_empty = true;
  cases[3].missing.clear();
  for (const SchemeModality& entry : dataset_frame().scheme.modalities) cases[4].missing.push_back(entry.modality.name);
  for (DatasetFrameOptions& options : cases) options.problems = sample_problems();
  for (const DatasetFrameOptions& options : cases) {
    const MaskedFrame frame = dataset_frame(options);
    PanelStage stage(document_of(frame));
    stage.show(frame);
    for (const auto& [width, height] : {std::pair{1600.0f, 900.0f}, std::pair{1024.0f, 700.0f}, std::pair{300.0f, 200.0f}, std::pair{1.0f, 1.0f}, std::pair{0.0f, 0.0f}}) {
      stage.resize(width, height);
      for (const BottomTab tab : {BottomTab::tokens, BottomTab::waterfall, BottomTab::attention, BottomTab::embeddings, BottomTab::distribution, BottomTab::compare, BottomTab::table, BottomTab::problems}) {
        for (const TableKind kind : {TableKind::modality, TableKind::encoder, TableKind::decoder}) {
          stage.view().bottom_tab = tab;
          stage.view().table_kind = kind;
          stage.view().shows_ids_over_picture = kind == TableKind::encoder;
          stage.frames(2);
          for (int i = 0; i < 12; ++i) stage.move_to({random(width), random(height)});
          stage.wheel(-2);
        }
      }
      for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
        for (const TokenQuad& quad : batch.quads) REQUIRE((std::isfinite(quad.x) && std::isfinite(quad.y) && quad.width >= 0 && quad.height >= 0));
      }
    }
  }
}

TEST_CASE("every token of every kind has a label and a story") {
  for (const bool has_content : {true, false}) {
    const MaskedFrame frame = dataset_frame({.has_content = has_content});
    for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
      const Modality& info = frame.scheme.modalities[static_cast<std::size_t>(m)].modality;
      INFO(info.name);
      std::vector<std::int32_t> origins;
      for (int i = 0; i < static_cast<int>(source_fates(frame.masks(), m).size()); ++i) origins.push_back(i);
      for (int k = 1; k < 12; ++k) origins.push_back(origin::sentinel(k));
      for (const std::int32_t origin : origins) {
        const TokenIdentity token{m, origin};
        if (!is_in_sample(frame.masks(), token)) continue;
        CHECK_FALSE(token_label(frame, m, origin).empty());
        const TokenStory story = tell_token(frame, token);
        CHECK(story.title.find(info.name) == 0);
        CHECK(story.lines.size() >= 3);
        CHECK_THAT(whole(story), !contains_text("-1"));
      }
    }
  }
}

TEST_CASE("stories name the id, the chunk, the row and the place") {
  const MaskedFrame frame = dataset_frame();
  const auto story = [&](const std::string& name, std::int32_t origin) { return whole(tell_token(frame, {frame.scheme.find(name), origin})); };
  const auto id_of = [&](const std::string& name, std::size_t at) { return frame.sample.modalities[static_cast<std::size_t>(frame.scheme.find(name))].ids[at]; };
  CHECK_THAT(story("tok_depth@224", 30), contains_text(cat("id ", id_of("tok_depth@224", 30), " ·")) && contains_text("tok_depth@224 (2, 2)"));
  CHECK_THAT(story("tok_dinov2_global", 5), contains_text("token 5") && contains_text("of the whole picture") && !contains_text("pixels x"));
  CHECK_THAT(story("metadata", 3), contains_text("in chunk 2 of 5"));
  CHECK_THAT(story("metadata", 0), contains_text("in chunk 1 of 5"));
  CHECK_THAT(story("caption", 0), !contains_text("chunk"));
  CHECK_THAT(story("t5_caption", 3), contains_text("t5_caption row 3") && contains_text("row 3 of 18") && contains_text("no id"));
  CHECK_THAT(story("poses_tok", 2), contains_text("token 3 of 20") && !contains_text("text"));
  CHECK_THAT(story("human_poses", 0), contains_text("human_poses “x"));  // its pieces come from the vocabulary
}

TEST_CASE("a frame that was masked elsewhere is told without draws and budgets") {
  MaskedFrame frame = dataset_frame();
  frame.are_draws_known = false;
  for (const char* name : {"tok_depth@224", "caption", "poses_tok"}) {
    const std::string story = whole(tell_token(frame, {frame.scheme.find(name), 0}));
    CHECK_THAT(story, contains_text("the file's content masks say") && !contains_text("smallest of") && !contains_text("keep ") && contains_text("which budgets were drawn is not in it"));
  }
}

TEST_CASE("I lays the ids over the picture, only where a card can") {
  const auto stage = stage_of(dataset_frame({.preset = "4m-7"}));
  const auto flat = stage->grid_of("tok_depth@224").picture, rgb = stage->grid_of("rgb@224").picture;
  REQUIRE(flat);
  // Flat cells are sampled within themselves.
  for (const TokenQuad& cell : stage->grid_of("tok_depth@224").quads) {
    const float columns = 14, left = std::floor(cell.u0 * columns + 1e-3f), top = std::floor(cell.v0 * columns + 1e-3f);
    CHECK(cell.u0 * columns - left > 0.2f);
    CHECK(cell.u1 * columns - left < 0.8f);
    CHECK(cell.v0 * columns - top > 0.2f);
    CHECK(cell.v1 * columns - top < 0.8f);
  }
  stage->key(Key::i);
  CHECK(stage->view().shows_ids_over_picture);
  stage->frame();
  CHECK(stage->grid_of("tok_depth@224").picture != flat);
  CHECK(stage->grid_of("rgb@224").picture == rgb);
  CHECK(stage->grid_of("tok_depth@224").quads.size() == 196);
  stage->key(Key::i);
  CHECK_FALSE(stage->view().shows_ids_over_picture);

  PanelStage scene;
  scene.frames(2);
  scene.key(Key::i);
  CHECK_FALSE(scene.view().shows_ids_over_picture);
}
