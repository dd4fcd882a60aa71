#include "core/portable_math.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

#include "tests/catch.h"

namespace maskscope {
namespace {

// Distance in units in the last place of the exact value, as known to the C library in extended precision.
double error_ulps(double found, long double exact) {
  const double rounded = std::fabs(static_cast<double>(exact));
  const double ulp = std::nextafter(rounded, std::numeric_limits<double>::infinity()) - rounded;
  return static_cast<double>(std::fabs(static_cast<long double>(found) - exact) / ulp);
}

}  // namespace

TEST_CASE("log is within 2 ulp of the exact value") {
  std::mt19937_64 generator(1);
  double worst = 0.0;
  for (int i = 0; i < 2000000; ++i) {
    const double u = static_cast<double>(generator() >> 11) * 0x1p-53;
    const double x = i % 4 == 0   ? u
                     : i % 4 == 1 ? 0.5 + u
                     : i % 4 == 2 ? std::ldexp(0.5 + u / 2, static_cast<int>(generator() % 2090) - 1060)
                                  : 1.0 + (u - 0.5) * 1e-3;
    if (x <= 0.0 || x == 1.0) continue;
    worst = std::fmax(worst, error_ulps(portable::log(x), std::log(static_cast<long double>(x))));
  }
  CHECK(worst < 2.0);
  CHECK(portable::log(1.0) == 0.0);
  CHECK(portable::log(2.0) == 0x1.62e42fefa39efp-1);
  CHECK(error_ulps(portable::log(std::numeric_limits<double>::denorm_min()),
                   std::log(static_cast<long double>(std::numeric_limits<double>::denorm_min()))) < 2.0);
}

TEST_CASE("exp is within 2 ulp of the exact value") {
  std::mt19937_64 generator(2);
  double worst = 0.0;
  for (int i = 0; i < 2000000; ++i) {
    const double u = static_cast<double>(generator() >> 11) * 0x1p-53 - 0.5;
    const double x = u * (i % 3 == 0 ? 1416.0 : i % 3 == 1 ? 2.0 : 80.0);
    worst = std::fmax(worst, error_ulps(portable::exp(x), std::exp(static_cast<long double>(x))));
  }
  CHECK(worst < 2.0);
  CHECK(portable::exp(0.0) == 1.0);
  CHECK(portable::exp(-746.0) == 0.0);
  CHECK(portable::exp(710.0) == std::numeric_limits<double>::infinity());
  CHECK(portable::exp(-744.0) == std::exp(-744.0));  // a subnormal
}

TEST_CASE("log and exp keep their bits") {
  // Recorded: seeds must give the same budgets in every later version.
  CHECK(portable::log(0.1) == -0x1.26bb1bbb55515p+1);
  CHECK(portable::exp(-3.7) == 0x1.9511fc6871044p-6);
}

}  // namespace maskscope
