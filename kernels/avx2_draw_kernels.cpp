#include "kernels/draw_kernels.h"

#include "kernels/avx2_lanes.h"

#if MASKSCOPE_HAS_AVX2_LANES

#include <bit>
#include <cstddef>
#include <vector>

MASKSCOPE_AVX2_BEGIN

namespace maskscope {
namespace {

static_assert(ShapeVector::lanes == avx2::lanes);
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

// N vectors of blocks from block first_block on. out: room for all of them.
template <int N> [[gnu::noinline]] void rand24_step(const SampleDraws& draws, DrawName name, std::uint32_t first_block, std::uint32_t* out) {
  avx2::Blocks<N> blocks;
  MASKSCOPE_EACH_VECTOR {
    blocks.word[0].v[n] = _mm256_add_epi64(broadcast(std::uint64_t{first_block} + static_cast<std::uint64_t>(n * lanes)),
                                           _mm256_setr_epi64x(0, 1, 2, 3));
    blocks.word[1].v[n] = broadcast(std::uint64_t{name.attempt});
    blocks.word[2].v[n] = broadcast(draws.sample);
    blocks.word[3].v[n] = broadcast(std::uint64_t{last_counter_word(draws, name.purpose, name.modality_id)});
  }
  philox4x32_10(blocks, draws.seed);
  auto* place = reinterpret_cast<__m256i*>(out);
  MASKSCOPE_EACH_VECTOR {
    const __m256i words01 = pair_rand24(blocks.word[0].v[n], blocks.word[1].v[n]);
    const __m256i words23 = pair_rand24(blocks.word[2].v[n], blocks.word[3].v[n]);
    const __m256i blocks02 = _mm256_unpacklo_epi64(words01, words23);
    const __m256i blocks13 = _mm256_unpackhi_epi64(words01, words23);
    _mm256_storeu_si256(place++, _mm256_permute2x128_si256(blocks02, blocks13, 0x20));
    _mm256_storeu_si256(place++, _mm256_permute2x128_si256(blocks02, blocks13, 0x31));
  }
}

void rand24(const SampleDraws& draws, DrawName name, std::int32_t n, std::uint32_t* out) {
  constexpr int step = 4 * lanes;
  static_assert(draws_at_once == 4 * step);
  const auto num_blocks = static_cast<std::uint32_t>((n + 3) / 4);
  std::uint32_t b = 0;
  // A vector alone costs as much as three: the last one joins the step before.
  for (; num_blocks - b > step + lanes; b += step) rand24_step<4>(draws, name, b, out + 4 * b);
  const std::uint32_t left = num_blocks - b;
  if (left > 4 * lanes) {
    rand24_step<5>(draws, name, b, out + 4 * b);
  } else if (left > 2 * lanes) {
    rand24_step<4>(draws, name, b, out + 4 * b);
  } else if (left > 0) {
    rand24_step<2>(draws, name, b, out + 4 * b);
  }
}

__m256i load(const std::uint64_t* values) { return _mm256_load_si256(reinterpret_cast<const __m256i*>(values)); }
void store(std::uint64_t* values, __m256i vector) { _mm256_store_si256(reinterpret_cast<__m256i*>(values), vector); }

// Points of the polar method: a block's, or where that is outside the circle the following block's.
template <int N>
struct Points {
  avx2::Conditions<N> takes_second;
  avx2::Doubles<N> a, radius2;
  avx2::Doubles<N> u;  // of the words that the point does not use, in (0, 1]
};

MASKSCOPE_LANES avx2::Doubles<N> coordinate(const avx2::Words<N>& word) {
  return 0x1p-31 * (to_double(word) + 0.5) - 1.0;
}

MASKSCOPE_LANES Points<N> points_of(const avx2::Blocks<N>& first, const avx2::Blocks<N>& second) {
  const avx2::Doubles<N> a1 = coordinate(first.word[0]), b1 = coordinate(first.word[1]);
  const avx2::Doubles<N> a2 = coordinate(second.word[0]), b2 = coordinate(second.word[1]);
  const avx2::Doubles<N> first_radius2 = a1 * a1 + b1 * b1;
  const avx2::Conditions<N> takes_second = first_radius2 >= 1.0;
  return {takes_second, select(takes_second, a2, a1), select(takes_second, a2 * a2 + b2 * b2, first_radius2),
          1.0 - uniform53(select(takes_second, second.word[2], first.word[2]),
                          select(takes_second, second.word[3], first.word[3]))};
}

// One try of Marsaglia and Tsang's method.
template <int N>
struct Tries {
  avx2::Doubles<N> square, v, gamma;
  avx2::Conditions<N> is_possible;  // the point is inside the circle, and v > 0
  avx2::Conditions<N> is_accepted;  // by the quick comparison
};

MASKSCOPE_LANES Tries<N> try_points(const Points<N>& points, const avx2::Doubles<N>& log_radius2, const avx2::Doubles<N>& d,
                                    const avx2::Doubles<N>& c) {
  const avx2::Doubles<N> normal = points.a * sqrt(-2.0 * log_radius2 / points.radius2);
  const avx2::Doubles<N> square = normal * normal;
  const avx2::Doubles<N> base = c * normal + 1.0;
  const avx2::Doubles<N> v = base * base * base;
  const avx2::Conditions<N> is_possible = (points.radius2 < 1.0) & (base > 0.0);
  return {square, v, d * v, is_possible, is_possible & (points.u < 1.0 - 0.0331 * square * square)};
}

using Shapes = std::vector<ShapeVector>;

// The gamma variates of one request as gamma_variate (kernels/gamma.h) makes them, operation by operation. A lane is a
// modality; what the first blocks do not settle is collected, and tried again with lanes from anywhere.
class GammaLanes {
 public:
  GammaLanes(const SampleDraws& draws, const DirichletRequest& request, double* gammas)
      : draws_(draws),
        request_(request),
        first_attempt_(request.try_number << 20 | request.first_vector),
        last_word_(broadcast(std::uint64_t{last_counter_word(draws, request.purpose, 0)})),
        num_modalities_(static_cast<std::int32_t>(request.modalities.size)),
        gammas_(gammas) {}

