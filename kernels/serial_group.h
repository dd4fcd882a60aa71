// A group of one thread: the CPU backend runs one per sample. Contract: kernels/group.h.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/view.h"
#include "kernels/flag_bits.h"

namespace maskscope {

class SerialGroup {
 public:
  static constexpr std::int32_t rank() { return 0; }
  static constexpr std::int32_t size() { return 1; }
  static constexpr void sync() {}

  template <class Function>
  static void for_each_index(std::int32_t n, Function&& function) {
    for (std::int32_t i = 0; i < n; ++i) function(i);
  }

  template <class Function>
  static void once(Function&& function) {
    function();
  }

  // A cache line at a time, the last one over the end of the one before. A single loop would become a call of memset, and
  // masks are so short that its way of starting takes longer than the rest.
  template <class T>
  static void fill(View<T> view, T value) {
    constexpr std::ptrdiff_t stretch = 64 / sizeof(T);
    if (view.size < stretch) {
      for (T& element : view) element = value;
      return;
    }
    for (std::ptrdiff_t begin = 0; begin + stretch < view.size; begin += stretch) fill_stretch<stretch>(view.data + begin, value);
    fill_stretch<stretch>(view.end() - stretch, value);
  }

  template <class Value>
  static std::uint64_t reduce_sum(std::int32_t n, Value&& value) {
    std::uint64_t sum = 0;
    for (std::int32_t i = 0; i < n; ++i) sum += value(i);
    return sum;
  }

  template <class Holds>
  static std::int32_t find_first(std::int32_t n, Holds&& holds) {
    for (std::int32_t i = 0; i < n; ++i) {
      if (holds(i)) return i;
    }
    return n;
  }

  template <class Value, class Emit>
  static std::uint64_t exclusive_scan(std::int32_t n, Value&& value, Emit&& emit) {
    std::uint64_t prefix = 0;
    for (std::int32_t i = 0; i < n; ++i) {
      const std::uint64_t own = value(i);
      emit(i, prefix);
      prefix += own;
    }
    return prefix;
  }

  template <class Holds, class OnMatch>
  static std::int32_t compact_if(std::int32_t n, Holds&& holds, std::int32_t most, OnMatch&& on_match) {
    std::int32_t matches = 0;
    for (std::int32_t begin = 0; begin < n; begin += word_bits) {
      const std::int32_t count = n - begin < word_bits ? n - begin : word_bits;
      std::uint64_t word = holds_word(begin, count, holds);
      const std::int32_t total = matches + std::popcount(word);
      for (; word != 0 && matches < most; word &= word - 1) on_match(matches++, begin + std::countr_zero(word));
      matches = total;
    }
    return matches;
  }

  template <class Emit>
  void for_each_rank(View<const std::uint32_t> noise, std::int32_t skip_begin, std::int32_t skip_end, Emit&& emit) {
    const auto n = static_cast<std::int32_t>(noise.size);
    const std::int32_t num_skipped = skip_end - skip_begin, num_ranked = n - num_skipped;
    // Counting costs num_ranked * n / lanes, sorting about n: a few ranks of a small grid are counted.
    if (n <= most_counted_keys && num_ranked <= most_counted_ranks) {
      count_ranks(noise, skip_begin, skip_end);
      for (std::int32_t i = 0; i < num_ranked; ++i) emit(i < skip_begin ? i : i + num_skipped, counts_[i]);
      return;
    }
    sort_by_buckets(noise);
    for (std::int32_t r = 0; r < n; ++r) {
      const auto j = static_cast<std::int32_t>(static_cast<std::uint32_t>(sorted_[static_cast<std::size_t>(r)]));
      if (j < skip_begin || j >= skip_end) emit(j, r);
    }
  }

 private:
  template <std::ptrdiff_t size, class T>
  static void fill_stretch(T* data, T value) {
    for (std::ptrdiff_t i = 0; i < size; ++i) data[i] = value;
  }

  static constexpr std::int32_t word_bits = 64;

