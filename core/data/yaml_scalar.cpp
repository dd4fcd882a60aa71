#include "core/data/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/error.h"

namespace maskscope {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alpha_exponent(char c) { return c == 'e' || c == 'E'; }

template <class Allowed>
bool all_of(std::string_view text, Allowed allowed) {
  return std::all_of(text.begin(), text.end(), allowed);
}
bool digits_or_underscores(std::string_view text) {
  return all_of(text, [](char c) { return is_digit(c) || c == '_'; });
}
std::string_view without_sign(std::string_view text) {
  return !text.empty() && (text[0] == '-' || text[0] == '+') ? text.substr(1) : text;
}

// (:[0-5]?[0-9])+ from the first colon on.
bool is_sixties(std::string_view text) {
  if (text.empty()) return false;
  while (!text.empty()) {
    if (text[0] != ':') return false;
    std::size_t end = 1;
    while (end < text.size() && is_digit(text[end])) ++end;
    const std::size_t digits = end - 1;
    if (digits < 1 || digits > 2 || (digits == 2 && text[1] > '5')) return false;
    text.remove_prefix(end);
  }
  return true;
}

bool is_integer(std::string_view text) {
  text = without_sign(text);
  if (text.empty() || !is_digit(text[0])) return false;
  if (text[0] == '0') {
    if (text.size() == 1) return true;
    if (text[1] == 'b') return text.size() > 2 && all_of(text.substr(2), [](char c) { return c == '0' || c == '1' || c == '_'; });
    if (text[1] == 'x') {
      return text.size() > 2 && all_of(text.substr(2), [](char c) {
               return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '_';
             });
    }
    return all_of(text.substr(1), [](char c) { return (c >= '0' && c <= '7') || c == '_'; });
  }
  const std::size_t colon = text.find(':');
  if (colon == text.npos) return digits_or_underscores(text);
  return digits_or_underscores(text.substr(0, colon)) && is_sixties(text.substr(colon));
}

// ([eE][-+][0-9]+)?
bool is_exponent_or_nothing(std::string_view text) {
  if (text.empty()) return true;
  return text.size() >= 3 && is_alpha_exponent(text[0]) && (text[1] == '-' || text[1] == '+') && all_of(text.substr(2), is_digit);
}

bool is_real(std::string_view text) {
  const std::string_view plain = without_sign(text);
  if (plain == ".inf" || plain == ".Inf" || plain == ".INF") return true;
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return true;
  if (text.size() > 1 && text[0] == '.') {  // no sign here
    if (!is_digit(text[1])) return false;
    const std::size_t exponent = std::min(text.find_first_of("eE"), text.size());
    return digits_or_underscores(text.substr(1, exponent - 1)) && is_exponent_or_nothing(text.substr(exponent));
  }
  if (plain.empty() || !is_digit(plain[0])) return false;
  const std::size_t point = plain.find('.');
  if (point == plain.npos) return false;
  const std::string_view before = plain.substr(0, point), after = plain.substr(point + 1);
  const std::size_t colon = before.find(':');
  if (colon != before.npos) {
    return digits_or_underscores(before.substr(0, colon)) && is_sixties(before.substr(colon)) && digits_or_underscores(after);
  }
  const std::size_t exponent = std::min(after.find_first_of("eE"), after.size());
  return digits_or_underscores(before) && digits_or_underscores(after.substr(0, exponent)) &&
         is_exponent_or_nothing(after.substr(exponent));
}

// Python's int(digits, base) or float(digits) of the digits left; nullopt: ValueError.
std::optional<double> digits_in_base(std::string_view digits, int base) {
  if (digits.empty()) return std::nullopt;
  double value = 0.0;
  for (const char c : digits) {
    const int digit = is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
    if (digit < 0 || digit >= base) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

std::optional<double> plain_float(std::string_view digits) {
  double value = 0.0;
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size()) return std::nullopt;
  if (status == std::errc::result_out_of_range) {
    // Too large or too small for a double; Python gives inf or 0 then. The exponent's sign tells which.
    const std::size_t exponent = digits.find_first_of("eE");
    const bool is_small = exponent != digits.npos && digits.substr(exponent).find('-') != std::string_view::npos;
    return is_small ? 0.0 : std::numeric_limits<double>::infinity();
  }
  if (status != std::errc()) return std::nullopt;
  return value;
}

template <class Part>
std::optional<double> sum_of_sixties(std::string_view text, Part part_value) {
  double value = 0.0;
  while (true) {
    const std::size_t colon = text.find(':');
    const auto part = part_value(text.substr(0, colon));
    if (!part) return std::nullopt;
    value = value * 60.0 + *part;
    if (colon == text.npos) return value;
    text.remove_prefix(colon + 1);
  }
}

std::string without_underscores(std::string_view text) {
  std::string out(text);
  out.erase(std::remove(out.begin(), out.end(), '_'), out.end());
  return out;
}

// As SafeConstructor.construct_yaml_int and construct_yaml_float.
std::optional<double> integer_value(std::string_view text) {
  const std::string clean = without_underscores(without_sign(text));
  const std::string_view digits = clean;
  if (digits.starts_with("0b")) return digits_in_base(digits.substr(2), 2);
  if (digits.starts_with("0x")) return digits_in_base(digits.substr(2), 16);
  if (digits.starts_with("0")) return digits_in_base(digits, 8);
  return sum_of_sixties(digits, [](std::string_view part) { return plain_float(part); });
}

std::optional<double> real_value(std::string_view text) {
  const std::string clean = without_underscores(without_sign(text));
  if (clean.size() == 4 && clean[0] == '.' && !is_digit(clean[1])) {
    return (clean[1] | 0x20) == 'i' ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  }
  return sum_of_sixties(clean, [](std::string_view part) { return plain_float(part); });
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// YYYY-MM-DD, or with one digit for month and day and a time behind.
bool is_date(std::string_view text) {
  const auto take_digits = [&](std::size_t least, std::size_t most) {
    std::size_t n = 0;
    while (n < text.size() && n < most && is_digit(text[n])) ++n;
    text.remove_prefix(n);
    return n >= least ? n : 0;
  };
  const auto take = [&](char c) {
    if (text.empty() || text[0] != c) return false;
    text.remove_prefix(1);
    return true;
  };
  const auto take_blanks = [&] {
    const std::size_t before = text.size();
    while (!text.empty() && (text[0] == ' ' || text[0] == '\t')) text.remove_prefix(1);
    return text.size() < before;
  };
  if (take_digits(4, 4) == 0 || !take('-')) return false;
  const std::size_t month = take_digits(1, 2);
  if (month == 0 || !take('-')) return false;
  const std::size_t day = take_digits(1, 2);
  if (day == 0) return false;
  if (text.empty()) return month == 2 && day == 2;
  if (!take('T') && !take('t') && !take_blanks()) return false;
  if (take_digits(1, 2) == 0 || !take(':') || take_digits(2, 2) == 0 || !take(':') || take_digits(2, 2) == 0) return false;
  if (take('.')) take_digits(0, text.size());
  take_blanks();
  if (text.empty() || text == "Z") return true;
  if (!take('+') && !take('-')) return false;
  if (take_digits(1, 2) == 0) return false;
  if (text.empty()) return true;
  return take(':') && take_digits(2, 2) == 2 && text.empty();
}

}  // namespace

std::string resolve_plain_scalar(YamlNode& node) {
  const std::string_view text = node.text;
  node.kind = YamlKind::string;
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) {
    node.kind = YamlKind::null;
    return "";
  }
  const bool is_yes = is_one_of(text, {"yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"});
  if (is_yes || is_one_of(text, {"no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})) {
    node.kind = YamlKind::boolean;
    node.is_true = is_yes;
    return "";
  }
  // Floats come first, as in PyYAML's list of resolvers.
  const bool real = is_real(text);
  if (real || is_integer(text)) {
    const auto magnitude = real ? real_value(text) : integer_value(text);
    if (!magnitude)
      return cat("\"", node.text, "\" looks like a number to YAML and is none. Write a plain number, or put it in quotes.");
    node.kind = real ? YamlKind::real : YamlKind::integer;
    node.number = text[0] == '-' ? -*magnitude : *magnitude;
    return "";
  }
  if (is_date(text)) node.kind = YamlKind::date;
  return "";
}

std::optional<double> python_float(std::string_view text) {
  constexpr std::string_view blanks = " \t\n\r\f\v";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == text.npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(blanks) - first + 1);
  const bool is_negative = text[0] == '-';
  text = without_sign(text);
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '_') {
      if (i == 0 || i + 1 == text.size() || !is_digit(text[i - 1]) || !is_digit(text[i + 1])) return std::nullopt;
      continue;
    }
    digits += static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
  }
  std::optional<double> value;
  if (digits == "inf" || digits == "infinity") {
    value = std::numeric_limits<double>::infinity();
  } else if (digits == "nan") {
    value = std::numeric_limits<double>::quiet_NaN();
  } else if (all_of(digits, [](char c) { return is_digit(c) || c == '.' || c == 'e' || c == '-' || c == '+'; })) {
    // from_chars knows no "+" in front, and Python none after the sign that was taken away.
    if (!digits.empty() && digits[0] != '-' && digits[0] != '+') value = plain_float(digits);
  }
  if (value && is_negative) value = -*value;
  return value;
}

std::string number_surprise(const YamlNode& node) {
  if (node.kind != YamlKind::integer && node.kind != YamlKind::real) return "";
  const std::string_view digits = without_sign(node.text);
  if (digits.find(':') != digits.npos) {
    return cat("\"", node.text, "\" is the number ", node.number, " in YAML 1.1, which counts by sixties at a colon.");
  }
  if (node.kind == YamlKind::integer && digits.size() > 1 && digits[0] == '0' && is_digit(digits[1])) {
    return cat("\"", node.text, "\" is the number ", node.number, " in YAML 1.1: a zero in front makes it octal.");
  }
  return "";
}

std::string yaml_float(double number) {
  std::array<char, 64> digits{};
  const auto [end, status] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  std::string text(digits.data(), end);
  const std::size_t exponent = text.find('e');
  if (text.find('.') == text.npos) text.insert(std::min(exponent, text.size()), ".0");
  return text;
}

}  // namespace maskscope
