// Gamma variates with the same bits on every machine. Marsaglia and Tsang, "A simple method for generating gamma
// variables" (ACM TOMS 26, 2000), with normals by the polar method, which needs a logarithm and a root only.
#pragma once

#include <cmath>
#include <cstdint>

#include "core/draw.h"
#include "core/portable_math.h"

namespace maskscope {

// k / 2^53 from words word and word + 1 of a block: in [0, 1).
MASKSCOPE_HD inline double uniform53(const PhiloxBlock& block, int word) {
  const std::uint64_t high = block.word[word];
  return static_cast<double>((high << 32 | block.word[word + 1]) >> 11) * 0x1p-53;
}

// Gamma(alpha + 1 or alpha >= 1) by rejection; try t takes block t = 1, 2, … of the draw.
MASKSCOPE_HD inline double gamma_by_rejection(const SampleDraws& draws, DrawName name, double alpha) {
  const double d = alpha - 1.0 / 3.0;
  const double c = 1.0 / sqrt(9.0 * d);
  for (std::uint32_t t = 1;; ++t) {
    const PhiloxBlock block = draws.block(name, t);
    // A point in the square (-1, 1)^2, off its centre; those outside the circle are rejected.
    const double a = (static_cast<double>(block.word[0]) + 0.5) * 0x1p-31 - 1.0;
    const double b = (static_cast<double>(block.word[1]) + 0.5) * 0x1p-31 - 1.0;
    const double radius2 = a * a + b * b;
    if (radius2 >= 1.0) continue;
    const double normal = a * sqrt(-2.0 * portable::log(radius2) / radius2);
    const double base = 1.0 + c * normal;
    if (base <= 0.0) continue;
    const double v = base * base * base;
    const double u = 1.0 - uniform53(block, 2);
    const double square = normal * normal;
    if (u < 1.0 - 0.0331 * square * square ||
        portable::log(u) < 0.5 * square + d * (1.0 - v + portable::log(v))) {
      return d * v;
    }
  }
}

// Gamma(alpha), at least the smallest normal double. alpha in [1e-9, 1e9].
//   alpha = 1: the exponential distribution, one logarithm
//   alpha < 1: Gamma(alpha + 1) u^(1 / alpha)
MASKSCOPE_HD inline double gamma_variate(const SampleDraws& draws, DrawName name, double alpha) {
  constexpr double smallest = portable::smallest_normal;
  double scale = 1.0;
  if (alpha <= 1.0) {
    const double u = 1.0 - uniform53(draws.block(name, 0), 0);  // in (0, 1]
    // An alpha of 0 stands as 1e-9: u^(1e9) is below e^-900 for all but a millionth of the draws, and so is certain
    // to end at the smallest value. Most of the work of a scheme's zeros ends here.
    if (alpha <= 1e-9 && u < 1.0 - 0x1p-20) return smallest;
    const double log_u = portable::log(u);
    if (alpha == 1.0) return -log_u > smallest ? -log_u : smallest;
    const double log_scale = log_u / alpha;
    // Gamma(alpha + 1) <= 128 here (d v with the largest normal the polar method can give), so nothing can lift this.
    if (log_scale < -715.0) return smallest;
    scale = portable::exp(log_scale);
    alpha += 1.0;
  }
  const double gamma = scale * gamma_by_rejection(draws, name, alpha);
  return gamma > smallest ? gamma : smallest;
}

}  // namespace maskscope