  // Bit i := holds(begin + i), for i = 0 .. count - 1; the rest 0. count <= 64.
  template <class Holds>
  static std::uint64_t holds_word(std::int32_t begin, std::int32_t count, const Holds& holds) {
    alignas(16) std::uint8_t flags[word_bits];
    // A loop of fixed length becomes vector code; so a short word is the end of a whole one that begins earlier.
    const std::int32_t missing = word_bits - count;
    if (begin >= missing) {
      for (std::int32_t i = 0; i < word_bits; ++i) flags[i] = holds(begin - missing + i);
      return bits_of_flags(flags) >> missing;
    }
    for (std::int32_t i = 0; i < word_bits; ++i) flags[i] = i < count && holds(begin + i);
    return bits_of_flags(flags);
  }

  static constexpr std::int32_t most_counted_keys = 256;
  static constexpr std::int32_t most_counted_ranks = 96;
  static constexpr std::int32_t ranks_at_once = 4;  // a divisor of most_counted_ranks
  static constexpr std::int32_t lanes = 8;

  // counts_ := for each key outside skip_begin .. skip_end - 1 in turn, how many keys are below it. Up to 256 draws of 24 bits
  // and their indices fit unique keys of 32 bits; with the sign bit flipped they compare as the signed integers that vector
  // units are quick at.
  void count_ranks(View<const std::uint32_t> noise, std::int32_t skip_begin, std::int32_t skip_end) {
    const auto n = static_cast<std::int32_t>(noise.size);
    const std::int32_t padded = (n + lanes - 1) / lanes * lanes;
    for (std::int32_t i = 0; i < n; ++i) {
      keys_[i] = static_cast<std::int32_t>((noise.data[i] << 8 | static_cast<std::uint32_t>(i)) ^ 0x80000000u);
    }
    for (std::int32_t i = n; i < padded; ++i) keys_[i] = std::numeric_limits<std::int32_t>::max();
    std::int32_t num_ranked = 0;
    for (std::int32_t j = 0; j < skip_begin; ++j) counts_[num_ranked++] = keys_[j];
    for (std::int32_t j = skip_end; j < n; ++j) counts_[num_ranked++] = keys_[j];
    // Four at a time, so that each key is loaded once for all; those beyond the last count for nothing.
    for (std::int32_t j = num_ranked; j % ranks_at_once != 0; ++j) counts_[j] = 0;
    for (std::int32_t j = 0; j < num_ranked; j += ranks_at_once) {
      const std::int32_t key0 = counts_[j], key1 = counts_[j + 1], key2 = counts_[j + 2], key3 = counts_[j + 3];
      std::int32_t below0 = 0, below1 = 0, below2 = 0, below3 = 0;
      for (std::int32_t i = 0; i < padded; ++i) {
        below0 += keys_[i] < key0;
        below1 += keys_[i] < key1;
        below2 += keys_[i] < key2;
        below3 += keys_[i] < key3;
      }
      counts_[j] = below0;
      counts_[j + 1] = below1;
      counts_[j + 2] = below2;
      counts_[j + 3] = below3;
    }
  }

  // sorted_ := the keys draw << 32 | index in ascending order. One bucket per element on average, by the top bits of
  // the draws; then an insertion sort in which nothing moves further than its bucket.
  void sort_by_buckets(View<const std::uint32_t> noise) {
    const auto n = static_cast<std::size_t>(noise.size);
    const int bits = std::bit_width(n) < 16 ? static_cast<int>(std::bit_width(n)) : 16;
    const int shift = 24 - bits;
    const std::size_t num_buckets = std::size_t{1} << bits;
    bucket_end_.assign(num_buckets, 0);
    sorted_.resize(n);
    for (const std::uint32_t draw : noise) ++bucket_end_[draw >> shift];
    std::uint32_t begin = 0;
    for (std::uint32_t& bucket : bucket_end_) {
      const std::uint32_t count = bucket;
      bucket = begin;
      begin += count;
    }
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint32_t draw = noise.data[i];
      sorted_[bucket_end_[draw >> shift]++] = static_cast<std::uint64_t>(draw) << 32 | i;
    }
    for (std::size_t i = 1; i < n; ++i) {
      const std::uint64_t key = sorted_[i];
      std::size_t place = i;
      for (; place > 0 && sorted_[place - 1] > key; --place) sorted_[place] = sorted_[place - 1];
      sorted_[place] = key;
    }
  }

  alignas(32) std::int32_t keys_[most_counted_keys];
  std::int32_t counts_[most_counted_ranks];
  std::vector<std::uint32_t> bucket_end_;
  std::vector<std::uint64_t> sorted_;
};

}  // namespace maskscope
