#include <cmath>
#include <cstdint>
#include <random>

#include "core/portable_math.h"
#include "tests/catch.h"
#include "tests/core/ulp_errors.h"

namespace maskscope {
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

TEST_CASE("sine and cosine are within 2 ulp of the correctly rounded result") {
  std::mt19937_64 generator(3);
  UlpErrors sine, cosine;
  const auto check = [&](double turns) {
    const portable::SinCos found = portable::sincos_turns(turns);
    const ExactSinCos exact = exact_sincos_turns(turns);
    sine.add(turns, found.sin.high, exact.sin);
    cosine.add(turns, found.cos.high, exact.cos);
  };
  for (int i = 0; i < num_random_points; ++i) {
    const std::uint64_t bits = generator();
    const double of_53_bits = static_cast<double>(bits >> 11) * 0x1p-53;
    switch (i % 4) {
      case 0: check(of_53_bits); break;
      case 1: check((static_cast<double>(bits >> 32) + 0.5) * 0x1p-32); break;  // what normal variates ask for
      case 2: check(std::ldexp(of_53_bits, -static_cast<int>(bits % 60))); break;
      // Beside multiples of an eighth: where a result vanishes, or another series takes over.
      default: check(static_cast<double>(1 + bits % 7) / 8 + std::ldexp(of_53_bits - 0.5, -4 - static_cast<int>(bits % 40))); break;
    }
  }
  for (int eighth = 0; eighth < 8; ++eighth) check(eighth / 8.0);
  sine.print("sin");
  cosine.print("cos");
  CHECK(sine.num_points >= num_random_points);
  CHECK(sine.worst_distance <= 2);
  CHECK(cosine.worst_distance <= 2);
}

TEST_CASE("normal variates are within 2 ulp of the correctly rounded result") {
  std::mt19937_64 generator(4);
  UlpErrors first, second;
  const auto check = [&](std::uint32_t radius_bits, std::uint32_t turn_bits) {
    const double u = (static_cast<double>(radius_bits) + 0.5) * 0x1p-32;
    const double turns = (static_cast<double>(turn_bits) + 0.5) * 0x1p-32;
    const portable::NormalPair found = portable::normal_pair(u, turns);
    const long double radius = std::sqrt(-2.0L * std::log(static_cast<long double>(u)));
    const ExactSinCos exact = exact_sincos_turns(turns);
    first.add(turns, found.first, radius * exact.cos);
    second.add(turns, found.second, radius * exact.sin);
  };
  for (int i = 0; i < num_random_points / 2; ++i) {
    const std::uint64_t bits = generator();
    check(static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32));
  }
  // Next to the ends: u near 0 and 1, turns near multiples of an eighth.
  for (std::uint32_t step = 0; step < 256; ++step) {
    for (std::uint32_t eighth = 0; eighth < 8; ++eighth) {
      for (const std::uint32_t turn_bits : {(eighth << 29) + step, (eighth << 29) - step}) {
        check(step, turn_bits);
        check(~step, turn_bits);
      }
    }
  }
  first.print("first of two normals");
  second.print("second of two normals");
  CHECK(first.num_points + second.num_points >= num_random_points);
  CHECK(first.worst_distance <= 2);
  CHECK(second.worst_distance <= 2);
}

TEST_CASE("normal variates keep their bits") {
  const portable::NormalPair pair = portable::normal_pair(0.3, 0.6);
  CHECK(pair.first == -0x1.4161ad84354a7p+0);
  CHECK(pair.second == -0x1.d2fea6d69bcc6p-1);
}

}  // namespace maskscope
