// Groups with one deliberate bug each: what the tests' ThreadSanitizer must report. All else is the code that every
// group uses, so a bug is seen only in a situation in which no other sync hides it; scenarios.h has one for each.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/view.h"
#include "tests/kernels/barrier_group.h"

namespace maskscope::broken {

// TeamCollectives opens a collective with team().sync() and closes it with another; the syncs of scan_one and min_one
// are not made through team(). So a group can leave out one of the two, in one collective.
template <class Derived>
class SyncDropper : public BarrierPrimitives<Derived> {
 public:
  using BarrierPrimitives<Derived>::BarrierPrimitives;

  void sync() {
    if (syncs_until_dropped_ >= 0 && syncs_until_dropped_-- == 0) return;
    BarrierPrimitives<Derived>::sync();
  }

 protected:
  static constexpr int opening = 0, closing = 1;

  template <class Collective>
  auto without(int sync_number, Collective&& collective) {
    struct Restore {
      int& syncs_until_dropped;
      ~Restore() { syncs_until_dropped = -1; }
    };
    syncs_until_dropped_ = sync_number;
    const Restore restore{syncs_until_dropped_};
    return collective();
  }

 private:
  int syncs_until_dropped_ = -1;  // -1: none is dropped
};

class ForEachIndexWithoutOpeningSync : public SyncDropper<ForEachIndexWithoutOpeningSync> {
 public:
  using SyncDropper::SyncDropper;
  template <class Function>
  void for_each_index(std::int32_t n, Function&& function) {
    without(opening, [&] { SyncDropper::for_each_index(n, function); });
  }
};

class ForEachIndexWithoutClosingSync : public SyncDropper<ForEachIndexWithoutClosingSync> {
 public:
  using SyncDropper::SyncDropper;
  template <class Function>
  void for_each_index(std::int32_t n, Function&& function) {
    without(closing, [&] { SyncDropper::for_each_index(n, function); });
  }
};

// Neither the closing sync of the one nor the opening sync of the other: ranking begins while draws are written.
class NoSyncBetweenFillAndRank : public SyncDropper<NoSyncBetweenFillAndRank> {
 public:
  using SyncDropper::SyncDropper;
  template <class Function>
  void for_each_index(std::int32_t n, Function&& function) {
    without(closing, [&] { SyncDropper::for_each_index(n, function); });
  }
  template <class Emit>
  void for_each_rank(View<const std::uint32_t> noise, std::int32_t skip_begin, std::int32_t skip_end, Emit&& emit) {
    without(opening, [&] { SyncDropper::for_each_rank(noise, skip_begin, skip_end, emit); });
  }
};

class OnceWithoutOpeningSync : public SyncDropper<OnceWithoutOpeningSync> {
 public:
  using SyncDropper::SyncDropper;
  template <class Function>
  void once(Function&& function) {
    without(opening, [&] { SyncDropper::once(function); });
  }
};

class OnceWithoutClosingSync : public SyncDropper<OnceWithoutClosingSync> {
 public:
  using SyncDropper::SyncDropper;
  template <class Function>
  void once(Function&& function) {
    without(closing, [&] { SyncDropper::once(function); });
  }
};

class OnceInEveryThread : public BarrierPrimitives<OnceInEveryThread> {
 public:
  using BarrierPrimitives::BarrierPrimitives;
  template <class Function>
  void once(Function&& function) {
    sync();
    function();
    sync();
  }
};

class ExclusiveScanWithoutClosingSync : public SyncDropper<ExclusiveScanWithoutClosingSync> {
 public:
  using SyncDropper::SyncDropper;
  template <class Value, class Emit>
  std::uint64_t exclusive_scan(std::int32_t n, Value&& value, Emit&& emit) {
    return without(closing, [&] { return SyncDropper::exclusive_scan(n, value, emit); });
  }
};

class CompactIfWithoutClosingSync : public SyncDropper<CompactIfWithoutClosingSync> {
 public:
  using SyncDropper::SyncDropper;
  template <class Holds, class OnMatch>
  std::int32_t compact_if(std::int32_t n, Holds&& holds, std::int32_t most, OnMatch&& on_match) {
    return without(closing, [&] { return SyncDropper::compact_if(n, holds, most, on_match); });
  }
};

// The next exchange overwrites values that slower threads are still adding up.
class ScanOneWithoutTrailingSync : public BarrierPrimitives<ScanOneWithoutTrailingSync> {
 public:
  using BarrierPrimitives::BarrierPrimitives;
  std::uint64_t scan_one(std::uint64_t value, std::uint64_t& total) {
    own_value() = value;
    sync();
    return sum_lower_values(total);
  }
};

// Adds up values that other threads have yet to write.
class ScanOneReadsBeforeBarrier : public BarrierPrimitives<ScanOneReadsBeforeBarrier> {
 public:
  using BarrierPrimitives::BarrierPrimitives;
  std::uint64_t scan_one(std::uint64_t value, std::uint64_t& total) {
    own_value() = value;
    const std::uint64_t lower = sum_lower_values(total);
    sync();
    return lower;
  }
};

class MinOneWithoutTrailingSync : public BarrierPrimitives<MinOneWithoutTrailingSync> {
 public:
  using BarrierPrimitives::BarrierPrimitives;
  std::uint64_t min_one(std::uint64_t value) {
    own_value() = value;
    sync();
    return least_value();
  }
};

class MinOneReadsBeforeBarrier : public BarrierPrimitives<MinOneReadsBeforeBarrier> {
 public:
  using BarrierPrimitives::BarrierPrimitives;
  std::uint64_t min_one(std::uint64_t value) {
    own_value() = value;
    const std::uint64_t least = least_value();
    sync();
    return least;
  }
};

// Every thread has a part of the indices, and each part is one too long: two threads visit the first of the next part.
class ForEachIndexOffByOne : public BarrierPrimitives<ForEachIndexOffByOne> {
 public:
  using BarrierPrimitives::BarrierPrimitives;
  template <class Function>
  void for_each_index(std::int32_t n, Function&& function) {
    sync();
    const std::int32_t part = (n + size() - 1) / size();
    const std::int32_t begin = rank() * part;
    for (std::int32_t i = begin; i < std::min(begin + part + 1, n); ++i) function(i);
    sync();
  }
};

}  // namespace maskscope::broken
