// How far a function of portable_math.h is from the exact values, as the C library knows them in extended precision.
#pragma once

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <limits>

#include "core/portable_math.h"

namespace maskscope {

static_assert(LDBL_MANT_DIG >= 64, "the yardstick needs a long double that is longer than double");

constexpr int num_random_points = 10'000'000;

// Doubles numbered in ascending order: neighbours differ by 1, and so does the largest finite one from infinity.
inline std::int64_t number_of(double value) {
  const auto magnitude = static_cast<std::int64_t>(portable::bits_of(std::fabs(value)));
  return std::signbit(value) ? -magnitude : magnitude;
}

struct UlpErrors {
  std::int64_t num_points = 0;
  std::int64_t worst_distance = 0;  // doubles between the function and the correctly rounded result, that one included
  double worst_ulps = 0.0;          // of the exact value; normal results only
  double worst_at = 0.0;

  void add(double x, double found, long double exact) {
    ++num_points;
    // Where the exact value is so close to the middle of two doubles that the library's own error might decide which
    // of them is the correctly rounded one, the worse of the two counts.
    const long double doubt = std::fabs(exact) * 0x1p-61L;
    for (const long double bound : {exact - doubt, exact + doubt}) {
      worst_distance = std::max(worst_distance, std::abs(number_of(found) - number_of(static_cast<double>(bound))));
    }
    const double rounded = std::fabs(static_cast<double>(exact));
    if (rounded < portable::smallest_normal || rounded > portable::largest_finite / 2) return;
    const double ulp = std::nextafter(rounded, std::numeric_limits<double>::infinity()) - rounded;
    const auto ulps = static_cast<double>(std::fabs(static_cast<long double>(found) - exact) / ulp);
    if (ulps > worst_ulps) {
      worst_ulps = ulps;
      worst_at = x;
    }
  }

  void print(const char* function) const {
    std::cout << function << ": " << num_points << " points, at most " << worst_distance
              << " ulp from the correctly rounded result; largest error " << worst_ulps << " ulp, at "
              << std::hexfloat << worst_at << std::defaultfloat << "\n";
  }
};

}  // namespace maskscope
