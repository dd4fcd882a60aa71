// Flags packed into the bits of a word.
#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace maskscope {

// Bit i of the result := flags[i], 0 or 1. flags: (64).
inline std::uint64_t portable_bits_of_flags(const std::uint8_t* flags) {
  std::uint64_t bits = 0;
  for (int i = 0; i < 64; ++i) bits |= std::uint64_t{flags[i]} << i;
  return bits;
}

// The same, by the quickest means that the compiler's target has.
inline std::uint64_t bits_of_flags(const std::uint8_t* flags) {
#if defined(__SSE2__)
  std::uint64_t bits = 0;
  for (int i = 0; i < 64; i += 16) {
    const __m128i lanes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(flags + i));
    const int sixteen = _mm_movemask_epi8(_mm_slli_epi16(lanes, 7));  // the top bits of the bytes
    bits |= std::uint64_t{static_cast<std::uint32_t>(sixteen)} << i;
  }
  return bits;
#else
  return portable_bits_of_flags(flags);
#endif
}

}  // namespace maskscope
