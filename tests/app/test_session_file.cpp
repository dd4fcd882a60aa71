// Session files: everything comes back, and whatever is wrong with one is named.
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <functional>

#include <nlohmann/json.hpp>

#include "app/autosave.h"
#include "app/session_file.h"
#include "core/draw.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;
using nlohmann::json;

namespace {

DatasetSpec some_dataset() {
  DatasetSpec spec;
  spec.path = "/data/[caption,rgb]/shard-{0..9}.tar";
  spec.modalities = {"caption", "rgb@224"};
  spec.modality_name_map = {{"pictures", "rgb"}};
  spec.is_path_by_hand = true;
  spec.is_validation = true;
  spec.transforms.is_training = true;
  spec.transforms.has_aligned_captions = false;
  spec.transforms.main_augment_domain = "rgb";
  spec.transforms.crop_scale[0] = 1.0 / 3;
  spec.transforms.crop_ratio[1] = 2.0;
  spec.transforms.flip_probability = 0.25;
  spec.sample = 431'207;
  spec.config = "/cfgs/data.yaml";
  spec.config_dataset = "cc12m";
  return spec;
}

// Every field differs from its default.
Document unusual_document() {
  Document document;
  document.inputs = {.picture = PictureSource::photo,
                     .scene_seed = 0xffffffffffffffffu,
                     .photo = "/pictures/h\xc3\xbc" "bsch \"quoted\".png",
                     .dataset = some_dataset(),
                     .dump = {"/dumps/batch.npz", 3},
                     .fit = FitMode::fit,
                     .text = "line\nbreak, tab\t, \xe6\x96\x87",
                     .text_file = "/texts/a b.txt",
                     .tokenizer = "/tokenizers/t.json",
                     .input_size = 448,
                     .patch_size = 14};
  document.random = RandomSource::torch;
  document.scheme = default_scheme();
  document.scheme.name = "own scheme";
  document.scheme.mode = BudgetMode::direct;
  document.scheme.sampling_weights = {0.1, 1.0 / 3};
  document.scheme.input_tokens = {1, 300};
  document.scheme.target_tokens.reset();
  document.scheme.max_tries = 7;
  document.scheme.encoder_slots = 77;
  document.scheme.decoder_slots = 78;
  int tokens = 1;
  for (SchemeModality& entry : document.scheme.modalities) {
    entry.modality.short_name += "x";
    entry.modality.min_tokens = 1;
    entry.modality.vocab_size += 3;
    entry.modality.has_encoder_embedding = tokens % 2;
    entry.modality.has_decoder_embedding = tokens % 3;
    entry.modality.vocab_offset = tokens;
    entry.modality.num_channels += 2;
    entry.modality.max_positions += 9;
    entry.modality.has_learned_positions = !entry.modality.has_learned_positions;
    entry.transfer_role = tokens % 2 ? TransferRole::input : TransferRole::target;
    entry.is_in_domain = tokens % 4;
    entry.is_out_domain = tokens % 5;
    entry.input_alphas = {0.1, 1e-9};
    entry.target_alphas = {1e9, 0.30000000000000004};
    entry.keep = {KeepScheme::binary, KeepScheme::all};
    entry.direct_encoder_tokens = tokens;
    entry.direct_decoder_tokens = ++tokens;
  }
  document.disabled = {"caption", "rgb@224"};
  document.seed = 0x8000000000000001u;
  document.sample_index = max_sample_index;
  return document;
}

json valid_json() { return json::parse(session_to_json(default_document())); }

struct Break {
  const char* what;
  std::function<void(json&)> apply;
  const char* says;
};

}  // namespace

TEST_CASE("a session file brings every field back") {
  for (Document document : {default_document(), unusual_document(), text_document("")}) {
    const std::string text = session_to_json(document);
    CHECK(is_session_json(text));
    CHECK(session_from_json(text, "s.json").document == document);
    CHECK(session_to_json(session_from_json(text, "s.json").document) == text);
  }
  Document none = default_document();
  none.inputs.picture = PictureSource::none;
  CHECK(session_from_json(session_to_json(none), "s.json").document == none);
}

