// Many draws of one scheme on the same samples, counted: how often every token ends where, how the budgets and the use of the
// slots are distributed, which modalities go together. All counts are whole numbers, so that sums come out the same in
// whatever order and on whatever machine the draws are made.
//
// Order of calls: Tally(shape), then Backend::tally as often as wanted (kernels/backend.h), then read. Example:
//   Tally tally(make_tally_shape(scheme, positions));
//   backend->tally(plan, samples, {.seed = 42, .first_sample = 0, .batch_size = 1000}, tally);
//   const Estimate often = tally.frequency(TallySide::encoder, modality, cell);  // 0.123 ± 0.010
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/host_device.h"
#include "core/scheme.h"

namespace maskscope {

enum class TallySide : std::uint8_t { encoder, decoder };
constexpr int num_tally_sides = 2;

// Bin 0 of every histogram holds exactly the samples with 0 tokens; the others have equal widths.
constexpr int num_budget_bins = 32;
constexpr int num_fill_bins = 64;
// Pairs of modalities are counted for so many, those that come first in the scheme: K x K counts must stay few.
constexpr int max_pair_modalities = 64;

// The bin of so many tokens; what lies beyond the last bin is counted in it.
MASKSCOPE_HD constexpr std::int32_t tally_bin(std::int32_t tokens, std::int32_t tokens_per_bin, std::int32_t num_bins) {
  if (tokens <= 0) return 0;
  const std::int32_t bin = 1 + (tokens - 1) / tokens_per_bin;
  return bin < num_bins ? bin : num_bins - 1;
}

// One modality's part of the counts. Trivially copyable.
struct TallyModality {
  std::int32_t first_position = 0;  // among the positions of all modalities
  std::int32_t num_positions = 0;   // img: slots; sequences: tokens of the longest sample, [EOS] included; 0: no sample has it
  std::int32_t tokens_per_bin = 1;  // of the histograms of its budgets
  bool operator==(const TallyModality&) const = default;
};

// What is counted, of all samples (side) and of each modality. sum and squares: over samples, for mean and standard error.
enum class SideCount : std::uint8_t {
  empty,    // samples with no used slot
  full,     // samples with all slots used
  cut,      // samples with more tokens than slots: the rest is lost
  sum,      // of used slots
  squares,  // of used slots
};
constexpr int num_side_counts = 5;
enum class ModalityCount : std::uint8_t {
  budget_sum,
  budget_squares,
  unlimited,  // samples whose target budget is none: everything that is not input. Not in the sums and the histogram
  used_sum,   // of used slots
  used_squares,
};
constexpr int num_modality_counts = 5;

// Where each count stands in a block of them.
struct TallyLayout {
  std::int32_t num_modalities = 0;  // K
  std::int32_t num_positions = 0;   // of all modalities

  MASKSCOPE_HD constexpr std::int32_t num_pair_modalities() const {
    return num_modalities < max_pair_modalities ? num_modalities : max_pair_modalities;
  }
  MASKSCOPE_HD static constexpr std::ptrdiff_t draws() { return 0; }
  MASKSCOPE_HD static constexpr std::ptrdiff_t of_side(TallySide side, SideCount what) {
    return 1 + number(side) * num_side_counts + static_cast<std::ptrdiff_t>(what);
  }
  MASKSCOPE_HD static constexpr std::ptrdiff_t fill(TallySide side, std::int32_t bin) {
    return 1 + num_tally_sides * num_side_counts + number(side) * num_fill_bins + bin;
  }
  MASKSCOPE_HD constexpr std::ptrdiff_t of_modality(TallySide side, std::int32_t m, ModalityCount what) const {
    return modality(side, m) + static_cast<std::ptrdiff_t>(what);
  }
  MASKSCOPE_HD constexpr std::ptrdiff_t budget(TallySide side, std::int32_t m, std::int32_t bin) const {
    return modality(side, m) + num_modality_counts + bin;
  }
  // Samples in which both modalities have a used slot; second <= first.
  MASKSCOPE_HD constexpr std::ptrdiff_t pair(TallySide side, std::int32_t first, std::int32_t second) const {
    const std::ptrdiff_t width = num_pair_modalities();
    return modality(TallySide::encoder, num_modalities) + (number(side) * width + first) * width + second;
  }
  // position: TallyModality::first_position + token.
  MASKSCOPE_HD constexpr std::ptrdiff_t position(TallySide side, std::int32_t position) const {
    return pair(TallySide::decoder, num_pair_modalities(), 0) + number(side) * num_positions + position;
  }
  MASKSCOPE_HD constexpr std::ptrdiff_t size() const { return position(TallySide::decoder, num_positions); }

