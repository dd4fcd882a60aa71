// PyTorch's generator on the CPU, with the distributions that 4M's masking draws from. As PyTorch 1.13.1: CPUGeneratorImpl,
// ATen/core/DistributionsHelper.h, ATen/native/Distributions.h; torch.distributions.Dirichlet on top.
//
// log, pow, sin and cos are the C library's, as PyTorch's were. So the last bit of a variate may differ from one C
// library to another; integers and rand24 never do.
#pragma once

#include <cstdint>
#include <optional>

#include "core/view.h"
#include "kernels/mersenne_twister.h"

namespace maskscope {

class TorchGenerator {
 public:
  // As torch.manual_seed(seed), of which the CPU's generator uses the low 32 bits.
  explicit TorchGenerator(std::uint64_t seed) : engine_(init_genrand(static_cast<std::uint32_t>(seed))) {}

  // One element of torch.rand (float32): an integer k below 2^24; the element is k / 2^24.
  std::uint32_t rand24() { return word() & 0xffffffu; }
  // One element of torch.randint(n) and one step of torch.randperm: 0 .. n - 1, n >= 1. Not quite each as likely.
  std::uint32_t below(std::uint32_t n) { return word() % n; }
  // A multiple of 2^-53 in [0, 1).
  double uniform();
  // Standard normal. Box and Muller make two; the second is kept for the next call, whatever is drawn between.
  double normal();
  // Gamma variate of shape alpha > 0 (Marsaglia and Tsang 2000), at least DBL_MIN.
  double gamma(float alpha);

  // torch.distributions.Dirichlet(alphas).sample(), the alphas rounded to float32.
  // alphas: (K) > 0. gammas: (K) scratch. p: (K) out, each in [2^-126, 1 - 2^-24].
  void dirichlet(View<const double> alphas, View<double> gammas, View<float> p);
  // torch.multinomial(weights, 1), the weights rounded to float32: an index, as likely as its weight.
  // weights: (at least 1) >= 0, not all 0.
  std::int32_t multinomial(View<const double> weights);

 private:
  std::uint32_t word() { return static_cast<std::uint32_t>(engine_()); }

  MersenneTwister engine_;
  std::optional<double> next_normal_;
};

}  // namespace maskscope
