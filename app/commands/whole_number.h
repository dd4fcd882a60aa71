// Whole numbers on the command line.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace maskscope::commands {

// A whole number from all of the text.
template <class Number = int>
std::optional<Number> whole_number(std::string_view text) {
  Number value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace maskscope::commands
