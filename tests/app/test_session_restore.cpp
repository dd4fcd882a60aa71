// Sessions whose files are gone, or that are broken in part: the rest opens, and what is missing is said.
#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>

#include "app/session_restore.h"
#include "core/draw.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;
using nlohmann::json;

namespace {

json valid_json() {
  Document document = default_document();
  document.seed = 7;
  SessionView view;
  view.tab = "table";
  view.step = 3;
  return json::parse(session_to_json(document, &view));
}

bool says(const SavedSession& session, const std::string& part) {
  return std::any_of(session.losses.begin(), session.losses.end(), [&](const std::string& one) { return one.find(part) != std::string::npos; });
}

std::string all_losses(const SavedSession& session) {
  std::string all;
  for (const std::string& one : session.losses) all += one + "\n";
  return all;
}

SavedSession saved_with(const std::function<void(InputSpec&)>& change) {
  SavedSession session;
  session.document = default_document();
  session.document.seed = 7;
  change(session.document.inputs);
  return session;
}

}  // namespace

TEST_CASE("the view comes back with a session") {
  SessionView view;
  view.step = 4.5;
  view.tab = "attention";
  view.pinned_modality = "caption";
  view.pinned_origin = 3;
  view.isolated = Fate::end_of_text;
  view.is_lesson_open = true;
  view.lesson = 2;
  view.lesson_page = 1;
  view.is_attention_causal = true;
  view.is_attention_separate = false;
  view.embedding_dim = 768;
  view.shows_target_alphas = true;
  view.shows_ids_over_picture = true;
  for (int i = 0; i < 3; ++i) {
    const std::string text = session_to_json(default_document(), &view);
    const SavedSession strict = session_from_json(text, "s.json"), lenient = restored_from_json(text, "s.json");
    REQUIRE(strict.view);
    REQUIRE(lenient.view);
    CHECK(*strict.view == view);
    CHECK(*lenient.view == view);
    CHECK(strict.document == default_document());
    CHECK(lenient.losses.empty());
    view.pinned_modality.clear();
    view.pinned_origin = 0;
    view.pinned_slot = i == 0 ? 120 : -1;
    view.is_pinned_slot_decoder = i == 0;
  }
  CHECK_FALSE(session_from_json(session_to_json(default_document()), "s.json").view);
}

TEST_CASE("every fate and every view has a name in a session") {
  for (int fate = 0; fate <= static_cast<int>(Fate::end_of_text); ++fate) {
    for (const char* tab : tab_names) {
      SessionView view;
      view.isolated = static_cast<Fate>(fate);
      view.tab = tab;
      CHECK(*session_from_json(session_to_json(default_document(), &view), "s.json").view == view);
    }
  }
}

