// MT19937 (Matsumoto and Nishimura 1998), the engine under PyTorch's CPU generator, Python's random and NumPy's
// RandomState. They differ in how they seed it, and in what they make of its outputs.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <random>

#include "core/view.h"

namespace maskscope {

// Called without arguments it gives the next output, 0 .. 2^32 - 1. Copies go on alike.
using MersenneTwister = std::mt19937;

// As init_genrand in the authors' mt19937ar.c. Example: init_genrand(5489) gives 3499211612 first.
inline MersenneTwister init_genrand(std::uint32_t seed) { return MersenneTwister(seed); }

namespace mersenne_twister_detail {

using State = std::array<std::uint32_t, MersenneTwister::state_size>;

inline State state_of_key(View<const std::uint32_t> key) {
  State state;
  state[0] = 19650218;
  const auto mixed = [&](std::size_t i, std::uint32_t multiplier) {
    return (state[i - 1] ^ state[i - 1] >> 30) * multiplier;
  };
  for (std::size_t i = 1; i < state.size(); ++i) state[i] = mixed(i, 1812433253) + static_cast<std::uint32_t>(i);

  std::size_t i = 1;
  const auto advance = [&] {
    if (++i < state.size()) return;
    state[0] = state.back();
    i = 1;
  };
  const auto key_length = static_cast<std::size_t>(key.size);
  for (std::size_t step = 0; step < std::max(state.size(), key_length); ++step) {
    const std::size_t j = step % key_length;
    state[i] = (state[i] ^ mixed(i, 1664525)) + key.data[j] + static_cast<std::uint32_t>(j);
    advance();
  }
  for (std::size_t step = 1; step < state.size(); ++step) {
    state[i] = (state[i] ^ mixed(i, 1566083941)) - static_cast<std::uint32_t>(i);
    advance();
  }
  state[0] = 0x80000000;
  return state;
}

// What std::mt19937 takes for its state as it is: a seed sequence in the sense of the standard.
struct StateSequence {
  using result_type = std::uint32_t;
  State state;
  template <class Iterator>
  void generate(Iterator begin, [[maybe_unused]] Iterator end) const {
    assert(static_cast<std::size_t>(end - begin) == state.size());
    std::copy(state.begin(), state.end(), begin);
  }
};

}  // namespace mersenne_twister_detail

// As init_by_array in mt19937ar.c. key: (at least 1) words.
// Example: the key 0x123, 0x234, 0x345, 0x456 gives 1067595299 first.
inline MersenneTwister init_by_array(View<const std::uint32_t> key) {
  assert(!key.empty());
  mersenne_twister_detail::StateSequence sequence{mersenne_twister_detail::state_of_key(key)};
  return MersenneTwister(sequence);
}

}  // namespace maskscope