  void make_all() {
    make_from_one_block(request_.shapes->of_one_block);
    make_by_rejection<true>(request_.shapes->below_one);
    make_by_rejection<false>(request_.shapes->above_one);
    while (num_retries_ > 0) retry_all();
  }

 private:
  static constexpr int capacity = 64;

  // A variate that needs another try.
  struct Retry {
    std::int32_t place;  // among the gammas
    std::uint32_t attempt, last_word;  // counter words 1 and 3
    std::uint64_t next_block;
    double d, c, scale;
  };

  // A vector of variates: of which Dirichlet vector, and of which modalities.
  struct Position {
    std::int32_t vector;
    const ShapeVector* shapes;
  };

  // N vectors of variates, made side by side.
  template <int N>
  struct Positions {
    Position at[N];
  };

  // Goes through all vectors of variates.
  struct Progress {
    explicit Progress(const Shapes& all_shapes, std::int32_t num_dirichlet_vectors)
        : shapes(all_shapes), left(static_cast<int>(all_shapes.size()) * num_dirichlet_vectors) {}

    // The next N; when fewer are left, the last one is repeated.
    template <int N>
    Positions<N> take() {
      Positions<N> positions;
      for (int n = 0; n < N; ++n) {
        positions.at[n] = {vector, &shapes[next]};
        if (n + 1 >= left || ++next < shapes.size()) continue;
        next = 0;
        ++vector;
      }
      left -= N;
      return positions;
    }

    const Shapes& shapes;
    int left;
    std::int32_t vector = 0;
    std::size_t next = 0;
  };

  // Block number index of the variates at the positions.
  template <int N>
  [[gnu::always_inline]] avx2::Blocks<N> counters(const Positions<N>& positions, int index) const {
    avx2::Blocks<N> blocks;
    MASKSCOPE_EACH_VECTOR {
      const Position& at = positions.at[n];
      blocks.word[0].v[n] = broadcast(static_cast<std::uint64_t>(index));
      blocks.word[1].v[n] = broadcast(std::uint64_t{first_attempt_ + static_cast<std::uint32_t>(at.vector)});
      blocks.word[2].v[n] = broadcast(draws_.sample);
      blocks.word[3].v[n] = _mm256_or_si256(_mm256_slli_epi64(load(at.shapes->id), 8), last_word_);
    }
    return blocks;
  }
  template <int N>
  [[gnu::always_inline]] avx2::Blocks<N> draw_block(const Positions<N>& positions, int index) const {
    avx2::Blocks<N> blocks = counters(positions, index);
    philox4x32_10(blocks, draws_.seed);
    return blocks;
  }

  template <int N>
  [[gnu::always_inline]] static avx2::Doubles<N> read(double (ShapeVector::*values)[lanes], const Positions<N>& positions) {
    avx2::Doubles<N> result;
    MASKSCOPE_EACH_VECTOR result.v[n] = _mm256_load_pd(positions.at[n].shapes->*values);
    return result;
  }