 private:
  MASKSCOPE_HD static constexpr std::ptrdiff_t number(TallySide side) { return static_cast<std::ptrdiff_t>(side); }
  MASKSCOPE_HD constexpr std::ptrdiff_t modality(TallySide side, std::int32_t m) const {
    constexpr std::ptrdiff_t counts_each = num_modality_counts + num_budget_bins;
    return fill(TallySide::decoder, num_fill_bins) + (std::ptrdiff_t{m} * num_tally_sides + number(side)) * counts_each;
  }
};

struct TallyShape {
  std::vector<TallyModality> modalities;  // (K), scheme order
  int encoder_slots = 0;                  // N'
  int decoder_slots = 0;                  // M'

  TallyLayout layout() const;
  int slots(TallySide side) const { return side == TallySide::encoder ? encoder_slots : decoder_slots; }
  std::int32_t tokens_per_fill_bin(TallySide side) const;
  bool operator==(const TallyShape&) const = default;
};

// positions: (K) TallyModality::num_positions. scheme: validated.
TallyShape make_tally_shape(const Scheme& scheme, const std::vector<std::int32_t>& positions);

// A number found by drawing, and how far off it may be.
struct Estimate {
  double value = 0;
  // Of the value: sqrt(p (1 - p) / draws) for a frequency, sqrt(variance / draws) for a mean. 0 where all draws agree (which
  // does not say that the next one will), and where there is none.
  double standard_error = 0;
  std::uint64_t count = 0;  // frequencies: draws in which it happened
  std::uint64_t draws = 0;
};

class Tally {
 public:
  Tally() = default;
  explicit Tally(TallyShape shape);

  const TallyShape& shape() const { return shape_; }
  std::uint64_t draws() const { return counts_.empty() ? 0 : at(TallyLayout::draws()); }
  // The block of counts, laid out as TallyLayout says.
  std::vector<std::uint64_t>& counts() { return counts_; }
  const std::vector<std::uint64_t>& counts() const { return counts_; }

  // How often a token, or a cell, gets to the side; discarded: to neither.
  Estimate frequency(TallySide side, int modality, int token) const;
  Estimate discarded(int modality, int token) const;
  // The same for all tokens of the modality together: its mean frequency. The tokens of a sample do not fall independently, so
  // no standard error comes with it (0).
  double mean_frequency(TallySide side, int modality) const;
  // Over all modalities and tokens, the greatest of frequency(side, ...) or of discarded(...).
  double greatest_frequency(TallySide side) const;
  std::uint64_t greatest_count(TallySide side) const;  // the draws behind it

  // Tokens per sample: the budget (limited ones only: draws says how many), the slots used in the end.
  Estimate mean_budget(TallySide side, int modality) const;
  Estimate mean_used(TallySide side, int modality) const;
  std::uint64_t unlimited_budgets(TallySide side, int modality) const;
  // Samples per bin of the budget; bin 0: no tokens, bin b: (b - 1) * tokens_per_bin + 1 .. b * tokens_per_bin.
  std::vector<std::uint64_t> budget_bins(TallySide side, int modality) const;

  // Used slots of N' or M'.
  Estimate mean_fill(TallySide side) const;
  std::vector<std::uint64_t> fill_bins(TallySide side) const;
  Estimate probability(TallySide side, SideCount what) const;  // of empty, full or cut
  // Both modalities have a token on the side; first == second: the one does. Both < num_pair_modalities().
  Estimate together(TallySide side, int first, int second) const;
  int num_pair_modalities() const { return shape_.layout().num_pair_modalities(); }

  // Adds the draws of another part; other has the same shape (assert).
  void merge(const Tally& other);
  bool operator==(const Tally&) const = default;

 private:
  std::uint64_t at(std::ptrdiff_t index) const { return counts_[static_cast<std::size_t>(index)]; }
  Estimate share(std::uint64_t count) const;
  std::vector<std::uint64_t> range(std::ptrdiff_t begin, int count) const;

  TallyShape shape_;
  std::vector<std::uint64_t> counts_;
};

}  // namespace maskscope
