#include "app/settings.h"

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "core/data/json_fields.h"
#include "core/data/text_file.h"
#include "core/data/utf8.h"
#include "core/data/whole_file.h"
#include "core/error.h"

namespace maskscope {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t max_settings_bytes = std::size_t{1} << 20;
constexpr std::size_t max_settings_values = 1000;
constexpr int max_kept_copies = 99;

// Takes the fields one by one; each that can't be used becomes a sentence and leaves what was there.
class Reader {
 public:
  Reader(const Json& json, const fs::path& path, std::vector<std::string>& sentences) : json_(json), where_(path.string()), sentences_(sentences) {}

  void flag(const char* field, bool& value) {
    if (const Json* found = find(field)) {
      if (found->is_boolean()) value = found->get<bool>();
      else say(field, *found, "true or false");
    }
  }
  // is_first: whether the first of two names is meant.
  void choice(const char* field, const char* first, const char* second, bool& is_first) {
    if (const Json* found = find(field)) {
      if (*found == first) is_first = true;
      else if (*found == second) is_first = false;
      else say(field, *found, cat('"', first, "\" or \"", second, '"'));
    }
  }
  void number(const char* field, double low, double high, float& value, bool may_be_zero = false) {
    if (const Json* found = find(field)) {
      const double number = found->is_number() ? found->get<double>() : std::nan("");
      if ((number >= low && number <= high) || (may_be_zero && number == 0)) value = static_cast<float>(number);
      else say(field, *found, cat("a number from ", low, " to ", high));
    }
  }
  void integer(const char* field, int low, int high, int& value) {
    if (const Json* found = find(field)) {
      if (found->is_number_integer() && *found >= low && *found <= high) value = found->get<int>();
      else say(field, *found, cat("a whole number from ", low, " to ", high));
    }
  }
  void text(const char* field, std::string& value) {
    if (const Json* found = find(field)) {
      if (found->is_string()) value = found->get<std::string>();
      else say(field, *found, "a text");
    }
  }
  void texts(const char* field, std::vector<std::string>& values) {
    const Json* found = find(field);
    if (!found) return;
    if (!found->is_array()) return say(field, *found, "a list of paths");
    for (const Json& one : *found) {
      if (one.is_string()) values.push_back(one.get<std::string>());
      else say(field, one, "a path in each place");
    }
  }
  void say(const char* field, const Json& found, const std::string& expected) {
    sentences_.push_back(cat(where_, ": ", field, " is ", describe(found), ", expected ", expected, ". It is as at a first start; choose it again in the View menu."));
  }

 private:
  const Json* find(const char* field) const {
    const auto found = json_.find(field);
    return found == json_.end() ? nullptr : &*found;
  }

  const Json& json_;
  std::string where_;
  std::vector<std::string>& sentences_;
};

// A part of the file that is an object; empty where it is missing or something else.
Json part(Reader& reader, const Json& json, const char* field) {
  const auto found = json.find(field);
  if (found == json.end()) return Json::object();
  if (found->is_object()) return *found;
  reader.say(field, *found, "an object");
  return Json::object();
}

void read_fields(const Json& json, const fs::path& path, LoadedSettings& loaded) {
  Settings& settings = loaded.settings;
  Reader reader(json, path, loaded.sentences);
  reader.choice("theme", "light", "dark", settings.is_light);
  bool is_chinese = settings.language == Language::chinese;
  reader.choice("language", "zh", "en", is_chinese);
  settings.language = is_chinese ? Language::chinese : Language::english;
  reader.number("text_size", 0.75, 3, settings.text_size);
  reader.flag("reduced_motion", settings.is_motion_reduced);
  reader.number("bottom_share", 0.05, 0.95, settings.bottom_share, /*may_be_zero=*/true);
  const Json window = part(reader, json, "window"), lesson = part(reader, json, "lesson");
  Reader of_window(window, path, loaded.sentences), of_lesson(lesson, path, loaded.sentences);
  of_window.integer("width", 1, 16384, settings.window_width);
  of_window.integer("height", 1, 16384, settings.window_height);
  of_lesson.integer("chapter", 0, 99, settings.lesson);
  of_lesson.integer("page", 0, 99, settings.lesson_page);
  of_lesson.integer("finished", 0, 255, settings.finished_lessons);
  std::vector<std::string> paths;
  std::string folder;
  reader.texts("recent", paths);
  reader.text("folder", folder);
  settings.recent = RecentFiles(paths, folder);
}

bool is_there(const fs::path& path) {
  std::error_code failure;
  return fs::exists(fs::symlink_status(path, failure));
}

// Copies the file beside itself under a name that is free; what to tell of it.
std::string keep_copy(const fs::path& path) {
  for (int number = 1; number <= max_kept_copies; ++number) {
    const fs::path copy = path.string() + ".broken" + (number == 1 ? "" : cat('-', number));
    if (is_there(copy)) continue;
    std::error_code failure;
    if (!fs::copy_file(path, copy, failure) || failure) return cat(path.string(), ": it could not be kept as ", copy.string(), " (", failure.message(), "). Copy it away yourself if you need it.");
    return cat("The file as it was is kept as ", copy.string(), ".");
  }
  return cat(path.string(), ": there are ", max_kept_copies, " broken copies beside it already, so no other one is kept. Delete those you don't need.");
}

// A float as a person would write it: 1.1, not 1.100000023841858.
double rounded(float value) { return std::round(static_cast<double>(value) * 1e6) / 1e6; }

bool is_utf8(const std::string& text) { return !find_invalid_utf8(text); }

}  // namespace

