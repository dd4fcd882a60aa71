#include "tests/kernels/two_sample.h"

#include <cmath>
#include <cstdlib>
#include <random>

#include "tests/catch.h"

namespace maskscope {
namespace {

Histogram poisson_histogram(std::mt19937& generator, double mean, int count) {
  Histogram histogram;
  std::poisson_distribution<int> values(mean);
  for (int i = 0; i < count; ++i) add_value(histogram, values(generator));
  return histogram;
}

}  // namespace

TEST_CASE("the incomplete gamma function has its known values") {
  for (const double x : {1e-6, 0.1, 0.5, 1.0, 1.4, 1.6, 3.0, 10.0, 40.0, 300.0}) {
    INFO("x " << x);
    CHECK(gamma_q(1.0, x) == Approx(std::exp(-x)).epsilon(1e-11));
    CHECK(gamma_q(0.5, x) == Approx(std::erfc(std::sqrt(x))).epsilon(1e-11));
    double sum = 0.0, term = 1.0;  // for whole a: e^-x times the first a terms of e^x
    for (int k = 0; k < 20; ++k, term *= x / k) sum += term;
    CHECK(gamma_q(20.0, x) == Approx(std::exp(-x) * sum).epsilon(1e-11));
  }
  CHECK(gamma_q(7.0, 0.0) == 1.0);
  // Quantiles from printed tables of the chi-square distribution.
  CHECK(gamma_q(10 / 2.0, 18.307 / 2.0) == Approx(0.05).epsilon(1e-4));
  CHECK(gamma_q(100 / 2.0, 149.449 / 2.0) == Approx(0.001).epsilon(1e-3));
}

TEST_CASE("a two-sample statistic worked by hand") {
  // Shares 30 of 100 and 80 of 200, as a 2 x 2 table: N (ad - bc)^2 over the product of the four sums.
  const TwoSampleResult result = compare_histograms({30, 70}, {80, 120});
  CHECK(result.num_bins == 2);
  const double statistic = 300.0 * std::pow(30.0 * 120.0 - 70.0 * 80.0, 2) / (100.0 * 200.0 * 110.0 * 190.0);
  CHECK(result.p == Approx(std::erfc(std::sqrt(statistic / 2.0))).epsilon(1e-11));
}

TEST_CASE("values that are rare are merged with their neighbours") {
  CHECK(compare_histograms({1000}, {1000}).num_bins == 1);
  CHECK(compare_histograms({1000, 5, 4}, {1000, 5, 4}).num_bins == 1);
  CHECK(compare_histograms({1000, 9, 9}, {1000, 9, 9}).num_bins == 2);
  CHECK(compare_histograms({1000, 10, 9}, {1000, 10, 9}).num_bins == 2);
  CHECK(compare_histograms({5, 0, 0, 4, 1000}, {5, 0, 0, 4, 1000}).num_bins == 1);
  // Constants that differ are two bins apart, however far.
  CHECK(compare_histograms({0, 0, 100}, {100}).num_bins == 2);
  CHECK(compare_histograms({0, 0, 100}, {100}).p < 1e-30);
}

TEST_CASE("equal distributions are rejected as often as the level says, others always") {
  std::mt19937 generator(1);
  int below_a_tenth = 0, below_a_hundredth = 0;
  constexpr int num_comparisons = 2000;
  for (int i = 0; i < num_comparisons; ++i) {
    const double p = compare_histograms(poisson_histogram(generator, 6.0, 500), poisson_histogram(generator, 6.0, 2000)).p;
    below_a_tenth += p < 0.1;
    below_a_hundredth += p < 0.01;
  }
  // 200 and 20 are expected; the bounds are five standard deviations away.
  CHECK(std::abs(below_a_tenth - 200) < 68);
  CHECK(std::abs(below_a_hundredth - 20) < 23);
  CHECK(compare_histograms(poisson_histogram(generator, 6.0, 5000), poisson_histogram(generator, 6.5, 20000)).p < 6e-7);
}

}  // namespace maskscope
