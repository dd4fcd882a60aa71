// The Distribution view: draws come without the window waiting, follow every edit, and rest when nobody looks. Frames are
// counted, not seconds.
#include <algorithm>
#include <string>

#include "app/distribution_text.h"
#include "app/number_text.h"
#include "app/panels/estimate_text.h"
#include "tests/app/panel_stage.h"
#include "tests/catch.h"

namespace maskscope::test {
namespace {

constexpr std::uint64_t usual = DistributionPanel::usual_draws;

std::shared_ptr<const DrawingResult> result_of(const PanelStage& stage) { return stage.bottom_views().distribution().result(); }
bool is_current(const PanelStage& stage) { return stage.bottom_views().distribution().is_current(*result_of(stage)); }

// Only a text of a few tokens, so that 131 072 draws take a moment.
Document quick_document() { return text_document("two birds on a wire"); }

// A stage whose tab is shown, with the first draws counted.
void open_tab(PanelStage& stage) {
  stage.frame();
  stage.view().bottom_tab = BottomTab::distribution;
  stage.frame();
}

Tally one_by_one(const MaskedFrame& frame, int num_draws) {
  const MaskingPlan plan = make_plan(frame.scheme, frame.vocabulary);
  const PackedSamples samples = pack_samples(plan, {&frame.sample, 1});
  Tally tally(tally_shape(plan, samples));
  make_backend(BackendChoice::cpu, 1)->tally(plan, samples, {frame.seed, 0, num_draws}, tally);
  return tally;
}

}  // namespace

TEST_CASE("no draws are made before the Distribution is looked at") {
  PanelStage stage(quick_document());
  stage.frames(5);
  CHECK(result_of(stage) == nullptr);
  open_tab(stage);
  stage.bottom_views().settle();
  REQUIRE(result_of(stage));
  CHECK(result_of(stage)->tally.draws() == usual);
}

TEST_CASE("the distribution is that of the sample and the scheme that are shown") {
  PanelStage stage(quick_document());
  open_tab(stage);
  stage.bottom_views().settle();
  CHECK(result_of(stage)->tally == one_by_one(stage.masked(), static_cast<int>(usual)));
  stage.frame();
  CHECK(stage.has_widget("distribution.map.caption"));
  CHECK(stage.has_widget("distribution.budget.caption"));
  CHECK(stage.has_widget("distribution.fill.encoder"));
}

TEST_CASE("draws asked for in the frame of an edit are shown in the first frame after they are there") {
  PanelStage stage(quick_document());
  open_tab(stage);
  stage.bottom_views().settle();
  stage.frame();
  const std::uint64_t before = result_of(stage)->number;
  // The slider's move and the request for new draws are the same frame.
  stage.session().apply(edits::set_seed(stage.session().document().seed + 1));
  stage.frame();
  CHECK(stage.has_widget("distribution.map.caption"));  // something is shown all the time
  stage.bottom_views().distribution().wait_for(Engine::second_draws);
  int frames_since_move = 0;
  while (stage.bottom_views().distribution().shown_draws() < Engine::second_draws && frames_since_move < 10) {
    stage.frame();
    ++frames_since_move;
  }
  CHECK(frames_since_move <= 1);
  CHECK(result_of(stage)->number == before + 1);
  CHECK(is_current(stage));
}

TEST_CASE("new settings start from nothing, the same settings are not drawn again") {
  PanelStage stage(quick_document());
  open_tab(stage);
  stage.bottom_views().settle();
  const auto first = result_of(stage);
  stage.frames(3);
  stage.session().say(MessageLevel::info, "Something that changes nothing.");
  stage.frames(3);
  stage.bottom_views().settle();
  CHECK(result_of(stage) == first);  // the same object: nothing was published since
  stage.session().apply(edits::set_text("two birds on a long wire"));
  stage.frame();
  stage.bottom_views().settle();
  CHECK(result_of(stage)->number == first->number + 1);
  CHECK(result_of(stage)->tally == one_by_one(stage.masked(), static_cast<int>(usual)));
}

TEST_CASE("draws stop while another view is shown, and go on after") {
  PanelStage stage;  // all modalities: it takes a while
  open_tab(stage);
  stage.bottom_views().distribution().wait_for(Engine::first_draws);
  stage.view().bottom_tab = BottomTab::table;
  stage.frame();
  CHECK_FALSE(stage.bottom_views().distribution().is_drawing());
  stage.bottom_views().settle();
  const std::uint64_t drawn = result_of(stage)->tally.draws();
  stage.frames(5);
  CHECK_FALSE(stage.bottom_views().distribution().is_drawing());
  CHECK(result_of(stage)->tally.draws() == drawn);
  stage.view().bottom_tab = BottomTab::distribution;
  stage.frame();
  const std::uint64_t more = std::min(drawn + 1, usual);  // a quick machine was done before it was stopped
  stage.bottom_views().distribution().wait_for(more);
  CHECK(result_of(stage)->tally.draws() >= more);
  CHECK(result_of(stage)->number == 1);  // where it was left off
}

TEST_CASE("the user stops the draws, goes on, and asks for more") {
  PanelStage stage;
  open_tab(stage);
  stage.bottom_views().distribution().wait_for(Engine::first_draws);
  stage.frame();
  if (stage.has_widget("distribution.stop")) {  // else a quick machine is done already, and asked for more
    stage.click("distribution.stop");
  }
  CHECK_FALSE(stage.bottom_views().distribution().is_drawing());
  stage.bottom_views().settle();
  const std::uint64_t drawn = result_of(stage)->tally.draws();
  stage.frames(3);
  CHECK(result_of(stage)->tally.draws() == drawn);
  CHECK_FALSE(stage.has_widget("distribution.stop"));
  stage.click("distribution.more");
  stage.bottom_views().distribution().wait_for(drawn + 1);

  PanelStage quick(quick_document());
  open_tab(quick);
  quick.bottom_views().settle();
  quick.frame();
  quick.click("distribution.more");
  quick.bottom_views().distribution().wait_for(usual + 1);
  CHECK(result_of(quick)->tally.draws() > usual);
}

TEST_CASE("a cell under the cursor is pointed at everywhere, and its frequencies are said") {
  PanelStage stage;
  open_tab(stage);
  stage.bottom_views().distribution().wait_for(Engine::second_draws);
  stage.frames(3);  // the scroll bar finds its place
  const WidgetRect map = stage.widget("distribution.map.tok_depth@224");
  const float cell = map.width / 14;
  stage.move_to({map.x + cell * 9.5f, map.y + cell * 6.5f});
  stage.frame();
  CHECK(stage.view().hovered.token.origin == 6 * 14 + 9);
  CHECK(stage.masked().scheme.modalities[static_cast<std::size_t>(stage.view().hovered.token.modality)].modality.name == "tok_depth@224");
}

TEST_CASE("maps are pictures that are updated, not made anew") {
  PanelStage stage;
  open_tab(stage);
  stage.bottom_views().distribution().wait_for(Engine::second_draws);
  stage.frame();
  const std::size_t pictures = stage.canvas().num_pictures();
  stage.session().apply(edits::set_seed(7));
  stage.frame();
  stage.bottom_views().distribution().wait_for(Engine::second_draws);
  stage.frames(2);
  CHECK(stage.canvas().num_pictures() == pictures);
  stage.view().bottom_tab = BottomTab::table;
  stage.frame();
}

TEST_CASE("where the view says why nothing is drawn, there is nothing to copy") {
  PanelStage stage(quick_document());
  open_tab(stage);
  stage.bottom_views().settle();
  stage.frame();
  const auto text_of_view = [&] {
    ImGui::SetClipboardText("nothing");
    stage.view().export_wish = ExportWish::copy_view;
    stage.frames(2);
    return std::string(ImGui::GetClipboardText());
  };
  CHECK(text_of_view() != "nothing");
  REQUIRE(stage.session().apply(edits::set_random(RandomSource::torch)));
  stage.frames(2);
  REQUIRE(stage.has_widget("distribution.named"));
  CHECK(text_of_view() == "nothing");
}

TEST_CASE("copying gives the counts as a table") {
  PanelStage stage(quick_document());
  open_tab(stage);
  stage.bottom_views().settle();
  stage.frame();
  std::string copied;
  static std::string* clipboard = nullptr;
  clipboard = &copied;
  imgui_compat::set_clipboard([] { return ""; }, [](const char* text) { *clipboard = text; });
  stage.click("distribution.copy");
  CHECK(copied == distribution_as_text(result_of(stage)->request->scheme, result_of(stage)->tally));
  CHECK_THAT(copied, contains_text("frequency\tencoder\tcaption\t0\t"));
  CHECK_THAT(copied, contains_text("fill\tdecoder\t\tempty\t"));
  CHECK(std::count(copied.begin(), copied.end(), '\t') == 7 * std::count(copied.begin(), copied.end(), '\n'));
}

TEST_CASE("masks of PyTorch's generators have no distribution of their own, but one of named draws") {
  Document document = quick_document();
  document.random = RandomSource::torch;
  PanelStage stage(document);
  open_tab(stage);
  stage.frames(2);
  CHECK(result_of(stage) == nullptr);
  stage.view().bottom_share = 0.4f;
  stage.frame();
  stage.click("distribution.named");
  stage.frame();
  stage.bottom_views().settle();
  REQUIRE(result_of(stage));
  CHECK(result_of(stage)->tally == one_by_one(stage.masked(), static_cast<int>(usual)));
}

TEST_CASE("masks from a file have no distribution, and the view says why") {
  PanelStage stage(quick_document());
  MaskedFrame dumped = stage.session().frame();
  dumped.are_draws_known = false;
  stage.show(std::move(dumped));
  open_tab(stage);
  stage.frames(2);
  CHECK(result_of(stage) == nullptr);
  CHECK_FALSE(stage.has_widget("distribution.named"));
}

TEST_CASE("the Distribution is drawn at every size and in both themes") {
  for (const Screen screen : {Screen{1600, 900, 1, ThemeKind::dark}, Screen{1024, 700, 1, ThemeKind::light}, Screen{1600, 900, 2, ThemeKind::dark},
                              Screen{820, 500, 1, ThemeKind::dark}, Screen{200, 100, 3, ThemeKind::light}, Screen{1, 1, 1, ThemeKind::dark}}) {
    INFO(screen.width << " x " << screen.height << ", scale " << screen.scale);
    PanelStage stage(default_document(), screen);
    open_tab(stage);
    stage.bottom_views().distribution().wait_for(Engine::first_draws);
    stage.frames(2);
    stage.view().bottom_tab = BottomTab::distribution;
    for (float x = 0; x < screen.width; x += std::max(1.0f, screen.width / 12)) {
      for (float y = screen.height / 2; y < screen.height; y += std::max(1.0f, screen.height / 8)) stage.move_to({x, y});
    }
    stage.resize(0, 0);
    stage.frame();
  }
}

TEST_CASE("estimates are written with as many decimals as they deserve") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(131072) == "131 072");
  CHECK(grouped(1048576) == "1 048 576");
  CHECK(share_with_error({0.12284, 0.00091, 16101, 131072}) == "12.28 % ± 0.09 %");
  CHECK(share_with_error({0.25, 0.02, 64, 256}) == "25 % ± 2 %");
  CHECK(share_with_error({0, 0, 0, 131072}) == "never in 131 072 draws");
  CHECK(share_with_error({1, 0, 300, 300}) == "in all 300 draws");
  CHECK(share_text({0, 0, 0, 0}) == "–");
  CHECK(mean_with_error({16.034, 0.0421, 0, 131072}) == "16.03 ± 0.04");
  CHECK(mean_with_error({128, 0, 0, 1000}) == "128");
  CHECK(greatest_error_text(131072) == "0.1 %");
}

TEST_CASE("bins are named by their tokens") {
  CHECK(bin_label(0, 5, 128) == "0");
  CHECK(bin_label(1, 1, 128) == "1");
  CHECK(bin_label(2, 5, 128) == "6..10");
  CHECK(bin_label(26, 5, 128) == "126..128");
}

}  // namespace maskscope::test
