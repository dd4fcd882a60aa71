// NumPy's .npy: one array. Untrusted: nothing is allocated before its size is known to be right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace maskscope {

enum class NpyKind : std::uint8_t { boolean, signed_integer, unsigned_integer, floating };

// Values in C order (the last index fastest) and little-endian, however the file has them.
struct NpyArray {
  NpyKind kind = NpyKind::signed_integer;
  int item_bytes = 8;               // 1, 2, 4 or 8; floating: 2, 4 or 8
  std::vector<std::int64_t> shape;  // empty: a scalar
  std::vector<std::uint8_t> data;   // size() * item_bytes
  bool is_fortran_order = false;    // as the file had it

  std::int64_t size() const;        // elements
  // One element, by its place in C order. integer: kinds other than floating.
  std::int64_t integer(std::int64_t index) const;
  double number(std::int64_t index) const;
  std::string dtype() const;        // as NumPy writes it: "int16", "float32", "bool"
  std::string shape_text() const;   // "(2, 196)"
  bool operator==(const NpyArray&) const = default;
};

NpyArray npy_from(const std::vector<std::int32_t>& values, std::vector<std::int64_t> shape);
NpyArray npy_from(const std::vector<std::uint8_t>& values, std::vector<std::int64_t> shape, NpyKind kind);  // boolean or unsigned
NpyArray npy_from(const std::vector<float>& values, std::vector<std::int64_t> shape);

// Versions 1 to 3 of the format. source_name: for messages. Throws Error: not an npy, header too long or not understood,
// pickled objects (never looked into), a dtype other than the above, more than max_bytes of data, data cut short or too long.
NpyArray parse_npy(std::span<const std::uint8_t> file, std::string_view source_name, std::size_t max_bytes);
// Version 1.0, C order: what numpy.load reads.
std::vector<std::uint8_t> to_npy(const NpyArray& array);

}  // namespace maskscope
