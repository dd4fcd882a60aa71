#include "app/lesson_line.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "app/lesson_names.h"
#include "app/lesson_values.h"
#include "core/data/utf8.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr std::size_t max_terms = 8;

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 9 && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::optional<LessonTerm::Comparison> comparison_of(std::string_view sign) {
  using C = LessonTerm::Comparison;
  static constexpr std::pair<std::string_view, C> all[] = {{"<", C::less},           {"<=", C::less_equal},    {"==", C::equal},
                                                           {"!=", C::not_equal},     {">=", C::greater_equal}, {">", C::greater}};
  for (const auto& [name, comparison] : all) {
    if (name == sign) return comparison;
  }
  return std::nullopt;
}

}  // namespace

void LinePlace::fail(std::string_view found, std::string_view expected) const {
  throw Error(cat(file, ", line ", line, ": found ", found, ", expected ", expected, ". Install maskscope again."));
}

std::string quoted(std::string_view text) {
  const std::string_view start = text.substr(0, 40);
  return cat('"', start.substr(0, find_invalid_utf8(start).value_or(start.size())), '"');
}

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

LessonParagraph lesson_spans(const LinePlace& place, std::string_view line) {
  LessonParagraph spans;
  bool is_strong = false;
  std::string text;
  const auto flush = [&] {
    if (!text.empty()) spans.push_back({is_strong ? LessonStyle::strong : LessonStyle::plain, std::exchange(text, {})});
  };
  for (std::size_t at = 0; at < line.size();) {
    if (line.substr(at).starts_with("**")) {
      flush();
      is_strong = !is_strong;
      at += 2;
      continue;
    }
    const char open = line[at];
    if (open != '`' && open != '{') {
      text += open;
      ++at;
      continue;
    }
    flush();
    const std::size_t end = line.find(open == '`' ? '`' : '}', at + 1);
    if (end == std::string_view::npos || end == at + 1) place.fail(quoted(line.substr(at)), open == '`' ? "`code` in one line" : "{the name of a value}");
    const std::string_view inside = line.substr(at + 1, end - at - 1);
    if (open == '{' && !is_lesson_value(inside)) place.fail(quoted(inside), "the name of a value");
    spans.push_back({open == '`' ? LessonStyle::code : LessonStyle::value, std::string(inside)});
    at = end + 1;
  }
  flush();
  if (is_strong) place.fail(quoted(line), "** at the end of what is strong, in the same line");
  return spans;
}

LessonClause lesson_clause(const LinePlace& place, std::string_view text) {
  LessonClause clause;
  const std::vector<std::string_view> words = words_of(text);
  const auto operand = [&](std::string_view word) {
    if (!is_number(word) && !is_lesson_value(word)) place.fail(quoted(word), "the name of a value or a whole number");
    return std::string(word);
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!clause.all_of.empty() && words[i++] != "and") place.fail(quoted(words[i - 1]), "\"and\" or the end of the condition");
    if (i == words.size()) place.fail("the end of the line", "one comparison more");
    LessonTerm term;
    if (words[i].starts_with('!')) {
      term.left = operand(words[i].substr(1));
      term.comparison = LessonTerm::Comparison::equal;
    } else {
      term.left = operand(words[i]);
      if (const auto sign = i + 2 < words.size() ? comparison_of(words[i + 1]) : std::nullopt) {
        term.comparison = *sign;
        term.right = operand(words[i + 2]);
        i += 2;
      }
    }
    clause.all_of.push_back(std::move(term));
  }
  if (clause.all_of.empty() || clause.all_of.size() > max_terms) place.fail(quoted(text), cat("one to ", max_terms, " comparisons"));
  return clause;
}

LessonShow lesson_show(const LinePlace& place, std::string_view text) {
  LessonShow show;
  for (const std::string_view word : words_of(text)) {
    const std::size_t equals = std::min(word.find('='), word.size());
    const std::string_view key = word.substr(0, equals), value = word.substr(std::min(equals + 1, word.size()));
    const auto take = [&](std::string& field, bool is_known) {
      if (!is_known) place.fail(quoted(word), "a setting and a value that it knows");
      field = value;
    };
    if (key == "step" && value.size() == 1 && value[0] >= '1' && value[0] <= '6') show.step = value[0] - '0';
    else if (key == "tab") take(show.tab, is_lesson_tab(value));
    else if (key == "place") take(show.place, is_lesson_place(value));
    else if (key == "side") take(show.side, value == "encoder" || value == "decoder");
    else if (key == "slot") take(show.slot, is_lesson_value(value));
    else if (key == "isolate") take(show.isolate, is_lesson_fate(value));
    else if (word == "play=yes") show.plays = true;
    else if (word == "legend=open") show.opens_mask_legend = true;
    else if (word == "attention=reference") show.resets_attention = true;
    else place.fail(quoted(word), "a setting of @show");
  }
  return show;
}

LessonAction lesson_action(const LinePlace& place, std::string_view text) {
  const std::size_t space = std::min(text.find(' '), text.size());
  if (!is_lesson_action(text.substr(0, space))) place.fail(quoted(text), "the name of an action");
  LessonAction action{std::string(text.substr(0, space)), lesson_spans(place, trimmed(text.substr(space)))};
  if (action.label.size() != 1 || action.label.front().style != LessonStyle::plain) place.fail(quoted(text), "plain words on the button");
  return action;
}

}  // namespace maskscope
