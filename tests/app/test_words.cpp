// Every word of the window in every language: what the sources say is in the files of texts, and nothing else is.
#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "app/i18n/translate.h"
#include "tests/app/fixtures.h"
#include "tests/app/translated_literals.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;
namespace fs = std::filesystem;

namespace {

const fs::path source_root = MASKSCOPE_SOURCE_DIR;

using Texts = std::map<std::string, std::string>;  // by English

// What is wrong with a language's texts, against the keys that sources use: one sentence a fault.
std::vector<std::string> faults(const std::set<std::string>& used, const std::map<std::string, Texts>& files) {
  std::vector<std::string> found;
  std::map<std::string, std::pair<std::string, std::string>> all;  // file and text
  for (const auto& [file, texts] : files) {
    for (const auto& [english, text] : texts) {
      const auto [at, is_new] = all.try_emplace(english, file, text);
      if (!is_new && at->second.second != text) found.push_back(cat("two translations: ", english, " (", at->second.first, ", ", file, ")"));
      if (!used.contains(english)) found.push_back(cat("nobody says: ", english, " (", file, ")"));
      if (text.empty()) found.push_back(cat("empty: ", english, " (", file, ")"));
      if (places_of(english) != places_of(text)) found.push_back(cat("other places: ", english, " (", file, ")"));
    }
  }
  for (const std::string& english : used) {
    if (!all.contains(english)) found.push_back(cat("not translated: ", english));
  }
  return found;
}

std::set<std::string> texts_of_sources() {
  std::set<std::string> texts;
  for (const fs::path& file : sources_below(source_root / "app")) {
    if (file.parent_path().filename() == "i18n") continue;  // its header shows how it is used
    for (std::string& text : translated_literals(read_all(file))) texts.insert(std::move(text));
  }
  return texts;
}

std::map<std::string, Texts> texts_of_language(const std::string& code) {
  std::map<std::string, Texts> files;
  for (const auto& entry : fs::directory_iterator(source_root / "assets/i18n" / code)) {
    if (entry.path().extension() != ".json") continue;
    // A key that stands twice in one file: the parser would take the last one without a word.
    std::set<std::string> seen;
    const auto watch = [&](int, nlohmann::json::parse_event_t event, nlohmann::json& value) {
      if (event == nlohmann::json::parse_event_t::key) {
        INFO(entry.path().filename().string() << ": " << value);
        CHECK(seen.insert(value.get<std::string>()).second);
      }
      return true;
    };
    files[entry.path().filename().string()] = nlohmann::json::parse(read_all(entry.path()), watch).get<Texts>();
  }
  return files;
}

}  // namespace

TEST_CASE("words: the collector reads C++") {
  const std::string source = R"cpp(
    // tr("in a comment")
    /* tr("in another") */
    const char* a = tr("one " "two"
                       " three");
    const char quote = '"'; use('\'', '\\');
    text = fill(tr("a \"{0}\"\n{1}"), name("no"), cat("no"));
    text = tr(is_long ? "long" : "short");
    text = tr_count(count, "one slot", "many slots");
    constexpr Entry entries[] = {{tr_later("in a table"), "no"}};
    session.say(MessageLevel::info, later(is_one ? tr_later("one") : tr_later("many"), "no"));
    session.say(MessageLevel::info, later("Opened {0}.", "no"));
    text = str("no") + attr("no") + tr(name) + x.tr_no("no");
    std::string_view inside = "tr(\"no\")";
  )cpp";
  CHECK(translated_literals(source) == std::vector<std::string>{"one two three", "a \"{0}\"\n{1}", "long", "short", "one slot", "many slots", "in a table", "one", "many",
                                                                "Opened {0}."});
}

TEST_CASE("words: each fault of a language is found") {
  const std::set<std::string> used = {"seed", "{0} of {1}"};
  CHECK(faults(used, {{"a.json", {{"seed", "种子"}, {"{0} of {1}", "{1} 中的 {0}"}}}}).empty());
  const auto only = [&](const std::map<std::string, Texts>& files) {
    const std::vector<std::string> found = faults(used, files);
    return found.size() == 1 ? found.front() : cat(found.size(), " faults");
  };
  CHECK(only({{"a.json", {{"seed", "种子"}}}}) == "not translated: {0} of {1}");
  CHECK(only({{"a.json", {{"seed", "种子"}, {"{0} of {1}", "{0} / {2}"}}}}) == "other places: {0} of {1} (a.json)");
  CHECK(only({{"a.json", {{"seed", "种子"}, {"{0} of {1}", "{0} / {1}"}, {"sead", "种子"}}}}) == "nobody says: sead (a.json)");
  CHECK(only({{"a.json", {{"seed", "种子"}, {"{0} of {1}", "{0} / {1}"}}}, {"b.json", {{"seed", "随机种子"}}}}) == "two translations: seed (a.json, b.json)");
  CHECK(only({{"a.json", {{"seed", ""}, {"{0} of {1}", "{0} / {1}"}}}}) == "empty: seed (a.json)");
}

