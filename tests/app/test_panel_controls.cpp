// Controls act in the frame in which they are moved, and leave the undo steps one expects.
#include <algorithm>
#include <cstdlib>

#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

const SchemeModality& modality(PanelStage& stage, const std::string& name) {
  const Scheme& scheme = stage.session().document().scheme;
  return scheme.modalities.at(static_cast<std::size_t>(scheme.find(name)));
}

ImVec2 at_share(const WidgetRect& rect, float share) { return {rect.x + rect.width * share, rect.y + rect.height * 0.5f}; }

int undo_steps(Session& session) {
  int steps = 0;
  for (; session.can_undo(); ++steps) session.undo();
  return steps;
}

}  // namespace

TEST_CASE("dragging the bar of a direct budget acts in the same frame and is one undo step") {
  Document document = default_document();
  set_only_budget(document, "tok_depth@224", 40, 80);
  PanelStage stage(document);
  stage.frames(3);
  const WidgetRect bar = stage.widget("scheme.direct.tok_depth@224.bar");
  const float inset = 5, room = bar.width - 2 * inset;
  const auto x_of = [&](int tokens) { return ImVec2{bar.x + inset + room * static_cast<float>(tokens) / 196, bar.y + bar.height * 0.5f}; };
  stage.move_to(x_of(40));
  stage.press();
  CHECK(stage.session().document() == document);  // taking hold of a handle does not move it
  for (const int wanted : {50, 60, 70}) {
    stage.move_to(x_of(wanted));
    const int tokens = modality(stage, "tok_depth@224").direct_encoder_tokens;
    CHECK(std::abs(tokens - wanted) <= 2);  // a pixel is more than a token
    CHECK(modality(stage, "tok_depth@224").direct_decoder_tokens == 120 - tokens);
    const auto fates = source_fates(stage.masked().masks(), stage.masked().scheme.find("tok_depth@224"));
    CHECK(std::count(fates.begin(), fates.end(), Fate::encoder) == tokens);
  }
  stage.release();
  stage.drag(x_of(120), x_of(196), 4);  // the decoder's handle
  const SchemeModality& dragged = modality(stage, "tok_depth@224");
  CHECK(std::abs(dragged.direct_encoder_tokens - 70) <= 2);
  CHECK(dragged.direct_encoder_tokens + dragged.direct_decoder_tokens == 196);
  CHECK(undo_steps(stage.session()) == 2);
  CHECK(stage.session().document() == document);
}

TEST_CASE("a bar can be dragged to both ends and beyond") {
  Document document = default_document();
  set_only_budget(document, "tok_depth@224", 98, 0);
  PanelStage stage(document);
  stage.frames(3);
  const WidgetRect bar = stage.widget("scheme.direct.tok_depth@224.bar");
  stage.drag(at_share(bar, 0.49f), {bar.x - 500, bar.y}, 3);
  CHECK(modality(stage, "tok_depth@224").direct_encoder_tokens == 0);
  const SchemeModality& entry = modality(stage, "tok_depth@224");
  CHECK(entry.direct_encoder_tokens + entry.direct_decoder_tokens <= 196);
  stage.frame();
}

TEST_CASE("dragging an alpha changes the budgets at once and is one undo step") {
  PanelStage stage;
  stage.frames(3);
  const Document before = stage.session().document();
  const WidgetRect slider = stage.widget("scheme.alpha.tok_depth@224");
  stage.move_to(at_share(slider, 0.5f));
  stage.press();
  const std::uint64_t revision = stage.session().revision();
  stage.move_to(at_share(slider, 0.9f));
  CHECK(stage.session().revision() > revision);
  CHECK(modality(stage, "tok_depth@224").input_alphas.front() > 100);
  CHECK(stage.masked().masks().input_budget(stage.masked().scheme.find("tok_depth@224")) > 100);
  stage.move_to(at_share(slider, 0.0f));
  CHECK(modality(stage, "tok_depth@224").input_alphas.front() == 0.0);
  CHECK(stage.masked().masks().input_budget(stage.masked().scheme.find("tok_depth@224")) == 0);
  stage.release();
  CHECK(undo_steps(stage.session()) == 1);
  CHECK(stage.session().document() == before);
}

