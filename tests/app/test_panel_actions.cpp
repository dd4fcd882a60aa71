// The list of actions, and what is made of it: menus, keys, sheet, palette.
#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include "app/explain.h"
#include "app/panels/actions.h"
#include "app/panels/command_palette.h"
#include "app/panels/view_memory.h"
#include "app/session_file.h"
#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

constexpr KeyModifiers ctrl{.ctrl = true};
constexpr KeyModifiers ctrl_shift{.ctrl = true, .shift = true};

// Back to English whatever happens.
struct InLanguage {
  explicit InLanguage(Language language) { set_language(language); }
  ~InLanguage() { set_language(Language::english); }
};


}  // namespace

TEST_CASE("every action has an id, a title and a group of its own, in every language") {
  std::set<std::string> ids, titles;
  for (const Action& action : actions()) {
    INFO(action.id);
    CHECK(ids.insert(action.id).second);
    CHECK(titles.insert(action.title).second);
    CHECK(find_action(action.id) == &action);
    CHECK(action.run != nullptr);
    CHECK(action.is_enabled != nullptr);
    const bool is_language = std::string_view(action.id) == "view.english" || std::string_view(action.id) == "view.chinese";
    const InLanguage chinese(Language::chinese);
    CHECK((tr(action.title) != std::string(action.title) || is_language));
  }
  CHECK(find_action("no.such") == nullptr);
  for (int group = 0; group < num_action_groups; ++group) {
    const std::string english = group_name(static_cast<ActionGroup>(group));
    const InLanguage chinese(Language::chinese);
    CHECK(group_name(static_cast<ActionGroup>(group)) != english);
  }
}

TEST_CASE("no two actions have the same keys, and all keys have a name") {
  std::map<std::string, std::string> owners;
  for (const Action& action : actions()) {
    for (const KeyBinding& keys : action.keys) {
      const std::string text = key_text(keys);
      INFO(action.id << ' ' << text);
      CHECK_FALSE(text.empty());

      const auto [found, is_new] = owners.emplace(text, action.id);
      INFO("also of " << found->second);
      CHECK((is_new || found->second == action.id));
    }
  }
  CHECK(owners.size() > 25);
  CHECK(key_text({Key::p, ctrl_shift}) == "Ctrl+Shift+P");
  CHECK(key_text({Key::slash, {.shift = true}}) == "?");
  CHECK(key_text({Key::n8, ctrl}) == "Ctrl+8");
  CHECK(key_text({Key::f1}) == "F1");
}

TEST_CASE("every enabled action runs, by the palette, and whatever it changes of the document can be undone") {
  for (const Action& action : actions()) {
    if (std::string_view(action.id) == "help.palette" || action.group == ActionGroup::export_view) continue;
    INFO(action.id);
    PanelStage stage;
    stage.frames(2);
    stage.key(Key::r);  // something to undo
    const Document before = stage.session().document();
    const bool has_history = std::string_view(action.id) == "edit.undo" || std::string_view(action.id) == "edit.redo";
    stage.key(Key::k, ctrl);
    stage.frames(2);
    stage.type(action.title);
    stage.frames(2);
    stage.key(Key::enter);
    stage.frames(3);
    if (has_history || stage.session().document() == before) continue;
    stage.session().undo();
    CHECK(stage.session().document() == before);
  }
}

TEST_CASE("the palette finds, chooses by arrows and runs by Enter") {
  PanelStage stage;
  stage.frames(2);
  for (const KeyModifiers modifiers : {ctrl, ctrl_shift}) {
    stage.key(modifiers.shift ? Key::p : Key::k, modifiers);
    stage.frames(2);
    REQUIRE(stage.has_widget("palette.query"));
    stage.key(Key::escape);
    stage.frames(2);
    CHECK_FALSE(stage.has_widget("palette.query"));
  }
  stage.key(Key::k, ctrl);
  stage.frames(2);
  stage.type("light");
  stage.key(Key::enter);
  stage.frames(2);
  CHECK(stage.view().theme == ThemeKind::light);
  CHECK_FALSE(stage.has_widget("palette.query"));

  stage.key(Key::k, ctrl);
  stage.frames(2);
  stage.type("tab");  // Table is the best match
  stage.frames(2);
  const WidgetRect first = stage.widget("palette.chosen");
  stage.key(Key::down);
  CHECK(stage.widget("palette.chosen").y > first.y);
  stage.key(Key::up);
  CHECK(stage.widget("palette.chosen").y == first.y);
  stage.key(Key::enter);
  stage.frames(2);
  CHECK(stage.view().bottom_tab == BottomTab::table);

  // Nothing matches: Enter does nothing.
  stage.key(Key::k, ctrl);
  stage.frames(2);
  stage.type("qqqqq");
  stage.key(Key::enter);
  stage.frames(2);
  CHECK(stage.has_widget("palette.query"));
  CHECK_FALSE(stage.has_widget("palette.chosen"));
}

