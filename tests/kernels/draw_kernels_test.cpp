// Draws made many at once against draws made one by one: the same bits.
#include <cstdint>
#include <random>
#include <vector>

#include "core/portable_math.h"
#include "kernels/avx2_lanes.h"
#include "kernels/draw_kernels.h"
#include "kernels/flag_bits.h"
#include "kernels/gamma.h"
#include "tests/catch.h"
#include "tests/kernels/guarded_buffer.h"

namespace maskscope {
namespace {

std::vector<const DrawKernels*> all_kernels() {
  std::vector<const DrawKernels*> kernels = {&scalar_draw_kernels()};
  if (avx2_draw_kernels()) kernels.push_back(avx2_draw_kernels());
  return kernels;
}

std::size_t room_for(std::int32_t n) {
  return static_cast<std::size_t>((n + draws_at_once - 1) / draws_at_once * draws_at_once);
}

std::vector<ModalityPlan> modalities_with_ids(std::int32_t count) {
  std::vector<ModalityPlan> modalities(static_cast<std::size_t>(count));
  for (std::int32_t m = 0; m < count; ++m) modalities[static_cast<std::size_t>(m)].id = (m * 7919 + 32752) % 32768;
  return modalities;
}

void check_gammas(const DrawKernels& kernels, const SampleDraws& draws, DirichletRequest request) {
  const GammaShapes shapes = make_gamma_shapes(request.modalities, request.alphas);
  request.shapes = &shapes;
  const auto num_modalities = static_cast<std::size_t>(request.modalities.size);
  GuardedBuffer<double> gammas(static_cast<std::size_t>(request.num_vectors) * num_modalities);
  kernels.gammas(draws, request, gammas.data());
  REQUIRE(gammas.is_intact());
  for (std::size_t i = 0; i < gammas.size(); ++i) {
    const auto m = static_cast<std::ptrdiff_t>(i % num_modalities);
    const std::uint32_t vector = request.first_vector + static_cast<std::uint32_t>(i / num_modalities);
    const DrawName name{request.purpose, static_cast<std::uint32_t>(request.modalities[m].id),
                        request.try_number << 20 | vector};
    INFO("alpha " << request.alphas[m] << ", variate " << i);
    REQUIRE(portable::bits_of(gammas[i]) == portable::bits_of(gamma_variate(draws, name, request.alphas[m])));
  }
}

constexpr double some_alphas[] = {1e-9, 1e-9, 2e-9, 1e-6, 1e-4, 0.01, 0.05, 0.1,    0.5, 0.5,
                                  0.99, 1.0,  1.0,  1.0 + 0x1p-52,   1.5,  10.0, 1000.0, 1e6, 1e9};

}  // namespace

TEST_CASE("vectors of 24-bit draws are the same from every kernel") {
  for (const DrawKernels* kernels : all_kernels()) {
    for (std::int32_t n : {0, 1, 3, 4, 5, 16, 17, 32, 33, 40, 48, 49, 63, 64, 65, 80, 81, 96, 97, 196, 256, 257, 1000}) {
      for (const std::uint64_t sample : {std::uint64_t{0}, max_sample_index - 5, (std::uint64_t{1} << 33) + 7}) {
        const SampleDraws draws{0x9E3779B97F4A7C15u + static_cast<std::uint64_t>(n), sample};
        const DrawName name{DrawPurpose::span, 32767, static_cast<std::uint32_t>(n) << 20 | 3};
        GuardedBuffer<std::uint32_t> out(room_for(n));
        kernels->rand24(draws, name, n, out.data());
        REQUIRE(out.is_intact());
        for (std::int32_t i = 0; i < n; ++i) {
          REQUIRE(out[static_cast<std::size_t>(i)] == draws.rand24(name, static_cast<std::uint32_t>(i)));
        }
      }
    }
  }
}

TEST_CASE("gamma variates are the same from every kernel") {
  std::mt19937 generator(1);
  const auto below = [&](std::uint32_t n) { return static_cast<std::int32_t>(generator() % n); };
  for (const DrawKernels* kernels : all_kernels()) {
    for (const std::int32_t num_modalities : {1, 2, 3, 4, 5, 7, 8, 9, 19, 63, 64, 65, 130}) {
      const std::vector<ModalityPlan> modalities = modalities_with_ids(num_modalities);
      for (int round = 0; round < 60; ++round) {
        // Every third time all alphas are equal, as in the official mixtures.
        std::vector<double> alphas(modalities.size(), some_alphas[round / 3 % std::size(some_alphas)]);
        if (round % 3 != 0) {
          for (double& alpha : alphas) alpha = some_alphas[below(std::size(some_alphas))];
        }
        const SampleDraws draws{generator(), generator() + (std::uint64_t{generator() % 256} << 32)};
        check_gammas(*kernels, draws,
                     {.purpose = round % 2 == 0 ? DrawPurpose::input_budget : DrawPurpose::target_budget,
                      .try_number = static_cast<std::uint32_t>(below(100)),
                      .first_vector = static_cast<std::uint32_t>(below(300)),
                      .num_vectors = below(12),
                      .modalities = view_of(modalities),
                      .alphas = view_of(alphas)});
      }
    }
  }
}

// An alpha of 0 does not give the smallest number when u is within a millionth of 1: the way that is next to never taken.
TEST_CASE("gamma variates of alphas of 0 are the same from every kernel when they are not the smallest") {
  const std::vector<ModalityPlan> modalities = modalities_with_ids(5);
  const std::vector<double> alphas(5, 1e-9);
  int num_found = 0;
  for (std::uint64_t sample = 0; num_found < 3; ++sample) {
    REQUIRE(sample < 100'000'000);
    const SampleDraws draws{5, sample};
    const DrawName name{DrawPurpose::input_budget, static_cast<std::uint32_t>(modalities[3].id), 0};
    if (uniform53(draws.block(name, 0), 0) > 0x1p-20) continue;
    ++num_found;
    for (const DrawKernels* kernels : all_kernels()) {
      check_gammas(*kernels, draws,
                   {.purpose = DrawPurpose::input_budget, .modalities = view_of(modalities), .alphas = view_of(alphas)});
    }
  }
}

TEST_CASE("flags become bits") {
  std::mt19937 generator(2);
  for (int round = 0; round < 1000; ++round) {
    std::uint8_t flags[64];
    for (std::uint8_t& flag : flags) flag = generator() % (round % 5 + 1) == 0;
    const std::uint64_t bits = bits_of_flags(flags);
    REQUIRE(bits == portable_bits_of_flags(flags));
    for (int i = 0; i < 64; ++i) REQUIRE((bits >> i & 1) == flags[i]);
  }
}

#if MASKSCOPE_HAS_AVX2_LANES
namespace {
MASKSCOPE_AVX2_BEGIN
void lane_logs(const double (&x)[8], double (&y)[8]) {
  const avx2::Doubles<2> logs = avx2::log(avx2::Doubles<2>{{_mm256_loadu_pd(x), _mm256_loadu_pd(x + 4)}});
  _mm256_storeu_pd(y, logs.v[0]);
  _mm256_storeu_pd(y + 4, logs.v[1]);
}
void lane_powers(const double (&x)[8], double (&y)[8]) {
  const avx2::Doubles<2> powers = avx2::exp(avx2::Doubles<2>{{_mm256_loadu_pd(x), _mm256_loadu_pd(x + 4)}});
  _mm256_storeu_pd(y, powers.v[0]);
  _mm256_storeu_pd(y + 4, powers.v[1]);
}
MASKSCOPE_AVX2_END
}  // namespace

TEST_CASE("log and exp in AVX2 lanes have the bits of portable_math") {
  if (!avx2_draw_kernels()) return;
  std::mt19937_64 generator(3);
  for (int round = 0; round < 200'000; ++round) {
    double x[8], y[8];
    // Any positive finite number, the subnormal ones and the neighbours of 1 among them.
    for (double& value : x) {
      const std::uint64_t bits = generator() >> 1;
      const std::uint64_t exponent = round % 3 == 0 ? bits % 2047 << 52 : round % 3 == 1 ? (1021 + bits % 4) << 52 : 0;
      value = portable::double_from(exponent | (generator() >> 12) | 1);
    }
    lane_logs(x, y);
    for (int i = 0; i < 8; ++i) REQUIRE(portable::bits_of(y[i]) == portable::bits_of(portable::log(x[i])));
    for (double& value : x) value = -745.0 * static_cast<double>(generator() >> 11) * 0x1p-53;
    if (round % 2 == 0) {
      for (double& value : x) value *= 0x1p-9;
    }
    x[round % 8] = round % 16 == 0 ? 0.0 : -745.0;
    lane_powers(x, y);
    for (int i = 0; i < 8; ++i) REQUIRE(portable::bits_of(y[i]) == portable::bits_of(portable::exp(x[i])));
  }
}
#endif

}  // namespace maskscope
