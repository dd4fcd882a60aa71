// The header of an .npy file: magic, version, and a Python dict written as text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/data/npy.h"

namespace maskscope {

struct NpyHeader {
  NpyKind kind{};
  int item_bytes = 0;           // in the file; text: 4 a character in "<U5"
  bool is_wide_text = false;    // "<U5", not "|S5"
  bool is_big_endian = false;
  bool is_fortran_order = false;
  std::vector<std::int64_t> shape;
  std::size_t num_items = 0;    // of the shape; num_items * item_bytes <= max_bytes
  std::size_t data_offset = 0;  // in the file
};

// Longest header that is read; numpy.load refuses longer ones too, unless it is told to trust them.
constexpr std::size_t max_npy_header_bytes = 10'000;

// Everything parse_npy (npy.h) says about the header; the data is not looked at. Throws Error.
NpyHeader parse_npy_header(std::span<const std::uint8_t> file, std::string_view source_name, std::size_t max_bytes,
                           NpyText text);

}  // namespace maskscope
