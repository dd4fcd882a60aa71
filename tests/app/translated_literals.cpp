#include "tests/app/translated_literals.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace maskscope::test {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// What a piece of C++ is made of, as far as these tests need it.
struct Token {
  enum class Kind { word, literal, sign } kind;
  std::string text;  // of a literal: decoded
};

// A literal from its opening quote on; moves at behind it.
std::string literal_at(std::string_view source, std::size_t& at) {
  std::string text;
  for (++at; at < source.size() && source[at] != '"'; ++at) {
    if (source[at] != '\\' || at + 1 >= source.size()) {
      text += source[at];
      continue;
    }
    const char escaped = source[++at];
    text += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
  }
  ++at;
  return text;
}

std::vector<Token> tokens_of(std::string_view source) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < source.size();) {
    const char c = source[at];
    const char next = at + 1 < source.size() ? source[at + 1] : '\0';
    if (c == '/' && next == '/') {
      at = std::min(source.find('\n', at), source.size());
    } else if (c == '/' && next == '*') {
      const std::size_t end = source.find("*/", at + 2);
      at = end == std::string_view::npos ? source.size() : end + 2;
    } else if (c == '\'' && (at == 0 || !is_word(source[at - 1]))) {
      at += next == '\\' ? 3 : 2;  // to the closing quote, of a character
      while (at < source.size() && source[at] != '\'') ++at;
      ++at;
    } else if (c == '"') {
      const bool is_joined = !tokens.empty() && tokens.back().kind == Token::Kind::literal;
      const std::string text = literal_at(source, at);
      if (is_joined) tokens.back().text += text;
      else tokens.push_back({Token::Kind::literal, text});
    } else if (is_word(c)) {
      std::size_t end = at;
      // Names with their namespaces are one word.
      while (end < source.size() && (is_word(source[end]) || (source.substr(end, 2) == "::" && ++end))) ++end;
      tokens.push_back({Token::Kind::word, std::string(source.substr(at, end - at))});
      at = end;
    } else {
      if (!std::isspace(static_cast<unsigned char>(c))) tokens.push_back({Token::Kind::sign, std::string(1, c)});
      ++at;
    }
  }
  return tokens;
}

bool is_sign(const Token& token, std::string_view signs) { return token.kind == Token::Kind::sign && signs.find(token.text[0]) != std::string_view::npos; }

// The literals of a call's own arguments, not those of calls inside it. open: the token "(". last_argument: those behind are
// not looked at.
void add_literals(const std::vector<Token>& tokens, std::size_t open, int last_argument, std::vector<std::string>& literals) {
  int depth = 0, argument = 0;
  for (std::size_t at = open + 1; at < tokens.size(); ++at) {
    if (is_sign(tokens[at], "([{")) ++depth;
    else if (is_sign(tokens[at], ")]}") && depth-- == 0) return;
    else if (depth == 0 && is_sign(tokens[at], ",") && argument++ == last_argument) return;
    else if (depth == 0 && tokens[at].kind == Token::Kind::literal) literals.push_back(tokens[at].text);
  }
}

bool is_call(const std::vector<Token>& tokens, std::size_t at, std::string_view name) {
  return tokens[at].kind == Token::Kind::word && tokens[at].text == name && at + 1 < tokens.size() && is_sign(tokens[at + 1], "(");
}

// What draws a text or makes a widget, and which of its arguments, from 0, are names for the program and not for people.
struct Shows {
  std::string_view call;
  int id_argument;  // -1: none
};
constexpr std::array<Shows, 24> shows = {{{"widgets::text", -1}, {"widgets::text_right", -1}, {"widgets::text_width", -1}, {"widgets::ellipsized", -1},
                                          {"widgets::caption", -1}, {"widgets::paragraph", -1}, {"widgets::tooltip", -1}, {"widgets::chip", 1},
                                          {"widgets::icon_button", 1}, {"widgets::segments", 1}, {"widgets::wrapped", -1}, {"ImGui::MenuItem", -1},
                                          {"ImGui::BeginMenu", -1}, {"ImGui::Selectable", -1}, {"ImGui::Button", -1}, {"ImGui::Checkbox", -1},
                                          {"ImGui::Text", -1}, {"ImGui::TextUnformatted", -1}, {"ImGui::TextDisabled", -1}, {"ImGui::TextWrapped", -1},
                                          {"ImGui::SetTooltip", -1}, {"ImGui::RadioButton", -1}, {"ImGui::InputTextWithHint", 0}, {"say", -1}}};

bool has_words(std::string_view text) {
  // "##name" and "%s" are for Dear ImGui.
  const std::string_view shown = text.substr(0, text.find("##"));
  for (std::size_t at = 0; at < shown.size(); ++at) {
    if (shown[at] == '%') ++at;
    else if (std::isalpha(static_cast<unsigned char>(shown[at]))) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> translated_literals(std::string_view source) {
  const std::vector<Token> tokens = tokens_of(source);
  std::vector<std::string> literals;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    for (const std::string_view name : {"tr", "tr_later", "later"}) {
      if (is_call(tokens, at, name)) add_literals(tokens, at + 1, 0, literals);
    }
    if (is_call(tokens, at, "tr_count")) add_literals(tokens, at + 1, 2, literals);
  }
  return literals;
}

std::vector<std::string> untranslated_literals(std::string_view source) {
  const std::vector<Token> tokens = tokens_of(source);
  std::vector<std::string> found;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    for (const Shows& one : shows) {
      const bool is_member = one.call == "say" && at > 0 && is_sign(tokens[at - 1], ".");
      if (!is_call(tokens, at, one.call) || (one.call == "say" && !is_member)) continue;
      // Through the whole call, but not through the arguments of tr and its like, nor into subscripts and blocks.
      std::vector<bool> is_through;  // of every open bracket: whether what is in it is shown
      int argument = 0;
      for (std::size_t i = at + 1; i < tokens.size(); ++i) {
        const Token& token = tokens[i];
        if (is_sign(token, "([{")) {
          const std::string before = i > 0 && tokens[i - 1].kind == Token::Kind::word ? tokens[i - 1].text : "";
          const bool is_translated = before == "tr" || before == "tr_later" || before == "later" || before == "tr_count";
          const bool was_shown = is_through.empty() || is_through.back();
          is_through.push_back(was_shown && !is_translated && !is_sign(token, "["));
        } else if (is_sign(token, ")]}")) {
          is_through.pop_back();
          if (is_through.empty()) break;
        } else if (is_sign(token, ",") && is_through.size() == 1) {
          ++argument;
        } else if (token.kind == Token::Kind::literal && is_through.back() && !(argument == one.id_argument && is_through.size() == 1) && has_words(token.text)) {
          found.push_back(token.text);
        }
      }
    }
  }
  return found;
}

std::string places_of(std::string_view text) {
  std::string places;
  for (std::size_t at = 0; at + 2 < text.size(); ++at) {
    if (text[at] == '{' && std::isdigit(static_cast<unsigned char>(text[at + 1])) && text[at + 2] == '}') places += text[at + 1];
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

std::vector<std::filesystem::path> sources_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".h" || entry.path().extension() == ".cpp") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace maskscope::test
