// Philox blocks and float64 arithmetic in AVX2 vectors, N vectors of four lanes at a time: a chain of operations on one
// vector alone would leave the CPU waiting. Each lane goes through the operations of core/philox.h and core/portable_math.h
// in their order, so the bits are the same. For functions that are compiled for AVX2 only.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__)
#define MASKSCOPE_HAS_AVX2_LANES 1

#include <immintrin.h>

#include <cstdint>

#include "core/draw.h"
#include "core/portable_math.h"

// Functions between these two are compiled for AVX2, whatever the rest is compiled for.
#if defined(__clang__)
#define MASKSCOPE_AVX2_BEGIN _Pragma("clang attribute push(__attribute__((target(\"avx2\"))), apply_to = function)")
#define MASKSCOPE_AVX2_END _Pragma("clang attribute pop")
#else
#define MASKSCOPE_AVX2_BEGIN _Pragma("GCC push_options") _Pragma("GCC target(\"avx2\")")
#define MASKSCOPE_AVX2_END _Pragma("GCC pop_options")
#endif

MASKSCOPE_AVX2_BEGIN

namespace maskscope::avx2 {

constexpr int lanes = 4;
constexpr int odd_halves = 0b10101010;  // the high half of every lane, for blends of 32-bit elements

inline __m256i broadcast(std::uint64_t value) { return _mm256_set1_epi64x(static_cast<long long>(value)); }
inline __m256d broadcast(double value) { return _mm256_set1_pd(value); }

// 4 N integers of 64 bits, or the low halves of these.
template <int N>
struct Words {
  __m256i v[N];
};

template <int N>
struct Doubles {
  __m256d v[N];
};

// All bits of a lane are set, or none.
template <int N>
struct Conditions {
  __m256d v[N];
};

// Every function below is a loop over its N vectors that the compiler unrolls.
#define MASKSCOPE_LANES template <int N> [[gnu::always_inline]] inline
#define MASKSCOPE_EACH_VECTOR _Pragma("GCC unroll 8") for (int n = 0; n < N; ++n)

MASKSCOPE_LANES Doubles<N> operator+(Doubles<N> a, const Doubles<N>& b) {
  MASKSCOPE_EACH_VECTOR a.v[n] = a.v[n] + b.v[n];
  return a;
}
MASKSCOPE_LANES Doubles<N> operator-(Doubles<N> a, const Doubles<N>& b) {
  MASKSCOPE_EACH_VECTOR a.v[n] = a.v[n] - b.v[n];
  return a;
}
MASKSCOPE_LANES Doubles<N> operator*(Doubles<N> a, const Doubles<N>& b) {
  MASKSCOPE_EACH_VECTOR a.v[n] = a.v[n] * b.v[n];
  return a;
}
MASKSCOPE_LANES Doubles<N> operator/(Doubles<N> a, const Doubles<N>& b) {
  MASKSCOPE_EACH_VECTOR a.v[n] = a.v[n] / b.v[n];
  return a;
}
MASKSCOPE_LANES Doubles<N> operator+(Doubles<N> a, double b) {
  MASKSCOPE_EACH_VECTOR a.v[n] = a.v[n] + broadcast(b);
  return a;
}
MASKSCOPE_LANES Doubles<N> operator-(Doubles<N> a, double b) {
  MASKSCOPE_EACH_VECTOR a.v[n] = a.v[n] - broadcast(b);
  return a;
}
MASKSCOPE_LANES Doubles<N> operator-(double a, Doubles<N> b) {
  MASKSCOPE_EACH_VECTOR b.v[n] = broadcast(a) - b.v[n];
  return b;
}
MASKSCOPE_LANES Doubles<N> operator*(double a, Doubles<N> b) {
  MASKSCOPE_EACH_VECTOR b.v[n] = broadcast(a) * b.v[n];
  return b;
}
MASKSCOPE_LANES Doubles<N> sqrt(Doubles<N> a) {
  MASKSCOPE_EACH_VECTOR a.v[n] = _mm256_sqrt_pd(a.v[n]);
  return a;
}
template <int N>
[[gnu::always_inline]] inline Doubles<N> all_lanes(double value) {
  Doubles<N> result;
  MASKSCOPE_EACH_VECTOR result.v[n] = broadcast(value);
  return result;
}
// The larger one; neither is NaN.
MASKSCOPE_LANES Doubles<N> max(Doubles<N> a, double b) {
  MASKSCOPE_EACH_VECTOR a.v[n] = _mm256_max_pd(a.v[n], broadcast(b));
  return a;
}

// Comparisons with NaN do not hold.
MASKSCOPE_LANES Conditions<N> operator<(const Doubles<N>& a, const Doubles<N>& b) {
  Conditions<N> result;
  MASKSCOPE_EACH_VECTOR result.v[n] = _mm256_cmp_pd(a.v[n], b.v[n], _CMP_LT_OQ);
  return result;
}
MASKSCOPE_LANES Conditions<N> operator<(const Doubles<N>& a, double b) {
  Conditions<N> result;
  MASKSCOPE_EACH_VECTOR result.v[n] = _mm256_cmp_pd(a.v[n], broadcast(b), _CMP_LT_OQ);
  return result;
}
MASKSCOPE_LANES Conditions<N> operator>(const Doubles<N>& a, double b) {
  Conditions<N> result;
  MASKSCOPE_EACH_VECTOR result.v[n] = _mm256_cmp_pd(a.v[n], broadcast(b), _CMP_GT_OQ);
  return result;
}
MASKSCOPE_LANES Conditions<N> operator>=(const Doubles<N>& a, double b) {
  Conditions<N> result;
  MASKSCOPE_EACH_VECTOR result.v[n] = _mm256_cmp_pd(a.v[n], broadcast(b), _CMP_GE_OQ);
  return result;
}
MASKSCOPE_LANES Conditions<N> operator&(Conditions<N> a, const Conditions<N>& b) {
  MASKSCOPE_EACH_VECTOR a.v[n] = _mm256_and_pd(a.v[n], b.v[n]);
  return a;
}
MASKSCOPE_LANES Conditions<N> operator|(Conditions<N> a, const Conditions<N>& b) {
  MASKSCOPE_EACH_VECTOR a.v[n] = _mm256_or_pd(a.v[n], b.v[n]);
  return a;
}
MASKSCOPE_LANES Doubles<N> select(const Conditions<N>& condition, const Doubles<N>& yes, Doubles<N> no) {
  MASKSCOPE_EACH_VECTOR no.v[n] = _mm256_blendv_pd(no.v[n], yes.v[n], condition.v[n]);
  return no;
}
MASKSCOPE_LANES Words<N> select(const Conditions<N>& condition, const Words<N>& yes, Words<N> no) {
  MASKSCOPE_EACH_VECTOR no.v[n] = _mm256_blendv_epi8(no.v[n], yes.v[n], _mm256_castpd_si256(condition.v[n]));
  return no;
}

MASKSCOPE_LANES bool any(const Conditions<N>& a) {
  int bits = 0;
  MASKSCOPE_EACH_VECTOR bits |= _mm256_movemask_pd(a.v[n]);
  return bits != 0;
}

// Vectors begin .. begin + count - 1.
template <int count, int N>
[[gnu::always_inline]] inline Doubles<count> part(const Doubles<N>& a, int begin) {
  Doubles<count> result;
#pragma GCC unroll 8
  for (int n = 0; n < count; ++n) result.v[n] = a.v[begin + n];
  return result;
}
template <int N, int M>
[[gnu::always_inline]] inline Doubles<N + M> join(const Doubles<N>& a, const Doubles<M>& b) {
  Doubles<N + M> result;
#pragma GCC unroll 8
  for (int n = 0; n < N + M; ++n) result.v[n] = n < N ? a.v[n] : b.v[n - N];
  return result;
}

// 4 N blocks; a word is in the low half of its lane, the high half holds anything.
template <int N>
struct Blocks {
  Words<N> word[4];
};

template <int count, int N>
[[gnu::always_inline]] inline Blocks<count> part(const Blocks<N>& a, int begin) {
  Blocks<count> result;
  for (int w = 0; w < 4; ++w) {
#pragma GCC unroll 8
    for (int n = 0; n < count; ++n) result.word[w].v[n] = a.word[w].v[begin + n];
  }
  return result;
}

// Counters turned into the words of their blocks.
MASKSCOPE_LANES void philox4x32_10(Blocks<N>& blocks, std::uint64_t seed) {
  const __m256i multiplier0 = broadcast(std::uint64_t{0xD2511F53u}), multiplier1 = broadcast(std::uint64_t{0xCD9E8D57u});
  const __m256i increment0 = broadcast(std::uint64_t{0x9E3779B9u}), increment1 = broadcast(std::uint64_t{0xBB67AE85u});
  __m256i key0 = broadcast(seed & 0xffffffffu), key1 = broadcast(seed >> 32);
#pragma GCC unroll 10
  for (int round = 0; round < 10; ++round) {
    MASKSCOPE_EACH_VECTOR {
      const __m256i product0 = _mm256_mul_epu32(blocks.word[0].v[n], multiplier0);
      const __m256i product1 = _mm256_mul_epu32(blocks.word[2].v[n], multiplier1);
      blocks.word[0].v[n] = _mm256_xor_si256(_mm256_srli_epi64(product1, 32), _mm256_xor_si256(blocks.word[1].v[n], key0));
      blocks.word[1].v[n] = product1;
      blocks.word[2].v[n] = _mm256_xor_si256(_mm256_srli_epi64(product0, 32), _mm256_xor_si256(blocks.word[3].v[n], key1));
      blocks.word[3].v[n] = product0;
    }
    key0 = _mm256_add_epi32(key0, increment0);
    key1 = _mm256_add_epi32(key1, increment1);
  }
}

// The low halves as float64, exactly.
MASKSCOPE_LANES Doubles<N> to_double(const Words<N>& words) {
  const __m256i two_to_52 = broadcast(std::uint64_t{0x43300000} << 32);
  Doubles<N> result;
  MASKSCOPE_EACH_VECTOR {
    result.v[n] = _mm256_castsi256_pd(_mm256_blend_epi32(words.v[n], two_to_52, odd_halves)) - _mm256_castsi256_pd(two_to_52);
  }
  return result;
}

// As uniform53 of two words (kernels/gamma.h); no step rounds.
MASKSCOPE_LANES Doubles<N> uniform53(const Words<N>& high, Words<N> low) {
  MASKSCOPE_EACH_VECTOR low.v[n] = _mm256_srli_epi32(low.v[n], 11);
  return 0x1p-53 * (0x1p21 * to_double(high) + to_double(low));
}

// As portable::log.
MASKSCOPE_LANES Doubles<N> log(const Doubles<N>& x) {
  const __m256i sqrt_half_bits = broadcast(std::uint64_t{0x3fe6a09e667f3bcd});
  Doubles<N> exponent, f;
  MASKSCOPE_EACH_VECTOR {
    const __m256d is_subnormal = _mm256_cmp_pd(x.v[n], broadcast(portable::smallest_normal), _CMP_LT_OQ);
    const __m256i bits = _mm256_castpd_si256(_mm256_blendv_pd(x.v[n], x.v[n] * broadcast(0x1p54), is_subnormal));
    const __m256i above = _mm256_sub_epi64(bits, sqrt_half_bits);
    // The exponent stands in the top 12 bits; raised by 1024 it is positive, and becomes the mantissa of a number above 2^52.
    const __m256i raised = _mm256_srli_epi64(_mm256_add_epi64(above, broadcast(std::uint64_t{1} << 62)), 52);
    const __m256d above_two_to_52 = _mm256_castsi256_pd(_mm256_or_si256(raised, broadcast(std::uint64_t{0x433} << 52)));
    exponent.v[n] = above_two_to_52 - broadcast(0x1p52 + 1024.0) - _mm256_and_pd(is_subnormal, broadcast(54.0));
    const __m256i fraction = _mm256_and_si256(above, broadcast(std::uint64_t{0x000fffffffffffff}));
    f.v[n] = _mm256_castsi256_pd(_mm256_add_epi64(fraction, sqrt_half_bits)) - broadcast(1.0);
  }
  const Doubles<N> s = f / (f + 2.0);
  const Doubles<N> z = s * s;
  Doubles<N> tail = 2.0 / 23.0 * z + 2.0 / 21.0;
  tail = tail * z + 2.0 / 19.0;
  tail = tail * z + 2.0 / 17.0;
  tail = tail * z + 2.0 / 15.0;
  tail = tail * z + 2.0 / 13.0;
  tail = tail * z + 2.0 / 11.0;
  tail = tail * z + 2.0 / 9.0;
  tail = tail * z + 2.0 / 7.0;
  tail = tail * z + 2.0 / 5.0;
  tail = tail * z + 2.0 / 3.0;
  const Doubles<N> half_square = 0.5 * f * f;
  const Doubles<N> correction = s * (half_square + tail * z) + portable::ln2_low * exponent;
  return portable::ln2_high * exponent - ((half_square - correction) - f);
}

// As portable::exp, for x in [-745, 0].
MASKSCOPE_LANES Doubles<N> exp(const Doubles<N>& x) {
  const Doubles<N> rounded = portable::log2_e * x - 0.5;
  __m128i k[N];
  Doubles<N> exponent;
  MASKSCOPE_EACH_VECTOR {
    k[n] = _mm256_cvttpd_epi32(rounded.v[n]);
    exponent.v[n] = _mm256_cvtepi32_pd(k[n]);
  }
  const Doubles<N> high = x - portable::ln2_high * exponent;
  const Doubles<N> low = portable::ln2_low * exponent;
  const Doubles<N> r = high - low;
  const Doubles<N> lost = (high - r) - low;
  Doubles<N> tail = 1.0 / 6227020800.0 * r + 1.0 / 479001600.0;
  tail = tail * r + 1.0 / 39916800.0;
  tail = tail * r + 1.0 / 3628800.0;
  tail = tail * r + 1.0 / 362880.0;
  tail = tail * r + 1.0 / 40320.0;
  tail = tail * r + 1.0 / 5040.0;
  tail = tail * r + 1.0 / 720.0;
  tail = tail * r + 1.0 / 120.0;
  tail = tail * r + 1.0 / 24.0;
  tail = tail * r + 1.0 / 6.0;
  tail = tail * r + 0.5;
  const Doubles<N> power = (r + (r * r * tail + lost)) + 1.0;
  Doubles<N> scale1, scale2;
  const __m128i bias = _mm_set1_epi32(1023);
  MASKSCOPE_EACH_VECTOR {
    const __m128i half = _mm_srai_epi32(_mm_add_epi32(k[n], _mm_srli_epi32(k[n], 31)), 1);  // k / 2, towards 0
    const __m128i rest = _mm_sub_epi32(k[n], half);
    scale1.v[n] = _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_cvtepi32_epi64(_mm_add_epi32(half, bias)), 52));
    scale2.v[n] = _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_cvtepi32_epi64(_mm_add_epi32(rest, bias)), 52));
  }
  return power * scale1 * scale2;
}

}  // namespace maskscope::avx2

MASKSCOPE_AVX2_END

#else
#define MASKSCOPE_HAS_AVX2_LANES 0
#endif
