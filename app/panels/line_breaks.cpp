#include "app/panels/line_breaks.h"

#include <algorithm>

namespace maskscope {

char32_t next_drawn_character(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = std::min<std::size_t>(lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4, text.size() - at);
  char32_t character = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) character = character << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
  at += length;
  return character;
}

bool is_cjk(char32_t character) { return (character >= 0x2E80 && character < 0xA000) || (character >= 0xF900 && character < 0xFB00) || (character >= 0xFF00 && character < 0xFFF0); }

bool has_cjk(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (is_cjk(next_drawn_character(text, at))) return true;
  }
  return false;
}

bool may_break(char32_t before, char32_t after) {
  constexpr std::u32string_view closing = U"，。、；：？！）】》〉」』”’…%,.;:?!)]}", opening = U"（【《〈「『“‘([{";
  if (closing.find(after) != std::u32string_view::npos || opening.find(before) != std::u32string_view::npos) return false;
  return before == ' ' || is_cjk(before) || is_cjk(after);
}

}  // namespace maskscope
