// JSON as Python's json module reads it, which is not what other libraries read: NaN and Infinity are numbers, integers and
// floats differ ("3" and "3.0"), an object keeps the order of its keys, and of a key that comes twice the last value stands
// in the first one's place. So this is a parser of our own.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/data/content_error.h"

namespace maskscope {

struct PythonJson {
  enum class Kind : std::uint8_t { null, boolean, integer, floating, text, list, object };
  Kind kind = Kind::null;
  double number = 0.0;  // boolean: 0 or 1. Integers beyond 2^53 are rounded; their kind stays
  std::string text;     // UTF-8
  std::vector<PythonJson> list;
  std::vector<std::pair<std::string, PythonJson>> object;

  // Python's bool is an int, and so a number.
  bool is_number() const { return kind == Kind::boolean || kind == Kind::integer || kind == Kind::floating; }
  const PythonJson* find(std::string_view key) const;  // nullptr: not an object, or no such key
  std::string describe() const;  // for messages: "the text "abc"", "the number 1.5", "a list of 3", "an object of 2"
};

struct JsonLimits {
  std::size_t max_values = 1'000'000;
  int max_depth = 64;
};

// findings: out, what Python accepts in silence though it is no JSON, and keys that come twice.
// Throws ContentError naming the byte: not JSON, not UTF-8, half a surrogate pair, too many values, nested too deeply.
PythonJson parse_python_json(std::string_view bytes, Findings& findings, const JsonLimits& limits = {});

}  // namespace maskscope
