// The words of the window in the user's language. The English text in the source is the key, so that code reads as the
// window does; the others come from assets/i18n/<language>/*.json, {"English": "translation"} each.
//
//   widgets::text(context, font, at, colour, tr("discarded"));
//   const std::string line = fill(tr("{0} of {1} encoder slots are ignored"), ignored, slots);
//   session.say(MessageLevel::info, later("Opened {0}.", path));
//
// What is passed to tr is a string literal, or was passed through tr_later("…") where it stands: a test collects them from
// the sources and asks every language for them. The language belongs to the thread of the window, as ImGui's context does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/error.h"

namespace maskscope {

enum class Language : std::uint8_t { english, chinese };

// Reads the language's files at first use. Throws Error naming file and place when they are missing or broken; the language
// then stays what it was.
void set_language(Language language);
Language language();
// "en", "zh": in files and on the command line.
const char* language_code(Language language);
// "English", "中文": as its speakers call it.
const char* language_name(Language language);

// The text in the present language; itself where that language lacks it. The result lives as long as the program.
const char* tr(const char* english);
// Marks a text that is translated elsewhere: in a table of constants, say.
constexpr const char* tr_later(const char* english) { return english; }
// English has a plural of its own: one for count 1, many otherwise, both keys.
inline const char* tr_count(std::int64_t count, const char* one, const char* many) { return tr(count == 1 ? one : many); }

// "{0} of {1}" with values in place of the numbers; translations may change their order. "{" elsewhere stays.
std::string fill_texts(std::string_view pattern, const std::vector<std::string>& values);
template <class... Values>
std::string fill(std::string_view pattern, const Values&... values) {
  return fill_texts(pattern, {cat(values)...});
}

// A text whose language is chosen when it is shown, not when it is made: what is kept while the language may change, and what
// another thread says. english: a literal, or what was passed through tr_later.
struct LaterText {
  std::string english;
  std::vector<std::string> values;
  std::string text() const { return fill_texts(tr(english.c_str()), values); }  // on the thread of the window
  std::string english_text() const { return fill_texts(english, values); }
  bool operator==(const LaterText&) const = default;
};
template <class... Values>
LaterText later(const char* english, const Values&... values) {
  return {english, {cat(values)...}};
}

// The texts of all .json files of a language's folder, by English. Throws Error naming the file that is missing or broken.
std::unordered_map<std::string, std::string> read_texts(const std::filesystem::path& folder);

// Every character that a language's words need, for the fonts; without an argument the present one's. Empty for English. The
// language's files are read at first use: throws as set_language does.
const std::string& language_characters(Language language);
const std::string& language_characters();

}  // namespace maskscope
