// Numbers as people read them.
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <string>

#include "core/error.h"

namespace maskscope {

// "131 072": counters get long.
template <std::integral Number>
std::string grouped(Number number) {
  std::string digits = cat(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, " ");
  return digits;
}

// "0.142": so many decimals, whatever the locale.
inline std::string fixed(double value, int decimals) {
  std::array<char, 400> text{};  // the largest double has 309 digits
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals).ptr;
  return std::string(text.data(), end);
}

}  // namespace maskscope
