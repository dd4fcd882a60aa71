#include "core/data/npy.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "core/data/npy_header.h"
#include "core/error.h"

namespace maskscope {
namespace {

std::uint64_t little_endian(const std::uint8_t* bytes, int count) {
  std::uint64_t value = 0;
  for (int i = 0; i < count; ++i) value |= std::uint64_t{bytes[i]} << (8 * i);
  return value;
}

void append_little_endian(std::vector<std::uint8_t>& out, std::uint64_t value, int count) {
  for (int i = 0; i < count; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

// IEEE half precision: 1 bit of sign, 5 of exponent, 10 of fraction.
double half_to_double(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const double fraction = bits & 1023;
  const double size = exponent == 31   ? (fraction == 0.0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN())
                      : exponent == 0 ? std::ldexp(fraction, -24)
                                      : std::ldexp(fraction + 1024.0, exponent - 25);
  return bits >> 15 ? -size : size;
}

NpyArray array_of(NpyKind kind, int item_bytes, std::vector<std::int64_t> shape, [[maybe_unused]] std::size_t num_values) {
  NpyArray array;
  array.kind = kind;
  array.item_bytes = item_bytes;
  array.shape = std::move(shape);
  assert(static_cast<std::size_t>(array.size()) == num_values);
  array.data.reserve(num_values * static_cast<std::size_t>(item_bytes));
  return array;
}

// Calls visit(place in the file) for every element in C order. In Fortran order the first index is the fastest.
template <class Visit>
void for_each_place(const NpyHeader& header, Visit&& visit) {
  if (!header.is_fortran_order || header.shape.size() < 2) {
    for (std::size_t i = 0; i < header.num_items; ++i) visit(i);
    return;
  }
  const std::size_t dimensions = header.shape.size();
  std::vector<std::size_t> stride(dimensions, 1), index(dimensions, 0);
  for (std::size_t d = 1; d < dimensions; ++d) stride[d] = stride[d - 1] * static_cast<std::size_t>(header.shape[d - 1]);
  std::size_t place = 0;
  for (std::size_t i = 0; i < header.num_items; ++i) {
    visit(place);
    for (std::size_t d = dimensions; d-- > 0;) {
      place += stride[d];
      if (++index[d] < static_cast<std::size_t>(header.shape[d])) break;
      place -= stride[d] * index[d];
      index[d] = 0;
    }
  }
}

// One string of the file: "<U5" holds four bytes a character.
void append_text(const std::uint8_t* item, const NpyHeader& header, std::string_view source_name, std::vector<std::uint8_t>& out) {
  const int width = header.is_wide_text ? 4 : 1;
  for (int i = 0; i < header.item_bytes; i += width) {
    std::uint32_t code = 0;
    for (int b = 0; b < width; ++b) {
      code |= std::uint32_t{item[i + b]} << (8 * (header.is_big_endian ? width - 1 - b : b));
    }
    if (code > 127) throw Error(cat(source_name, ": a text with the character ", code, ", only ASCII is read here. Save it without."));
    out.push_back(static_cast<std::uint8_t>(code));
  }
}

}  // namespace

std::int64_t NpyArray::size() const {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::int64_t NpyArray::integer(std::int64_t index) const {
  assert(kind != NpyKind::floating && kind != NpyKind::text && index >= 0 && index < size());
  const std::uint64_t bits = little_endian(data.data() + index * item_bytes, item_bytes);
  if (kind == NpyKind::signed_integer) {
    const int unused_bits = 64 - 8 * item_bytes;
    return static_cast<std::int64_t>(bits << unused_bits) >> unused_bits;
  }
  return static_cast<std::int64_t>(std::min<std::uint64_t>(bits, std::numeric_limits<std::int64_t>::max()));
}

double NpyArray::number(std::int64_t index) const {
  assert(index >= 0 && index < size());
  const std::uint8_t* const item = data.data() + index * item_bytes;
  if (kind == NpyKind::unsigned_integer) return static_cast<double>(little_endian(item, item_bytes));
  if (kind != NpyKind::floating) return static_cast<double>(integer(index));
  switch (item_bytes) {
    case 2: return half_to_double(static_cast<std::uint16_t>(little_endian(item, 2)));
    case 4: return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(little_endian(item, 4))));
    default: return std::bit_cast<double>(little_endian(item, 8));
  }
}

std::string NpyArray::text(std::int64_t index) const {
  assert(kind == NpyKind::text && index >= 0 && index < size());
  const auto begin = data.begin() + index * item_bytes;
  auto end = begin + item_bytes;
  while (end != begin && end[-1] == 0) --end;
  return {begin, end};
}

std::string NpyArray::dtype() const {
  const int bits = 8 * item_bytes;
  switch (kind) {
    case NpyKind::boolean: return "bool";
    case NpyKind::signed_integer: return cat("int", bits);
    case NpyKind::unsigned_integer: return cat("uint", bits);
    case NpyKind::floating: return cat("float", bits);
    case NpyKind::text: return "text";
  }
  return "unknown";
}

std::string NpyArray::shape_text() const {
  std::string text = "(";
  for (std::size_t d = 0; d < shape.size(); ++d) text += cat(d ? ", " : "", shape[d]);
  return text + (shape.size() == 1 ? ",)" : ")");
}

NpyArray npy_from(const std::vector<std::int32_t>& values, std::vector<std::int64_t> shape) {
  NpyArray array = array_of(NpyKind::signed_integer, 4, std::move(shape), values.size());
  for (const std::int32_t value : values) append_little_endian(array.data, static_cast<std::uint32_t>(value), 4);
  return array;
}

NpyArray npy_from(const std::vector<std::uint8_t>& values, std::vector<std::int64_t> shape, NpyKind kind) {
  assert(kind == NpyKind::boolean || kind == NpyKind::unsigned_integer);
  NpyArray array = array_of(kind, 1, std::move(shape), values.size());
  for (const std::uint8_t value : values) array.data.push_back(kind == NpyKind::boolean ? value != 0 : value);
  return array;
}

NpyArray npy_from(const std::vector<float>& values, std::vector<std::int64_t> shape) {
  NpyArray array = array_of(NpyKind::floating, 4, std::move(shape), values.size());
  for (const float value : values) append_little_endian(array.data, std::bit_cast<std::uint32_t>(value), 4);
  return array;
}

NpyArray npy_from(std::string_view text) {
  NpyArray array = array_of(NpyKind::text, static_cast<int>(text.size()), {}, 1);
  array.data.assign(text.begin(), text.end());
  return array;
}

NpyArray parse_npy(std::span<const std::uint8_t> file, std::string_view source_name, std::size_t max_bytes, NpyText text) {
  const NpyHeader header = parse_npy_header(file, source_name, max_bytes, text);
  const auto item_bytes = static_cast<std::size_t>(header.item_bytes);
  const std::size_t expected = header.num_items * item_bytes, found = file.size() - header.data_offset;
  NpyArray array;
  array.kind = header.kind;
  array.shape = header.shape;
  array.is_fortran_order = header.is_fortran_order;
  array.item_bytes = header.is_wide_text ? header.item_bytes / 4 : header.item_bytes;
  if (found != expected) {
    throw Error(cat(source_name, ": ", found, " bytes of data, its shape ", array.shape_text(), " and dtype ", array.dtype(), " need ", expected,
                    found < expected ? ". The file is cut short: copy or save it again." : ". Something was appended: save it again."));
  }

  const std::uint8_t* const items = file.data() + header.data_offset;
  const bool is_as_in_memory = header.kind != NpyKind::text && header.kind != NpyKind::boolean && !header.is_big_endian &&
                               (!header.is_fortran_order || header.shape.size() < 2);
  if (is_as_in_memory) {
    array.data.assign(items, items + expected);
    return array;
  }
  array.data.reserve(header.num_items * static_cast<std::size_t>(array.item_bytes));
  for_each_place(header, [&](std::size_t place) {
    const std::uint8_t* const item = items + place * item_bytes;
    if (header.kind == NpyKind::text) append_text(item, header, source_name, array.data);
    else if (header.kind == NpyKind::boolean) array.data.push_back(*item != 0);
    else if (header.is_big_endian) array.data.insert(array.data.end(), std::reverse_iterator(item + item_bytes), std::reverse_iterator(item));
    else array.data.insert(array.data.end(), item, item + item_bytes);
  });
  return array;
}

std::vector<std::uint8_t> to_npy(const NpyArray& array) {
  constexpr char letters[] = {'b', 'i', 'u', 'f', 'U'};
  const bool has_byte_order = array.item_bytes > 1 || array.kind == NpyKind::text;
  std::string dict = cat("{'descr': '", has_byte_order ? '<' : '|', letters[static_cast<std::size_t>(array.kind)], array.item_bytes,
                         "', 'fortran_order': False, 'shape': ", array.shape_text(), ", }");
  // The data begins at a multiple of 64, so that it may be mapped into memory.
  constexpr std::size_t prefix = 10, alignment = 64;
  dict.append((alignment - (prefix + dict.size() + 1) % alignment) % alignment, ' ');
  dict += '\n';

  std::vector<std::uint8_t> file{0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  append_little_endian(file, dict.size(), 2);
  file.insert(file.end(), dict.begin(), dict.end());
  if (array.kind == NpyKind::text) {
    for (const std::uint8_t character : array.data) append_little_endian(file, character, 4);
  } else {
    file.insert(file.end(), array.data.begin(), array.data.end());
  }
  return file;
}

}  // namespace maskscope
