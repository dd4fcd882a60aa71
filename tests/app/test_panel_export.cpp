// Copying and saving what is seen: the wish, the menu, the request that is left for whoever draws the picture.
#include <cmath>
#include <filesystem>
#include <utility>

#include "app/explain.h"
#include "app/panels/view_text.h"
#include "app/session_file.h"
#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

namespace fs = std::filesystem;

std::string clipboard() {
  const char* const text = ImGui::GetClipboardText();
  return text ? text : "";
}

void wish(PanelStage& stage, ExportWish wish) {
  stage.view().export_wish = wish;
  stage.frame();
  CHECK(stage.view().export_wish == ExportWish::nothing);
}

// Saves in the folder under the name that is proposed.
PictureRequest save(PanelStage& stage, ExportWish asked) {
  wish(stage, asked);
  stage.frames(2);
  stage.click("dialog.ok");
  const auto request = stage.exporter().take_request();
  REQUIRE(request.has_value());
  return *request;
}

}  // namespace

TEST_CASE("export: the pinned token's story is copied") {
  PanelStage stage;
  stage.view().pinned = first_look(stage.masked());
  stage.frames(2);
  wish(stage, ExportWish::copy_value);
  const TokenStory story = tell_token(stage.masked(), stage.view().pinned.token);
  CHECK(clipboard().rfind(story.title + ": " + story.verdict + "\n1 ", 0) == 0);
  for (const HistoryLine& line : story.lines) CHECK_THAT(clipboard(), contains_text(line.sentence));
  CHECK_THAT(last_sentence(stage.session()), contains_text("Copied: " + story.title));
}

TEST_CASE("export: an ignored slot's story is copied, and without anything a sentence says what to do") {
  PanelStage stage;
  const MaskedBatch& batch = stage.masked().batch;
  REQUIRE(batch.encoder_valid[0] < batch.encoder_slots);
  stage.view().pinned = {{}, PackedSide::encoder, batch.encoder_slots - 1};
  stage.frame();
  wish(stage, ExportWish::copy_value);
  CHECK_THAT(clipboard(), contains_text(tell_ignored_slot(stage.masked(), true, batch.encoder_slots - 1).verdict));
  ImGui::SetClipboardText("as it was");
  stage.view().pinned = {};
  stage.frame();
  wish(stage, ExportWish::copy_value);
  CHECK(clipboard() == "as it was");
  CHECK_THAT(last_sentence(stage.session()), contains_text("point at a token"));
}

TEST_CASE("export: the story is the one that the inspector tells") {
  PanelStage stage;
  const MaskedBatch& batch = stage.masked().batch;
  stage.view().is_attention_causal = true;
  stage.view().is_attention_separate = false;
  stage.view().pinned = {token_in_decoder_slot(stage.masked().masks(), 3), {}, -1};
  stage.frames(2);
  wish(stage, ExportWish::copy_value);
  const TokenStory shown = tell_token(stage.masked(), stage.view().pinned.token, {.is_causal = true, .is_separate = false});
  for (const HistoryLine& line : shown.lines) CHECK_THAT(clipboard(), contains_text(line.sentence));
  // A slot that holds a token by now is told by nobody.
  REQUIRE_FALSE(batch.encoder_mask[0]);
  ImGui::SetClipboardText("as it was");
  stage.view().pinned = {{}, PackedSide::encoder, 0};
  stage.frame();
  wish(stage, ExportWish::copy_value);
  CHECK(clipboard() == "as it was");
}

TEST_CASE("export: every view is copied as text, or a sentence says that there is none") {
  PanelStage stage;
  for (const BottomTab tab : {BottomTab::waterfall, BottomTab::attention, BottomTab::embeddings, BottomTab::distribution, BottomTab::compare, BottomTab::table, BottomTab::problems}) {
    INFO(static_cast<int>(tab));
    ImGui::SetClipboardText("as it was");
    stage.view().bottom_tab = tab;
    stage.frames(2);
    stage.bottom_views().settle();
    stage.frame();
    wish(stage, ExportWish::copy_view);
    const bool has_text = tab != BottomTab::compare;  // nothing is pinned
    CHECK((clipboard() != "as it was") == has_text);
    CHECK_THAT(last_sentence(stage.session()), contains_text(has_text ? "Copied the view" : "no numbers to copy"));
  }
  stage.view().bottom_tab = BottomTab::compare;
  stage.view().compare_wish = CompareWish::pin;
  stage.frames(2);
  stage.session().apply(edits::set_seed(7));
  stage.frames(2);
  wish(stage, ExportWish::copy_view);
  CHECK_THAT(clipboard(), contains_text("tok_depth@224\t196\t"));
}