TEST_CASE("every preset and grid survives a session file") {
  for (const std::string& name : preset_names()) {
    Document document = default_document();
    edits::set_preset(name).apply(document);
    edits::set_grid(448, 14).apply(document);
    CHECK(session_from_json(session_to_json(document), "s.json").document == document);
  }
}

TEST_CASE("a broken session file is refused with the file and the field") {
  const std::vector<Break> breaks = {
      {"version", [](json& j) { j["maskscope_session"] = 2; }, "session format 2"},
      {"version type", [](json& j) { j["maskscope_session"] = "1"; }, "\"maskscope_session\" is \"1\""},
      {"no version", [](json& j) { j.erase("maskscope_session"); }, "\"maskscope_session\" is missing"},
      {"draw naming", [](json& j) { j["draw_naming"] = 99; }, "draw naming 99"},
      {"seed", [](json& j) { j["seed"] = -1; }, "\"seed\" is -1"},
      {"seed real", [](json& j) { j["seed"] = 1.5; }, "\"seed\" is 1.5"},
      {"draw", [](json& j) { j["draw"] = "0"; }, "\"draw\""},
      {"draw range", [](json& j) { j["draw"] = max_sample_index + 1; }, "\"draw\""},
      {"inputs", [](json& j) { j["inputs"] = 3; }, "inputs: found number, expected an object"},
      {"no inputs", [](json& j) { j.erase("inputs"); }, "\"inputs\" is missing"},
      {"picture", [](json& j) { j["inputs"]["picture"] = "film"; }, "expected one of none, scene, photo"},
      {"photo", [](json& j) { j["inputs"]["photo"] = nullptr; }, "\"photo\" is null"},
      {"no photo named", [](json& j) { j["inputs"]["picture"] = "photo"; }, "no file is named"},
      {"fit", [](json& j) { j["inputs"]["fit"] = "stretch"; }, "\"fit\" is \"stretch\""},
      {"text", [](json& j) { j["inputs"]["text"] = 5; }, "\"text\" is number, expected a text"},
      {"size", [](json& j) { j["inputs"]["input_size"] = 300; }, "input size: found 300"},
      {"patch", [](json& j) { j["inputs"]["patch_size"] = 0; }, "patch size: found 0"},
      {"patch type", [](json& j) { j["inputs"]["patch_size"] = 16.5; }, "\"patch_size\" is 16.5"},
      {"scheme", [](json& j) { j["scheme"] = json::array(); }, "scheme: found array, expected an object"},
      {"mode", [](json& j) { j["scheme"]["mode"] = "guess"; }, "expected one of sampled, direct"},
      {"weights", [](json& j) { j["scheme"]["sampling_weights"] = "many"; }, "\"sampling_weights\""},
      {"range", [](json& j) { j["scheme"]["input_tokens"] = {1, 2, 3}; }, "\"input_tokens\" is [1,2,3]"},
      {"range kind", [](json& j) { j["scheme"]["input_tokens"] = {"1", 2}; }, "\"input_tokens\""},
      {"range of reals", [](json& j) { j["scheme"]["input_tokens"] = {1.5, 2}; }, "\"input_tokens\""},
      {"range too large", [](json& j) { j["scheme"]["input_tokens"] = {1, 5000000000}; }, "\"input_tokens\""},
      {"range reversed", [](json& j) { j["scheme"]["target_tokens"] = {9, 3}; }, "target tokens"},
      {"tries", [](json& j) { j["scheme"]["max_tries"] = 0; }, "max_tries"},
      {"slots", [](json& j) { j["scheme"]["encoder_slots"] = 3000000000; }, "\"encoder_slots\" is 3000000000"},
      {"slots range", [](json& j) { j["scheme"]["decoder_slots"] = -1; }, "decoder slots"},
      {"modalities", [](json& j) { j["scheme"]["modalities"] = 1; }, "\"modalities\" is number"},
      {"no modality", [](json& j) { j["scheme"]["modalities"] = json::array(); }, "no modality"},
      {"modality", [](json& j) { j["scheme"]["modalities"][2] = 1; }, "modality 2: found number"},
      {"type", [](json& j) { j["scheme"]["modalities"][0]["type"] = "film"; }, "modality 0: the field \"type\""},
      {"max_tokens", [](json& j) { j["scheme"]["modalities"][0]["max_tokens"] = 1000000000; }, "max_tokens: found 1000000000"},
      {"a budget beyond 2^31", [](json& j) { j["scheme"]["input_tokens"] = {1, 3000000000}; }, "two whole numbers of at most 2147483647"},
      {"slots beyond 2^31", [](json& j) { j["scheme"]["encoder_slots"] = 3000000000; }, "a whole number of at most 2147483647"},
      {"missing alphas", [](json& j) { j["scheme"]["modalities"][1].erase("input_alphas"); }, "\"input_alphas\" is missing"},
      {"alphas", [](json& j) { j["scheme"]["modalities"][1]["target_alphas"] = {-1.0}; }, "target_alphas"},
      {"keep", [](json& j) { j["scheme"]["modalities"][0]["keep"] = {"some"}; }, "keep is \"some\""},
      {"flag", [](json& j) { j["scheme"]["modalities"][0]["in_domain"] = 1; }, "\"in_domain\" is number, expected true or false"},
      {"order", [](json& j) { std::swap(j["scheme"]["modalities"][0], j["scheme"]["modalities"][1]); }, "sorted by name"},
      {"disabled", [](json& j) { j["disabled"] = {1}; }, "\"disabled\""},
  };
  for (const Break& item : breaks) {
    INFO(item.what);
    json broken = valid_json();
    item.apply(broken);
    const std::string sentence = sentence_of([&] { session_from_json(broken.dump(), "folder/s.json"); });
    CHECK_THAT(sentence, contains_text("folder/s.json"));
    CHECK_THAT(sentence, contains_text(item.says));
    CHECK(sentence.back() == '.');
  }
}

