#include "kernels/draw_kernels.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <bit>
#include <cstddef>
#include <cstring>

#include "kernels/avx2_lanes.h"

#pragma GCC push_options
#pragma GCC target("avx2")

namespace maskscope {
namespace {

using avx2::Blocks;
using avx2::broadcast;
using avx2::lanes;

// Counter word 3 of core/draw.h.
std::uint32_t last_counter_word(const SampleDraws& draws, DrawPurpose purpose, std::uint32_t modality_id) {
  return static_cast<std::uint32_t>(purpose) << 24 | (modality_id & 0x7fffu) << 8 |
         (static_cast<std::uint32_t>(draws.sample >> 32) & 0xffu);
}

// Words of even and odd number side by side, shifted to 24 bits.
__m256i pair_rand24(__m256i even, __m256i odd) {
  return _mm256_srli_epi32(_mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), avx2::odd_halves), 8);
}

// The words of four blocks, one block after the other.
[[gnu::always_inline]] inline void store_rand24(const Blocks& blocks, std::uint32_t* out) {
  const __m256i* const word = blocks.word;
  const __m256i words01 = pair_rand24(word[0], word[1]), words23 = pair_rand24(word[2], word[3]);
  const __m256i blocks02 = _mm256_unpacklo_epi64(words01, words23);
  const __m256i blocks13 = _mm256_unpackhi_epi64(words01, words23);
  auto* const place = reinterpret_cast<__m256i*>(out);
  _mm256_storeu_si256(place, _mm256_permute2x128_si256(blocks02, blocks13, 0x20));
  _mm256_storeu_si256(place + 1, _mm256_permute2x128_si256(blocks02, blocks13, 0x31));
}

void rand24(const SampleDraws& draws, DrawName name, std::int32_t n, std::uint32_t* out) {
  constexpr int num_vectors = 2, step = num_vectors * lanes;
  const std::int32_t num_blocks = (n + 3) / 4;
  const __m256i attempt = broadcast(std::uint64_t{name.attempt}), sample = broadcast(draws.sample);
  const __m256i last = broadcast(std::uint64_t{last_counter_word(draws, name.purpose, name.modality_id)});
  for (std::int32_t b = 0; b < num_blocks; b += step) {
    const __m256i index = _mm256_add_epi64(broadcast(static_cast<std::uint64_t>(b)), _mm256_setr_epi64x(0, 1, 2, 3));
    Blocks blocks[num_vectors] = {{index, attempt, sample, last},
                                  {_mm256_add_epi64(index, broadcast(std::uint64_t{lanes})), attempt, sample, last}};
    philox4x32_10(blocks, draws.seed);
    std::uint32_t rest[4 * step];
    const bool has_room = num_blocks - b >= step;
    std::uint32_t* const place = has_room ? out + 4 * b : rest;
    for (int v = 0; v < num_vectors; ++v) store_rand24(blocks[v], place + 4 * v * lanes);
    if (!has_room) std::memcpy(out + 4 * b, rest, static_cast<std::size_t>(num_blocks - b) * 4 * sizeof(std::uint32_t));
  }
}

// Gamma variates, collected and then made in lanes, those that are rejected in fewer and fewer of them. As gamma_variate
// (kernels/gamma.h), operation by operation.
class GammaLanes {
 public:
  GammaLanes(const SampleDraws& draws, double* gammas) : draws_(draws), gammas_(gammas) {}

  // Asks for a variate at gammas[place].
  void push(std::uint32_t attempt, std::uint32_t last_word, double alpha, std::int32_t place) {
    attempt_[size_] = attempt;
    last_word_[size_] = last_word;
    alpha_[size_] = alpha;
    place_[size_] = place;
    if (++size_ == capacity) finish();
  }

  // Makes all that were asked for.
  void finish() {
    pass<&GammaLanes::start>();
    while (size_ > 0) pass<&GammaLanes::try_twice>();
  }

 private:
  static constexpr int capacity = 64;
  static constexpr int num_vectors = 2, step = num_vectors * lanes;

  // step variates at a time, the last one repeated in lanes without one. Those that are not settled are kept.
  template <void (GammaLanes::*function)(int begin, int size)>
  void pass() {
    const int size = size_;
    if (size == 0) return;
    for (int i = size; i % step != 0; ++i) copy(size - 1, i);
    size_ = 0;
    for (int begin = 0; begin < size; begin += step) (this->*function)(begin, size);
  }

  void copy(int from, int to) {
    attempt_[to] = attempt_[from];
    last_word_[to] = last_word_[from];
    alpha_[to] = alpha_[from];
    next_try_[to] = next_try_[from];
    d_[to] = d_[from];
    c_[to] = c_[from];
    scale_[to] = scale_[from];
    place_[to] = place_[from];
  }

