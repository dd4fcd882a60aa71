#include "core/portable_math.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>

#include "tests/catch.h"
#include "tests/core/ulp_errors.h"

namespace maskscope {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double smallest_subnormal = std::numeric_limits<double>::denorm_min();

class Points {
 public:
  explicit Points(std::uint64_t seed) : generator_(seed) {}

  double uniform(double low, double high) { return low + (high - low) * (static_cast<double>(generator_() >> 11) * 0x1p-53); }
  int between(int low, int high) { return low + static_cast<int>(generator_() % static_cast<std::uint64_t>(high - low + 1)); }
  // 1 .. 2 times a power of two, either sign.
  double of_magnitude(int least_exponent, int most_exponent) {
    return std::ldexp(uniform(1.0, 2.0) * (between(0, 1) ? 1.0 : -1.0), between(least_exponent, most_exponent));
  }
  // Any positive finite double, each as likely.
  double any_positive() { return portable::double_from(1 + generator_() % (portable::bits_of(infinity) - 1)); }

 private:
  std::mt19937_64 generator_;
};

// The double steps further up (or down, steps < 0).
double neighbour(double x, int steps) {
  for (; steps > 0; --steps) x = std::nextafter(x, infinity);
  for (; steps < 0; ++steps) x = std::nextafter(x, -infinity);
  return x;
}

constexpr double ln2 = 0x1.62e42fefa39efp-1;

}  // namespace

TEST_CASE("log is within 2 ulp of the correctly rounded result") {
  Points points(1);
  UlpErrors errors;
  const auto check = [&](double x) { errors.add(x, portable::log(x), std::log(static_cast<long double>(x))); };
  for (int i = 0; i < num_random_points; ++i) {
    switch (i % 5) {
      case 0: check(points.any_positive()); break;
      case 1: check(1.0 - points.uniform(0.0, 1.0)); break;       // what the gamma variates ask for
      case 2: check(1.0 + points.of_magnitude(-52, -2)); break;   // where the result is small
      case 3: check(points.uniform(0.5, 2.0)); break;
      default: check(std::ldexp(points.uniform(0.705, 0.709), points.between(-1021, 1024))); break;  // around sqrt(1/2)
    }
  }
  for (int exponent = -1074; exponent <= 1023; ++exponent) {
    for (int steps = -16; steps <= 16; ++steps) {
      for (const double centre : {1.0, 0x1.6a09e667f3bcdp+0, 0x1.8p+0}) {
        const double x = neighbour(std::ldexp(centre, exponent), steps);
        if (x > 0.0) check(x);
      }
    }
  }
  for (int steps = 0; steps <= 1000; ++steps) {
    check(neighbour(smallest_subnormal, steps));
    check(neighbour(portable::smallest_normal, -steps));
    check(neighbour(portable::largest_finite, -steps));
    check(neighbour(1.0, steps));
    check(neighbour(1.0, -steps));
  }
  errors.print("log");
  CHECK(errors.num_points >= num_random_points);
  CHECK(errors.worst_distance <= 2);
  CHECK(portable::log(1.0) == 0.0);
}

