#include "kernels/bench/checksum.h"

#include <bit>
#include <cstdint>
#include <string_view>

#include "core/sha256.h"

namespace maskscope {

static_assert(std::endian::native == std::endian::little, "the arrays are hashed as they lie in memory");

std::string checksum(const MaskedBatch& masks) {
  std::string bytes;
  bytes.reserve(masks.size_bytes());
  visit_arrays(masks, [&](const auto& array, int) {
    bytes.append(std::string_view(reinterpret_cast<const char*>(array.data()), array.size() * sizeof(array[0])));
  });
  const auto digest = sha256(bytes);
  std::string digits;
  for (std::size_t i = 0; i < 8; ++i) {
    for (const int shift : {4, 0}) digits += "0123456789abcdef"[digest[i] >> shift & 15];
  }
  return digits;
}

}  // namespace maskscope
