#include "kernels/torch_generator.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace maskscope {

double TorchGenerator::uniform() {
  const std::uint64_t high = word();
  const std::uint64_t bits = high << 32 | word();
  return static_cast<double>(bits & ((std::uint64_t{1} << 53) - 1)) * 0x1p-53;
}

double TorchGenerator::normal() {
  if (next_normal_) {
    const double kept = *next_normal_;
    next_normal_.reset();
    return kept;
  }
  const double u1 = uniform();
  const double u2 = uniform();
  const double radius = std::sqrt(-2.0 * std::log(1.0 - u2));
  const double angle = 2.0 * std::numbers::pi * u1;
  next_normal_ = radius * std::sin(angle);
  return radius * std::cos(angle);
}

// PyTorch writes the constants as float32 and computes in float64; the order of operations is its own.
double TorchGenerator::gamma(float alpha) {
  double scale = 1.0;
  double shape = alpha;
  if (shape < 1.0) {
    scale = std::pow(1.0 - uniform(), 1.0 / shape);
    shape += 1.0;
  }
  const double d = shape - double{1.0f / 3.0f};
  const double c = 1.0 / std::sqrt(9.0 * d);
  for (;;) {
    double x, y;
    do {
      x = normal();
      y = 1.0 + c * x;
    } while (y <= 0.0);
    const double v = y * y * y;
    const double u = 1.0 - uniform();
    const double xx = x * x;
    if (u < 1.0 - double{0.0331f} * xx * xx || std::log(u) < 0.5 * xx + d * (1.0 - v + std::log(v))) {
      return std::max(std::numeric_limits<double>::min(), scale * d * v);
    }
  }
}

void TorchGenerator::dirichlet(View<const double> alphas, View<double> gammas, View<float> p) {
  // PyTorch adds in an order that depends on its vector units; rounding to float32 hides the last bits of the sum.
  double sum = 0.0;
  for (std::ptrdiff_t m = 0; m < alphas.size; ++m) {
    gammas[m] = gamma(static_cast<float>(alphas[m]));
    sum += gammas[m];
  }
  constexpr float smallest = std::numeric_limits<float>::min(), largest = 1.0f - 0x1p-24f;
  for (std::ptrdiff_t m = 0; m < alphas.size; ++m) {
    p[m] = std::clamp(static_cast<float>(gammas[m] / sum), smallest, largest);
  }
}

std::int32_t TorchGenerator::multinomial(View<const double> weights) {
  std::int32_t winner = 0;
  float largest = -1.0f;
  for (std::ptrdiff_t c = 0; c < weights.size; ++c) {
    const auto exponential = static_cast<float>(-std::log(1.0 - uniform()));
    const float quotient = static_cast<float>(weights[c]) / exponential;
    if (quotient > largest) {
      largest = quotient;
      winner = static_cast<std::int32_t>(c);
    }
  }
  return winner;
}

}  // namespace maskscope