TEST_CASE("exp is within 2 ulp of the correctly rounded result") {
  Points points(2);
  UlpErrors errors;
  const auto check = [&](double x) { errors.add(x, portable::exp(x), std::exp(static_cast<long double>(x))); };
  for (int i = 0; i < num_random_points; ++i) {
    switch (i % 5) {
      case 0: check(points.uniform(-746.0, 710.0)); break;
      case 1: check(points.of_magnitude(-60, 9)); break;
      case 2: check(points.uniform(-1.0, 1.0)); break;
      case 3: check(points.uniform(-745.2, -708.3)); break;  // where the result is subnormal
      // Multiples of ln 2, where the remainder is small, and of half of it, where it is largest.
      default: check(points.between(-2150, 2048) * 0.5 * ln2 + points.of_magnitude(-50, -4)); break;
    }
  }
  for (int exponent = -1074; exponent <= 9; ++exponent) {
    for (int steps = -16; steps <= 16; ++steps) {
      const double x = neighbour(std::ldexp(1.0, exponent), steps);
      check(x);
      check(-x);
    }
  }
  for (int half = -2150; half <= 2048; ++half) {
    for (int steps = -16; steps <= 16; ++steps) check(neighbour(half * 0.5 * ln2, steps));
  }
  // Where the result overflows, leaves the normal range, and vanishes.
  for (const double edge : {0x1.62e42fefa39efp+9, -0x1.6232bdd7abcd2p+9, -0x1.74910d52d3051p+9}) {
    for (int steps = -1000; steps <= 1000; ++steps) check(neighbour(edge, steps));
  }
  errors.print("exp");
  CHECK(errors.num_points >= num_random_points);
  CHECK(errors.worst_distance <= 2);
  CHECK(portable::exp(0.0) == 1.0);
  CHECK(portable::exp(-746.0) == 0.0);
  CHECK(portable::exp(710.0) == infinity);
}

// Arguments whose exact values are closest to a double or to the middle of two, from Lefèvre and Muller, "Worst cases for
// correct rounding of the elementary functions in double precision" (INRIA, 2003). The results were rounded correctly
// from 90 decimal digits: here the yardstick needs no extended precision.
TEST_CASE("log and exp at arguments that are hardest to round") {
  struct Case {
    double x, rounded;
  };
  const Case logs[] = {{0x1.62a88613629b6p+678, 0x1.d6479eba7c971p+8},  // 64 zeros behind the last place
                       {0x1.ac50b409c8aeep+8, 0x1.83d4bcdebb3f4p+2},
                       {0x1.de7cd6751029ap+16, 0x1.76e7e5d7b6eacp+3},
                       {0x1.91a8dff540ff7p+2, 0x1.d6336a88077aap+0},
                       {0x1.8ede492d96072p+3, 0x1.42ee3c7dc4946p+1},
                       {0x1.11867637cbd03p+4, 0x1.6b5df7e3cd422p+1},
                       {0x1.000976581ce4ep+1, 0x1.62f71c4656b61p-1},
                       {0x1.0000000000001p+0, 0x1.fffffffffffffp-53}};
  const Case exps[] = {{-0x1.12d31a20fb38bp+5, 0x1.5b0bf3244820ap-50},
                       {0x1.83d4bcdebb3f4p+2, 0x1.ac50b409c8aeep+8},
                       {-0x1.ed318efb627eap-27, 0x1.ffffff84b39c5p-1},
                       {0x1.d7a7d893609e5p-26, 0x1.00000075e9f64p+0},
                       {0x1.accfbe46b4ef0p-1, 0x1.27c2e4bc1ee70p+1},
                       {0x1.d6336a88077aap+0, 0x1.91a8dff540ff7p+2},
                       {-0x1.e8bdbfcd9144ep+3, 0x1.f3e558cf4de54p-23},
                       {0x1.d6479eba7c971p+8, 0x1.62a88613629b6p+678}};
  const auto distance = [](double found, double rounded) { return std::abs(number_of(found) - number_of(rounded)); };
  for (const Case& item : logs) {
    INFO("log of " << std::hexfloat << item.x);
    CHECK(distance(portable::log(item.x), item.rounded) <= 2);
  }
  for (const Case& item : exps) {
    INFO("exp of " << std::hexfloat << item.x);
    CHECK(distance(portable::exp(item.x), item.rounded) <= 2);
  }
}

TEST_CASE("log and exp keep their bits") {
  // Recorded: seeds must give the same budgets in every later version.
  CHECK(portable::log(0.1) == -0x1.26bb1bbb55515p+1);
  CHECK(portable::log(2.0) == 0x1.62e42fefa39efp-1);
  CHECK(portable::exp(-3.7) == 0x1.9511fc6871044p-6);
  CHECK(portable::exp(-744.0) == std::exp(-744.0));  // a subnormal
}

}  // namespace maskscope