TEST_CASE("export: the table's text is the table that is shown, the cards' all of them") {
  PanelStage stage;
  stage.view().bottom_tab = BottomTab::table;
  stage.view().table_kind = TableKind::decoder;
  stage.frames(2);
  wish(stage, ExportWish::copy_view);
  CHECK(clipboard() == to_tsv(TensorTable(stage.masked(), TableKind::decoder)));
  stage.resize(1024, 700);
  stage.view().bottom_tab = BottomTab::tokens;
  stage.frames(2);
  wish(stage, ExportWish::copy_view);
  for (int m = 0; m < stage.masked().scheme.num_modalities(); ++m) CHECK_THAT(clipboard(), contains_text(to_tsv(TensorTable(stage.masked(), TableKind::modality, m))));
}

TEST_CASE("export: a picture is asked for with its name, format and place") {
  struct Case {
    ExportWish wish;
    PictureFormat format;
    const char* name;
  };
  for (const Case& expected : {Case{ExportWish::save_png, PictureFormat::png, "all-to-all-42-table.png"}, Case{ExportWish::save_svg, PictureFormat::svg, "all-to-all-42-table.svg"},
                               Case{ExportWish::save_pdf, PictureFormat::pdf, "all-to-all-42-table.pdf"}, Case{ExportWish::save_steps_gif, PictureFormat::gif, "all-to-all-42-table-steps.gif"}}) {
    PanelStage stage;
    stage.view().bottom_tab = BottomTab::table;
    stage.frames(3);
    const PictureRequest request = save(stage, expected.wish);
    CHECK(request.format == expected.format);
    CHECK(request.path.filename() == expected.name);
    const WidgetRect& view = stage.widget("view.bottom");
    CHECK(request.area.x <= view.x);
    CHECK(request.area.x + request.area.width >= view.x + view.width);
    CHECK(request.area.x == std::floor(request.area.x));
    CHECK(request.area.height == std::floor(request.area.height));
    CHECK_FALSE(stage.exporter().take_request().has_value());
  }
}

TEST_CASE("export: the ending that was typed decides, and a missing one is added") {
  PanelStage stage;
  stage.frames(3);
  const auto saved_as = [&](const std::string& name) {
    wish(stage, ExportWish::save_png);
    stage.frames(2);
    stage.key(Key::a, {.ctrl = true});
    stage.type(name);
    stage.click("dialog.ok");
    return stage.exporter().take_request().value_or(PictureRequest{});
  };
  const PictureRequest pdf = saved_as("mine.pdf");
  CHECK(pdf.format == PictureFormat::pdf);
  CHECK(pdf.path.filename() == "mine.pdf");
  const PictureRequest plain = saved_as("mine.v2");
  CHECK(plain.format == PictureFormat::png);
  CHECK(plain.path.filename() == "mine.v2.png");
}

TEST_CASE("export: the menu at the end of the tabs saves the part that is chosen") {
  PanelStage stage;
  stage.frames(3);
  stage.click("export");
  stage.frame();
  CHECK_FALSE(stage.has_widget("export.copy_value"));  // no token, no story
  stage.view().pinned = first_look(stage.masked());
  stage.frame();
  CHECK(stage.has_widget("export.copy_value"));
  stage.click("export.area.2");
  stage.click("export.svg");
  stage.frames(2);
  stage.click("dialog.ok");
  const auto request = stage.exporter().take_request();
  REQUIRE(request.has_value());
  CHECK(request->format == PictureFormat::svg);
  CHECK(request->path.filename() == "all-to-all-42-packing.svg");
  const WidgetRect& strips = stage.widget("view.packing");
  CHECK(request->area.y <= strips.y);
  CHECK(request->area.height < 200);
}

TEST_CASE("export: progress is shown, can be cancelled, and is not in pictures") {
  PanelStage stage;
  stage.frames(2);
  stage.exporter().set_progress(PictureProgress{0.4, "Drawing the steps"});
  stage.frames(2);
  CHECK_FALSE(stage.exporter().is_cancelled());
  stage.exporter().set_hidden(true);
  stage.frame();
  CHECK_FALSE(stage.has_widget("export.cancel"));
  stage.exporter().set_hidden(false);
  stage.frame();
  stage.click("export.cancel");
  CHECK(stage.exporter().is_cancelled());
}