  // Shapes of 1, and those of 0, whose variates are next to certain to be the smallest.
  void make_from_one_block(const Shapes& shapes) {
    constexpr int N = 2;
    for (Progress progress(shapes, request_.num_vectors); progress.left > 0;) {
      const auto positions = progress.take<N>();
      const avx2::Blocks<N> blocks = draw_block(positions, 0);
      const avx2::Doubles<N> u = 1.0 - uniform53(blocks.word[0], blocks.word[1]);
      const avx2::Conditions<N> is_one = read(&ShapeVector::alpha, positions) > 0.5, is_small = u < 1.0 - 0x1p-20;
      avx2::Doubles<N> variates = avx2::all_lanes<N>(portable::smallest_normal);
      if (any(is_one)) variates = select(is_one, max(0.0 - log(u), portable::smallest_normal), variates);
      const avx2::Conditions<N> is_done = is_one | is_small;
      MASKSCOPE_EACH_VECTOR {
        const Position at = positions.at[n];
        for (int open = write(at, variates.v[n], is_done.v[n]); open != 0; open &= open - 1) {
          make_alone(at.shapes->modality[std::countr_zero(static_cast<unsigned>(open))], at.vector);
        }
      }
    }
  }

  void make_alone(std::int32_t m, std::int32_t vector) {
    const DrawName name{request_.purpose, static_cast<std::uint32_t>(request_.modalities[m].id),
                        first_attempt_ + static_cast<std::uint32_t>(vector)};
    gammas_[vector * num_modalities_ + m] = gamma_variate(draws_, name, request_.alphas[m]);
  }

  template <bool is_below_one>
  void make_by_rejection(const Shapes& shapes) {
    Progress progress(shapes, request_.num_vectors);
    while (progress.left > 2) first_try<is_below_one, 4>(progress);
    if (progress.left > 0) first_try<is_below_one, 2>(progress);
  }

  template <bool is_below_one, int N>
  [[gnu::noinline]] void first_try(Progress& progress) {
    const int num_used = progress.left < N ? progress.left : N;
    const auto positions = progress.take<N>();
    const avx2::Blocks<N> first = draw_block(positions, 1), second = draw_block(positions, 2);
    const Points<N> points = points_of(first, second);
    const avx2::Doubles<N> d = read(&ShapeVector::d, positions), c = read(&ShapeVector::c, positions);
    avx2::Doubles<N> scale = avx2::all_lanes<N>(1.0), log_radius2;
    avx2::Doubles<N> log_scale = avx2::all_lanes<N>(0.0);
    if (is_below_one) {
      const avx2::Blocks<N> block = draw_block(positions, 0);
      const avx2::Doubles<2 * N> logs = log(join(1.0 - uniform53(block.word[0], block.word[1]), points.radius2));
      log_radius2 = avx2::part<N>(logs, N);
      log_scale = avx2::part<N>(logs, 0) / read(&ShapeVector::alpha, positions);
      scale = exp(max(log_scale, -715.0));
    } else {
      log_radius2 = log(points.radius2);
    }
    const Tries<N> tries = try_points(points, log_radius2, d, c);
    const avx2::Conditions<N> is_smallest = log_scale < -715.0, is_done = tries.is_accepted | is_smallest;
    const avx2::Doubles<N> variates =
        select(is_smallest, avx2::all_lanes<N>(portable::smallest_normal), max(scale * tries.gamma, portable::smallest_normal));
    if (num_retries_ > capacity - N * lanes) retry_all();
    for (int n = 0; n < num_used; ++n) {
      const int open = write(positions.at[n], variates.v[n], is_done.v[n]);
      if (open == 0) continue;
      // Undecided ones come to the same block again.
      const __m256i following = _mm256_sub_epi64(broadcast(std::uint64_t{2}), _mm256_castpd_si256(points.takes_second.v[n]));
      keep(positions.at[n], open, _mm256_add_epi64(following, _mm256_castpd_si256(tries.is_possible.v[n])), scale.v[n]);
    }
  }

  void keep(Position at, int open, __m256i next, __m256d scale) {
    alignas(32) std::uint64_t next_block[lanes];
    alignas(32) double scales[lanes];
    store(next_block, next);
    _mm256_store_pd(scales, scale);
    for (; open != 0; open &= open - 1) {
      const int lane = std::countr_zero(static_cast<unsigned>(open));
      retries_[num_retries_++] = {at.vector * num_modalities_ + at.shapes->modality[lane],
                                  first_attempt_ + static_cast<std::uint32_t>(at.vector),
                                  last_counter_word(draws_, request_.purpose, static_cast<std::uint32_t>(at.shapes->id[lane])),
                                  next_block[lane],
                                  at.shapes->d[lane],
                                  at.shapes->c[lane],
                                  scales[lane]};
    }
  }

