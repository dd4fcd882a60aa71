// Whether two samples of counts come from the same distribution: the chi-square test for two histograms.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace maskscope {

// How often each value 0, 1, 2, … was seen.
using Histogram = std::vector<std::int64_t>;

inline void add_value(Histogram& histogram, std::int32_t value, std::int64_t count = 1) {
  const auto at = static_cast<std::size_t>(value);
  if (histogram.size() <= at) histogram.resize(at + 1);
  histogram[at] += count;
}

inline std::int64_t total_of(const Histogram& histogram) {
  std::int64_t total = 0;
  for (const std::int64_t count : histogram) total += count;
  return total;
}

// The regularised upper incomplete gamma function Q(a, x) = Gamma(a, x) / Gamma(a); a > 0, x >= 0. Example: Q(1, x) = e^-x.
// Below a + 1 by the power series of 1 - Q, above it by the continued fraction, evaluated as Lentz does.
inline double gamma_q(double a, double x) {
  if (x <= 0.0) return 1.0;
  constexpr double tiny = 1e-300, epsilon = 1e-15;
  const double factor = std::exp(a * std::log(x) - x - std::lgamma(a));
  if (x < a + 1.0) {
    double term = 1.0 / a, sum = term;
    for (double n = a + 1.0; term > sum * epsilon; n += 1.0) {
      term *= x / n;
      sum += term;
    }
    return 1.0 - factor * sum;
  }
  double b = x + 1.0 - a, c = 1.0 / tiny, d = 1.0 / b, fraction = d;
  for (int i = 1; i < 100000; ++i) {
    const double numerator = -i * (i - a);
    b += 2.0;
    d = numerator * d + b;
    if (std::fabs(d) < tiny) d = tiny;
    c = b + numerator / c;
    if (std::fabs(c) < tiny) c = tiny;
    d = 1.0 / d;
    fraction *= d * c;
    if (std::fabs(d * c - 1.0) < epsilon) break;
  }
  return factor * fraction;
}

// p: how likely so large a difference is when the distributions are equal. num_bins 1: all values fell into one bin, so
// there was nothing to compare, and p is 1.
struct TwoSampleResult {
  int num_bins = 0;
  double p = 1.0;
};

// Neighbouring values are merged into bins until each is expected at least 10 times in both samples; neither is empty.
inline TwoSampleResult compare_histograms(const Histogram& first, const Histogram& second) {
  struct Bin {
    double first = 0.0, second = 0.0;
  };
  constexpr double least_expected = 10.0;
  const auto first_total = static_cast<double>(total_of(first)), second_total = static_cast<double>(total_of(second));
  const double smaller_share = std::min(first_total, second_total) / (first_total + second_total);
  std::vector<Bin> bins(1);
  for (std::size_t value = 0; value < std::max(first.size(), second.size()); ++value) {
    if ((bins.back().first + bins.back().second) * smaller_share >= least_expected) bins.emplace_back();
    if (value < first.size()) bins.back().first += static_cast<double>(first[value]);
    if (value < second.size()) bins.back().second += static_cast<double>(second[value]);
  }
  // What is left at the end may be too little for a bin of its own.
  if (bins.size() > 1 && (bins.back().first + bins.back().second) * smaller_share < least_expected) {
    const Bin rest = bins.back();
    bins.pop_back();
    bins.back().first += rest.first;
    bins.back().second += rest.second;
  }
  double statistic = 0.0;
  for (const Bin& bin : bins) {
    const double difference = bin.first * std::sqrt(second_total / first_total) - bin.second * std::sqrt(first_total / second_total);
    statistic += difference * difference / (bin.first + bin.second);
  }
  const auto num_bins = static_cast<int>(bins.size());
  return {num_bins, num_bins == 1 ? 1.0 : gamma_q((num_bins - 1) / 2.0, statistic / 2.0)};
}

}  // namespace maskscope
