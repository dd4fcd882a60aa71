#include "core/bfloat16.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

#include "tests/catch.h"

namespace maskscope {

TEST_CASE("bfloat16 is the nearest, ties to even") {
  CHECK(to_bfloat16(1.0f).bits == 0x3f80);
  CHECK(to_bfloat16(1.00390625f).bits == 0x3f80);         // half way, down to even
  CHECK(to_bfloat16(1.01171875f).bits == 0x3f82);         // half way, up to even
  CHECK(to_bfloat16(0x1.010002p+0f).bits == 0x3f81);      // just above half way
  CHECK(to_bfloat16(-0.0f).bits == 0x8000);
  CHECK(to_bfloat16(std::numeric_limits<float>::max()).bits == 0x7f80);  // rounds to infinity
  CHECK(to_bfloat16(std::numeric_limits<float>::infinity()).bits == 0x7f80);
  CHECK(std::isnan(to_float(to_bfloat16(std::numeric_limits<float>::quiet_NaN()))));
  CHECK(std::isnan(to_float(to_bfloat16(__builtin_bit_cast(float, 0x7f800001u)))));  // its upper half alone is infinity

  std::mt19937 generator(1);
  for (int i = 0; i < 1000000; ++i) {
    const auto bits = static_cast<std::uint32_t>(generator());
    const float value = __builtin_bit_cast(float, bits);
    if (!std::isfinite(value) || std::fabs(value) > 3e38f) continue;
    const Bfloat16 found = to_bfloat16(value);
    // The two neighbours of the value.
    const float lower = to_float({static_cast<std::uint16_t>(bits >> 16)});
    const float upper = to_float({static_cast<std::uint16_t>((bits >> 16) + 1)});
    const double to_lower = std::fabs(double{value} - double{lower}), to_upper = std::fabs(double{upper} - double{value});
    const bool is_even_lower = (bits >> 16) % 2 == 0;
    const float expected = to_lower < to_upper || (to_lower == to_upper && is_even_lower) ? lower : upper;
    REQUIRE(to_float(found) == expected);
  }
}

}  // namespace maskscope
