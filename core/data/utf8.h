// UTF-8: validation, reading and writing of single code points.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace maskscope {

// Byte offset of the first sequence that is not UTF-8 (overlong forms, surrogates, code points above U+10FFFF and
// sequences cut short included); nullopt when all of it is. find_invalid_utf8("ab\xff") == 2.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

// Throws Error naming where (a file, or what the text is), the byte offset and the byte found there.
void validate_utf8(std::string_view text, std::string_view where);

// The code point at offset, which moves on to the next one. text must be valid UTF-8, offset at the start of a code
// point and less than text.size().
char32_t next_code_point(std::string_view text, std::size_t& offset);

// The code point that ends right before end. text must be valid UTF-8, end > 0 and at the end of a code point.
char32_t code_point_before(std::string_view text, std::size_t end);

// code_point: any Unicode scalar value.
void append_utf8(std::string& out, char32_t code_point);

// Number of code points; text must be valid UTF-8.
std::size_t count_code_points(std::string_view text);

}  // namespace maskscope
