// NumPy's .npy: one array. Untrusted: nothing is allocated before its size is known to be right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace maskscope {

// text: strings of a fixed length ("<U5", "|S5"), only where the reader asks for them.
enum class NpyKind : std::uint8_t { boolean, signed_integer, unsigned_integer, floating, text };

// Whether an array of strings is read or, as everything else that is no number, refused.
enum class NpyText : std::uint8_t { refused, accepted };

// Values in C order (the last index fastest) and little-endian, however the file has them.
struct NpyArray {
  NpyKind kind = NpyKind::signed_integer;
  int item_bytes = 8;               // 1, 2, 4 or 8; floating: 2, 4 or 8; text: ASCII characters, padded with zeros, 0 .. 1024
  std::vector<std::int64_t> shape;  // empty: a scalar
  std::vector<std::uint8_t> data;   // size() * item_bytes; booleans are 0 or 1
  bool is_fortran_order = false;    // as the file had it

  std::int64_t size() const;        // elements
  // One element, by its place in C order. integer: kinds other than floating and text; an unsigned integer of 64 bits above the
  // largest int64 gives that. number: kinds other than text.
  std::int64_t integer(std::int64_t index) const;
  double number(std::int64_t index) const;
  std::string text(std::int64_t index) const;  // kind text only
  bool is_integer() const { return kind == NpyKind::signed_integer || kind == NpyKind::unsigned_integer; }
  std::string dtype() const;        // as NumPy writes it: "int16", "float32", "bool"; "text"
  std::string shape_text() const;   // "(2, 196)"
  bool operator==(const NpyArray&) const = default;
};

NpyArray npy_from(const std::vector<std::int32_t>& values, std::vector<std::int64_t> shape);
NpyArray npy_from(const std::vector<std::uint8_t>& values, std::vector<std::int64_t> shape, NpyKind kind);  // boolean or unsigned
NpyArray npy_from(const std::vector<float>& values, std::vector<std::int64_t> shape);
NpyArray npy_from(std::string_view text);  // a scalar; text is ASCII

// Versions 1 to 3 of the format. source_name: for messages. Throws Error: not an npy, header too long or not understood,
// pickled objects (never looked into), a dtype other than the above, more than max_bytes of data, data cut short or too long.
NpyArray parse_npy(std::span<const std::uint8_t> file, std::string_view source_name, std::size_t max_bytes,
                   NpyText text = NpyText::refused);
// Version 1.0, C order: what numpy.load reads.
std::vector<std::uint8_t> to_npy(const NpyArray& array);

}  // namespace maskscope
