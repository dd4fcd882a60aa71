#include "core/data/python_json.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <unordered_map>

#include "core/data/utf8.h"

namespace maskscope {

namespace {

constexpr std::string_view fails = "raises an exception: the sample can't be loaded.";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

class Parser {
 public:
  Parser(std::string_view text, Findings& findings, const JsonLimits& limits)
      : text_(text), findings_(findings), limits_(limits) {}

  PythonJson run() {
    if (text_.starts_with(byte_order_mark)) {
      at_ = byte_order_mark.size();
      add_finding(findings_, ProblemLevel::warning, "The JSON begins with a byte order mark, which was skipped. Save it without.",
                  "raises an exception where it is a .json file of a folder; in shards and .json.gz it skips the mark too.");
    }
    PythonJson value = parse_value(1);
    skip_space();
    if (at_ < text_.size()) throw bad("more text behind its end");
    return value;
  }

 private:
  ContentError bad(const std::string& found) const {
    return {cat("The JSON can't be read: ", found, " at byte ", at_, ". Write the file again."), std::string(fails)};
  }
  std::string found_here() const {
    if (at_ >= text_.size()) return "it ends too early";
    const char c = text_[at_];
    if (c < ' ' || c > '~') return cat("the byte ", static_cast<int>(static_cast<unsigned char>(c)), " does not belong there");
    return cat("the character '", c, "' does not belong there");
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
  }
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  void expect(char c) {
    if (peek() != c || at_ >= text_.size()) throw bad(found_here());
    ++at_;
  }

  PythonJson parse_value(int depth) {
    if (depth > limits_.max_depth) throw bad(cat("lists and objects are nested more than ", limits_.max_depth, " deep"));
    if (++num_values_ > limits_.max_values) throw bad(cat("more than ", limits_.max_values, " values"));
    skip_space();
    PythonJson value;
    switch (peek()) {
      case '{': parse_object(value, depth); return value;
      case '[': parse_list(value, depth); return value;
      case '"':
        value.kind = PythonJson::Kind::text;
        value.text = parse_text();
        return value;
      default: break;
    }
    if (take("null")) return value;
    if (take("true")) return number(PythonJson::Kind::boolean, 1.0);
    if (take("false")) return number(PythonJson::Kind::boolean, 0.0);
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (take("NaN")) return not_finite("NaN", std::numeric_limits<double>::quiet_NaN());
    if (take("Infinity")) return not_finite("Infinity", infinity);
    if (take("-Infinity")) return not_finite("-Infinity", -infinity);
    return parse_number();
  }

  static PythonJson number(PythonJson::Kind kind, double value) {
    PythonJson json;
    json.kind = kind;
    json.number = value;
    return json;
  }
  PythonJson not_finite(const char* name, double value) {
    if (!has_not_finite_) {
      add_finding(findings_, ProblemLevel::note, cat("The JSON holds ", name, ", which Python reads and JSON does not know."));
    }
    has_not_finite_ = true;
    return number(PythonJson::Kind::floating, value);
  }

  void digits() {
    const std::size_t begin = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    if (at_ == begin) throw bad(found_here());
  }
  PythonJson parse_number() {
    const std::size_t begin = at_;
    bool is_integer = true;
    if (peek() == '-') ++at_;
    if (peek() == '0') {
      ++at_;
    } else {
      digits();
    }
    if (peek() == '.') {
      is_integer = false;
      ++at_;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      is_integer = false;
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      digits();
    }
    // strtod rather than from_chars: beyond the range of a double it gives Python's infinity or 0.
    const std::string written(text_.substr(begin, at_ - begin));
    return number(is_integer ? PythonJson::Kind::integer : PythonJson::Kind::floating, std::strtod(written.c_str(), nullptr));
  }

