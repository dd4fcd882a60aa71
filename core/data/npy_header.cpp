#include "core/data/npy_header.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "core/error.h"

namespace maskscope {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t max_dimensions = 32;      // as NumPy
constexpr std::size_t max_text_characters = 1024;

// Text from a file, fit for a message.
std::string quoted(std::string_view text) {
  constexpr std::size_t most = 60;
  std::string out = "\"";
  for (const char c : text.substr(0, most)) out += c >= ' ' && c <= '~' ? c : '?';
  return out + (text.size() > most ? "…\"" : "\"");
}

// What stands in the dict of a header. Anything else that Python could write there is kept as its text.
struct OtherLiteral {
  std::string text;
};
using Shape = std::vector<std::int64_t>;
using Literal = std::variant<std::string, bool, Shape, OtherLiteral>;

// Reads {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }. Much less than Python, and all that NumPy writes.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, std::string_view source_name) : text_(text), source_name_(source_name) {}

  std::map<std::string, Literal> dict() {
    std::map<std::string, Literal> entries;
    expect('{');
    while (!take('}')) {
      const std::string key = string();
      expect(':');
      if (!entries.emplace(key, value()).second) throw damaged(cat("the key ", quoted(key), " stands in it twice"));
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (at_ != text_.size()) throw damaged(cat("something follows its end, at byte ", at_));
    return entries;
  }

  Error damaged(const std::string& what) const {
    return Error(cat(source_name_, ": the header of the .npy is not one that NumPy writes: ", what, ". It is ", quoted(text_),
                     "; save the array again with numpy.save."));
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || (text_[at_] >= '\t' && text_[at_] <= '\r'))) ++at_;
  }
  char peek() {
    skip_space();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (peek() != c || at_ == text_.size()) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) throw damaged(cat("\"", c, "\" was expected at byte ", at_));
  }
  bool take_word(std::string_view word) {
    skip_space();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  std::string string() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') throw damaged(cat("a text in quotes was expected at byte ", at_));
    const std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\') throw damaged(cat("a text with an escape at byte ", at_));
      ++at_;
    }
    if (at_ == text_.size()) throw damaged("a text has no end");
    return std::string(text_.substr(begin, at_++ - begin));
  }

  Literal value() {
    const char first = peek();
    if (first == '\'' || first == '"') return string();
    if (take_word("True")) return true;
    if (take_word("False")) return false;
    const std::size_t begin = at_;
    if (first == '(') {
      if (auto shape = tuple_of_numbers()) return *shape;
      at_ = begin;
    }
    skip_value();
    return OtherLiteral{std::string(text_.substr(begin, at_ - begin))};
  }

  // "(3, 4)", "(3,)", "()"; nullopt for what is no tuple of whole numbers: "(3)" is a number in Python.
  std::optional<Shape> tuple_of_numbers() {
    Shape shape;
    expect('(');
    bool has_comma = true;
    while (!take(')')) {
      if (!has_comma) return std::nullopt;
      skip_space();
      std::int64_t number = 0;
      const char* const begin = text_.data() + at_;
      const auto [end, status] = std::from_chars(begin, text_.data() + text_.size(), number);
      if (status == std::errc::result_out_of_range) number = std::numeric_limits<std::int64_t>::max();
      else if (status != std::errc{}) return std::nullopt;
      at_ += static_cast<std::size_t>(end - begin);
      if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // Python 2
      shape.push_back(number);
      has_comma = take(',');
    }
    return shape.size() == 1 && !has_comma ? std::nullopt : std::optional(shape);
  }

  // Behind a value that is not understood: to the comma or bracket that ends it.
  void skip_value() {
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (depth == 0 && (c == ',' || c == '}')) return;
      if (c == '\'' || c == '"') {
        string();
        --at_;
      } else if (c == '(' || c == '[' || c == '{') {
        ++depth;
      } else if (c == ')' || c == ']' || c == '}') {
        --depth;
      }
    }
    throw damaged("it ends in the middle of a value");
  }

  std::string_view text_;
  std::string_view source_name_;
  std::size_t at_ = 0;
};

template <class T>
const T& entry(const std::map<std::string, Literal>& dict, const char* key, const char* expected, const HeaderParser& parser) {
  const auto found = dict.find(key);
  if (found == dict.end()) throw parser.damaged(cat("the key '", key, "' is missing"));
  const T* const value = std::get_if<T>(&found->second);
  if (!value) throw parser.damaged(cat("'", key, "' is not ", expected));
  return *value;
}

// Why these bytes hold no array of numbers; whole sentences behind the name of the file.
std::string refused_dtype(std::string_view descr) {
  if (descr.find('O') != std::string_view::npos) {
    return "it holds pickled Python objects (dtype object), which are never read: unpickling runs code. Save plain numbers, "
           "for example with numpy.save(path, array.astype(\"int16\"))";
  }
  return cat("its dtype is ", quoted(descr), ", expected are bool, int8 to int64, uint8 to uint64, float16, float32 and float64. "
             "Convert the array with astype before saving it");
}

