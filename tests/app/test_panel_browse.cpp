// Browsing a data set and a dumped batch in the window, by mouse and keyboard.
#include <chrono>
#include <thread>

#include "core/data/scheme_config.h"
#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

std::string golden(const std::string& name) { return MASKSCOPE_SOURCE_DIR "/tests/golden/dataset/" + name; }

Document dataset_document(const std::string& layout) {
  Document document = default_document();
  edits::open_dataset(golden(layout)).apply(document);
  return document;
}

// Frames until it is so: what is loaded comes from another thread.
template <class Condition>
bool comes_true(PanelStage& stage, const Condition& condition) {
  for (int i = 0; i < 2000; ++i) {
    stage.frame();
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

std::int64_t sample_of(PanelStage& stage) { return stage.session().document().inputs.dataset.sample; }

bool arrives_at(PanelStage& stage, std::int64_t number) {
  return comes_true(stage, [&] { return sample_of(stage) == number; });
}

void open_menu(PanelStage& stage) {
  stage.key(Key::g, {.ctrl = true});
  REQUIRE(comes_true(stage, [&] { return stage.has_widget("browse.jump"); }));
}

}  // namespace

TEST_CASE("browse: arrows and page keys go from sample to sample, and stop at the ends") {
  PanelStage stage(dataset_document("folder"));
  stage.frames(2);
  stage.click("sample.previous");
  CHECK(sample_of(stage) == 0);
  stage.click("sample.next");
  REQUIRE(arrives_at(stage, 1));
  stage.key(Key::page_down);
  REQUIRE(arrives_at(stage, 2));
  stage.key(Key::page_up);
  REQUIRE(arrives_at(stage, 1));
  stage.session().apply(edits::show_sample(11));
  REQUIRE(comes_true(stage, [&] { return stage.session().frame().inputs->dataset->status().is_complete; }));
  stage.click("sample.next");
  stage.frames(10);
  CHECK(sample_of(stage) == 11);
  CHECK(stage.masked().sample.key == "cities/c-4");
}

TEST_CASE("browse: jump to a number and to a key") {
  PanelStage stage(dataset_document("folder"));
  stage.frames(2);
  open_menu(stage);
  stage.type("7");
  stage.key(Key::enter);
  REQUIRE(arrives_at(stage, 7));
  CHECK(stage.masked().sample.key == "boats/b4");
  stage.view().jump_text = "cities/c-1";
  stage.click("browse.go");
  REQUIRE(arrives_at(stage, 8));
  stage.view().jump_text = "cities/none";
  stage.click("browse.go");
  REQUIRE(comes_true(stage, [&] { return !stage.session().messages().empty() && last_sentence(stage.session()).find("cities/none") != std::string::npos; }));
  CHECK(sample_of(stage) == 8);
}

TEST_CASE("browse: words are looked for from here on") {
  PanelStage stage(dataset_document("folder"));
  stage.frames(2);
  open_menu(stage);
  stage.click("browse.search");
  stage.type("small bird");
  stage.key(Key::enter);
  REQUIRE(arrives_at(stage, 9));
  stage.click("browse.back");
  REQUIRE(arrives_at(stage, 0));
  REQUIRE(stage.has_widget("browse.clear"));
  stage.click("browse.clear");
  stage.frames(2);
  CHECK_FALSE(stage.has_widget("browse.clear"));
  stage.click("browse.next");
  REQUIRE(arrives_at(stage, 1));  // no filter: simply the next
}

TEST_CASE("browse: training and validation, and back by undo") {
  PanelStage stage(dataset_document("shards"));
  stage.frames(2);
  stage.click("sample.split");
  REQUIRE(comes_true(stage, [&] { return stage.session().document().inputs.dataset.is_validation; }));
  CHECK_FALSE(stage.session().document().inputs.dataset.transforms.is_training);
  stage.key(Key::z, {.ctrl = true});
  stage.frame();
  CHECK_FALSE(stage.session().document().inputs.dataset.is_validation);
  open_menu(stage);
  REQUIRE(stage.has_widget("browse.split.validation"));
  stage.click("browse.split.validation");
  REQUIRE(comes_true(stage, [&] { return stage.session().document().inputs.dataset.is_validation; }));
}

TEST_CASE("browse: a data set opened in the window takes the place of the scene, a broken one does not") {
  PanelStage stage;
  stage.frames(2);
  stage.open({golden("nowhere.tar")});
  REQUIRE(comes_true(stage, [&] { return !stage.session().messages().empty(); }));
  CHECK_THAT(last_sentence(stage.session()), contains_text("nowhere.tar"));
  CHECK(stage.session().document().inputs.picture == PictureSource::scene);
  stage.open({golden("folder")});
  REQUIRE(comes_true(stage, [&] { return stage.session().document().inputs.picture == PictureSource::dataset; }));
  stage.frame();
  CHECK(stage.has_widget("sample.counter"));
  stage.open({golden("schemes/data_weighted.yaml")});
  REQUIRE(comes_true(stage, [&] { return stage.session().frame().inputs->config != nullptr; }));
  CHECK(stage.session().document().scheme.num_components() > 1);
}

TEST_CASE("the scheme panel: weight of a component and keep scheme of one text") {
  Document document = default_document();
  document.scheme = preset_scheme("4m-21");
  PanelStage stage(document);
  stage.frames(3);
  REQUIRE(stage.has_widget("scheme.weight"));
  const ImVec2 at = stage.centre("scheme.weight");
  stage.drag(at, {at.x + 60, at.y}, 6);
  const auto& weights = stage.session().document().scheme.sampling_weights;
  CHECK(weights != document.scheme.sampling_weights);
  stage.key(Key::z, {.ctrl = true});
  stage.frame();
  CHECK(stage.session().document().scheme.sampling_weights == document.scheme.sampling_weights);
  // Component 6 keeps the whole caption, and det at random.
  stage.view().component = 5;
  stage.view().keep_modality = "det";
  stage.frames(2);
  REQUIRE(stage.has_widget("scheme.keep.binary"));
  stage.click("scheme.keep.binary");
  const Scheme& scheme = stage.session().document().scheme;
  CHECK(scheme.modalities[static_cast<std::size_t>(scheme.find("det"))].keep[5] == KeepScheme::binary);
  CHECK(scheme.modalities[static_cast<std::size_t>(scheme.find("caption"))].keep[5] == KeepScheme::all);
}

TEST_CASE("browse: at any size of the window") {
  for (const ImVec2 size : {ImVec2{1600, 900}, ImVec2{1024, 700}, ImVec2{200, 100}, ImVec2{1, 1}, ImVec2{0, 0}}) {
    PanelStage stage(dataset_document("folder"), {.width = size.x, .height = size.y});
    stage.frames(2);
    stage.view().is_browse_menu_wanted = true;
    stage.frames(3);
    CHECK(stage.session().document().inputs.picture == PictureSource::dataset);
  }
}

TEST_CASE("browse: a folder and a configuration dropped together are both opened, one after the other") {
  PanelStage stage;
  stage.frames(2);
  stage.open({golden("shards"), golden("schemes/data_numbers.yaml")});
  REQUIRE(comes_true(stage, [&] { return stage.session().frame().inputs->config != nullptr; }));
  CHECK(stage.session().document().inputs.picture == PictureSource::dataset);
  CHECK(stage.session().document().inputs.dataset.path == golden("shards"));
}

TEST_CASE("browse: what is changed while something is being opened stays") {
  PanelStage stage;
  stage.frames(2);
  stage.open({golden("folder")});
  stage.session().apply(edits::set_seed(4711));
  REQUIRE(comes_true(stage, [&] { return stage.session().document().inputs.picture == PictureSource::dataset; }));
  CHECK(stage.session().document().seed == 4711);
}
