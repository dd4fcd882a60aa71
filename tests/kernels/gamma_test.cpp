#include <cmath>
#include <cstdint>
#include <vector>

#include "kernels/gamma.h"
#include "kernels/philox_draws.h"
#include "tests/catch.h"
#include "tests/oracle/oracle_random.h"

namespace maskscope {

TEST_CASE("gamma variates have the mean and the variance of their distribution") {
  constexpr int count = 40000;
  for (const double alpha : {0.05, 0.5, 1.0, 1.5, 10.0, 1000.0}) {
    INFO("alpha " << alpha);
    double sum = 0.0, sum_of_squares = 0.0;
    for (std::uint64_t sample = 0; sample < count; ++sample) {
      const double gamma = gamma_variate(SampleDraws{11, sample}, {DrawPurpose::input_budget, 5, 0}, alpha);
      sum += gamma;
      sum_of_squares += gamma * gamma;
    }
    const double mean = sum / count;
    const double variance = sum_of_squares / count - mean * mean;
    // Six standard errors; the kurtosis of the distribution is 3 + 6 / alpha.
    CHECK(std::fabs(mean - alpha) < 6.0 * std::sqrt(alpha / count));
    CHECK(std::fabs(variance - alpha) < 6.0 * alpha * std::sqrt((2.0 + 6.0 / alpha) / count));
  }
}

TEST_CASE("gamma variates are those of the restated method, with and without short cuts") {
  for (const double alpha : {1e-9, 2e-9, 1e-6, 1e-4, 0.01, 0.3, 1.0, 1.0000001, 2.5, 1e4, 1e9}) {
    for (std::uint64_t sample = 0; sample < 2000; ++sample) {
      const double gamma = gamma_variate(SampleDraws{3, sample}, {DrawPurpose::target_budget, 77, 1u << 20 | 4}, alpha);
      REQUIRE(gamma == oracle::Random{3, sample}.gamma(oracle::target_budget, 77, 1u << 20 | 4, alpha));
    }
  }
}

TEST_CASE("integers and choices are even") {
  for (const std::uint32_t n : {1u, 2u, 3u, 7u, 10u}) {
    std::vector<int> counts(n);
    for (std::uint64_t sample = 0; sample < 20000; ++sample) {
      const std::uint32_t value = PhiloxDraws(SampleDraws{9, sample}).randint({DrawPurpose::component, 0, 0}, n);
      REQUIRE(value < n);
      ++counts[value];
    }
    for (const int count : counts) CHECK(std::fabs(count - 20000.0 / n) < 6.0 * std::sqrt(20000.0 / n));
  }
  int ones = 0;
  for (std::uint64_t sample = 0; sample < 20000; ++sample) {
    ones += PhiloxDraws(SampleDraws{9, sample}).choice({DrawPurpose::keep_probability, 7, 0});
  }
  CHECK(std::abs(ones - 10000) < 430);
}

}  // namespace maskscope
