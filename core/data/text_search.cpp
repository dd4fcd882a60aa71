#include "core/data/text_search.h"

#include <string>

#include "core/data/unicode_class.h"
#include "core/data/utf8.h"

namespace maskscope {
namespace {

std::string lower_case(std::string_view text) {
  std::string lower;
  lower.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) append_utf8(lower, unicode::to_lower(next_code_point(text, at)));
  return lower;
}

}  // namespace

bool contains_text(std::string_view text, std::string_view wanted) {
  if (find_invalid_utf8(text) || find_invalid_utf8(wanted)) return text.find(wanted) != std::string_view::npos;
  return lower_case(text).find(lower_case(wanted)) != std::string::npos;
}

}  // namespace maskscope
