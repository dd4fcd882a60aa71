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

// num_vectors vectors of blocks from block first_block on. out: room for all of them.
template <int num_vectors>
[[gnu::always_inline]] inline void rand24_step(const SampleDraws& draws, DrawName name, std::uint32_t first_block,
                                               std::uint32_t* out) {
  Blocks blocks[num_vectors];
  for (int v = 0; v < num_vectors; ++v) {
    blocks[v] = {{_mm256_add_epi64(broadcast(std::uint64_t{first_block} + static_cast<std::uint64_t>(v * lanes)),
                                   _mm256_setr_epi64x(0, 1, 2, 3)),
                  broadcast(std::uint64_t{name.attempt}), broadcast(draws.sample),
                  broadcast(std::uint64_t{last_counter_word(draws, name.purpose, name.modality_id)})}};
  }
  philox4x32_10(blocks, draws.seed);
  for (int v = 0; v < num_vectors; ++v) store_rand24(blocks[v], out + 4 * v * lanes);
}

void rand24(const SampleDraws& draws, DrawName name, std::int32_t n, std::uint32_t* out) {
  constexpr int num_vectors = 4, step = num_vectors * lanes;
  const std::int32_t num_blocks = (n + 3) / 4;
  std::int32_t b = 0;
  for (; num_blocks - b >= step; b += step) {
    rand24_step<num_vectors>(draws, name, static_cast<std::uint32_t>(b), out + 4 * b);
  }
  const std::int32_t left = num_blocks - b;
  if (left == 0) return;
  std::uint32_t last[4 * step];
  const auto first_block = static_cast<std::uint32_t>(b);
  if (left <= lanes) {
    rand24_step<1>(draws, name, first_block, last);
  } else if (left <= 2 * lanes) {
    rand24_step<2>(draws, name, first_block, last);
  } else if (left <= 3 * lanes) {
    rand24_step<3>(draws, name, first_block, last);
  } else {
    rand24_step<4>(draws, name, first_block, last);
  }
  std::memcpy(out + 4 * b, last, static_cast<std::size_t>(left) * 4 * sizeof(std::uint32_t));
}

bool any(__m256d condition) { return _mm256_movemask_pd(condition) != 0; }
__m256i load(const std::uint64_t* values) { return _mm256_load_si256(reinterpret_cast<const __m256i*>(values)); }
void store(std::uint64_t* values, __m256i vector) { _mm256_store_si256(reinterpret_cast<__m256i*>(values), vector); }

// One try of four variates of Marsaglia and Tsang's method, at the point that two blocks give by the polar method: the first
// block's, or where that is outside the circle the second's.
struct Try {
  Try(const Blocks& first, const Blocks& second, __m256d d, __m256d c) {
    const __m256d one = broadcast(1.0);
    const __m256d a1 = coordinate(first.word[0]), b1 = coordinate(first.word[1]);
    const __m256d a2 = coordinate(second.word[0]), b2 = coordinate(second.word[1]);
    const __m256d first_radius2 = a1 * a1 + b1 * b1, second_radius2 = a2 * a2 + b2 * b2;
    takes_second = _mm256_cmp_pd(first_radius2, one, _CMP_GE_OQ);
    const __m256d radius2 = _mm256_blendv_pd(first_radius2, second_radius2, takes_second);
    const __m256d a = _mm256_blendv_pd(a1, a2, takes_second);
    const __m256d normal = a * _mm256_sqrt_pd(broadcast(-2.0) * avx2::log(radius2) / radius2);
    square = normal * normal;
    const __m256d base = one + c * normal;
    v = base * base * base;
    u = one - avx2::uniform53(_mm256_blendv_epi8(first.word[2], second.word[2], _mm256_castpd_si256(takes_second)),
                              _mm256_blendv_epi8(first.word[3], second.word[3], _mm256_castpd_si256(takes_second)));
    is_possible = _mm256_and_pd(_mm256_cmp_pd(radius2, one, _CMP_LT_OQ), _mm256_cmp_pd(base, broadcast(0.0), _CMP_GT_OQ));
    is_accepted = _mm256_and_pd(is_possible, _mm256_cmp_pd(u, one - broadcast(0.0331) * square * square, _CMP_LT_OQ));
    gamma = d * v;
  }

