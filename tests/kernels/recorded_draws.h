// A policy of randomness that replays recorded draws, in order: the golden cases run through the production stages.
// For one thread only (SerialGroup). Verbs: kernels/philox_draws.h.
#pragma once

#include <cstdint>
#include <deque>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/draw.h"
#include "core/view.h"
#include "kernels/philox_draws.h"

namespace maskscope {

class RecordedDraws {
 public:
  static constexpr bool is_stream = true;

  std::deque<std::vector<float>> dirichlet_vectors;
  std::deque<std::vector<std::uint32_t>> rand24_vectors;
  std::deque<double> uniforms;
  std::deque<std::int32_t> choices;
  struct Integer {
    std::uint32_t n, value;
  };
  std::deque<Integer> integers;
  std::vector<std::uint32_t> order_keys;  // by modality id

  bool is_used_up() const {
    return dirichlet_vectors.empty() && rand24_vectors.empty() && uniforms.empty() && choices.empty() &&
           integers.empty();
  }

  template <Group G>
  void dirichlet(G&, const DirichletRequest& request, View<double>, View<float> p) {
    for (std::int32_t vector = 0; vector < request.num_vectors; ++vector) {
      const std::vector<float> recorded = take(dirichlet_vectors, "dirichlet");
      check(static_cast<std::ptrdiff_t>(recorded.size()) == request.modalities.size, "length of a Dirichlet vector");
      for (std::size_t m = 0; m < recorded.size(); ++m) {
        p[vector * request.modalities.size + static_cast<std::ptrdiff_t>(m)] = recorded[m];
      }
    }
  }
  template <Group G>
  void rand24(G&, DrawName, std::int32_t n, View<std::uint32_t> out) {
    const std::vector<std::uint32_t> recorded = take(rand24_vectors, "rand");
    check(recorded.size() == static_cast<std::size_t>(n), "number of draws");
    for (std::int32_t i = 0; i < n; ++i) out[i] = recorded[static_cast<std::size_t>(i)];
  }
  double uniform(DrawName) { return take(uniforms, "uniform"); }
  std::int32_t choice(DrawName) { return take(choices, "choice"); }
  std::uint32_t randint(DrawName, std::uint32_t n) {
    const Integer recorded = take(integers, "randint");
    check(recorded.n == n, "range of randint");
    return recorded.value;
  }
  std::int32_t weighted_component(View<const double>) { return static_cast<std::int32_t>(take(integers, "component").value); }
  void shuffle_decoder(std::int32_t) const {}
  std::uint32_t order_key(std::uint32_t modality_id, std::int32_t) const { return order_keys.at(modality_id); }

 private:
  static void check(bool holds, const std::string& what) {
    if (!holds) throw std::logic_error("the stage asked for other draws than were recorded: " + what);
  }
  template <class T>
  static T take(std::deque<T>& queue, const std::string& verb) {
    check(!queue.empty(), "no more of " + verb);
    const T front = queue.front();
    queue.pop_front();
    return front;
  }
};

}  // namespace maskscope
