// Settings: they come back, and of a broken file whatever can be used is.
#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <sys/resource.h>

#include "app/settings.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;
using nlohmann::json;

namespace {

Settings unusual_settings() {
  Settings settings;
  settings.is_light = true;
  settings.language = Language::chinese;
  settings.text_size = 1.5f;
  settings.is_motion_reduced = true;
  settings.bottom_share = 0.25f;
  settings.window_width = 1024;
  settings.window_height = 700;
  settings.lesson = 3;
  settings.lesson_page = 2;
  settings.finished_lessons = 5;
  settings.recent = RecentFiles({"/a/b.png", "/data/[caption,rgb]/s-{0..9}.tar", "/文/件"}, "/a");
  return settings;
}

// What starts without a language of its own.
class PlainLocale {
  ScopedVariable all_{"LC_ALL", nullptr}, messages_{"LC_MESSAGES", nullptr}, lang_{"LANG", "C"};
};

bool says(const LoadedSettings& loaded, const std::string& part) {
  return std::any_of(loaded.sentences.begin(), loaded.sentences.end(), [&](const std::string& one) { return one.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("settings come back as they were") {
  const ScratchFolder folder;
  const auto path = folder.path() / "new" / "folder" / "settings.json";
  for (const Settings& settings : {Settings{}, unusual_settings()}) {
    save_settings(settings, path);
    const LoadedSettings loaded = load_settings(path);
    CHECK(loaded.settings == settings);
    CHECK(loaded.sentences.empty());
  }
  CHECK_FALSE(std::filesystem::exists(path.string() + ".broken"));
}

TEST_CASE("without a file the settings are those of a first start") {
  const ScratchFolder folder;
  const ScopedVariable all("LC_ALL", nullptr), messages("LC_MESSAGES", nullptr);
  const struct {
    const char* lang;
    Language language;
  } cases[] = {{"zh_CN.UTF-8", Language::chinese}, {"zh", Language::chinese}, {"en_US.UTF-8", Language::english}, {"C", Language::english}, {nullptr, Language::english}};
  for (const auto& one : cases) {
    const ScopedVariable lang("LANG", one.lang);
    const LoadedSettings loaded = load_settings(folder.path() / "settings.json");
    CHECK(loaded.settings.language == one.language);
    CHECK(loaded.sentences.empty());
  }
  const ScopedVariable lang("LANG", "zh_CN.UTF-8"), over("LC_ALL", "en_GB.UTF-8");
  CHECK(first_settings().language == Language::english);
}

TEST_CASE("each broken setting is said and left as at a first start; the others are used; the file is kept") {
  const PlainLocale locale;
  const struct {
    const char* field;
    json value;
    const char* says;
  } breaks[] = {{"theme", "blue", "theme is the text \"blue\", expected \"light\" or \"dark\""},
                {"language", 5, "language is the number 5"},
                {"text_size", "big", "text_size is the text \"big\", expected a number from 0.75 to 3"},
                {"text_size", 99, "text_size is the number 99"},
                {"reduced_motion", 1, "reduced_motion is the number 1, expected true or false"},
                {"bottom_share", -1, "bottom_share is the number -1"},
                {"window", 7, "window is the number 7, expected an object"},
                {"window", {{"width", 1e9}, {"height", 700}}, "width is"},
                {"window", {{"width", 1024}, {"height", 0}}, "height is the number 0"},
                {"lesson", {{"chapter", -2}}, "chapter is the number -2"},
                {"recent", "x", "recent is the text \"x\", expected a list of paths"},
                {"recent", {1, "/b"}, "recent is the number 1"},
                {"folder", json::array(), "folder is a list"},
                {"maskscope_settings", 2, "settings of version 2, this program knows version 1"},
                {"maskscope_settings", "one", "expected the number of a version"}};
  for (const auto& one : breaks) {
    INFO(one.field << " " << one.value.dump());
    const ScratchFolder folder;
    const auto path = folder.path() / "settings.json";
    save_settings(unusual_settings(), path);
    json changed = json::parse(read_all(path));
    changed[one.field] = one.value;
    const std::string written = changed.dump();
    write_text(folder, "settings.json", written);
    const LoadedSettings loaded = load_settings(path);
    CHECK(says(loaded, path.string()));
    CHECK(says(loaded, one.says));
    CHECK(read_all(path.string() + ".broken") == written);
    CHECK(says(loaded, ".broken"));
    const bool is_theme = std::string_view(one.field) == "theme", is_motion = std::string_view(one.field) == "reduced_motion";
    CHECK(loaded.settings.is_light == !is_theme);
    CHECK(loaded.settings.is_motion_reduced == !is_motion);
  }
}

TEST_CASE("what is no settings file at all gives a first start, and is kept under a name that is free") {
  const PlainLocale locale;
  const ScratchFolder folder;
  const auto path = folder.path() / "settings.json";
  int number = 0;
  for (const std::string& text : {std::string(), std::string("{"), std::string("[1]"), std::string("hello"), std::string("\xff\xfe"), std::string(5000, '['), std::string(2u << 20, ' ')}) {
    write_text(folder, "settings.json", text);
    const LoadedSettings loaded = load_settings(path);
    CHECK(loaded.settings == Settings{});
    CHECK(says(loaded, path.string()));
    ++number;
    CHECK(read_all(path.string() + ".broken" + (number == 1 ? "" : cat('-', number))) == text);
  }
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  const LoadedSettings loaded = load_settings(path);
  CHECK(loaded.settings == Settings{});
  CHECK_FALSE(loaded.sentences.empty());
}

TEST_CASE("a full disk leaves the old settings") {
  const ScratchFolder folder;
  const auto path = folder.path() / "settings.json";
  save_settings(Settings{}, path);
  const std::string before = read_all(path);
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit small{20, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const std::string sentence = sentence_of([&] { save_settings(unusual_settings(), path); });
  setrlimit(RLIMIT_FSIZE, &old);
  CHECK_THAT(sentence, contains_text(path.string()));
  CHECK(read_all(path) == before);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) CHECK(entry.path() == path);
}

TEST_CASE("a name that is not UTF-8 is not remembered, the others are") {
  const ScratchFolder folder;
  const auto path = folder.path() / "settings.json";
  Settings settings;
  settings.recent = RecentFiles({"/caf\xe9.png", "/b.png"}, "/caf\xe9");
  save_settings(settings, path);
  CHECK(load_settings(path).settings.recent == RecentFiles({"/b.png"}, ""));
}

TEST_CASE("the settings go where XDG says") {
  const ScopedVariable home("HOME", "/a-home");
  {
    const ScopedVariable config("XDG_CONFIG_HOME", "/etc/own");
    CHECK(settings_path() == "/etc/own/maskscope/settings.json");
  }
  const ScopedVariable unset("XDG_CONFIG_HOME", nullptr);
  CHECK(settings_path() == "/a-home/.config/maskscope/settings.json");
}

TEST_CASE("recent files: the last one first, each once, at most twelve") {
  const ScratchFolder folder;
  const auto file = write_text(folder, "a.txt", "a");
  RecentFiles recent;
  for (int i = 0; i < 20; ++i) recent.add(cat("/gone/", i));
  CHECK(recent.paths().size() == RecentFiles::max_paths);
  CHECK(recent.paths().front() == "/gone/19");
  CHECK(recent.folder().empty());
  recent.add(file.string());
  recent.add("/gone/19");
  CHECK(recent.paths()[0] == "/gone/19");
  CHECK(recent.paths()[1] == file.string());
  CHECK(recent.folder() == folder.path().string());
  CHECK(std::count(recent.paths().begin(), recent.paths().end(), "/gone/19") == 1);
  recent.remove("/gone/19");
  CHECK(recent.paths().front() == file.string());
}
