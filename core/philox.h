// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers:
// as easy as 1, 2, 3" (SC 2011). Stateless: the same (counter, key) gives the same 128 bits anywhere.
#pragma once

#include <cstdint>

#include "core/host_device.h"

namespace maskscope {

struct PhiloxCounter {
  std::uint32_t word[4] = {0, 0, 0, 0};
};
struct PhiloxKey {
  std::uint32_t word[2] = {0, 0};
};
struct PhiloxBlock {
  std::uint32_t word[4];
};

MASKSCOPE_HD constexpr PhiloxBlock philox4x32_10(PhiloxCounter counter, PhiloxKey key) {
  std::uint32_t c0 = counter.word[0], c1 = counter.word[1], c2 = counter.word[2], c3 = counter.word[3];
  std::uint32_t k0 = key.word[0], k1 = key.word[1];
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53u} * c0;
    const std::uint64_t product1 = std::uint64_t{0xCD9E8D57u} * c2;
    c0 = static_cast<std::uint32_t>(product1 >> 32) ^ c1 ^ k0;
    c1 = static_cast<std::uint32_t>(product1);
    c2 = static_cast<std::uint32_t>(product0 >> 32) ^ c3 ^ k1;
    c3 = static_cast<std::uint32_t>(product0);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}

}  // namespace maskscope