TEST_CASE("export: there is a place to save at every size") {
  for (const auto& [width, height] : {std::pair{1600.0f, 900.0f}, {1024.0f, 700.0f}, {300.0f, 200.0f}, {200.0f, 100.0f}}) {
    INFO(width << " x " << height);
    PanelStage stage(default_document(), {.width = width, .height = height});
    stage.frames(3);
    const PictureRequest request = save(stage, ExportWish::save_png);
    CHECK(request.area.x >= 0);
    CHECK(request.area.y >= 0);
    CHECK(request.area.width >= 8);
    CHECK(request.area.height >= 8);
    CHECK(request.area.x + request.area.width <= width);
    CHECK(request.area.y + request.area.height <= height);
  }
}

TEST_CASE("export: a picture that is there already is replaced only when the user says so") {
  const ScratchFolder folder;
  write_text(folder, "there.png", "an old picture");
  PanelStage stage;
  stage.frames(3);
  const auto ask_for = [&](const std::string& name) {
    wish(stage, ExportWish::save_png);
    stage.frames(2);
    stage.key(Key::a, {.ctrl = true});
    stage.type((folder.path() / name).string());
    stage.key(Key::enter);
    stage.frame();
  };
  ask_for("new");
  CHECK(stage.exporter().take_request().value_or(PictureRequest{}).path == folder.path() / "new.png");

  ask_for("there");  // with the ending that will be added
  REQUIRE(stage.has_widget("dialog.replace"));
  CHECK_FALSE(stage.exporter().take_request().has_value());
  stage.key(Key::escape);
  stage.frame();
  CHECK_FALSE(stage.has_widget("dialog.replace"));
  REQUIRE(stage.has_widget("dialog.ok"));  // another name can be typed
  stage.key(Key::a, {.ctrl = true});
  stage.type((folder.path() / "there.png").string());
  stage.key(Key::enter);
  stage.frame();
  REQUIRE(stage.has_widget("dialog.replace"));
  stage.click("dialog.keep");
  stage.frames(2);
  CHECK_FALSE(stage.exporter().take_request().has_value());
  stage.key(Key::enter);  // the field has the keyboard again
  stage.frame();
  REQUIRE(stage.has_widget("dialog.replace"));
  stage.click("dialog.replace");
  stage.frame();
  CHECK(stage.exporter().take_request().value_or(PictureRequest{}).path == folder.path() / "there.png");
  CHECK_FALSE(stage.has_widget("dialog.keep"));

  ask_for("there.png");
  stage.key(Key::enter);
  CHECK(stage.exporter().take_request().has_value());
}

TEST_CASE("export: the dialog begins where the last file was, and a session is not replaced unasked either") {
  const ScratchFolder folder;
  save_session(default_document(), folder.path() / "session.json");
  const std::string old = read_all(folder.path() / "session.json");
  PanelStage stage;
  stage.frames(3);
  wish(stage, ExportWish::save_pdf);
  stage.frames(2);
  stage.key(Key::a, {.ctrl = true});
  stage.type((folder.path() / "a.pdf").string());
  stage.click("dialog.ok");
  REQUIRE(stage.exporter().take_request().has_value());
  stage.frames(2);

  stage.key(Key::s, {.ctrl = true});
  stage.frames(2);
  stage.click("dialog.ok");
  stage.frames(2);
  REQUIRE(stage.has_widget("dialog.replace"));
  CHECK(read_all(folder.path() / "session.json") == old);
  stage.click("dialog.replace");
  stage.frame();
  CHECK(read_all(folder.path() / "session.json") != old);  // with its view
  CHECK_THAT(last_sentence(stage.session()), contains_text("Saved the session"));

  CHECK(save(stage, ExportWish::save_png).path.parent_path() == folder.path());
}

TEST_CASE("export: what was said in Chinese is English on stderr") {
  if (!has_chinese_font()) {
    WARN("SKIPPED: no Chinese font is installed");
    return;
  }
  PanelStage stage;
  stage.view().language = Language::chinese;
  stage.view().bottom_tab = BottomTab::table;
  stage.frames(3);
  REQUIRE(language() == Language::chinese);
  wish(stage, ExportWish::copy_value);
  CHECK_THAT(last_sentence(stage.session()), contains_text("There is nothing to copy"));
  CHECK_THAT(stage.session().messages().back().shown(), !contains_text("nothing"));
  wish(stage, ExportWish::copy_view);
  CHECK_THAT(last_sentence(stage.session()), contains_text("Copied the view"));
  CHECK_THAT(stage.session().messages().back().shown(), !contains_text("Copied"));
}