TEST_CASE("fuzzy matches: in order, better at word beginnings and in a row") {
  CHECK(fuzzy_score("", "anything") == 0);
  CHECK_FALSE(fuzzy_score("xyz", "Roll the seed"));
  CHECK_FALSE(fuzzy_score("dees", "seed"));
  CHECK(fuzzy_score("RTS", "Roll the seed"));
  CHECK(*fuzzy_score("rts", "Roll the seed") > *fuzzy_score("ole", "Roll the seed"));
  CHECK(*fuzzy_score("table", "Table") > *fuzzy_score("table", "tokens and embeddings like"));
  CHECK(fuzzy_score("种子", "随机换种子"));
  CHECK_FALSE(fuzzy_score("aaaa", "a"));
}

TEST_CASE("the language switches live, by the chip and by the palette, and the palette still finds English words") {
  if (!has_chinese_font()) {
    WARN("SKIPPED: no Chinese font is installed");
    return;
  }
  PanelStage stage;
  stage.frames(2);
  stage.click("language");
  CHECK(stage.view().language == Language::chinese);
  stage.frames(3);  // the fonts are made anew
  CHECK(language() == Language::chinese);
  stage.key(Key::k, ctrl);
  stage.frames(2);
  stage.type("English");
  stage.key(Key::enter);
  stage.frames(3);
  CHECK(language() == Language::english);
}

TEST_CASE("keys of a disabled action do nothing; those of a panel are left to it") {
  PanelStage stage;
  stage.frames(2);
  stage.key(Key::i);  // no ids here
  CHECK_FALSE(stage.view().shows_ids_over_picture);
  stage.key(Key::m);
  CHECK(stage.view().is_mask_legend_open);
  stage.key(Key::l);
  CHECK(stage.view().is_lesson_open);
}

TEST_CASE("edits have names in both languages") {
  const InLanguage chinese(Language::chinese);
  const Document document = default_document();
  const std::vector<Edit> edits = {edits::set_seed(1), edits::set_random(RandomSource::torch), edits::set_sample_index(1), edits::set_mode(BudgetMode::sampled), edits::set_mode(BudgetMode::direct),
                                   edits::set_transfer_mode(), edits::set_transfer_role("caption", TransferRole::input), edits::set_preset("4M-7"), edits::set_input_tokens({1, 2}),
                                   edits::set_target_tokens({1, 2}), edits::set_all_targets(true), edits::set_sampling_weight(0, 1), edits::set_input_alpha("caption", 0, 1),
                                   edits::set_target_alpha("caption", 0, 1), edits::set_keep(0, KeepScheme::all), edits::set_direct_encoder("caption", 1), edits::set_direct_decoder("caption", 1),
                                   edits::set_direct("caption", 1, 1), edits::set_encoder_slots(1), edits::set_decoder_slots(1), edits::set_modality_enabled("caption", true),
                                   edits::set_modality_enabled("caption", false), edits::open_scene(1), edits::open_photo("a.png"), edits::open_text_file("a.txt"), edits::open_tokenizer("a.json"),
                                   edits::use_bundled_tokenizer(), edits::set_text("a"), edits::use_scene_caption(), edits::set_fit(FitMode::fit), edits::set_fit(FitMode::centre_crop),
                                   edits::set_grid(224, 16), edits::open_dataset("a"), edits::show_sample(1), edits::set_training(true), edits::set_training(false), edits::use_config("a.yaml"),
                                   edits::set_config_dataset("a"), edits::close_config(), edits::set_scheme(document.scheme), edits::open_dump("a.npz"), edits::show_dump_sample(1)};
  for (const Edit& edit : edits) {
    INFO(edit.name.english);
    CHECK(edit.name.text() != edit.name.english_text());
  }
}

