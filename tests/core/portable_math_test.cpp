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

namespace {

// Exact to extended precision: the quarter is taken off before pi comes in.
struct ExactSinCos {
  long double sin, cos;
};
ExactSinCos exact_sincos_turns(double turns) {
  constexpr long double two_pi = 6.28318530717958647692528676655900577L;
  const double quarter = std::floor(turns * 4 + 0.5);
  const long double x = two_pi * static_cast<long double>(turns - quarter / 4);
  const long double s = std::sin(x), c = std::cos(x);
  const ExactSinCos turned[] = {{s, c}, {c, -s}, {-s, -c}, {-c, s}};
  return turned[static_cast<int>(quarter) % 4];
}

}  // namespace

TEST_CASE("sine and cosine are within 2 ulp of the exact value") {
  std::mt19937_64 generator(3);
  double worst = 0.0;
  for (int i = 0; i < 5000000; ++i) {
    // Of 53 bits, of 33 bits as normal variates use them, and small.
    const std::uint64_t bits = generator();
    const double turns = i % 3 == 0   ? static_cast<double>(bits >> 11) * 0x1p-53
                         : i % 3 == 1 ? (static_cast<double>(bits >> 32) + 0.5) * 0x1p-32
                                      : std::ldexp(static_cast<double>(bits >> 11), -53 - static_cast<int>(bits % 60));
    const portable::SinCos found = portable::sincos_turns(turns);
    const ExactSinCos exact = exact_sincos_turns(turns);
    worst = std::fmax(worst, std::fmax(error_ulps(found.sin.high, exact.sin), error_ulps(found.cos.high, exact.cos)));
  }
  CHECK(worst < 2.0);
  for (const double turns : {0.0, 0.25, 0.5, 0.75}) {
    const portable::SinCos found = portable::sincos_turns(turns);
    const ExactSinCos exact = exact_sincos_turns(turns);
    CHECK(found.sin.high == static_cast<double>(exact.sin));
    CHECK(found.cos.high == static_cast<double>(exact.cos));
  }
}

TEST_CASE("normal variates are within 2 ulp of the exact value") {
  std::mt19937_64 generator(4);
  double worst = 0.0;
  for (int i = 0; i < 5000000; ++i) {
    const std::uint64_t bits = generator();
    const double u = (static_cast<double>(bits & 0xffffffffu) + 0.5) * 0x1p-32;
    const double turns = (static_cast<double>(bits >> 32) + 0.5) * 0x1p-32;
    const portable::NormalPair found = portable::normal_pair(u, turns);
    const long double radius = std::sqrt(-2.0L * std::log(static_cast<long double>(u)));
    const ExactSinCos exact = exact_sincos_turns(turns);
    worst = std::fmax(worst, std::fmax(error_ulps(found.first, radius * exact.cos),
                                       error_ulps(found.second, radius * exact.sin)));
  }
  CHECK(worst < 2.0);
}

TEST_CASE("log and exp keep their bits") {
  // Recorded: seeds must give the same budgets in every later version.
  CHECK(portable::log(0.1) == -0x1.26bb1bbb55515p+1);
  CHECK(portable::exp(-3.7) == 0x1.9511fc6871044p-6);
}

TEST_CASE("normal variates keep their bits") {
  const portable::NormalPair pair = portable::normal_pair(0.3, 0.6);
  CHECK(pair.first == -0x1.4161ad84354a7p+0);
  CHECK(pair.second == -0x1.d2fea6d69bcc6p-1);
}

}  // namespace maskscope
