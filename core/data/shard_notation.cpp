#include "core/data/shard_notation.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <iterator>

#include "core/error.h"

namespace maskscope {
namespace {

constexpr std::size_t max_pattern_bytes = 1 << 16;
constexpr int max_depth = 50;
constexpr std::size_t max_brackets = 250;

using Names = std::vector<std::string>;

[[noreturn]] void too_many(std::string_view pattern, const NotationLimits& limits) {
  throw Error(cat(pattern, ": these braces stand for more than ", limits.max_names, " names (or ", limits.max_bytes >> 20,
                  " MiB of them), the most that is made. Check the ends of the ranges, or open a part."));
}

[[noreturn]] void unbalanced(std::string_view pattern) {
  throw Error(cat(pattern, ": a brace is opened and not closed, or closed and not opened. Write a backslash before a brace that "
                  "belongs to the name."));
}

std::size_t num_bytes(const Names& names) {
  std::size_t sum = 0;
  for (const std::string& name : names) sum += name.size();
  return sum;
}

bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// left..right[..step] cut at the dots; no range when there are less or more parts.
Names range_parts(std::string_view text) {
  Names parts;
  for (;;) {
    const std::size_t dots = text.find("..");
    parts.emplace_back(text.substr(0, dots));
    if (dots == std::string_view::npos) return parts;
    text.remove_prefix(dots + 2);
  }
}

class Expander {
 public:
  Expander(std::string_view whole, const NotationLimits& limits) : whole_(whole), limits_(limits) {}

  // All names of a pattern, backslashes still in them.
  Names pattern(std::string_view text, int depth) const {
    if (depth > max_depth) throw Error(cat(whole_, ": braces within braces more than ", max_depth, " deep. Write them flatter."));
    Names names(1);
    std::size_t start = 0;
    int open = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '\\') {
        ++at;
      } else if (text[at] == '{') {
        if (open++ == 0 && at > start) {
          names = product(names, {std::string(text.substr(start, at - start))});
          start = at;
        }
      } else if (text[at] == '}' && --open == 0) {
        const std::string_view inner = text.substr(start + 1, at - start - 1);
        if (auto choices = expression(inner, depth)) {
          names = product(names, *choices);
        } else {  // neither range nor list: the braces belong to the name
          names = product(product(product(names, {"{"}), pattern(inner, depth + 1)), {"}"});
        }
        start = at + 1;
      }
    }
    if (open != 0) unbalanced(whole_);
    return start < text.size() ? product(names, {std::string(text.substr(start))}) : names;
  }

 private:
  Names product(const Names& left, const Names& right) const {
    // Both sides are within the limits (1e6), so that the products don't overflow.
    if (left.size() * right.size() > limits_.max_names ||
        num_bytes(left) * right.size() + num_bytes(right) * left.size() > limits_.max_bytes) {
      too_many(whole_, limits_);
    }
    Names names;
    names.reserve(left.size() * right.size());
    for (const std::string& a : left) {
      for (const std::string& b : right) names.push_back(a + b);
    }
    return names;
  }

  std::optional<Names> expression(std::string_view text, int depth) const {
    const Names parts = range_parts(text);
    if (parts.size() == 2 || (parts.size() == 3 && is_number(parts[2]))) {
      const std::string step = parts.size() == 3 ? parts[2] : "";
      if (is_number(parts[0]) && is_number(parts[1])) return numbers(parts[0], parts[1], step);
      const auto is_letter = [](const std::string& part) { return part.size() == 1 && letters.find(part) != std::string_view::npos; };
      if (is_letter(parts[0]) && is_letter(parts[1])) return letter_range(parts[0], parts[1], step);
    }
    return list(text, depth);
  }

  // The sign of a step has no meaning, and 0 counts as 1.
  std::int64_t step_of(const std::string& step) const { return step.empty() ? 1 : std::max<std::int64_t>(std::abs(number(step)), 1); }