  // One more try for all, with the exact test.
  void retry_all() {
    const int size = num_retries_;
    for (int i = size; i % lanes != 0; ++i) retries_[i] = retries_[size - 1];
    num_retries_ = 0;
    for (int begin = 0; begin < size; begin += lanes) retry(begin, size - begin < lanes ? size - begin : lanes);
  }

  void retry(int begin, int num_used) {
    const Retry &a = retries_[begin], &b = retries_[begin + 1], &c = retries_[begin + 2], &d = retries_[begin + 3];
    const __m256i index = set(a.next_block, b.next_block, c.next_block, d.next_block);
    const __m256i following = _mm256_add_epi64(index, broadcast(std::uint64_t{1}));
    const __m256i attempt = set(a.attempt, b.attempt, c.attempt, d.attempt), sample = broadcast(draws_.sample);
    const __m256i last_word = set(a.last_word, b.last_word, c.last_word, d.last_word);
    avx2::Blocks<2> blocks = {{{{index, following}}, {{attempt, attempt}}, {{sample, sample}}, {{last_word, last_word}}}};
    philox4x32_10(blocks, draws_.seed);
    const Points<1> points = points_of(avx2::part<1>(blocks, 0), avx2::part<1>(blocks, 1));
    const avx2::Doubles<1> shape_d = {{_mm256_setr_pd(a.d, b.d, c.d, d.d)}}, shape_c = {{_mm256_setr_pd(a.c, b.c, c.c, d.c)}};
    const avx2::Doubles<2> first_logs = log(join(points.radius2, points.u));
    const Tries<1> tries = try_points(points, avx2::part<1>(first_logs, 0), shape_d, shape_c);
    const avx2::Doubles<1> bound = 0.5 * tries.square + shape_d * (1.0 - tries.v + log(tries.v));
    const avx2::Conditions<1> is_accepted = tries.is_accepted | (tries.is_possible & (avx2::part<1>(first_logs, 1) < bound));
    const avx2::Doubles<1> scale = {{_mm256_setr_pd(a.scale, b.scale, c.scale, d.scale)}};
    alignas(32) double variates[lanes];
    alignas(32) std::uint64_t next_block[lanes];
    _mm256_store_pd(variates, max(scale * tries.gamma, portable::smallest_normal).v[0]);
    store(next_block, _mm256_sub_epi64(following, _mm256_castpd_si256(points.takes_second.v[0])));
    const int done = _mm256_movemask_pd(is_accepted.v[0]);
    for (int lane = 0; lane < num_used; ++lane) {
      Retry& retry = retries_[begin + lane];
      if (done >> lane & 1) {
        gammas_[retry.place] = variates[lane];
      } else {
        retry.next_block = next_block[lane];
        retries_[num_retries_++] = retry;
      }
    }
  }

  static __m256i set(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
    return _mm256_setr_epi64x(static_cast<long long>(a), static_cast<long long>(b), static_cast<long long>(c),
                              static_cast<long long>(d));
  }

  // Writes the variates of the lanes that are done; returns the bits of the others.
  [[gnu::always_inline]] int write(Position at, __m256d variates, __m256d is_done) {
    alignas(32) double variate[lanes];
    _mm256_store_pd(variate, variates);
    double* const row = gammas_ + at.vector * num_modalities_;
    // What is not done yet is written again later.
    for (int lane = 0; lane < at.shapes->num_used; ++lane) row[at.shapes->modality[lane]] = variate[lane];
    return ~_mm256_movemask_pd(is_done) & ((1 << at.shapes->num_used) - 1);
  }

  const SampleDraws& draws_;
  const DirichletRequest& request_;
  const std::uint32_t first_attempt_;
  const __m256i last_word_;  // counter word 3, but for the modality
  const std::int32_t num_modalities_;
  double* const gammas_;
  int num_retries_ = 0;
  Retry retries_[capacity];
};

void gammas(const SampleDraws& draws, const DirichletRequest& request, double* gammas) {
  GammaLanes(draws, request, gammas).make_all();
}

}  // namespace

const DrawKernels* avx2_draw_kernels() {
  static constexpr DrawKernels kernels{rand24, gammas};
  return __builtin_cpu_supports("avx2") ? &kernels : nullptr;
}

}  // namespace maskscope

MASKSCOPE_AVX2_END

#else

namespace maskscope {
const DrawKernels* avx2_draw_kernels() { return nullptr; }
}  // namespace maskscope

#endif
