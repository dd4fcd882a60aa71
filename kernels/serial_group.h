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

  template <class Holds, class OnMatch, class OnOther>
  static std::int32_t compact_if(std::int32_t n, Holds&& holds, std::int32_t most_matches, OnMatch&& on_match,
                                 std::int32_t most_others, OnOther&& on_other) {
    std::int32_t matches = 0, others = 0;
    for (std::int32_t begin = 0; begin < n; begin += word_bits) {
      const std::int32_t count = n - begin < word_bits ? n - begin : word_bits;
      const std::uint64_t in_range = ~std::uint64_t{0} >> (word_bits - count);
      const std::uint64_t word = holds_word(begin, count, holds);
      const std::int32_t new_matches = std::popcount(word);
      visit_bits(word, most_matches - matches, [&](std::int32_t r, std::int32_t bit) { on_match(matches + r, begin + bit); });
      visit_bits(~word & in_range, most_others - others,
                 [&](std::int32_t r, std::int32_t bit) { on_other(others + r, begin + bit); });
      matches += new_matches;
      others += count - new_matches;
    }
    return matches;
  }

  template <class Emit>
  void for_each_rank(View<const std::uint32_t> noise, std::int32_t num_ranked, Emit&& emit) {
    // Counting costs num_ranked * n / lanes, sorting about n: a few ranks of a small grid are counted.
    if (noise.size <= most_counted_keys && num_ranked <= most_counted_ranks) {
      count_ranks(noise, num_ranked);
      for (std::int32_t j = 0; j < num_ranked; ++j) emit(j, counts_[j]);
      return;
    }
    sort_by_buckets(noise);
    const auto n = static_cast<std::int32_t>(noise.size);
    for (std::int32_t r = 0; r < n; ++r) {
      const auto j = static_cast<std::int32_t>(static_cast<std::uint32_t>(sorted_[static_cast<std::size_t>(r)]));
      if (j < num_ranked) emit(j, r);
    }
  }

 private:
  static constexpr std::int32_t word_bits = 64;

  // Bit i := holds(begin + i), for i = 0 .. count - 1; the rest 0.
  template <class Holds>
  static std::uint64_t holds_word(std::int32_t begin, std::int32_t count, const Holds& holds) {
    alignas(16) std::uint8_t flags[word_bits];
    if (count == word_bits) {  // a loop of fixed length becomes vector code
      for (std::int32_t i = 0; i < word_bits; ++i) flags[i] = holds(begin + i);
    } else {
      for (std::int32_t i = 0; i < count; ++i) flags[i] = holds(begin + i);
      for (std::int32_t i = count; i < word_bits; ++i) flags[i] = 0;
    }
    return bits_of_flags(flags);
  }

  // visit(r, i): bit i is the r-th that is set, r < most.
  template <class Visit>
  static void visit_bits(std::uint64_t word, std::int32_t most, const Visit& visit) {
    for (std::int32_t r = 0; word != 0 && r < most; ++r, word &= word - 1) visit(r, std::countr_zero(word));
  }

  static constexpr std::int32_t most_counted_keys = 256;
  static constexpr std::int32_t most_counted_ranks = 96;
  static constexpr std::int32_t lanes = 8;

  // counts_[j] := keys below key j. Up to 256 draws of 24 bits and their indices fit unique keys of 32 bits; with the
  // sign bit flipped they compare as the signed integers that vector units are quick at.
  void count_ranks(View<const std::uint32_t> noise, std::int32_t num_ranked) {
    const auto n = static_cast<std::int32_t>(noise.size);
    const std::int32_t padded = (n + lanes - 1) / lanes * lanes;
    for (std::int32_t i = 0; i < n; ++i) {
      keys_[i] = static_cast<std::int32_t>((noise.data[i] << 8 | static_cast<std::uint32_t>(i)) ^ 0x80000000u);
    }
    for (std::int32_t i = n; i < padded; ++i) keys_[i] = std::numeric_limits<std::int32_t>::max();
    // Two at a time, so that each key is loaded once for both; an odd one out counts for nothing.
    for (std::int32_t j = 0; j < num_ranked; j += 2) {
      const std::int32_t first = keys_[j], second = keys_[j + 1 < n ? j + 1 : j];
      std::int32_t below_first = 0, below_second = 0;
      for (std::int32_t i = 0; i < padded; ++i) {
        below_first += keys_[i] < first;
        below_second += keys_[i] < second;
      }
      counts_[j] = below_first;
      counts_[j + 1] = below_second;
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
  std::int32_t counts_[most_counted_ranks + 1];
  std::vector<std::uint32_t> bucket_end_;
  std::vector<std::uint64_t> sorted_;
};

}  // namespace maskscope
