#include "app/i18n/translate.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "app/resources.h"
#include "core/data/text_file.h"

namespace maskscope {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_file_bytes = std::size_t{1} << 20;

struct Words {
  std::unordered_map<std::string, std::string> texts;  // by English
  std::string characters;
};

// Of one language; kept until the program ends, for tr gives out pointers into it.
const Words& words_of(Language wanted) {
  static std::map<Language, std::unique_ptr<const Words>> loaded;
  if (const auto found = loaded.find(wanted); found != loaded.end()) return *found->second;
  auto words = std::make_unique<Words>();
  if (wanted != Language::english) words->texts = read_texts(resource_path(cat("assets/i18n/", language_code(wanted))));
  for (const auto& [english, text] : words->texts) words->characters += text;
  return *loaded.emplace(wanted, std::move(words)).first->second;
}

Language current = Language::english;
const Words* current_words = nullptr;  // null: English

}  // namespace

std::unordered_map<std::string, std::string> read_texts(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failure;
  for (fs::directory_iterator it(folder, failure), end; !failure && it != end; it.increment(failure)) {
    if (it->path().extension() == ".json") files.push_back(it->path());
  }
  if (failure) throw Error(cat(folder.string(), ": ", failure.message(), ". Install maskscope again."));
  if (files.empty()) throw Error(cat(folder.string(), ": there are no texts in it. Install maskscope again."));
  std::sort(files.begin(), files.end());
  std::unordered_map<std::string, std::string> texts;
  for (const fs::path& file : files) {
    const auto json = nlohmann::json::parse(read_text_file(file, max_file_bytes), nullptr, /*allow_exceptions=*/false);
    if (!json.is_object()) throw Error(cat(file.string(), ": not a JSON object of texts. Install maskscope again."));
    for (const auto& [english, text] : json.items()) {
      if (!text.is_string()) throw Error(cat(file.string(), ": \"", english, "\" is no text. Install maskscope again."));
      texts.emplace(english, text.get<std::string>());
    }
  }
  return texts;
}

void set_language(Language language) {
  if (language == current) return;
  const Words& words = words_of(language);
  current = language;
  current_words = language == Language::english ? nullptr : &words;
}

Language language() { return current; }

const char* language_code(Language language) { return language == Language::chinese ? "zh" : "en"; }
const char* language_name(Language language) { return language == Language::chinese ? "中文" : "English"; }

const char* tr(const char* english) {
  if (!current_words) return english;
  const auto found = current_words->texts.find(english);
  return found == current_words->texts.end() ? english : found->second.c_str();
}

std::string fill_texts(std::string_view pattern, const std::vector<std::string>& values) {
  std::string text;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const bool is_place = pattern[at] == '{' && at + 2 < pattern.size() && pattern[at + 2] == '}' && pattern[at + 1] >= '0' && pattern[at + 1] <= '9';
    const auto index = is_place ? static_cast<std::size_t>(pattern[at + 1] - '0') : values.size();
    if (index < values.size()) {
      text += values[index];
      at += 2;
    } else {
      text += pattern[at];
    }
  }
  return text;
}

const std::string& language_characters(Language language) { return words_of(language).characters; }
const std::string& language_characters() { return language_characters(current); }

}  // namespace maskscope