TEST_CASE("the target alphas are on their own page") {
  PanelStage stage;
  stage.frames(3);
  stage.click("scheme.alphas.target alphas");
  stage.frame();
  CHECK(stage.view().shows_target_alphas);
  CHECK_FALSE(stage.has_widget("scheme.alpha.rgb@224"));  // pixels are never a target
  stage.drag(at_share(stage.widget("scheme.alpha.caption"), 0.5f), at_share(stage.widget("scheme.alpha.caption"), 0.8f), 3);
  CHECK(modality(stage, "caption").target_alphas.front() > 10);
  CHECK(modality(stage, "caption").input_alphas.front() == 1);
}

TEST_CASE("every roll of the seed is an undo step of its own") {
  PanelStage stage;
  stage.frames(3);
  std::vector<std::uint64_t> seeds = {stage.session().document().seed};
  for (int i = 0; i < 4; ++i) {
    stage.click("seed.roll");
    CHECK(stage.session().document().seed != seeds.back());
    CHECK(stage.masked().seed == stage.session().document().seed);
    seeds.push_back(stage.session().document().seed);
  }
  for (std::size_t i = 4; i-- > 0;) {
    stage.session().undo();
    CHECK(stage.session().document().seed == seeds[i]);
  }
}

TEST_CASE("the mode's segments switch, direct mode goes on from the sampled budgets") {
  PanelStage stage;
  stage.frames(3);
  const std::vector<std::int32_t> sampled = stage.masked().batch.input_budget;
  stage.click("scheme.mode.direct");
  CHECK(stage.session().document().scheme.mode == BudgetMode::direct);
  CHECK(stage.masked().batch.input_budget == sampled);
  stage.frame();
  stage.click("scheme.mode.sampled");
  CHECK(stage.session().document().scheme.mode == BudgetMode::sampled);
  CHECK(undo_steps(stage.session()) == 2);
}

TEST_CASE("transfer mode: every modality has a side, and a click gives it the other one") {
  PanelStage stage;
  stage.frames(3);
  stage.click("scheme.mode.transfer");
  stage.frame();
  CHECK(stage.session().document().scheme.mode == BudgetMode::transfer);
  CHECK(modality(stage, "rgb@224").transfer_role == TransferRole::input);
  CHECK(modality(stage, "caption").transfer_role == TransferRole::target);
  const int caption = stage.masked().scheme.find("caption");
  CHECK(stage.masked().masks().input_budget(caption) == 0);
  stage.click("scheme.transfer.caption.input");
  stage.frame();
  CHECK(modality(stage, "caption").transfer_role == TransferRole::input);
  CHECK(stage.masked().masks().input_budget(caption) == 256);
  stage.click("scheme.mode.sampled");
  CHECK(stage.session().document().scheme.mode == BudgetMode::sampled);
}

TEST_CASE("a mixture: the drawn component is shown until another one is chosen, and edits change the shown one") {
  PanelStage stage;
  stage.session().apply(edits::set_preset("4m-7"));
  stage.frames(3);
  const int drawn = stage.masked().batch.component[0];
  stage.click("scheme.component.next");
  stage.frame();
  REQUIRE(stage.view().component == 1 - drawn);
  stage.drag(at_share(stage.widget("scheme.alpha.caption"), 0.5f), at_share(stage.widget("scheme.alpha.caption"), 0.0f), 3);
  const auto& alphas = modality(stage, "caption").input_alphas;
  CHECK(alphas[static_cast<std::size_t>(1 - drawn)] == 0.0);
  CHECK(alphas[static_cast<std::size_t>(drawn)] == preset_scheme("4m-7").modalities[0].input_alphas[static_cast<std::size_t>(drawn)]);
  stage.click("scheme.component");
  CHECK_FALSE(stage.view().component.has_value());
}