// "<f4" and the like. Returns false for dtypes that are not read.
bool parse_descr(std::string_view descr, NpyText text, NpyHeader& header) {
  if (descr.size() < 3 || std::string_view("<>|=").find(descr[0]) == std::string_view::npos) return false;
  header.is_big_endian = descr[0] == '>';
  std::size_t bytes = 0;
  const std::string_view digits = descr.substr(2);
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), bytes);
  if (status != std::errc{} || end != digits.data() + digits.size()) return false;
  const bool is_whole = bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
  header.item_bytes = static_cast<int>(std::min<std::size_t>(bytes, 1 << 20));
  switch (descr[1]) {
    case 'b': header.kind = NpyKind::boolean; return bytes == 1;
    case 'i': header.kind = NpyKind::signed_integer; return is_whole;
    case 'u': header.kind = NpyKind::unsigned_integer; return is_whole;
    case 'f': header.kind = NpyKind::floating; return is_whole && bytes > 1;
    case 'U': header.is_wide_text = true; [[fallthrough]];
    case 'S':
      header.kind = NpyKind::text;
      if (bytes > max_text_characters) return false;
      if (header.is_wide_text) header.item_bytes *= 4;
      return text == NpyText::accepted;
    default: return false;
  }
}

// Elements of a shape. Lengths of 0 count as 1 for the bound: what multiplies the others must not overflow either.
std::size_t bounded_size(const Shape& shape, int item_bytes, std::size_t max_bytes, std::string_view source_name) {
  std::size_t bytes = static_cast<std::size_t>(std::max(item_bytes, 1)), count = 1;
  for (const std::int64_t length : shape) {
    if (length < 0) throw Error(cat(source_name, ": its shape holds the negative length ", length, ". Save the array again with numpy.save."));
    const auto factor = static_cast<std::size_t>(std::max<std::int64_t>(length, 1));
    if (bytes > max_bytes / factor) {
      throw Error(cat(source_name, ": its header states an array of more than ", max_bytes,
                      " bytes, which is the most that is read. Save a part of it."));
    }
    bytes *= factor;
    count *= static_cast<std::size_t>(length);
  }
  if (bytes > max_bytes) throw Error(cat(source_name, ": its header states ", bytes, " bytes, at most ", max_bytes, " are read. Save a part of it."));
  return count;
}

}  // namespace

NpyHeader parse_npy_header(std::span<const std::uint8_t> file, std::string_view source_name, std::size_t max_bytes,
                           NpyText text) {
  const std::string_view bytes(reinterpret_cast<const char*>(file.data()), file.size());
  if (!bytes.starts_with(magic)) {
    throw Error(bytes.empty() ? cat(source_name, ": the file is empty, an array in NumPy's .npy format was expected. Save it again with numpy.save.")
                              : cat(source_name, ": this is no .npy file (it doesn't begin with \\x93NUMPY). Save the array with numpy.save."));
  }
  const auto cut_short = [&](std::size_t expected) {
    return Error(cat(source_name, ": the file ends after ", file.size(), " bytes, in the middle of the header of ", expected,
                     " bytes. Copy or save it again."));
  };
  if (file.size() < 10) throw cut_short(10);
  const int version = file[6];
  if (version < 1 || version > 3 || file[7] != 0) {
    throw Error(cat(source_name, ": version ", version, ".", int{file[7]}, " of the .npy format, versions 1.0, 2.0 and 3.0 are read. Save it with another NumPy."));
  }
  const int length_bytes = version == 1 ? 2 : 4;
  const std::size_t begin = 8 + static_cast<std::size_t>(length_bytes);
  if (file.size() < begin) throw cut_short(begin);
  std::size_t length = 0;
  for (int i = 0; i < length_bytes; ++i) length |= std::size_t{file[8 + static_cast<std::size_t>(i)]} << (8 * i);
  if (length > max_npy_header_bytes) {
    throw Error(cat(source_name, ": a header of ", length, " bytes, at most ", max_npy_header_bytes, " are read. Save the array again with numpy.save."));
  }
  if (file.size() - begin < length) throw cut_short(begin + length);

  HeaderParser parser(bytes.substr(begin, length), source_name);
  const auto dict = parser.dict();
  NpyHeader header;
  header.data_offset = begin + length;
  if (const auto descr = dict.find("descr"); descr != dict.end()) {
    if (const auto* structured = std::get_if<OtherLiteral>(&descr->second)) {
      throw Error(cat(source_name, ": its dtype ", quoted(structured->text), " has fields (a structured array), a plain array of numbers was expected. Save each field by itself."));
    }
  }
  const std::string& descr = entry<std::string>(dict, "descr", "a text", parser);
  if (!parse_descr(descr, text, header)) throw Error(cat(source_name, ": ", refused_dtype(descr), "."));
  header.is_fortran_order = entry<bool>(dict, "fortran_order", "True or False", parser);
  header.shape = entry<Shape>(dict, "shape", "a tuple of whole numbers", parser);
  if (dict.size() != 3) throw parser.damaged("it has other keys than 'descr', 'fortran_order' and 'shape'");
  if (header.shape.size() > max_dimensions) {
    throw Error(cat(source_name, ": an array of ", header.shape.size(), " dimensions, at most ", max_dimensions, " are read. Reshape it before saving."));
  }
  header.num_items = bounded_size(header.shape, header.item_bytes, max_bytes, source_name);
  return header;
}

}  // namespace maskscope