  // Writes the variates of the lanes that are done, keeps the others.
  void settle(int begin, int size, __m256d variates, __m256d is_done) {
    alignas(32) double variate[lanes];
    _mm256_store_pd(variate, variates);
    const int done = _mm256_movemask_pd(is_done);
    const int used = size - begin < lanes ? size - begin : lanes;
    for (int lane = 0; lane < used; ++lane) {
      if (done >> lane & 1) {
        gammas_[place_[begin + lane]] = variate[lane];
      } else {
        copy(begin + lane, size_++);
      }
    }
  }

  Blocks counters(__m256i index, int begin) const {
    return {{index, load(attempt_ + begin), broadcast(draws_.sample), load(last_word_ + begin)}};
  }

  // What comes before the first try; shapes of 1 end here, and those next to 0.
  void start(int begin, int size) {
    Blocks blocks[num_vectors];
    for (int v = 0; v < num_vectors; ++v) blocks[v] = counters(_mm256_setzero_si256(), begin + v * lanes);
    philox4x32_10(blocks, draws_.seed);
    for (int v = 0; v < num_vectors; ++v) start_vector(begin + v * lanes, size, blocks[v]);
  }

  void start_vector(int begin, int size, const Blocks& blocks) {
    const __m256d smallest = broadcast(portable::smallest_normal), one = broadcast(1.0);
    const __m256d alpha = _mm256_load_pd(alpha_ + begin);
    const __m256d is_one = _mm256_cmp_pd(alpha, one, _CMP_EQ_OQ), is_below_one = _mm256_cmp_pd(alpha, one, _CMP_LT_OQ);
    const __m256d u = one - avx2::uniform53(blocks.word[0], blocks.word[1]);
    const __m256d is_zero = _mm256_and_pd(_mm256_cmp_pd(alpha, broadcast(1e-9), _CMP_LE_OQ),
                                          _mm256_cmp_pd(u, broadcast(1.0 - 0x1p-20), _CMP_LT_OQ));
    if (all(is_zero)) return settle(begin, size, smallest, is_zero);
    const __m256d log_u = avx2::log(u);
    const __m256d exponential = _mm256_max_pd(broadcast(0.0) - log_u, smallest);
    if (all(is_one)) return settle(begin, size, exponential, is_one);

    const __m256d log_scale = log_u / alpha, least = broadcast(-715.0);
    const __m256d is_smallest = _mm256_or_pd(is_zero, _mm256_and_pd(is_below_one, _mm256_cmp_pd(log_scale, least, _CMP_LT_OQ)));
    const __m256d scale = _mm256_blendv_pd(one, avx2::exp(_mm256_max_pd(log_scale, least)), is_below_one);
    const __m256d d = alpha + _mm256_and_pd(is_below_one, one) - broadcast(1.0 / 3.0);
    _mm256_store_pd(scale_ + begin, scale);
    _mm256_store_pd(d_ + begin, d);
    _mm256_store_pd(c_ + begin, one / _mm256_sqrt_pd(broadcast(9.0) * d));
    store(next_try_ + begin, broadcast(std::uint64_t{1}));
    settle(begin, size, _mm256_blendv_pd(smallest, exponential, is_one), _mm256_or_pd(is_one, is_smallest));
  }

  // The next try of each lane and, where its point is outside the circle, the one after.
  void try_twice(int begin, int size) {
    Blocks first[num_vectors], second[num_vectors];
    for (int v = 0; v < num_vectors; ++v) {
      const __m256i index = load(next_try_ + begin + v * lanes);
      first[v] = counters(index, begin + v * lanes);
      second[v] = counters(_mm256_add_epi64(index, broadcast(std::uint64_t{1})), begin + v * lanes);
    }
    philox4x32_10(first, draws_.seed);
    philox4x32_10(second, draws_.seed);
    for (int v = 0; v < num_vectors; ++v) try_vector(begin + v * lanes, size, first[v], second[v]);
  }

  // The point of the polar method.
  struct Point {
    explicit Point(const Blocks& blocks) : a(coordinate(blocks.word[0])), b(coordinate(blocks.word[1])) {
      radius2 = a * a + b * b;
      is_outside = _mm256_cmp_pd(radius2, broadcast(1.0), _CMP_GE_OQ);
    }
    static __m256d coordinate(__m256i word) {
      return (avx2::to_double(word) + broadcast(0.5)) * broadcast(0x1p-31) - broadcast(1.0);
    }
    __m256d a, b, radius2, is_outside;
  };

