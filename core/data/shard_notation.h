// How 4M's configurations name many tars at once: "root/[caption,rgb]/shard-{00000..00099}.tar".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maskscope {

struct NotationLimits {
  std::size_t max_names = 1'000'000;
  std::size_t max_bytes = std::size_t{128} << 20;  // of all names together
};

// Braces: lists "{a,b}", ranges "{08..11}" (padded to the longer end), "{3..1}", "{0..10..5}", "{a..c}", nested; a backslash
// takes the meaning from the character behind it; "{a}" stays as it is. Order and corner cases as the Python package
// braceexpand 0.1.7. Brackets are no braces and stay.
//   expand_braces("x/{8..10}.tar") == {"x/8.tar", "x/9.tar", "x/10.tar"}
// Throws Error when braces are left open, or for more names than the limits allow (before making them).
std::vector<std::string> expand_braces(std::string_view pattern, const NotationLimits& limits = {});

// A name with the modalities of its parallel tars in brackets: before[names…]after.
struct BracketNotation {
  std::string before, after;
  std::vector<std::string> names;  // as they stand, spaces included; one at least
  std::string path(std::size_t name) const { return before + names[name] + after; }
};

// nullopt: without brackets. The names may have braces themselves. Throws Error for more than one pair of brackets (the
// reference takes the names of the first pair for all tars), an unclosed one, an empty one, or more than 250 names.
std::optional<BracketNotation> parse_brackets(std::string_view name);

}  // namespace maskscope
