// The production policy of randomness: every draw a pure function of its name (core/draw.h). What the words of a
// Philox block become is written down in docs/draws.md and frozen with draw_naming_version.
//
// A policy has these verbs; torch_draws.h has one that follows PyTorch's generators, tests have one that replays recorded
// draws:
//   dirichlet    vectors of a Dirichlet distribution, float32, each component in [FLT_MIN, 1 - 2^-24]
//   rand24       a vector of integers below 2^24
//   uniform      a double in [0, 1)
//   choice       0 or 1
//   randint      0 .. n - 1
// and two that are made of these, each in its own way:
//   weighted_component    an index, as likely as its weight
//   shuffle_decoder, order_key    the decoder's order: ascending keys, ties by scheme position
// is_stream says that the draws come from running generators: then none that the reference makes may be left out.
#pragma once

#include <cstdint>

#include "core/draw.h"
#include "core/view.h"
#include "kernels/gamma.h"
#include "kernels/group.h"
#include "kernels/plan.h"

namespace maskscope {

// Which vectors: number first_vector .. first_vector + num_vectors - 1 of try try_number.
struct DirichletRequest {
  DrawPurpose purpose{};
  std::uint32_t try_number = 0;
  std::uint32_t first_vector = 0;
  std::int32_t num_vectors = 1;
  View<const ModalityPlan> modalities;  // (K)
  View<const double> alphas;            // (K) >= 1e-9
  const GammaShapes* shapes = nullptr;  // of these alphas; for SerialDraws only
};

// Vector units make whole vectors of draws, and write them all.
constexpr std::int32_t draws_at_once = 64;

class PhiloxDraws {
 public:
  static constexpr bool is_stream = false;

  MASKSCOPE_HD explicit PhiloxDraws(SampleDraws draws) : draws_(draws) {}

  // p: (num_vectors, K) out. gammas: (num_vectors, K) scratch.
  template <Group G>
  MASKSCOPE_HD void dirichlet(G& group, const DirichletRequest& request, View<double> gammas, View<float> p) const {
    draw_gammas(group, request, gammas);
    normalize(group, request, gammas, p);
  }

  // gammas: (num_vectors, K) out.
  template <Group G>
  MASKSCOPE_HD void draw_gammas(G& group, const DirichletRequest& request, View<double> gammas) const {
    const auto num_modalities = static_cast<std::int32_t>(request.modalities.size);
    group.for_each_index(request.num_vectors * num_modalities, [&](std::int32_t i) {
      const std::int32_t vector = i / num_modalities, m = i % num_modalities;
      const DrawName name{request.purpose, static_cast<std::uint32_t>(request.modalities[m].id),
                          request.try_number << 20 | (request.first_vector + static_cast<std::uint32_t>(vector))};
      gammas[i] = gamma_variate(draws_, name, request.alphas[m]);
    });
  }

  // p := gammas, each vector divided by its sum.
  template <Group G>
  MASKSCOPE_HD static void normalize(G& group, const DirichletRequest& request, View<double> gammas, View<float> p) {
    const auto num_modalities = static_cast<std::int32_t>(request.modalities.size);
    group.for_each_index(request.num_vectors, [&](std::int32_t vector) {
      const View<const double> row = gammas.subview(vector * num_modalities, num_modalities);
      double sum = 0.0;
      MASKSCOPE_ROLLED
      for (const double gamma : row) sum += gamma;
      MASKSCOPE_ROLLED
      for (std::int32_t m = 0; m < num_modalities; ++m) {
        p[vector * num_modalities + m] = clamp_probability(static_cast<float>(row[m] / sum));
      }
    });
  }

  // out: room for n draws, n rounded up to a multiple of 4.
  template <Group G>
  MASKSCOPE_HD void rand24(G& group, DrawName name, std::int32_t n, View<std::uint32_t> out) const {
    std::uint32_t* const words = out.data;
    assert((n + 3) / 4 * 4 <= out.size);
    group.for_each_index((n + 3) / 4, [&](std::int32_t b) {
      const PhiloxBlock block = draws_.block(name, static_cast<std::uint32_t>(b));
      for (int w = 0; w < 4; ++w) words[4 * b + w] = block.word[w] >> 8;
    });
  }

  MASKSCOPE_HD double uniform(DrawName name) const { return uniform53(draws_.block(name, 0), 0); }

  MASKSCOPE_HD std::int32_t choice(DrawName name) const {
    return static_cast<std::int32_t>(draws_.block(name, 0).word[0] >> 31);
  }

  // Lemire's multiplication: the high word of draw * n; draws whose low word falls into the uneven rest are skipped.
  MASKSCOPE_HD std::uint32_t randint(DrawName name, std::uint32_t n) const {
    if (n == 1) return 0;
    const std::uint32_t uneven_rest = (0u - n) % n;
    for (std::uint32_t b = 0;; ++b) {
      const PhiloxBlock block = draws_.block(name, b);
      for (const std::uint32_t word : block.word) {
        const std::uint64_t product = std::uint64_t{word} * n;
        if (static_cast<std::uint32_t>(product) >= uneven_rest) return static_cast<std::uint32_t>(product >> 32);
      }
    }
  }

  // weights: (components) >= 0, not all 0.
  MASKSCOPE_HD std::int32_t weighted_component(View<const double> weights) const {
    double sum = 0.0;
    for (const double weight : weights) sum += weight;
    const double point = uniform({DrawPurpose::component, 0, 0}) * sum;
    double upper = 0.0;
    std::int32_t last = 0;
    for (std::int32_t c = 0; c < static_cast<std::int32_t>(weights.size); ++c) {
      if (weights[c] == 0.0) continue;
      upper += weights[c];
      last = c;
      if (point < upper) break;
    }
    return last;
  }

  // Before the order_key of any of the num_modalities modalities that reach the decoder.
  MASKSCOPE_HD void shuffle_decoder(std::int32_t) const {}
  // number: the modality's place among those that reach the decoder, in scheme order.
  MASKSCOPE_HD std::uint32_t order_key(std::uint32_t modality_id, std::int32_t) const {
    return draws_.block({DrawPurpose::decoder_order, modality_id, 0}, 0).word[0];
  }

 protected:
  MASKSCOPE_HD const SampleDraws& sample_draws() const { return draws_; }

 private:
  // As torch.distributions.Dirichlet does in float32: no component is ever 0 or 1.
  MASKSCOPE_HD static float clamp_probability(float p) {
    constexpr float smallest = 0x1p-126f, largest = 0x1.fffffep-1f;
    return p < smallest ? smallest : p > largest ? largest : p;
  }

  SampleDraws draws_;
};

}  // namespace maskscope
