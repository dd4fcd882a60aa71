// Where a line may end, in Latin text and in Chinese, which has no spaces. For everything that wraps text itself.
#pragma once

#include <cstddef>
#include <string_view>

namespace maskscope {

// The character at a place of UTF-8 as it is drawn; moves the place behind it. What is cut short at the end gives some character.
char32_t next_drawn_character(std::string_view text, std::size_t& at);

// Ideographs, kana and full-width signs: lines may end before and behind them.
bool is_cjk(char32_t character);
bool has_cjk(std::string_view text);

// Whether a line may end between two characters: behind a space, beside a character for which is_cjk holds, but neither before a
// closing mark nor behind an opening one.
bool may_break(char32_t before, char32_t after);

}  // namespace maskscope