  // Decides where the quick comparison did not.
  void test_exactly(__m256d d) {
    const __m256d bound = broadcast(0.5) * square + d * (broadcast(1.0) - v + avx2::log(v));
    is_accepted = _mm256_or_pd(is_accepted, _mm256_and_pd(is_possible, _mm256_cmp_pd(avx2::log(u), bound, _CMP_LT_OQ)));
  }

  static __m256d coordinate(__m256i word) {
    return (avx2::to_double(word) + broadcast(0.5)) * broadcast(0x1p-31) - broadcast(1.0);
  }

  __m256d takes_second, square, v, u;
  __m256d is_possible;  // inside the circle, and v > 0
  __m256d is_accepted;
  __m256d gamma;
};

// The gamma variates of one request as gamma_variate (kernels/gamma.h) makes them, operation by operation. A lane is a
// modality; what the first blocks do not settle is collected, and tried again with lanes from anywhere.
class GammaLanes {
 public:
  GammaLanes(const SampleDraws& draws, const DirichletRequest& request, double* gammas)
      : draws_(draws),
        request_(request),
        first_attempt_(request.try_number << 20 | request.first_vector),
        num_modalities_(static_cast<std::int32_t>(request.modalities.size)),
        gammas_(gammas) {}

  void make_all() {
    for (std::int32_t begin = 0; begin < num_modalities_; begin += capacity) {
      make(begin, num_modalities_ - begin < capacity ? num_modalities_ : begin + capacity);
    }
  }

 private:
  static constexpr int capacity = 64;
  static constexpr int at_once = 2;  // vectors of variates, so that none has to wait for itself

  // Modalities whose variates are made in the same way, repeated up to a whole vector.
  struct Shapes {
    int num_used = 0, num_vectors = 0;
    std::int32_t modality[capacity];
    alignas(32) std::uint64_t last_word[capacity];  // counter word 3
    alignas(32) double alpha[capacity];
    alignas(32) double d[capacity];
    alignas(32) double c[capacity];

    void fill_up() {
      num_vectors = (num_used + lanes - 1) / lanes;
      for (int i = num_used; i < num_vectors * lanes; ++i) {
        last_word[i] = last_word[num_used - 1];
        alpha[i] = alpha[num_used - 1];
      }
    }
    void prepare_rejection(double raised_by) {
      for (int i = 0; i < num_vectors * lanes; i += lanes) {
        const __m256d shape = _mm256_load_pd(alpha + i) + broadcast(raised_by) - broadcast(1.0 / 3.0);
        _mm256_store_pd(d + i, shape);
        _mm256_store_pd(c + i, broadcast(1.0) / _mm256_sqrt_pd(broadcast(9.0) * shape));
      }
    }
  };

  // Variates that need another try; a column is one of them.
  struct Retries {
    int size = 0;
    std::int32_t place[capacity];                   // among the gammas
    alignas(32) std::uint64_t attempt[capacity];    // counter word 1
    alignas(32) std::uint64_t last_word[capacity];  // counter word 3
    alignas(32) std::uint64_t next_block[capacity];
    alignas(32) double d[capacity];
    alignas(32) double c[capacity];
    alignas(32) double scale[capacity];

    void copy(int from, int to) {
      place[to] = place[from];
      attempt[to] = attempt[from];
      last_word[to] = last_word[from];
      next_block[to] = next_block[from];
      d[to] = d[from];
      c[to] = c[from];
      scale[to] = scale[from];
    }
  };

  // The variates of modalities begin .. end - 1, at most capacity.
  void make(std::int32_t begin, std::int32_t end) {
    Shapes of_one_block, below_one, above_one;
    for (std::int32_t m = begin; m < end; ++m) {
      const double alpha = request_.alphas[m];
      Shapes& shapes = alpha <= 1e-9 || alpha == 1.0 ? of_one_block : alpha < 1.0 ? below_one : above_one;
      shapes.modality[shapes.num_used] = m;
      shapes.last_word[shapes.num_used] =
          last_counter_word(draws_, request_.purpose, static_cast<std::uint32_t>(request_.modalities[m].id));
      shapes.alpha[shapes.num_used] = alpha;
      ++shapes.num_used;
    }
    of_one_block.fill_up();
    make_from_one_block(of_one_block);
    below_one.fill_up();
    below_one.prepare_rejection(1.0);
    make_by_rejection<true>(below_one);
    above_one.fill_up();
    above_one.prepare_rejection(0.0);
    make_by_rejection<false>(above_one);
    while (retries_.size > 0) retry_all();
  }