TEST_CASE("what is broken in a session is left out, said with file, field, found and expected, and the rest opens") {
  const struct {
    const char* what;
    std::function<void(json&)> apply;
    const char* says;
  } breaks[] = {
      {"newer version", [](json& j) { j["maskscope_session"] = 2; j["novelty"] = 1; }, "session format 2"},
      {"version type", [](json& j) { j["maskscope_session"] = "1"; }, "\"maskscope_session\" is \"1\""},
      {"draw naming", [](json& j) { j["draw_naming"] = 99; }, "draw naming 99"},
      {"no draw naming", [](json& j) { j.erase("draw_naming"); }, "\"draw_naming\" is missing"},
      {"draw", [](json& j) { j["draw"] = -3; }, "\"draw\" is -3"},
      {"rng", [](json& j) { j["rng"] = "dice"; }, "\"rng\" is \"dice\""},
      {"inputs", [](json& j) { j["inputs"] = 5; }, "inputs: found number"},
      {"picture", [](json& j) { j["inputs"]["picture"] = "film"; }, "\"picture\" is \"film\""},
      {"no photo named", [](json& j) { j["inputs"]["picture"] = "photo"; }, "no file is named"},
      {"fit", [](json& j) { j["inputs"].erase("fit"); }, "\"fit\" is missing"},
      {"text", [](json& j) { j["inputs"]["text"] = 5; }, "\"text\" is number"},
      {"size", [](json& j) { j["inputs"]["input_size"] = 300; }, "input size: found 300"},
      {"dataset", [](json& j) { j["inputs"]["dataset"] = 1; }, "dataset: found number"},
      {"dump", [](json& j) { j["inputs"]["dump"] = {{"path", 1}}; }, "dump: the field \"path\""},
      {"scheme", [](json& j) { j["scheme"] = 1; }, "scheme: found number"},
      {"no scheme", [](json& j) { j.erase("scheme"); }, "\"scheme\" is missing"},
      {"mode", [](json& j) { j["scheme"]["mode"] = "guess"; }, "\"mode\" is \"guess\""},
      {"range", [](json& j) { j["scheme"]["input_tokens"] = {1, 2, 3}; }, "\"input_tokens\" is [1,2,3]"},
      {"invalid scheme", [](json& j) { j["scheme"]["max_tries"] = 0; }, "max_tries"},
      {"modalities", [](json& j) { j["scheme"]["modalities"] = "all"; }, "\"modalities\" is string"},
      {"a modality", [](json& j) { j["scheme"]["modalities"][2]["type"] = "film"; }, "modality 2: the field \"type\""},
      {"every modality", [](json& j) { for (json& one : j["scheme"]["modalities"]) one = 1; }, "modality 6: found number"},
      {"disabled", [](json& j) { j["disabled"] = 1; }, "\"disabled\""},
      {"unknown modality", [](json& j) { j["disabled"] = {"smell@224"}; }, "the modality \"smell@224\""},
      {"view", [](json& j) { j["view"] = "nice"; }, "view: found string"},
      {"step", [](json& j) { j["view"]["step"] = 7; }, "view: the field \"step\" is 7"},
      {"tab", [](json& j) { j["view"]["tab"] = "cooking"; }, "\"tab\" is \"cooking\""},
      {"pinned", [](json& j) { j["view"]["pinned"] = {{"modality", 5}}; }, "pinned: the field \"modality\" is number"},
      {"pinned slot", [](json& j) { j["view"]["pinned"] = {{"side", "encoder"}, {"slot", -5}}; }, "\"slot\" is -5"},
      {"isolated", [](json& j) { j["view"]["isolated"] = "lost"; }, "\"isolated\" is \"lost\""},
      {"lesson", [](json& j) { j["view"]["lesson"] = {{"open", true}, {"chapter", 0}, {"page", 1}}; }, "lesson: the field \"chapter\" is 0"},
      {"attention", [](json& j) { j["view"]["attention"] = {{"causal", 1}}; }, "\"causal\" is number"},
      {"D", [](json& j) { j["view"]["embedding_dim"] = 1000000; }, "\"embedding_dim\" is 1000000"},
      {"D that no view has", [](json& j) { j["view"]["embedding_dim"] = 100; }, "\"embedding_dim\" is 100"},
  };
  for (const auto& one : breaks) {
    INFO(one.what);
    json broken = valid_json();
    one.apply(broken);
    SavedSession session = restored_from_json(broken.dump(), "folder/s.json");
    INFO(all_losses(session));
    CHECK(says(session, one.says));
    for (const std::string& loss : session.losses) CHECK_THAT(loss, contains_text("folder/s.json"));
    CHECK(session.document.seed == 7);  // which was not broken
    if (std::string_view(one.what) != "view") {
      REQUIRE(session.view);
      CHECK(session.view->tab == (std::string_view(one.what) == "tab" ? "tokens" : "table"));
    }
    restore_inputs(session, "folder/s.json");
    CHECK(make_session(session.document).frame().scheme.num_modalities() > 0);
  }
}

TEST_CASE("what is no session is refused, however much is forgiven") {
  for (const std::string& text : {std::string(), std::string("hello"), std::string("{}"), std::string("[1]"), std::string("{\"seed\": 1}"), std::string("{\"maskscope_session\": 1"),
                                  std::string(100000, '[')}) {
    CHECK_THAT(sentence_of([&] { restored_from_json(text, "s.json"); }), contains_text("s.json"));
  }
}

TEST_CASE("a session of any subset of its fields opens") {
  const json whole = valid_json();
  for (const std::string pointer : {"", "/inputs", "/scheme", "/scheme/modalities/0", "/view"}) {
    for (const auto& [field, value] : whole.at(json::json_pointer(pointer)).items()) {
      if (field == "maskscope_session") continue;
      for (const json& other : {json(), json(-1), json("x"), json::array({1}), json::object()}) {
        json changed = whole;
        if (other.is_null()) changed.at(json::json_pointer(pointer)).erase(field);
        else changed.at(json::json_pointer(pointer))[field] = other;
        INFO(pointer << ' ' << field << " = " << other.dump());
        SavedSession session = restored_from_json(changed.dump(), "s.json");
        CHECK_NOTHROW(validate(session.document.scheme));
        CHECK_NOTHROW(validate(session.document.inputs));
      }
    }
  }
}