  void try_vector(int begin, int size, const Blocks& first, const Blocks& second) {
    const __m256d one = broadcast(1.0);
    const Point point1(first), point2(second);
    const __m256d takes_second = point1.is_outside;
    const __m256d is_outside = _mm256_and_pd(point1.is_outside, point2.is_outside);
    const __m256d a = _mm256_blendv_pd(point1.a, point2.a, takes_second);
    const __m256d radius2 = _mm256_blendv_pd(point1.radius2, point2.radius2, takes_second);
    const __m256i word2 = _mm256_blendv_epi8(first.word[2], second.word[2], _mm256_castpd_si256(takes_second));
    const __m256i word3 = _mm256_blendv_epi8(first.word[3], second.word[3], _mm256_castpd_si256(takes_second));
    // One try is over, and the second too where it was taken.
    const __m256i next_try = _mm256_add_epi64(load(next_try_ + begin), broadcast(std::uint64_t{1}));
    store(next_try_ + begin, _mm256_sub_epi64(next_try, _mm256_castpd_si256(takes_second)));

    // Outside the circle the root is not a number, and no comparison below holds.
    const __m256d normal = a * _mm256_sqrt_pd(broadcast(-2.0) * avx2::log(radius2) / radius2);
    const __m256d d = _mm256_load_pd(d_ + begin);
    const __m256d base = one + _mm256_load_pd(c_ + begin) * normal;
    const __m256d v = base * base * base;
    const __m256d u = one - avx2::uniform53(word2, word3);
    const __m256d square = normal * normal;
    const __m256d is_candidate = _mm256_andnot_pd(is_outside, _mm256_cmp_pd(base, broadcast(0.0), _CMP_GT_OQ));
    __m256d is_accepted =
        _mm256_and_pd(is_candidate, _mm256_cmp_pd(u, one - broadcast(0.0331) * square * square, _CMP_LT_OQ));
    if (!all(_mm256_or_pd(is_accepted, _mm256_cmp_pd(is_candidate, broadcast(0.0), _CMP_EQ_OQ)))) {
      const __m256d bound = broadcast(0.5) * square + d * (one - v + avx2::log(v));
      is_accepted = _mm256_or_pd(is_accepted,
                                 _mm256_and_pd(is_candidate, _mm256_cmp_pd(avx2::log(u), bound, _CMP_LT_OQ)));
    }
    const __m256d gamma = _mm256_load_pd(scale_ + begin) * (d * v);
    settle(begin, size, _mm256_max_pd(gamma, broadcast(portable::smallest_normal)), is_accepted);
  }

  static bool all(__m256d condition) { return _mm256_movemask_pd(condition) == 0b1111; }
  static __m256i load(const std::uint64_t* values) {
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(values));
  }
  static void store(std::uint64_t* values, __m256i vector) {
    _mm256_store_si256(reinterpret_cast<__m256i*>(values), vector);
  }

  const SampleDraws& draws_;
  double* const gammas_;
  int size_ = 0;
  // A variate is a column of these.
  alignas(32) std::uint64_t attempt_[capacity];    // counter word 1
  alignas(32) std::uint64_t last_word_[capacity];  // counter word 3
  alignas(32) std::uint64_t next_try_[capacity];
  alignas(32) double alpha_[capacity];
  alignas(32) double d_[capacity];
  alignas(32) double c_[capacity];
  alignas(32) double scale_[capacity];
  std::int32_t place_[capacity];
};

void gammas(const SampleDraws& draws, const DirichletRequest& request, double* gammas) {
  const auto num_modalities = static_cast<std::int32_t>(request.modalities.size);
  const std::uint32_t first_attempt = request.try_number << 20 | request.first_vector;
  GammaLanes variates(draws, gammas);
  // Shapes next to 0 first: whole vectors of them take the short way.
  for (const bool wants_zero : {true, false}) {
    for (std::int32_t m = 0; m < num_modalities; ++m) {
      const double alpha = request.alphas[m];
      if ((alpha <= 1e-9) != wants_zero) continue;
      const std::uint32_t last_word =
          last_counter_word(draws, request.purpose, static_cast<std::uint32_t>(request.modalities[m].id));
      for (std::int32_t vector = 0; vector < request.num_vectors; ++vector) {
        variates.push(first_attempt + static_cast<std::uint32_t>(vector), last_word, alpha, vector * num_modalities + m);
      }
    }
  }
  variates.finish();
}

}  // namespace

const DrawKernels* avx2_draw_kernels() {
  static constexpr DrawKernels kernels{rand24, gammas};
  return __builtin_cpu_supports("avx2") ? &kernels : nullptr;
}

}  // namespace maskscope

#pragma GCC pop_options

#else

namespace maskscope {
const DrawKernels* avx2_draw_kernels() { return nullptr; }
}  // namespace maskscope

#endif