  // Where a vector of variates stands: a Dirichlet vector, and lanes of its modalities.
  struct Position {
    std::int32_t vector = 0;
    int begin = 0;

    void advance(const Shapes& shapes) {
      begin += lanes;
      if (begin == shapes.num_vectors * lanes) {
        begin = 0;
        ++vector;
      }
    }
  };

  Blocks counters(const Shapes& shapes, Position at, int index) const {
    return {{broadcast(static_cast<std::uint64_t>(index)),
             broadcast(std::uint64_t{first_attempt_ + static_cast<std::uint32_t>(at.vector)}), broadcast(draws_.sample),
             load(shapes.last_word + at.begin)}};
  }

  // Shapes of 1, and those of 0, whose variates are next to certain to be the smallest.
  void make_from_one_block(const Shapes& shapes) {
    Position at;
    for (int left = shapes.num_vectors * request_.num_vectors; left > 0; left -= at_once) {
      Position position[at_once];
      Blocks blocks[at_once];
      for (int v = 0; v < at_once; ++v) {
        position[v] = at;
        blocks[v] = counters(shapes, at, 0);
        if (v + 1 < left) at.advance(shapes);
      }
      philox4x32_10(blocks, draws_.seed);
      for (int v = 0; v < at_once; ++v) finish_one_block(shapes, position[v], blocks[v]);
    }
  }

  void finish_one_block(const Shapes& shapes, Position at, const Blocks& blocks) {
    const __m256d smallest = broadcast(portable::smallest_normal), one = broadcast(1.0);
    const __m256d u = one - avx2::uniform53(blocks.word[0], blocks.word[1]);
    const __m256d is_one = _mm256_cmp_pd(_mm256_load_pd(shapes.alpha + at.begin), one, _CMP_EQ_OQ);
    const __m256d is_small = _mm256_cmp_pd(u, broadcast(1.0 - 0x1p-20), _CMP_LT_OQ);
    __m256d variates = smallest;
    if (any(is_one)) {
      variates = _mm256_blendv_pd(smallest, _mm256_max_pd(broadcast(0.0) - avx2::log(u), smallest), is_one);
    }
    for (int open = write(shapes, at, variates, _mm256_or_pd(is_one, is_small)); open != 0; open &= open - 1) {
      const std::int32_t m = shapes.modality[at.begin + std::countr_zero(static_cast<unsigned>(open))];
      const DrawName name{request_.purpose, static_cast<std::uint32_t>(request_.modalities[m].id),
                          first_attempt_ + static_cast<std::uint32_t>(at.vector)};
      gammas_[at.vector * num_modalities_ + m] = gamma_variate(draws_, name, request_.alphas[m]);
    }
  }

  template <bool is_below_one>
  void make_by_rejection(const Shapes& shapes) {
    // Blocks 0, 1 and 2, or 1 and 2.
    constexpr int first_index = is_below_one ? 0 : 1, num_blocks = 3 - first_index;
    Position at;
    for (int left = shapes.num_vectors * request_.num_vectors; left > 0; left -= at_once) {
      Position position[at_once];
      Blocks blocks[at_once * num_blocks];
      for (int v = 0; v < at_once; ++v) {
        position[v] = at;
        for (int b = 0; b < num_blocks; ++b) blocks[v * num_blocks + b] = counters(shapes, at, first_index + b);
        if (v + 1 < left) at.advance(shapes);
      }
      philox4x32_10(blocks, draws_.seed);
      if (retries_.size > capacity - at_once * lanes) retry_all();
      for (int v = 0; v < at_once && v < left; ++v) first_try<is_below_one>(shapes, position[v], blocks + v * num_blocks);
    }
  }