  std::uint32_t four_hex_digits() {
    std::uint32_t value = 0;
    const char* begin = text_.data() + at_;
    if (text_.size() - at_ < 4) throw bad("an escape that is cut short");
    const auto [end, status] = std::from_chars(begin, begin + 4, value, 16);
    if (status != std::errc{} || end != begin + 4) throw bad("an escape that is not \\u and four hexadecimal digits");
    at_ += 4;
    return value;
  }
  void append_escaped(std::string& out) {
    const char c = peek();
    ++at_;
    switch (c) {
      case '"': case '\\': case '/': out += c; return;
      case 'b': out += '\b'; return;
      case 'f': out += '\f'; return;
      case 'n': out += '\n'; return;
      case 'r': out += '\r'; return;
      case 't': out += '\t'; return;
      case 'u': break;
      default: --at_; throw bad("an unknown escape");
    }
    const auto is_low = [](std::uint32_t code) { return code >= 0xDC00 && code < 0xE000; };
    std::uint32_t code = four_hex_digits();
    if (code >= 0xD800 && code < 0xDC00 && take("\\u")) {
      const std::uint32_t low = four_hex_digits();
      if (is_low(low)) code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    if (code >= 0xD800 && code < 0xE000) {
      throw ContentError(cat("The JSON can't be used: half a surrogate pair before byte ", at_,
                             ", which is no character. Write the file again."),
                         "reads it; its tokenizer fails on it.");
    }
    append_utf8(out, static_cast<char32_t>(code));
  }
  std::string parse_text() {
    expect('"');
    std::string out;
    for (;;) {
      const std::size_t begin = at_;
      while (at_ < text_.size() && static_cast<unsigned char>(text_[at_]) >= ' ' && text_[at_] != '"' && text_[at_] != '\\') ++at_;
      out.append(text_.substr(begin, at_ - begin));
      if (at_ >= text_.size() || static_cast<unsigned char>(text_[at_]) < ' ') throw bad(found_here());
      if (text_[at_++] == '"') return out;
      append_escaped(out);
    }
  }

  void parse_list(PythonJson& value, int depth) {
    value.kind = PythonJson::Kind::list;
    expect('[');
    skip_space();
    if (take("]")) return;
    for (;;) {
      value.list.push_back(parse_value(depth + 1));
      skip_space();
      if (take("]")) return;
      expect(',');
    }
  }
  void parse_object(PythonJson& value, int depth) {
    value.kind = PythonJson::Kind::object;
    expect('{');
    skip_space();
    if (take("}")) return;
    std::unordered_map<std::string, std::size_t> place;
    for (;;) {
      skip_space();
      std::string key = parse_text();
      skip_space();
      expect(':');
      PythonJson member = parse_value(depth + 1);
      const auto [found, is_new] = place.emplace(key, value.object.size());
      if (is_new) {
        value.object.emplace_back(std::move(key), std::move(member));
      } else {
        value.object[found->second].second = std::move(member);
        if (num_repeated_++ == 0) {
          add_finding(
              findings_, ProblemLevel::warning,
              cat("The JSON holds the key \"", key, "\" twice in one object; the last value counts, in the first one's place."));
        }
      }
      skip_space();
      if (take("}")) return;
      expect(',');
    }
  }

  std::string_view text_;
  Findings& findings_;
  const JsonLimits& limits_;
  std::size_t at_ = 0, num_values_ = 0, num_repeated_ = 0;
  bool has_not_finite_ = false;
};

}  // namespace

const PythonJson* PythonJson::find(std::string_view key) const {
  const auto found = std::find_if(object.begin(), object.end(), [&](const auto& member) { return member.first == key; });
  return found == object.end() ? nullptr : &found->second;
}

std::string PythonJson::describe() const {
  switch (kind) {
    case Kind::null: return "null";
    case Kind::boolean: return number != 0.0 ? "true" : "false";
    case Kind::integer:
    case Kind::floating: return cat("the number ", number);
    case Kind::text: {
      constexpr std::size_t longest = 40;
      if (text.size() <= longest) return cat("the text \"", text, "\"");
      std::size_t cut = longest;
      while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
      return cat("the text \"", text.substr(0, cut), "…\"");
    }
    case Kind::list: return cat("a list of ", list.size());
    case Kind::object: return cat("an object of ", object.size());
  }
  return {};
}

PythonJson parse_python_json(std::string_view bytes, Findings& findings, const JsonLimits& limits) {
  if (const auto at = find_invalid_utf8(bytes)) {
    throw ContentError(cat("The JSON is not UTF-8: the byte ", static_cast<int>(static_cast<unsigned char>(bytes[*at])),
                           " at offset ", *at, ". Save it as UTF-8."),
                       std::string(fails));
  }
  return Parser(bytes, findings, limits).run();
}

}  // namespace maskscope
