// Numbers as people read them.
#pragma once

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

}  // namespace maskscope