  template <bool is_below_one>
  [[gnu::always_inline]] void first_try(const Shapes& shapes, Position at, const Blocks* blocks) {
    const __m256d smallest = broadcast(portable::smallest_normal), one = broadcast(1.0);
    const __m256d d = _mm256_load_pd(shapes.d + at.begin), c = _mm256_load_pd(shapes.c + at.begin);
    __m256d scale = one, is_smallest = broadcast(0.0);
    if (is_below_one) {
      const __m256d u = one - avx2::uniform53(blocks[0].word[0], blocks[0].word[1]);
      const __m256d log_scale = avx2::log(u) / _mm256_load_pd(shapes.alpha + at.begin);
      const __m256d least = broadcast(-715.0);
      is_smallest = _mm256_cmp_pd(log_scale, least, _CMP_LT_OQ);
      scale = avx2::exp(_mm256_max_pd(log_scale, least));
      ++blocks;
    }
    const Try result(blocks[0], blocks[1], d, c);
    const __m256d variates = _mm256_blendv_pd(_mm256_max_pd(scale * result.gamma, smallest), smallest, is_smallest);
    const int open = write(shapes, at, variates, _mm256_or_pd(result.is_accepted, is_smallest));
    if (open == 0) return;
    // Undecided ones come to the same block again.
    const __m256i next = _mm256_sub_epi64(broadcast(std::uint64_t{2}), _mm256_castpd_si256(result.takes_second));
    keep(shapes, at, open, _mm256_add_epi64(next, _mm256_castpd_si256(result.is_possible)), scale);
  }

  void keep(const Shapes& shapes, Position at, int open, __m256i next, __m256d scale) {
    alignas(32) std::uint64_t next_block[lanes];
    alignas(32) double scales[lanes];
    store(next_block, next);
    _mm256_store_pd(scales, scale);
    for (; open != 0; open &= open - 1) {
      const int lane = std::countr_zero(static_cast<unsigned>(open)), from = at.begin + lane, to = retries_.size++;
      retries_.place[to] = at.vector * num_modalities_ + shapes.modality[from];
      retries_.attempt[to] = first_attempt_ + static_cast<std::uint32_t>(at.vector);
      retries_.last_word[to] = shapes.last_word[from];
      retries_.next_block[to] = next_block[lane];
      retries_.d[to] = shapes.d[from];
      retries_.c[to] = shapes.c[from];
      retries_.scale[to] = scales[lane];
    }
  }

  // One more try for all, with the exact test.
  void retry_all() {
    const int size = retries_.size;
    for (int i = size; i % lanes != 0; ++i) retries_.copy(size - 1, i);
    retries_.size = 0;
    for (int begin = 0; begin < size; begin += lanes) {
      const __m256i index = load(retries_.next_block + begin);
      const __m256i following = _mm256_add_epi64(index, broadcast(std::uint64_t{1}));
      const __m256i attempt = load(retries_.attempt + begin), sample = broadcast(draws_.sample);
      const __m256i last_word = load(retries_.last_word + begin);
      Blocks blocks[2] = {{{index, attempt, sample, last_word}}, {{following, attempt, sample, last_word}}};
      philox4x32_10(blocks, draws_.seed);
      const __m256d d = _mm256_load_pd(retries_.d + begin);
      Try result(blocks[0], blocks[1], d, _mm256_load_pd(retries_.c + begin));
      result.test_exactly(d);
      store(retries_.next_block + begin, _mm256_sub_epi64(following, _mm256_castpd_si256(result.takes_second)));
      alignas(32) double variates[lanes];
      _mm256_store_pd(variates, _mm256_max_pd(_mm256_load_pd(retries_.scale + begin) * result.gamma,
                                              broadcast(portable::smallest_normal)));
      const int done = _mm256_movemask_pd(result.is_accepted);
      for (int lane = 0; lane < lanes && begin + lane < size; ++lane) {
        if (done >> lane & 1) {
          gammas_[retries_.place[begin + lane]] = variates[lane];
        } else {
          retries_.copy(begin + lane, retries_.size++);
        }
      }
    }
  }

  // Writes the variates of the lanes that are done; returns the bits of the others.
  [[gnu::always_inline]] int write(const Shapes& shapes, Position at, __m256d variates, __m256d is_done) {
    alignas(32) double variate[lanes];
    _mm256_store_pd(variate, variates);
    const std::int32_t* const modality = shapes.modality + at.begin;
    double* const row = gammas_ + at.vector * num_modalities_;
    const int num_used = shapes.num_used - at.begin < lanes ? shapes.num_used - at.begin : lanes;
    // What is not done yet is written again later.
    for (int lane = 0; lane < num_used; ++lane) row[modality[lane]] = variate[lane];
    return ~_mm256_movemask_pd(is_done) & ((1 << num_used) - 1);
  }

  const SampleDraws& draws_;
  const DirichletRequest& request_;
  const std::uint32_t first_attempt_;
  const std::int32_t num_modalities_;
  double* const gammas_;
  Retries retries_;
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

#pragma GCC pop_options

#else

namespace maskscope {
const DrawKernels* avx2_draw_kernels() { return nullptr; }
}  // namespace maskscope

#endif
