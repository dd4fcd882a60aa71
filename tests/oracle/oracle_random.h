// The draws of docs/draws.md, restated plainly. Shares no code with core/philox.h, core/draw.h or kernels/.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

#include "core/portable_math.h"

namespace oracle {

using Words = std::array<std::uint32_t, 4>;

inline Words philox(Words counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    if (round > 0) {
      key[0] += 0x9E3779B9u;
      key[1] += 0xBB67AE85u;
    }
    const std::uint64_t a = static_cast<std::uint64_t>(counter[0]) * 0xD2511F53u;
    const std::uint64_t b = static_cast<std::uint64_t>(counter[2]) * 0xCD9E8D57u;
    counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b & 0xffffffffu),
               static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a & 0xffffffffu)};
  }
  return counter;
}

enum Purpose : std::uint32_t {
  component = 1,
  num_input = 2,
  num_target = 3,
  input_budget = 4,
  target_budget = 5,
  image_noise = 6,
  keep_probability = 7,
  span = 8,
  target_window = 9,
  decoder_order = 10
};

struct Random {
  std::uint64_t seed;
  std::uint64_t sample;

  Words words(Purpose purpose, int modality_id, std::uint32_t attempt, std::uint32_t block) const {
    const auto high_sample = static_cast<std::uint32_t>(sample / 4294967296u % 256u);
    return philox({block, attempt, static_cast<std::uint32_t>(sample % 4294967296u),
                   purpose * 16777216u + static_cast<std::uint32_t>(modality_id) * 256u + high_sample},
                  {static_cast<std::uint32_t>(seed % 4294967296u), static_cast<std::uint32_t>(seed / 4294967296u)});
  }
  std::uint32_t rand24(Purpose purpose, int modality_id, std::uint32_t attempt, std::size_t index) const {
    return words(purpose, modality_id, attempt, static_cast<std::uint32_t>(index / 4))[index % 4] / 256u;
  }
  static double fraction(std::uint32_t high, std::uint32_t low) {
    return std::ldexp(static_cast<double>((static_cast<std::uint64_t>(high) * 4294967296u + low) / 2048u), -53);
  }
  double uniform(Purpose purpose, int modality_id) const {
    const Words w = words(purpose, modality_id, 0, 0);
    return fraction(w[0], w[1]);
  }
  std::uint32_t randint(Purpose purpose, int modality_id, std::uint32_t n) const {
    const std::uint64_t uneven = 4294967296u % n;
    for (std::uint32_t i = 0;; ++i) {
      const std::uint64_t product = static_cast<std::uint64_t>(words(purpose, modality_id, 0, i / 4)[i % 4]) * n;
      if (product % 4294967296u >= uneven) return static_cast<std::uint32_t>(product / 4294967296u);
    }
  }
  double gamma(Purpose purpose, int modality_id, std::uint32_t attempt, double alpha) const {
    using maskscope::portable::exp;
    using maskscope::portable::log;
    const double least = std::ldexp(1.0, -1022);
    const Words boost = words(purpose, modality_id, attempt, 0);
    const double u0 = 1.0 - fraction(boost[0], boost[1]);
    if (alpha == 1.0) return std::fmax(-log(u0), least);
    const double shape = alpha < 1.0 ? alpha + 1.0 : alpha;
    const double scale = alpha < 1.0 ? exp(log(u0) / alpha) : 1.0;
    const double d = shape - 1.0 / 3.0;
    const double c = 1.0 / std::sqrt(9.0 * d);
    for (std::uint32_t block = 1;; ++block) {
      const Words w = words(purpose, modality_id, attempt, block);
      const double x = std::ldexp(w[0] + 0.5, -31) - 1.0;
      const double y = std::ldexp(w[1] + 0.5, -31) - 1.0;
      const double s = x * x + y * y;
      if (s >= 1.0) continue;
      const double normal = x * std::sqrt(-2.0 * log(s) / s);
      const double t = 1.0 + c * normal;
      if (t <= 0.0) continue;
      const double v = t * t * t;
      const double u = 1.0 - fraction(w[2], w[3]);
      const double n2 = normal * normal;
      if (u < 1.0 - 0.0331 * n2 * n2 || log(u) < 0.5 * n2 + d * (1.0 - v + log(v))) {
        return std::fmax(scale * (d * v), least);
      }
    }
  }
};

}  // namespace oracle