Settings first_settings() {
  Settings settings;
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (!value || !*value) continue;
    if (std::string_view(value).starts_with("zh")) settings.language = Language::chinese;
    break;
  }
  return settings;
}

fs::path settings_path() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  const char* home = std::getenv("HOME");
  const fs::path base = config && *config ? fs::path(config) : fs::path(home && *home ? home : "/tmp") / ".config";
  return base / "maskscope" / "settings.json";
}

LoadedSettings load_settings(const fs::path& path) {
  LoadedSettings loaded{first_settings(), {}};
  if (!is_there(path)) return loaded;
  try {
    const std::string text = read_text_file(path, max_settings_bytes);
    const Json json = parse_untrusted_json(text, path.string(), max_settings_values, "maskscope's settings");
    if (!json.is_object()) throw Error(cat(path.string(), ": found ", describe(json), ", expected an object of settings."));
    const auto version = json.find("maskscope_settings");
    if (version == json.end() || !version->is_number_integer() || *version < 1) {
      const std::string found = version == json.end() ? std::string("missing") : describe(*version);
      loaded.sentences.push_back(cat(path.string(), ": maskscope_settings is ", found, ", expected the number of a version. What is readable is used."));
    } else if (*version > settings_format_version) {
      loaded.sentences.push_back(cat(path.string(), ": settings of version ", version->dump(), ", this program knows version ", settings_format_version,
                                     ". What it knows is used; the rest is for a newer maskscope."));
    }
    read_fields(json, path, loaded);
  } catch (const Error& error) {
    loaded.sentences.push_back(cat(error.what(), " The settings are as at a first start."));
  }
  if (!loaded.sentences.empty()) loaded.sentences.push_back(keep_copy(path));
  return loaded;
}

void save_settings(const Settings& settings, const fs::path& path) {
  // File names are bytes, JSON is UTF-8: a name that is not can't be remembered.
  Json recent = Json::array();
  for (const std::string& one : settings.recent.paths()) {
    if (is_utf8(one)) recent.push_back(one);
  }
  const std::string& folder = settings.recent.folder();
  const nlohmann::ordered_json json = {{"maskscope_settings", settings_format_version},
                                       {"theme", settings.is_light ? "light" : "dark"},
                                       {"language", language_code(settings.language)},
                                       {"text_size", rounded(settings.text_size)},
                                       {"reduced_motion", settings.is_motion_reduced},
                                       {"bottom_share", rounded(settings.bottom_share)},
                                       {"window", {{"width", settings.window_width}, {"height", settings.window_height}}},
                                       {"lesson", {{"chapter", settings.lesson}, {"page", settings.lesson_page}, {"finished", settings.finished_lessons}}},
                                       {"recent", recent},
                                       {"folder", is_utf8(folder) ? folder : ""}};
  std::error_code failure;
  fs::create_directories(path.parent_path(), failure);  // what is wrong with it, writing says
  write_whole_file(path, json.dump(2) + "\n", "the settings");
}

}  // namespace maskscope
