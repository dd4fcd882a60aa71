#include "core/data/unicode_class.h"

#include <utf8proc.h>

#include <algorithm>
#include <cassert>
#include <iterator>

#include "core/data/unicode8_tables.h"

namespace maskscope::unicode {
namespace {

template <class Table>
bool contains(const Table& table, char32_t c) {
  const auto after = std::upper_bound(std::begin(table), std::end(table), c,
                                      [](char32_t value, const CodePointRange& range) { return value < range.first; });
  return after != std::begin(table) && c <= std::prev(after)->last;
}

utf8proc_int32_t as_utf8proc(char32_t c) { return static_cast<utf8proc_int32_t>(c); }

// Characters of Unicode 9.0 with a combining class that are not Mn in Unicode 8.0: spacing marks, and marks new in 9.0.
constexpr CodePointRange other_combining_9[] = {
    {0x8D4, 0x8E1},     {0x1B44, 0x1B44},   {0x1BAA, 0x1BAA},   {0x1BF2, 0x1BF3},   {0x1DFB, 0x1DFB},
    {0x302E, 0x302F},   {0xA953, 0xA953},   {0xA9C0, 0xA9C0},   {0x111C0, 0x111C0}, {0x11235, 0x11235},
    {0x1134D, 0x1134D}, {0x11442, 0x11442}, {0x11446, 0x11446}, {0x116B6, 0x116B6}, {0x11C3F, 0x11C3F},
    {0x1D165, 0x1D166}, {0x1D16D, 0x1D172}, {0x1E000, 0x1E006}, {0x1E008, 0x1E018}, {0x1E01B, 0x1E021},
    {0x1E023, 0x1E024}, {0x1E026, 0x1E02A}, {0x1E944, 0x1E94A},
};

// Characters beyond the BMP with a canonical decomposition in Unicode 9.0. Within the BMP none came later.
constexpr CodePointRange decomposed_9[] = {
    {0x1109A, 0x1109A}, {0x1109C, 0x1109C}, {0x110AB, 0x110AB}, {0x1112E, 0x1112F}, {0x1134B, 0x1134C},
    {0x114BB, 0x114BC}, {0x114BE, 0x114BE}, {0x115BA, 0x115BB}, {0x1D15E, 0x1D164}, {0x1D1BB, 0x1D1C0},
    {0x2F800, 0x2FA1D},
};

// Other_Alphabetic symbols: circled and squared Latin letters.
constexpr CodePointRange alphabetic_symbols[] = {
    {0x24B6, 0x24E9}, {0x1F130, 0x1F149}, {0x1F150, 0x1F169}, {0x1F170, 0x1F189},
};

}  // namespace

bool is_removed_by_cleaning(char32_t c) {
  switch (c) {
    case '\t':
    case '\n':
    case '\r':
      return false;
    case 0xFFFD:
    case 0xE000:
    case 0xF8FF:
    case 0xF0000:
    case 0xFFFFD:
    case 0x100000:
    case 0x10FFFD:
      return true;
    default:
      return contains(controls_8, c);
  }
}

bool is_whitespace(char32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool is_chinese_character(char32_t c) {
  constexpr CodePointRange blocks[] = {
      {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xF900, 0xFAFF},   {0x20000, 0x2A6DF},
      {0x2A700, 0x2B73F}, {0x2B740, 0x2B81F}, {0x2B920, 0x2CEAF}, {0x2F800, 0x2FA1F},
  };
  return contains(blocks, c);
}

bool is_nonspacing_mark(char32_t c) { return c >= 0x300 && contains(nonspacing_marks_8, c); }

bool is_punctuation(char32_t c) {
  if (c < 0x80) {
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
  }
  return contains(punctuation_8, c);
}

bool is_word_character(char32_t c) {
  switch (utf8proc_category(as_utf8proc(c))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_PC:
      return true;
    default:
      return c == 0x200C || c == 0x200D || contains(alphabetic_symbols, c);
  }
}

Decomposition decompose(char32_t c) {
  Decomposition result{{c}, 1};
  if (c < 0xC0 || (c > 0xFFFF && !contains(decomposed_9, c))) return result;
  std::array<utf8proc_int32_t, 4> buffer{};
  int boundary_class = 0;
  const auto length = utf8proc_decompose_char(as_utf8proc(c), buffer.data(), static_cast<utf8proc_ssize_t>(buffer.size()),
                                              UTF8PROC_DECOMPOSE, &boundary_class);
  assert(length >= 1 && length <= static_cast<utf8proc_ssize_t>(buffer.size()));
  result.length = static_cast<int>(length);
  std::transform(buffer.begin(), buffer.begin() + length, result.code_points.begin(),
                 [](utf8proc_int32_t part) { return static_cast<char32_t>(part); });
  return result;
}

std::uint8_t combining_class(char32_t c) {
  if (c < 0x300 || !(contains(nonspacing_marks_8, c) || contains(other_combining_9, c))) return 0;
  return static_cast<std::uint8_t>(utf8proc_get_property(as_utf8proc(c))->combining_class);
}

char32_t to_lower(char32_t c) { return static_cast<char32_t>(utf8proc_tolower(as_utf8proc(c))); }

}  // namespace maskscope::unicode