  std::int64_t number(const std::string& text) const {
    constexpr std::int64_t limit = 1'000'000'000'000'000'000;
    std::int64_t value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec != std::errc() || value > limit || value < -limit) {
      throw Error(cat(whole_, ": ", text, " is too large for the end of a range. At most 18 digits are read."));
    }
    return value;
  }

  Names numbers(const std::string& left, const std::string& right, const std::string& step_text) const {
    const auto is_padded = [](std::string_view text) {
      return text != "0" && text != "-0" && (text.starts_with("0") || text.starts_with("-0"));
    };
    const std::size_t width = is_padded(left) || is_padded(right) ? std::max(left.size(), right.size()) : 0;
    const std::int64_t first = number(left), last = number(right), step = step_of(step_text);
    const std::uint64_t count = static_cast<std::uint64_t>(std::abs(last - first) / step) + 1;
    if (count > limits_.max_names || count * std::max<std::size_t>(width, 1) > limits_.max_bytes) too_many(whole_, limits_);
    Names names;
    names.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::int64_t value = first + (first <= last ? step : -step) * static_cast<std::int64_t>(i);
      std::string digits = std::to_string(std::abs(value));
      const std::size_t sign = value < 0 ? 1 : 0;
      if (digits.size() + sign < width) digits.insert(0, width - digits.size() - sign, '0');
      names.push_back((sign != 0 ? "-" : "") + digits);
    }
    return names;
  }

  Names letter_range(const std::string& left, const std::string& right, const std::string& step_text) const {
    const auto first = static_cast<std::int64_t>(letters.find(left)), last = static_cast<std::int64_t>(letters.find(right));
    const std::int64_t step = std::min<std::int64_t>(step_of(step_text), 100);
    Names names;
    for (std::int64_t i = 0; i <= std::abs(last - first); i += step) {
      names.emplace_back(1, letters[static_cast<std::size_t>(first + (first <= last ? i : -i))]);
    }
    return names;
  }

  // nullopt: no comma.
  std::optional<Names> list(std::string_view text, int depth) const {
    Names names;
    bool has_comma = false;
    std::size_t start = 0;
    int open = 0;
    const auto add = [&](std::string_view item) {
      Names more = pattern(item, depth + 1);
      if (names.size() + more.size() > limits_.max_names) too_many(whole_, limits_);
      names.insert(names.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '\\') {
        ++at;
      } else if (text[at] == '{') {
        ++open;
      } else if (text[at] == '}') {
        --open;
      } else if (text[at] == ',' && open == 0) {
        has_comma = true;
        add(text.substr(start, at - start));
        start = at + 1;
      }
    }
    if (open != 0) unbalanced(whole_);
    if (!has_comma) return std::nullopt;
    add(text.substr(start));
    return names;
  }

  static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string_view whole_;
  const NotationLimits& limits_;
};

std::string without_backslashes(const std::string& text) {
  if (text.find('\\') == std::string::npos) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

}  // namespace

std::vector<std::string> expand_braces(std::string_view pattern, const NotationLimits& limits) {
  if (pattern.size() > max_pattern_bytes) {
    throw Error(cat(pattern.substr(0, 60), "…: a notation of ", pattern.size(), " bytes; at most ", max_pattern_bytes, " are read."));
  }
  Names names = Expander(pattern, limits).pattern(pattern, 0);
  for (std::string& name : names) name = without_backslashes(name);
  return names;
}

std::optional<BracketNotation> parse_brackets(std::string_view name) {
  const std::size_t open = name.find('['), close = name.find(']');
  if (open == std::string_view::npos && close == std::string_view::npos) return std::nullopt;
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    throw Error(cat(name, ": only one of the two brackets around the modalities is there. Write [caption,rgb], say."));
  }
  if (name.find_first_of("[]", close + 1) != std::string_view::npos || name.substr(open + 1, close - open - 1).find('[') != std::string_view::npos) {
    throw Error(cat(name, ": more than one pair of brackets. One is for the modalities; write all else with braces."));
  }
  BracketNotation notation{std::string(name.substr(0, open)), std::string(name.substr(close + 1)), {}};
  std::string_view rest = name.substr(open + 1, close - open - 1);
  for (;;) {
    const std::size_t comma = rest.find(',');
    notation.names.emplace_back(rest.substr(0, comma));
    if (notation.names.back().empty() && comma == std::string_view::npos && notation.names.size() == 1) {
      throw Error(cat(name, ": no modality within the brackets. Write [caption,rgb], say."));
    }
    if (notation.names.size() > max_brackets) throw Error(cat(name, ": more than ", max_brackets, " modalities within the brackets."));
    if (comma == std::string_view::npos) return notation;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace maskscope
