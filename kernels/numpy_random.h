// The generator behind numpy.random.seed and numpy.random.randint: NumPy's RandomState (legacy distributions, frozen).
#pragma once

#include <bit>
#include <cassert>
#include <cstdint>

#include "kernels/mersenne_twister.h"

namespace maskscope {

class NumpyRandom {
 public:
  // As numpy.random.seed(seed), which takes 32 bits.
  explicit NumpyRandom(std::uint32_t seed) : engine_(init_genrand(seed)) {}

  // numpy.random.randint(n): 0 .. n - 1, n >= 1, each as likely. n = 1 draws nothing.
  std::uint32_t below(std::uint32_t n) {
    assert(n >= 1);
    if (n == 1) return 0;
    const std::uint32_t bits = ~std::uint32_t{0} >> std::countl_zero(n - 1);
    for (;;) {
      const std::uint32_t value = static_cast<std::uint32_t>(engine_()) & bits;
      if (value < n) return value;
    }
  }

 private:
  MersenneTwister engine_;
};

}  // namespace maskscope