TEST_CASE("where all other tokens are targets the panel says so, and a click gives a number again") {
  PanelStage stage;
  stage.session().apply(edits::set_all_targets(true));
  stage.frames(3);
  CHECK_FALSE(stage.has_widget("scheme.out"));
  stage.click("scheme.out.all");
  stage.frame();
  CHECK(stage.session().document().scheme.target_tokens == TokenRange{128, 128});
  CHECK(stage.has_widget("scheme.out"));
}

TEST_CASE("the generators are chosen in the top bar") {
  PanelStage stage;
  stage.frames(3);
  const auto before = stage.masked().batch;
  stage.click("rng");
  stage.frames(3);
  stage.click("rng.torch");
  stage.frames(2);
  CHECK_FALSE(stage.masked().batch == before);
  CHECK(stage.masked().torch.has_value());
  CHECK_THAT(stage.session().backend_story(), contains_text("PyTorch"));
  stage.session().undo();
  CHECK(stage.masked().batch == before);
}

TEST_CASE("a click on a modality's row switches it off and on again") {
  PanelStage stage;
  stage.frames(3);
  for (const char* name : {"caption", "tok_depth@224"}) {
    INFO(name);
    stage.click(cat("modality.", name));
    CHECK(stage.session().document().disabled == std::vector<std::string>{name});
    CHECK(stage.masked().scheme.find(name) == -1);
    stage.frames(2);
    CHECK_FALSE(stage.has_widget(cat("card.", name)));
    stage.click(cat("modality.", name));
    CHECK(stage.session().document().disabled.empty());
    stage.frames(2);
    CHECK(stage.has_widget(cat("card.", name)));
  }
}

TEST_CASE("a click on the legend isolates a fate, a second one shows all") {
  PanelStage stage;
  stage.frames(3);
  stage.click("legend.decoder");
  CHECK(stage.view().isolated == Fate::decoder);
  stage.click("legend.discarded");
  CHECK(stage.view().isolated == Fate::discarded);
  stage.click("legend.discarded");
  CHECK_FALSE(stage.view().isolated.has_value());
  CHECK_FALSE(stage.session().can_undo());
}

TEST_CASE("scenes go forth and back, not below the first") {
  PanelStage stage(default_document());
  stage.frames(3);
  stage.click("source.previous");
  CHECK(stage.session().document().inputs.scene_seed == 0);
  CHECK_FALSE(stage.session().can_undo());
  stage.click("source.next");
  CHECK(stage.session().document().inputs.scene_seed == 1);
  CHECK(stage.masked().inputs->title == "bundled scene 2");
  stage.click("source.previous");
  CHECK(stage.session().document().inputs.scene_seed == 0);
}

TEST_CASE("typing in the text editor changes the tokens with every key, as one undo step") {
  PanelStage stage(text_document(""));
  stage.frames(3);
  stage.click("caption.edit");
  stage.frames(3);
  REQUIRE(stage.has_widget("text.editor"));
  const std::string words = "red cube";
  for (std::size_t i = 0; i < words.size(); ++i) {
    stage.type(words.substr(i, 1));
    CHECK(stage.session().document().inputs.text == words.substr(0, i + 1));
  }
  CHECK(source_fates(stage.masked().masks(), 0).size() == 3);
  // Letters that are shortcuts elsewhere are only letters here.
  CHECK(stage.session().document().seed == 42);
  CHECK(stage.session().document().scheme.mode == BudgetMode::sampled);
  stage.click(ImVec2{5, 895});
  stage.frames(2);
  CHECK_FALSE(stage.has_widget("text.editor"));
  CHECK(stage.session().document().inputs.text == words);

  stage.click("caption.edit");
  stage.frames(3);
  stage.type("s");
  stage.session().undo();
  CHECK(stage.session().document().inputs.text == words);
  stage.session().undo();
  CHECK(stage.session().document().inputs.text == "");
}