TEST_CASE("words: Chinese has every text of the sources, and no other") {
  const std::set<std::string> used = texts_of_sources();
  CHECK(used.size() > 250);
  CHECK(used.contains("Attention"));
  std::string all;
  for (const std::string& fault : faults(used, texts_of_language("zh"))) all += fault + '\n';
  CHECK(all == "");
}

TEST_CASE("words: what is shown without tr is found") {
  const auto found = [](const std::string& source) { return untranslated_literals(source); };
  CHECK(found(R"(widgets::tooltip(context, "Click");)") == std::vector<std::string>{"Click"});
  CHECK(found(R"(widgets::text(context, font, {x, y}, colour, is_hot ? "hide" : max);)") == std::vector<std::string>{"hide"});
  CHECK(found(R"(widgets::tooltip(context, cat(name, " more"));)") == std::vector<std::string>{" more"});
  CHECK(found(R"(widgets::chip(context, "id", "", "Go");)") == std::vector<std::string>{"Go"});
  CHECK(found(R"(ImGui::MenuItem("Undo", nullptr);)") == std::vector<std::string>{"Undo"});
  CHECK(found(R"(session.say(MessageLevel::info, cat("Opened ", path));)") == std::vector<std::string>{"Opened "});
  CHECK(found(R"(widgets::chip(context, "id", "", tr("Go")); widgets::text(context, font, at, colour, fill(tr("a {0}"), 1)); ImGui::Text("%s##x", a);
                 widgets::tooltip(context, cat(tr("x"), " · ", names[at("y")])); session.say(level, later(tr_later("a"), b)); gossip(say("x"));)")
            .empty());
}

TEST_CASE("words: no panel shows a text that is not translated") {
  // Names are the same in every language.
  const std::set<std::string> names = {"maskscope", "PyTorch", "Philox", "CPU", "CUDA", "CUDA ", "CPU ", "0", "D", "maskscope "};
  std::string all;
  for (const fs::path& file : sources_below(source_root / "app/panels")) {
    for (const std::string& text : untranslated_literals(read_all(file))) {
      if (!names.contains(text)) all += cat(file.filename().string(), ": ", text, '\n');
    }
  }
  CHECK(all == "");
}

TEST_CASE("words: a language whose files are missing or broken is a sentence") {
  const ScratchFolder folder;
  const auto sentence = [&] { return sentence_of([&] { read_texts(folder.path()); }); };
  CHECK_THAT(sentence(), contains_text("there are no texts in it"));
  CHECK_THAT(sentence_of([&] { read_texts(folder.path() / "gone"); }), contains_text("No such file"));
  for (const auto& [content, what] : {std::pair{R"({"a": "b")", "not a JSON object"}, {R"(["a"])", "not a JSON object"}, {"", "not a JSON object"}, {R"({"a": 1})", "\"a\" is no text"}}) {
    write_text(folder, "broken.json", content);
    CHECK_THAT(sentence(), contains_text(what));
    CHECK_THAT(sentence(), contains_text("broken.json"));
    CHECK_THAT(sentence(), contains_text("Install maskscope again"));
  }
  write_text(folder, "broken.json", R"({"a": "b"})");
  write_text(folder, "other.json", R"({"c": "d"})");
  CHECK(read_texts(folder.path()) == std::unordered_map<std::string, std::string>{{"a", "b"}, {"c", "d"}});
}

TEST_CASE("words: filled in, in the order of the language") {
  CHECK(fill("{0} of {1}", 3, "x") == "3 of x");
  CHECK(fill("{1}: {0}", 3, "x") == "x: 3");
  CHECK(fill("{0} {2} {x} {", 3) == "3 {2} {x} {");
  const LaterText text = later("Opened {0}.", "a.png");
  CHECK(text.text() == "Opened a.png.");
  set_language(Language::chinese);
  CHECK(text.text() == "已打开 a.png。");
  CHECK(text.english_text() == "Opened a.png.");
  CHECK(std::string(tr("nobody translates this")) == "nobody translates this");
  CHECK(std::string(tr_count(1, "{0} error", "{0} errors")) == "{0} 个错误");
  set_language(Language::english);
  CHECK(text.text() == "Opened a.png.");
}

TEST_CASE("words: a message is shown in the language of now, and logged in English") {
  Session session = make_session(text_document("a red ball"));
  session.say(MessageLevel::info, later("Opened {0}.", "a.png"));
  CHECK(session.messages().back().shown() == "Opened a.png.");
  REQUIRE(session.apply(edits::set_input_alpha("caption", 0, 0.5)));
  set_language(Language::chinese);
  CHECK(session.messages().back().shown() == "已打开 a.png。");
  CHECK(session.messages().back().sentence == "Opened a.png.");
  CHECK(session.undo_name() == "caption 的输入 α");
  session.say(MessageLevel::error, "file.txt: it is empty.");
  CHECK(session.messages().back().shown() == "file.txt: it is empty.");
  set_language(Language::english);
  CHECK(session.undo_name() == "input alpha of caption");
}
