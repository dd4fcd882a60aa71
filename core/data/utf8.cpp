#include "core/data/utf8.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "core/error.h"

namespace maskscope {
namespace {

unsigned char byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// Length of the sequence that begins with lead; 0 for bytes that can't begin one.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

}  // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const unsigned char lead = byte_at(text, i);
    const std::size_t length = sequence_length(lead);
    if (length == 0 || length > text.size() - i) return i;
    for (std::size_t k = 1; k < length; ++k) {
      if (!is_continuation(byte_at(text, i + k))) return i;
    }
    // Overlong forms, surrogates and what lies above U+10FFFF show in the second byte.
    if (length > 2 || lead == 0xF4) {
      const unsigned char second = byte_at(text, i + 1);
      if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
          (lead == 0xF4 && second > 0x8F)) {
        return i;
      }
    }
    i += length;
  }
  return std::nullopt;
}

void validate_utf8(std::string_view text, std::string_view where) {
  const auto offset = find_invalid_utf8(text);
  if (!offset) return;
  constexpr std::string_view digits = "0123456789ABCDEF";
  const unsigned char found = byte_at(text, *offset);
  throw Error(cat(where, ": not valid UTF-8 at byte offset ", *offset, " (byte 0x", digits[found >> 4], digits[found & 15],
                  "), UTF-8 text was expected. Save the text as UTF-8 and open it again."));
}

char32_t next_code_point(std::string_view text, std::size_t& offset) {
  assert(offset < text.size());
  const unsigned char lead = byte_at(text, offset);
  const std::size_t length = sequence_length(lead);
  assert(length > 0 && offset + length <= text.size());
  constexpr std::array<unsigned char, 5> lead_bits = {0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t code_point = lead & lead_bits[length];
  for (std::size_t k = 1; k < length; ++k) code_point = (code_point << 6) | (byte_at(text, offset + k) & 0x3Fu);
  offset += length;
  return code_point;
}

char32_t code_point_before(std::string_view text, std::size_t end) {
  assert(end > 0 && end <= text.size());
  std::size_t start = end - 1;
  while (start > 0 && is_continuation(byte_at(text, start))) --start;
  return next_code_point(text, start);
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    assert(c <= 0x10FFFF);
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(static_cast<unsigned char>(c)); }));
}

}  // namespace maskscope