TEST_CASE("files that are gone are replaced, one sentence each") {
  const ScratchFolder folder;
  const std::filesystem::path gone = folder.path() / "gone";
  const struct {
    const char* what;
    std::function<void(InputSpec&)> change;
    std::vector<std::string> says;
  } cases[] = {
      {"photo", [&](InputSpec& s) { s.picture = PictureSource::photo; s.photo = gone / "p.png"; s.text = "a cat"; }, {"photo: ", "p.png", "The bundled scene is shown instead."}},
      {"tokenizer", [&](InputSpec& s) { s.tokenizer = gone / "t.json"; }, {"tokenizer: ", "t.json", "The bundled tokenizer is used instead."}},
      {"text file", [&](InputSpec& s) { s.text = "a cat"; s.text_file = gone / "c.txt"; }, {"text_file: ", "c.txt", "Its text is in the session"}},
      {"dump", [&](InputSpec& s) { s.picture = PictureSource::dump; s.dump = {gone / "d.npz", 2}; }, {"dump: ", "d.npz", "The bundled scene is shown instead."}},
      {"dataset", [&](InputSpec& s) { s.picture = PictureSource::dataset; s.dataset.path = (gone / "d").string(); s.dataset.modalities = {"caption"}; }, {"dataset: ", "gone", "scene is shown"}},
      {"config", [&](InputSpec& s) { s.dataset.config = gone / "c.yaml"; s.dataset.config_dataset = "x"; }, {"config: ", "c.yaml", "The scheme is the session's own"}},
      {"all", [&](InputSpec& s) { s.picture = PictureSource::photo; s.photo = gone / "p.png"; s.tokenizer = gone / "t.json"; s.text = "a"; s.text_file = gone / "c.txt"; s.dataset.config = gone / "c.yaml"; },
       {"p.png", "t.json", "c.txt", "c.yaml"}},
  };
  for (const auto& one : cases) {
    INFO(one.what);
    SavedSession session = saved_with(one.change);
    const std::optional<std::string> text = session.document.inputs.text;
    restore_inputs(session, "s.json");
    INFO(all_losses(session));
    for (const std::string& part : one.says) CHECK(says(session, part));
    CHECK(session.losses.size() == (std::string_view(one.what) == "all" ? 4 : 1));
    CHECK(session.document.inputs.text == text);
    CHECK(session.document.seed == 7);
    CHECK(session.document.scheme == default_document().scheme);
    CHECK(make_session(session.document).frame().scheme.num_modalities() > 0);
  }
}

TEST_CASE("a photo that is there but no picture any more is replaced too") {
  const ScratchFolder folder;
  const auto photo = write_text(folder, "p.png", "no picture");
  SavedSession session = saved_with([&](InputSpec& s) { s.picture = PictureSource::photo; s.photo = photo; });
  restore_inputs(session, "s.json");
  CHECK(says(session, photo.string()));
  CHECK(session.document.inputs.picture == PictureSource::scene);
}

TEST_CASE("what is there stays, and nothing is said") {
  const ScratchFolder folder;
  const auto photo = write_png(folder, "p.png");
  SavedSession session = saved_with([&](InputSpec& s) { s.picture = PictureSource::photo; s.photo = photo; });
  const Document before = session.document;
  restore_inputs(session, "s.json");
  CHECK(session.losses.empty());
  CHECK(session.document == before);
}

TEST_CASE("a sample beyond the end of a data set becomes sample 0") {
  const ScratchFolder folder;
  std::filesystem::create_directories(folder.path() / "caption" / "a");
  write_text(folder, "caption/a/0.txt", "a cat");
  write_text(folder, "caption/a/1.txt", "a dog");
  Document document = default_document();
  edits::open_dataset(folder.path().string()).apply(document);
  SavedSession session;
  session.document = document;
  session.document.inputs.dataset.sample = 5000;
  restore_inputs(session, "s.json");
  INFO(all_losses(session));
  CHECK(session.losses.size() == 1);
  CHECK(says(session, "Sample 0 is shown instead."));
  CHECK(session.document == document);
}

TEST_CASE("a scheme that fits nothing of what is shown instead becomes the default one") {
  const ScratchFolder folder;
  SavedSession session = saved_with([&](InputSpec& s) { s.picture = PictureSource::dump; s.dump = {folder.path() / "gone.npz", 0}; });
  std::erase_if(session.document.scheme.modalities, [](const SchemeModality& entry) { return entry.modality.name != "caption"; });
  session.document.scheme.modalities.front().modality.name = "poem";
  restore_inputs(session, "s.json");
  CHECK(says(session, "The default scheme is taken."));
  CHECK(session.document.scheme == default_document().scheme);
}

TEST_CASE("opening a session by name restores it in the window, and is strict elsewhere") {
  const ScratchFolder folder;
  Document document = default_document();
  document.inputs.picture = PictureSource::photo;
  document.inputs.photo = folder.path() / "gone.png";
  document.seed = 7;
  SessionView view;
  view.tab = "table";
  save_session(document, folder.path() / "s.json", &view);
  const std::string name = (folder.path() / "s.json").string();

  Session session = make_session();
  CHECK_FALSE(session.apply(edits::open_any(name)));
  CHECK_THAT(last_sentence(session), contains_text("gone.png"));
  const Edit edit = edits::open_any(name, /*is_restoring=*/true);
  REQUIRE(session.apply(edit));
  REQUIRE(edit.extras);
  REQUIRE(edit.extras->view);
  CHECK(edit.extras->view->tab == "table");
  CHECK(edit.extras->losses.size() == 1);
  CHECK(session.document().seed == 7);
  CHECK(session.document().inputs.picture == PictureSource::scene);
  session.undo();
  CHECK(session.document() == default_document());
  CHECK(run_command({"mask", name}).code == 2);
}
