#include "core/data/python_number.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace maskscope {

namespace {

// repr(float): as %r, the shortest digits; with an exponent below -4 and from 16 on.
std::string float_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::array<char, 64> buffer{};
  const auto scientific = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  std::string text(buffer.data(), scientific.ptr);
  const int exponent = std::atoi(text.c_str() + text.find('e') + 1);
  if (exponent < -4 || exponent >= 16) return text;
  const auto fixed = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  text.assign(buffer.data(), fixed.ptr);
  return text.find('.') == std::string::npos ? text + ".0" : text;
}

std::string integer_text(double value) {
  std::array<char, 400> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.0f", value == 0.0 ? 0.0 : value);  // no "-0"
  return buffer.data();
}

[[noreturn]] void uneven(const std::string& what) {
  throw ContentError(cat(what, " is not evenly nested: lists of different lengths stand side by side. Write the file again."),
                     "raises an exception: NumPy makes no array of it.");
}

void flatten(const PythonJson& value, const std::string& what, std::size_t depth, NumberArray& out) {
  if (value.is_number()) {
    if (depth != out.shape.size()) uneven(what);
    out.values.push_back(value.number);
    if (value.kind == PythonJson::Kind::floating) out.is_all_integers = false;
    return;
  }
  if (value.kind != PythonJson::Kind::list) {
    throw ContentError(cat(what, " holds ", value.describe(), ", numbers were expected. Write the file again."),
                       "raises an exception: the sample can't be loaded.");
  }
  if (depth >= out.shape.size() || value.list.size() != out.shape[depth]) uneven(what);
  for (const PythonJson& element : value.list) flatten(element, what, depth + 1, out);
}

}  // namespace

std::string python_text(PythonNumber number) {
  if (number.kind == PythonJson::Kind::boolean) return number.value != 0.0 ? "True" : "False";
  return number.kind == PythonJson::Kind::floating ? float_text(number.value) : integer_text(number.value);
}

PythonNumber floor_divide(PythonNumber number, int divisor) {
  if (number.kind != PythonJson::Kind::floating) return {PythonJson::Kind::integer, std::floor(number.value / divisor)};
  // As float_floor_div of CPython: exact where the quotient rounds up to the next integer.
  double remainder = std::fmod(number.value, divisor);
  double quotient = (number.value - remainder) / divisor;
  if (remainder < 0) quotient -= 1.0;
  double floored = std::floor(quotient);
  if (quotient - floored > 0.5) floored += 1.0;
  return {PythonJson::Kind::floating, floored};
}

PythonNumber clamp(PythonNumber number, int least, int most) {
  if (most < number.value) return {PythonJson::Kind::integer, static_cast<double>(most)};
  if (!(number.value > least)) return {PythonJson::Kind::integer, static_cast<double>(least)};
  return number;
}

std::string rounded_text(double value) {
  if (!std::isfinite(value)) {
    throw ContentError(cat("The number ", value, " can't be rounded to a token. Correct it in the file."),
                       "raises an exception: the sample can't be loaded.");
  }
  return integer_text(std::nearbyint(value));
}

NumberArray number_array(const PythonJson& value, const std::string& what) {
  NumberArray array;
  for (const PythonJson* level = &value; level->kind == PythonJson::Kind::list;) {
    array.shape.push_back(level->list.size());
    if (level->list.empty()) break;
    level = &level->list.front();
  }
  flatten(value, what, 0, array);
  return array;
}

}  // namespace maskscope
