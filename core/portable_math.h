// log, exp, sin, cos and normal variates for numbers that must come out the same on every machine: only IEEE + - * /
// and sqrt in a fixed order and operations on the bits, so a CPU and a GPU give the same 64 bits (build with contraction
// off). Error at most 2 units in the last place. Not for anything that need not be reproducible: the C library is faster.
#pragma once

#include <cmath>
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

// An unevaluated sum: low is what the rounding to high took away.
struct WideDouble {
  double high, low;
};

MASKSCOPE_HD inline WideDouble sum_of_larger_and_smaller(double larger, double smaller) {
  const double high = larger + smaller;
  return {high, smaller - (high - larger)};
}

// a b, by Dekker's "A floating-point technique for extending the available precision" (1971): halves of at most 27 bits
// have exact products.
MASKSCOPE_HD inline WideDouble wide_product(double a, double b) {
  constexpr std::uint64_t upper_half = ~((std::uint64_t{1} << 27) - 1);
  const double a_high = double_from(bits_of(a) & upper_half), a_low = a - a_high;
  const double b_high = double_from(bits_of(b) & upper_half), b_low = b - b_high;
  const double high = a * b;
  return {high, ((a_high * b_high - high) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

struct SinCos {
  WideDouble sin, cos;
};

// Sine and cosine of 2 pi turns; turns in [0, 1). Example: sincos_turns(0.25) is 1 and 0. The high parts are the rounded
// values.
// turns = q / 4 + r with |r| <= 1/8, which is exact; the Taylor series of sine and cosine are summed from the small end.
MASKSCOPE_HD inline SinCos sincos_turns(double turns) {
  constexpr double two_pi_high = 0x1.921fb54442d18p+2;
  constexpr double two_pi_low = 0x1.1a62633145c07p-52;
  const auto quarter = static_cast<std::int32_t>(turns * 4.0 + 0.5);
  const double r = turns - static_cast<double>(quarter) * 0.25;
  const WideDouble product = wide_product(r, two_pi_high);
  const double x = product.high;
  const double x_low = product.low + r * two_pi_low;
  const double z = x * x;

  double sin_tail = 1.0 / 355687428096000.0;  // 1 / 17!
  sin_tail = sin_tail * z - 1.0 / 1307674368000.0;
  sin_tail = sin_tail * z + 1.0 / 6227020800.0;
  sin_tail = sin_tail * z - 1.0 / 39916800.0;
  sin_tail = sin_tail * z + 1.0 / 362880.0;
  sin_tail = sin_tail * z - 1.0 / 5040.0;
  sin_tail = sin_tail * z + 1.0 / 120.0;
  sin_tail = sin_tail * z - 1.0 / 6.0;
  const WideDouble sine = sum_of_larger_and_smaller(x, x * z * sin_tail + x_low * (1.0 - 0.5 * z));

  double cos_tail = -1.0 / 6402373705728000.0;  // 1 / 18!
  cos_tail = cos_tail * z + 1.0 / 20922789888000.0;
  cos_tail = cos_tail * z - 1.0 / 87178291200.0;
  cos_tail = cos_tail * z + 1.0 / 479001600.0;
  cos_tail = cos_tail * z - 1.0 / 3628800.0;
  cos_tail = cos_tail * z + 1.0 / 40320.0;
  cos_tail = cos_tail * z - 1.0 / 720.0;
  cos_tail = cos_tail * z + 1.0 / 24.0;
  const WideDouble cosine = sum_of_larger_and_smaller(1.0, z * z * cos_tail - (0.5 * z + x * x_low));

  const WideDouble minus_sine = {-sine.high, -sine.low}, minus_cosine = {-cosine.high, -cosine.low};
  switch (quarter) {
    case 1: return {cosine, minus_sine};
    case 2: return {minus_sine, minus_cosine};
    case 3: return {minus_cosine, sine};
    default: return {sine, cosine};
  }
}

struct NormalPair {
  double first, second;
};

// Two independent standard normal variates from two independent uniforms: radius_uniform in (0, 1), turns in [0, 1).
// Box and Muller, "A note on the generation of random normal deviates" (1958): sqrt(-2 log u) times the cosine and the
// sine of 2 pi turns.
MASKSCOPE_HD inline NormalPair normal_pair(double radius_uniform, double turns) {
  const double square = -2.0 * log(radius_uniform);
  const double radius = sqrt(square);
  const WideDouble rounded_square = wide_product(radius, radius);
  const double radius_low = ((square - rounded_square.high) - rounded_square.low) / (2.0 * radius);
  const SinCos direction = sincos_turns(turns);
  const auto times_radius = [=](WideDouble value) {
    const WideDouble product = wide_product(radius, value.high);
    return product.high + (product.low + (radius * value.low + radius_low * value.high));
  };
  return {times_radius(direction.cos), times_radius(direction.sin)};
}

}  // namespace maskscope::portable
