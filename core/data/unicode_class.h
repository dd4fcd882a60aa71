// What BERT-style tokenizers ask about characters. Answers are those of the HuggingFace tokenizers library, which mixes
// Unicode versions: general categories of 8.0, normalisation of 9.0; letters and lower case are those of utf8proc.
#pragma once

#include <array>
#include <cstdint>

namespace maskscope::unicode {

// Removed by clean_text: Cc and Cf except tab, line feed and carriage return, U+0000, U+FFFD; of the private use
// characters only the first and last of each block (the library's table holds no others).
bool is_removed_by_cleaning(char32_t c);

// White_Space: what splits words, and what \s matches.
bool is_whitespace(char32_t c);

// CJK ideographs, each of which is a word of its own.
bool is_chinese_character(char32_t c);

// General category Mn of Unicode 8.0: accents.
bool is_nonspacing_mark(char32_t c);

// ASCII symbols and general category P* of Unicode 8.0: each is a word of its own.
bool is_punctuation(char32_t c);

// What \w matches: Alphabetic, marks, decimal digits, connector punctuation, U+200C and U+200D.
bool is_word_character(char32_t c);

// One character in canonical decomposition: length of the result, 1 to 4 code points.
struct Decomposition {
  std::array<char32_t, 4> code_points;
  int length;
};
Decomposition decompose(char32_t c);

// Canonical combining class, 0 for starters and for characters younger than Unicode 9.0.
std::uint8_t combining_class(char32_t c);

// Lower case of one character by itself, so a final sigma is not known as such. Only U+0130 has two: decompose
// U+0130 itself or append U+0307 to the 'i' returned.
char32_t to_lower(char32_t c);

}  // namespace maskscope::unicode