TEST_CASE("every field of a session file is required") {
  const json whole = valid_json();
  const auto is_refused_without = [](json broken, const std::string& pointer, const std::string& field) {
    broken.at(json::json_pointer(pointer)).erase(field);
    const std::string sentence = sentence_of([&] { session_from_json(broken.dump(), "s.json"); });
    INFO(pointer << " " << field << ": " << sentence);
    CHECK_THAT(sentence, contains_text("s.json"));
    CHECK_THAT(sentence, contains_text("\"" + field + "\" is missing"));
  };
  for (const std::string pointer : {"", "/inputs", "/scheme", "/scheme/modalities/0"}) {
    for (const auto& [field, value] : whole.at(json::json_pointer(pointer)).items()) {
      if (field == "text" || field == "target_tokens") continue;  // null when absent
      const std::vector<std::string> since_0_2 = {"rng", "vocab_offset", "num_channels", "max_positions", "learned_positions", "transfer"};
      if (std::find(since_0_2.begin(), since_0_2.end(), field) != since_0_2.end()) continue;  // sessions of 0.1 lack them
      is_refused_without(whole, pointer, field);
    }
  }
}

TEST_CASE("what is no JSON at all is refused") {
  for (const std::string& text : {std::string(), std::string("hello"), std::string("{\"maskscope_session\": 1"), std::string("[1]"), std::string("null"),
                                  std::string("{\"maskscope_session\": \"\xff\"}"), std::string(100000, '[')}) {
    CHECK_THAT(sentence_of([&] { session_from_json(text, "s.json"); }), contains_text("s.json"));
  }
  // Cut anywhere, it is refused, and never crashes.
  const std::string whole = session_to_json(default_document());
  for (std::size_t length = 0; length + 3 < whole.size(); length += 97) {
    CHECK(sentence_of([&] { session_from_json(whole.substr(0, length), "s.json"); }) != "no error");
  }
}

TEST_CASE("a modality whose kind does not fit the inputs can't crash a session") {
  json odd = valid_json();
  for (json& modality : odd["scheme"]["modalities"]) {
    if (modality["name"] == "rgb@224") {
      modality["type"] = "seq";
      modality["input_size"] = modality["patch_size"] = 0;
    }
    if (modality["name"] == "caption") modality["type"] = "img";
  }
  Session session = make_session(session_from_json(odd.dump(), "s.json").document);
  CHECK(session.frame().scheme.find("rgb@224") == -1);
  CHECK(session.frame().scheme.find("caption") == -1);
  CHECK(session.frame().scheme.num_modalities() == 6);
}

