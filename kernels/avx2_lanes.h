// Four lanes of 64 bits in AVX2 vectors: Philox blocks, and float64 logarithms and powers. Each lane goes through the
// operations of core/philox.h and core/portable_math.h in their order, so the bits are the same. For functions that are
// compiled for AVX2 only.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "core/draw.h"
#include "core/portable_math.h"

#pragma GCC push_options
#pragma GCC target("avx2")

namespace maskscope::avx2 {

constexpr int lanes = 4;
constexpr int odd_halves = 0b10101010;  // the high half of every lane, for blends of 32-bit elements

inline __m256i broadcast(std::uint64_t value) { return _mm256_set1_epi64x(static_cast<long long>(value)); }
inline __m256d broadcast(double value) { return _mm256_set1_pd(value); }

// Four blocks; a word is in the low half of its lane, the high half holds anything.
struct Blocks {
  __m256i word[4];
};

// blocks: counters, turned into the words of their blocks. Several vectors at once, because one alone would wait for its
// multiplications.
template <int num_vectors>
[[gnu::always_inline]] inline void philox4x32_10(Blocks (&blocks)[num_vectors], std::uint64_t seed) {
  const __m256i multiplier0 = broadcast(std::uint64_t{0xD2511F53u}), multiplier1 = broadcast(std::uint64_t{0xCD9E8D57u});
  const __m256i increment0 = broadcast(std::uint64_t{0x9E3779B9u}), increment1 = broadcast(std::uint64_t{0xBB67AE85u});
  __m256i key0 = broadcast(seed & 0xffffffffu), key1 = broadcast(seed >> 32);
#pragma GCC unroll 10
  for (int round = 0; round < 10; ++round) {
#pragma GCC unroll 6
    for (int v = 0; v < num_vectors; ++v) {
      __m256i* const word = blocks[v].word;
      const __m256i product0 = _mm256_mul_epu32(word[0], multiplier0);
      const __m256i product1 = _mm256_mul_epu32(word[2], multiplier1);
      word[0] = _mm256_xor_si256(_mm256_srli_epi64(product1, 32), _mm256_xor_si256(word[1], key0));
      word[1] = product1;
      word[2] = _mm256_xor_si256(_mm256_srli_epi64(product0, 32), _mm256_xor_si256(word[3], key1));
      word[3] = product0;
    }
    key0 = _mm256_add_epi32(key0, increment0);
    key1 = _mm256_add_epi32(key1, increment1);
  }
}

// The words as float64, exactly.
inline __m256d to_double(__m256i word) {
  const __m256i above_two_to_52 = _mm256_blend_epi32(word, broadcast(std::uint64_t{0x43300000} << 32), odd_halves);
  return _mm256_castsi256_pd(above_two_to_52) - broadcast(0x1p52);
}

// As uniform53 of two words (kernels/gamma.h); no step rounds.
inline __m256d uniform53(__m256i high, __m256i low) {
  return (to_double(high) * broadcast(0x1p21) + to_double(_mm256_srli_epi32(low, 11))) * broadcast(0x1p-53);
}

// As portable::log.
inline __m256d log(__m256d x) {
  const __m256d is_subnormal = _mm256_cmp_pd(x, broadcast(portable::smallest_normal), _CMP_LT_OQ);
  const __m256i bits = _mm256_castpd_si256(_mm256_blendv_pd(x, x * broadcast(0x1p54), is_subnormal));
  const __m256i sqrt_half_bits = broadcast(std::uint64_t{0x3fe6a09e667f3bcd});
  const __m256i above = _mm256_sub_epi64(bits, sqrt_half_bits);
  // The exponent stands in the top 12 bits; raised by 1024 it is positive, and becomes the mantissa of a number above 2^52.
  const __m256i raised = _mm256_srli_epi64(_mm256_add_epi64(above, broadcast(std::uint64_t{1} << 62)), 52);
  const __m256d above_two_to_52 = _mm256_castsi256_pd(_mm256_or_si256(raised, broadcast(std::uint64_t{0x433} << 52)));
  const __m256d exponent = above_two_to_52 - broadcast(0x1p52 + 1024.0) - _mm256_and_pd(is_subnormal, broadcast(54.0));
  const __m256i fraction = _mm256_and_si256(above, broadcast(std::uint64_t{0x000fffffffffffff}));
  const __m256d f = _mm256_castsi256_pd(_mm256_add_epi64(fraction, sqrt_half_bits)) - broadcast(1.0);

  const __m256d s = f / (broadcast(2.0) + f);
  const __m256d z = s * s;
  __m256d tail = broadcast(2.0 / 23.0);
  tail = tail * z + broadcast(2.0 / 21.0);
  tail = tail * z + broadcast(2.0 / 19.0);
  tail = tail * z + broadcast(2.0 / 17.0);
  tail = tail * z + broadcast(2.0 / 15.0);
  tail = tail * z + broadcast(2.0 / 13.0);
  tail = tail * z + broadcast(2.0 / 11.0);
  tail = tail * z + broadcast(2.0 / 9.0);
  tail = tail * z + broadcast(2.0 / 7.0);
  tail = tail * z + broadcast(2.0 / 5.0);
  tail = tail * z + broadcast(2.0 / 3.0);
  const __m256d half_square = broadcast(0.5) * f * f;
  const __m256d correction = s * (half_square + tail * z) + exponent * broadcast(portable::ln2_low);
  return exponent * broadcast(portable::ln2_high) - ((half_square - correction) - f);
}

// 2^n, -1022 <= n <= 1023.
inline __m256d power_of_two(__m128i n) {
  return _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_cvtepi32_epi64(_mm_add_epi32(n, _mm_set1_epi32(1023))), 52));
}

// As portable::exp, for x in [-745, 0].
inline __m256d exp(__m256d x) {
  const __m128i k = _mm256_cvttpd_epi32(x * broadcast(portable::log2_e) - broadcast(0.5));
  const __m256d exponent = _mm256_cvtepi32_pd(k);
  const __m256d high = x - exponent * broadcast(portable::ln2_high);
  const __m256d low = exponent * broadcast(portable::ln2_low);
  const __m256d r = high - low;
  const __m256d lost = (high - r) - low;
  __m256d tail = broadcast(1.0 / 6227020800.0);
  tail = tail * r + broadcast(1.0 / 479001600.0);
  tail = tail * r + broadcast(1.0 / 39916800.0);
  tail = tail * r + broadcast(1.0 / 3628800.0);
  tail = tail * r + broadcast(1.0 / 362880.0);
  tail = tail * r + broadcast(1.0 / 40320.0);
  tail = tail * r + broadcast(1.0 / 5040.0);
  tail = tail * r + broadcast(1.0 / 720.0);
  tail = tail * r + broadcast(1.0 / 120.0);
  tail = tail * r + broadcast(1.0 / 24.0);
  tail = tail * r + broadcast(1.0 / 6.0);
  tail = tail * r + broadcast(0.5);
  const __m256d power = broadcast(1.0) + (r + (r * r * tail + lost));
  const __m128i half = _mm_srai_epi32(_mm_add_epi32(k, _mm_srli_epi32(k, 31)), 1);  // k / 2, towards 0
  return power * power_of_two(half) * power_of_two(_mm_sub_epi32(k, half));
}

}  // namespace maskscope::avx2

#pragma GCC pop_options
