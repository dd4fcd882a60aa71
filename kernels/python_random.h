// The generator of Python's random module (CPython, Modules/_randommodule.c and Lib/random.py, 3.11).
#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "kernels/mersenne_twister.h"

namespace maskscope {

class PythonRandom {
 public:
  // As random.seed(seed): the key is the seed in 32-bit words, as few as hold it.
  explicit PythonRandom(std::uint64_t seed) {
    const std::uint32_t words[] = {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
    engine_ = init_by_array({words, words[1] == 0 ? 1 : 2});
  }

  // random.random(), and random.uniform(0, 1): a multiple of 2^-53 in [0, 1).
  double uniform() {
    const std::uint64_t high = word() >> 5, low = word() >> 6;
    return static_cast<double>(high << 26 | low) * 0x1p-53;
  }

  // 0 .. n - 1, n >= 1, each as likely: random.randint(a, b) is a + below(b - a + 1), random.choice(s) is
  // s[below(len(s))]. A range of one value draws too.
  std::uint32_t below(std::uint32_t n) {
    assert(n >= 1);
    const int bits = std::bit_width(n);
    for (;;) {
      const std::uint32_t value = word() >> (32 - bits);
      if (value < n) return value;
    }
  }

  // random.sample(range(n), n): 0 .. n - 1 in random order.
  std::vector<std::int32_t> permutation(std::int32_t n) {
    std::vector<std::int32_t> pool(static_cast<std::size_t>(n)), order;
    std::iota(pool.begin(), pool.end(), 0);
    order.reserve(pool.size());
    while (!pool.empty()) {
      const std::uint32_t chosen = below(static_cast<std::uint32_t>(pool.size()));
      order.push_back(pool[chosen]);
      pool[chosen] = pool.back();
      pool.pop_back();
    }
    return order;
  }

 private:
  std::uint32_t word() { return static_cast<std::uint32_t>(engine_()); }

  MersenneTwister engine_;
};

}  // namespace maskscope