TEST_CASE("Ctrl+C copies the value, unless the panel with the keyboard or a text field has something of its own") {
  PanelStage stage;
  stage.view().pinned = first_look(stage.masked());
  stage.frames(2);
  const auto copied = [&] {
    ImGui::SetClipboardText("nothing");
    stage.key(Key::c, ctrl);
    stage.frames(2);
    return std::string(ImGui::GetClipboardText());
  };
  const std::string title = tell_token(stage.masked(), stage.view().pinned.token).title;
  CHECK_THAT(copied(), contains_text(title + ": "));
  // A panel of its own Ctrl+C, only while it has the keyboard.
  stage.view().bottom_tab = BottomTab::table;
  stage.frames(2);
  CHECK_THAT(copied(), contains_text(title + ": "));
  const WidgetRect table = stage.widget("view.bottom");
  stage.click(ImVec2{table.x + table.width - 4, table.y + 8});
  stage.frames(2);
  const Pointed pinned = stage.view().pinned;
  CHECK(copied() == to_tsv(TensorTable(stage.masked(), TableKind::modality, pinned.token.modality)));
  stage.view().bottom_tab = BottomTab::attention;
  stage.frames(3);
  CHECK_THAT(copied(), contains_text(title + ": "));
  stage.key(Key::k, ctrl);
  stage.frames(2);
  CHECK(copied().empty());  // the field, which is empty, copied itself
}

TEST_CASE("a step's action glides there, as a click on the step does; with reduced motion it jumps") {
  for (const bool is_reduced : {false, true}) {
    PanelStage stage;
    stage.view().is_motion_reduced = is_reduced;
    stage.frames(2);
    stage.key(Key::k, ctrl);
    stage.frames(2);
    stage.type("Step 2: budgets");
    stage.key(Key::enter);
    stage.frame();
    CHECK((stage.view().steps.position == 2) == is_reduced);
    stage.frames(20);
    CHECK(stage.view().steps.position == 2);
  }
}

TEST_CASE("what is opened is offered again, and a session brings its view") {
  const ScratchFolder folder;
  const auto photo = write_png(folder, "p.png");
  PanelStage stage;
  stage.frames(2);
  stage.open({photo.string()});
  stage.frames(2);
  CHECK(stage.session().document().inputs.photo == photo);
  stage.view().bottom_tab = BottomTab::attention;
  stage.view().steps.position = 3;
  stage.view().isolated = Fate::decoder;
  stage.view().pinned = {{stage.masked().scheme.find("tok_rgb@224"), 5}, PackedSide::encoder, -1};
  stage.frames(2);
  const SessionView view = to_session_view(stage.view());
  CHECK(view.pinned_modality == "tok_rgb@224");
  save_session(stage.session().document(), folder.path() / "s.json", &view);

  PanelStage other;
  other.frames(2);
  other.open({(folder.path() / "s.json").string()});
  for (int i = 0; i < 2000 && other.session().document().inputs.photo != photo; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // opened on a thread
    other.frame();
  }
  other.frames(2);
  CHECK(other.session().document() == stage.session().document());
  CHECK(to_session_view(other.view()) == view);

  // By the palette: the session is the last file that was opened.
  other.session().apply(edits::open_scene(3));
  other.key(Key::k, ctrl);
  other.frames(2);
  other.type("s.json");
  other.key(Key::enter);
  for (int i = 0; i < 2000 && other.session().document().inputs.photo != photo; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    other.frame();
  }
  CHECK(other.session().document().inputs.photo == photo);
}

TEST_CASE("sheet, about and palette fit a window of 200 x 100 and one at scale 3") {
  for (const test::Screen screen : {test::Screen{200, 100, 1}, test::Screen{600, 300, 3}, test::Screen{1, 1, 1}, test::Screen{1024, 700, 2}}) {
    PanelStage stage(default_document(), screen);
    stage.frames(2);
    stage.view().is_shortcut_sheet_open = stage.view().is_about_open = stage.view().is_palette_wanted = true;
    stage.frames(4);
    CHECK(ImGui::GetDrawData()->Valid);
  }
}