TEST_CASE("saving writes the whole file or leaves the old one") {
  const ScratchFolder folder;
  const auto path = folder.path() / "s.json";
  save_session(default_document(), path);
  const std::string before = read_all(path);
  CHECK(load_session(path).document == default_document());
  save_session(text_document("b"), path);
  CHECK(load_session(path).document == text_document("b"));
  save_session(default_document(), path);

  // A full disk: no file may grow beyond a few hundred bytes.
  signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit small{200, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const std::string sentence = sentence_of([&] { save_session(text_document("c"), path); });
  setrlimit(RLIMIT_FSIZE, &old);
  CHECK_THAT(sentence, contains_text(path.string()));
  CHECK_THAT(sentence, contains_text("could not be written"));
  CHECK(read_all(path) == before);

  std::filesystem::create_directory(folder.path() / "occupied.json");
  write_text(folder, "occupied.json/inside", "x");
  CHECK_THAT(sentence_of([&] { save_session(default_document(), folder.path() / "occupied.json"); }), contains_text("no regular file"));
  CHECK_THAT(sentence_of([&] { save_session(default_document(), path / "below" / "a" / "file.json"); }), contains_text("could not be written"));
  CHECK_THAT(sentence_of([&] { save_session(default_document(), folder.path() / "absent" / "s.json"); }), contains_text("folder exists"));
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) CHECK(entry.path().extension() != ".part");
}

TEST_CASE("a path that JSON can't hold is refused in a sentence") {
  const ScratchFolder folder;
  Document document = default_document();
  document.inputs.picture = PictureSource::photo;
  document.inputs.photo = "/pictures/caf\xe9.png";
  const auto path = folder.path() / "s.json";
  CHECK_THAT(sentence_of([&] { save_session(document, path); }), contains_text("UTF-8"));
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("loading names the file that is missing or too large") {
  const ScratchFolder folder;
  CHECK_THAT(sentence_of([&] { load_session(folder.path() / "absent.json"); }), contains_text("absent.json"));
  CHECK_THAT(sentence_of([&] { load_session(folder.path()); }), contains_text(folder.path().string()));
  const auto large = write_text(folder, "large.json", "{\"maskscope_session\": 1, \"x\": \"" + std::string(20u << 20, 'x') + "\"}");
  CHECK_THAT(sentence_of([&] { load_session(large); }), contains_text("large.json"));
}

TEST_CASE("the autosave goes where XDG says") {
  const ScopedVariable home("HOME", "/a-home");
  {
    const ScopedVariable state("XDG_STATE_HOME", "/var/state");
    CHECK(autosave_path() == "/var/state/maskscope/autosave.json");
  }
  const ScopedVariable empty("XDG_STATE_HOME", "");
  CHECK(autosave_path() == "/a-home/.local/state/maskscope/autosave.json");
  const ScopedVariable unset("XDG_STATE_HOME", nullptr);
  CHECK(autosave_path() == "/a-home/.local/state/maskscope/autosave.json");
}

TEST_CASE("saving replaces a session, and nothing else") {
  const ScratchFolder folder;
  const std::filesystem::path photo = write_text(folder, "photo.png", "not a session");
  CHECK_THAT(sentence_of([&] { save_session(default_document(), photo); }), contains_text("that is no session"));
  CHECK(read_all(photo) == "not a session");
  const std::filesystem::path session = folder.path() / "session.json";
  save_session(default_document(), session);
  Document other = default_document();
  other.seed = 7;
  save_session(other, session);
  CHECK(load_session(session).document.seed == 7);
}

TEST_CASE("a session nested without end is refused before anything recurses") {
  const std::string deep = "{\"maskscope_session\": " + std::string(400000, '[') + std::string(400000, ']') + "}";
  CHECK_THAT(sentence_of([&] { session_from_json(deep, "deep.json"); }), contains_text("deep.json"));
}

TEST_CASE("sessions of 0.1 still open: what they do not say is as it was") {
  json old = json::parse(session_to_json(default_document()));
  old.erase("rng");
  for (json& entry : old["scheme"]["modalities"]) {
    for (const char* field : {"vocab_offset", "num_channels", "max_positions", "learned_positions", "transfer"}) entry.erase(field);
  }
  CHECK(session_from_json(old.dump(), "old.json").document == default_document());
}
