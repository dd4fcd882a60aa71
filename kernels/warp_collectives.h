// The collectives of kernels/group.h for a team of 32 threads that can look at each other's registers: a warp of a GPU
// (warp_group.cuh), or the tests' threads that imitate one. Derived must offer
//   rank(), sync()
//   ballot(holds)            bit r of the result is holds of rank r
//   value_below(value, d)    the value of rank() - d, the own one for ranks below d
//   value_of(value, r)       the value of rank r
//   add(counter, n)          counter += n by several threads at once; returns what it was
//   count_bits(bits)
//   buckets()                a RankBuckets in group memory, kept for this
// Each exchange orders group memory as sync does.
#pragma once

#include <cstdint>

#include "core/view.h"
#include "kernels/team_collectives.h"

namespace maskscope {

struct RankBuckets {
  static constexpr std::int32_t most_keys = 256;
  static constexpr std::int32_t num_buckets = 256;
  std::uint32_t count[num_buckets];
  std::uint32_t key[most_keys];
};

template <class Derived>
class WarpCollectives : public TeamCollectives<Derived> {
 public:
  MASKSCOPE_HD static constexpr std::int32_t size() { return 32; }

  MASKSCOPE_HD std::uint64_t scan_one(std::uint64_t value, std::uint64_t& total) {
    std::uint64_t inclusive = value;
    for (std::int32_t distance = 1; distance < size(); distance *= 2) {
      const std::uint64_t lower = warp().value_below(inclusive, distance);
      if (warp().rank() >= distance) inclusive += lower;
    }
    total = warp().value_of(inclusive, size() - 1);
    return inclusive - value;
  }

  MASKSCOPE_HD std::int32_t count_one(bool is_match, std::int32_t& total) {
    const std::uint32_t matches = warp().ballot(is_match);
    total = Derived::count_bits(matches);
    return Derived::count_bits(matches & lower_ranks());
  }

  MASKSCOPE_HD std::int32_t first_one(bool is_match) {
    const std::uint32_t matches = warp().ballot(is_match);
    // The bits below the lowest one.
    return matches == 0 ? size() : Derived::count_bits(~matches & (matches - 1));
  }

  // A key's rank is what stands in lower buckets and the smaller keys of its own, of which there are few. The order in
  // which keys enter a bucket is any, and does not show.
  template <class Emit>
  MASKSCOPE_HD void for_each_rank(View<const std::uint32_t> noise, std::int32_t skip_begin, std::int32_t skip_end,
                                  Emit&& emit) {
    const auto n = static_cast<std::int32_t>(noise.size);
    if (n > RankBuckets::most_keys) {
      TeamCollectives<Derived>::for_each_rank(noise, skip_begin, skip_end, emit);
      return;
    }
    RankBuckets& buckets = warp().buckets();
    this->for_each_index(RankBuckets::num_buckets, [&](std::int32_t b) { buckets.count[b] = 0; });
    this->for_each_index(n, [&](std::int32_t i) { Derived::add(buckets.count[place(bucket_of(noise[i]))], 1); });
    number_buckets(buckets);
    // Afterwards a bucket's count is where it ends.
    this->for_each_index(n, [&](std::int32_t i) {
      buckets.key[Derived::add(buckets.count[place(bucket_of(noise[i]))], 1)] = key_of(noise[i], i);
    });
    const std::int32_t num_skipped = skip_end - skip_begin;
    this->for_each_index(n - num_skipped, [&](std::int32_t number) {
      const std::int32_t j = number < skip_begin ? number : number + num_skipped;
      const std::uint32_t bucket = bucket_of(noise[j]), own = key_of(noise[j], j);
      const std::uint32_t begin = bucket == 0 ? 0 : buckets.count[place(bucket - 1)];
      const std::uint32_t end = buckets.count[place(bucket)];
      std::uint32_t rank = begin;
      MASKSCOPE_ROLLED
      for (std::uint32_t k = begin; k < end; ++k) rank += buckets.key[k] < own;
      emit(j, static_cast<std::int32_t>(rank));
    });
  }

 private:
  static constexpr std::int32_t buckets_per_rank = RankBuckets::num_buckets / 32;

  MASKSCOPE_HD Derived& warp() { return static_cast<Derived&>(*this); }
  MASKSCOPE_HD std::uint32_t lower_ranks() { return (1u << warp().rank()) - 1; }

  // The top 8 of a draw's 24 bits, and a key that no other draw has.
  MASKSCOPE_HD static std::uint32_t bucket_of(std::uint32_t draw) { return draw >> 16; }
  MASKSCOPE_HD static std::uint32_t key_of(std::uint32_t draw, std::int32_t i) { return draw << 8 | static_cast<std::uint32_t>(i); }
  // A rank numbers 8 neighbouring buckets; this lays those of all ranks side by side in memory.
  MASKSCOPE_HD static std::uint32_t place(std::uint32_t bucket) {
    return bucket % buckets_per_rank * 32 + bucket / buckets_per_rank;
  }

  // Every bucket's count := the counts of all lower buckets.
  MASKSCOPE_HD void number_buckets(RankBuckets& buckets) {
    const auto first = static_cast<std::uint32_t>(warp().rank() * buckets_per_rank);
    std::uint64_t own = 0, total = 0;
    for (std::uint32_t b = first; b < first + buckets_per_rank; ++b) own += buckets.count[place(b)];
    auto before = static_cast<std::uint32_t>(scan_one(own, total));
    for (std::uint32_t b = first; b < first + buckets_per_rank; ++b) {
      const std::uint32_t count = buckets.count[place(b)];
      buckets.count[place(b)] = before;
      before += count;
    }
  }
};

}  // namespace maskscope
