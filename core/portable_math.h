// log and exp for decisions that must come out the same on every machine: only IEEE + - * / in a fixed order and
// operations on the bits, so a CPU and a GPU give the same 64 bits (build with contraction off). Error at most
// 2 units in the last place. Not for anything that need not be reproducible: the C library is faster there.
#pragma once

#include <cstdint>

#include "core/host_device.h"

namespace maskscope::portable {

MASKSCOPE_HD inline std::uint64_t bits_of(double value) { return __builtin_bit_cast(std::uint64_t, value); }
MASKSCOPE_HD inline double double_from(std::uint64_t bits) { return __builtin_bit_cast(double, bits); }

// ln 2 in two parts: the high part has 32 trailing zero bits, so that k * ln2_high is exact for any exponent k.
constexpr double ln2_high = 0x1.62e42feep-1;
constexpr double ln2_low = 0x1.a39ef35793c76p-33;
constexpr double log2_e = 0x1.71547652b82fep+0;
constexpr double smallest_normal = 0x1p-1022;
constexpr double largest_finite = 0x1.fffffffffffffp+1023;

// Natural logarithm of x > 0, finite. Example: log(2.0) == 0x1.62e42fefa39efp-1.
// x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)); with s = f / (2 + f), log(1 + f) = 2 atanh(s), whose leading
// terms are rearranged to f - f^2/2 + s (f^2/2 + R), because f is exact where s is not.
MASKSCOPE_HD inline double log(double x) {
  // A subnormal is brought into the normal range first (a select, so that loops over it can become vector code).
  const bool is_subnormal = x < smallest_normal;
  const std::uint64_t bits = bits_of(is_subnormal ? x * 0x1p54 : x);
  constexpr std::uint64_t sqrt_half_bits = 0x3fe6a09e667f3bcdULL;
  const std::uint64_t above = bits - sqrt_half_bits;
  const std::int32_t k = static_cast<std::int32_t>(static_cast<std::uint32_t>(above >> 32)) >> 20;
  const double exponent = static_cast<double>(k - (is_subnormal ? 54 : 0));
  const double f = double_from((above & 0x000fffffffffffffULL) + sqrt_half_bits) - 1.0;

  const double s = f / (2.0 + f);
  const double z = s * s;
  // 2 atanh(s) = 2 s + s R, R = 2/3 z + 2/5 z^2 + ...; |s| <= 0.1716, so ten terms reach 2^-57.
  double tail = 2.0 / 23.0;
  tail = tail * z + 2.0 / 21.0;
  tail = tail * z + 2.0 / 19.0;
  tail = tail * z + 2.0 / 17.0;
  tail = tail * z + 2.0 / 15.0;
  tail = tail * z + 2.0 / 13.0;
  tail = tail * z + 2.0 / 11.0;
  tail = tail * z + 2.0 / 9.0;
  tail = tail * z + 2.0 / 7.0;
  tail = tail * z + 2.0 / 5.0;
  tail = tail * z + 2.0 / 3.0;
  const double half_square = 0.5 * f * f;
  const double correction = s * (half_square + tail * z) + exponent * ln2_low;
  return exponent * ln2_high - ((half_square - correction) - f);
}

// e^x. 0 below -745.2, infinity above 709.8; x must not be NaN. Results below the normal range are rounded twice.
// x = k ln 2 + r with |r| <= 0.35; the Taylor series of e^r is summed from the small end.
MASKSCOPE_HD inline double exp(double x) {
  if (x > 709.79) return largest_finite * 2.0;
  if (x < -745.2) return 0.0;
  const auto k = static_cast<std::int32_t>(x * log2_e + (x < 0.0 ? -0.5 : 0.5));
  const double high = x - static_cast<double>(k) * ln2_high;
  const double low = static_cast<double>(k) * ln2_low;
  const double r = high - low;
  const double lost = (high - r) - low;  // what rounding r took away
  double tail = 1.0 / 6227020800.0;  // 1 / 13!
  tail = tail * r + 1.0 / 479001600.0;
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
  const double power = 1.0 + (r + (r * r * tail + lost));
  // Two factors, because 2^k alone may lie outside the normal range.
  const std::int32_t half = k / 2;
  const double scale1 = double_from(static_cast<std::uint64_t>(half + 1023) << 52);
  const double scale2 = double_from(static_cast<std::uint64_t>(k - half + 1023) << 52);
  return power * scale1 * scale2;
}

}  // namespace maskscope::portable
