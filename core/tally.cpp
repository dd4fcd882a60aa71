#include "core/tally.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/masked_batch.h"

namespace maskscope {
namespace {

// So that `most` tokens fall into the last bin or an earlier one.
std::int32_t bin_width(std::int32_t most, std::int32_t num_bins) { return std::max(1, (most + num_bins - 2) / (num_bins - 1)); }

// The most tokens that a budget of the modality can ask for.
std::int32_t greatest_budget(const Scheme& scheme, const Modality& modality) {
  if (scheme.mode != BudgetMode::sampled) return modality.max_tokens;
  const int drawn = std::max(scheme.input_tokens.high, scheme.target_tokens ? scheme.target_tokens->high : 0);
  return std::min(modality.max_tokens, std::max(drawn, modality.min_tokens));
}

Estimate mean_of(std::uint64_t sum, std::uint64_t squares, std::uint64_t draws) {
  if (draws == 0) return {};
  const auto n = static_cast<double>(draws);
  const double mean = static_cast<double>(sum) / n;
  const double variance = draws > 1 ? std::max(0.0, (static_cast<double>(squares) / n - mean * mean) * n / (n - 1)) : 0.0;
  return {mean, std::sqrt(variance / n), 0, draws};
}

}  // namespace

TallyLayout TallyShape::layout() const {
  TallyLayout layout;
  layout.num_modalities = static_cast<std::int32_t>(modalities.size());
  if (!modalities.empty()) layout.num_positions = modalities.back().first_position + modalities.back().num_positions;
  return layout;
}

std::int32_t TallyShape::tokens_per_fill_bin(TallySide side) const { return bin_width(slots(side), num_fill_bins); }

TallyShape make_tally_shape(const Scheme& scheme, const std::vector<std::int32_t>& positions) {
  assert(positions.size() == scheme.modalities.size());
  TallyShape shape;
  std::int32_t first_position = 0;
  for (std::size_t m = 0; m < positions.size(); ++m) {
    const std::int32_t width = bin_width(greatest_budget(scheme, scheme.modalities[m].modality), num_budget_bins);
    shape.modalities.push_back({first_position, positions[m], width});
    first_position += positions[m];
  }
  MaskedBatch none;
  none.resize(scheme, 0);
  shape.encoder_slots = none.encoder_slots;
  shape.decoder_slots = none.decoder_slots;
  return shape;
}

Tally::Tally(TallyShape shape) : shape_(std::move(shape)), counts_(static_cast<std::size_t>(shape_.layout().size())) {}

Estimate Tally::share(std::uint64_t count) const {
  if (draws() == 0) return {};
  const auto n = static_cast<double>(draws());
  const double p = static_cast<double>(count) / n;
  return {p, std::sqrt(p * (1 - p) / n), count, draws()};
}

std::vector<std::uint64_t> Tally::range(std::ptrdiff_t begin, int count) const {
  return {counts_.begin() + begin, counts_.begin() + begin + count};
}

Estimate Tally::frequency(TallySide side, int modality, int token) const {
  const TallyModality& entry = shape_.modalities[static_cast<std::size_t>(modality)];
  assert(token >= 0 && token < entry.num_positions);
  return share(at(shape_.layout().position(side, entry.first_position + token)));
}

Estimate Tally::discarded(int modality, int token) const {
  return share(draws() - frequency(TallySide::encoder, modality, token).count - frequency(TallySide::decoder, modality, token).count);
}

double Tally::mean_frequency(TallySide side, int modality) const {
  const TallyModality& entry = shape_.modalities[static_cast<std::size_t>(modality)];
  if (draws() == 0 || entry.num_positions == 0) return 0;
  std::uint64_t sum = 0;
  for (const std::uint64_t count : range(shape_.layout().position(side, entry.first_position), entry.num_positions)) sum += count;
  return static_cast<double>(sum) / static_cast<double>(draws()) / entry.num_positions;
}

std::uint64_t Tally::greatest_count(TallySide side) const {
  const TallyLayout layout = shape_.layout();
  if (draws() == 0 || layout.num_positions == 0) return 0;
  const auto first = counts_.begin() + layout.position(side, 0);
  return *std::max_element(first, first + layout.num_positions);
}

double Tally::greatest_frequency(TallySide side) const { return share(greatest_count(side)).value; }

Estimate Tally::mean_budget(TallySide side, int modality) const {
  const TallyLayout layout = shape_.layout();
  return mean_of(at(layout.of_modality(side, modality, ModalityCount::budget_sum)),
                 at(layout.of_modality(side, modality, ModalityCount::budget_squares)), draws() - unlimited_budgets(side, modality));
}

Estimate Tally::mean_used(TallySide side, int modality) const {
  const TallyLayout layout = shape_.layout();
  return mean_of(at(layout.of_modality(side, modality, ModalityCount::used_sum)),
                 at(layout.of_modality(side, modality, ModalityCount::used_squares)), draws());
}

std::uint64_t Tally::unlimited_budgets(TallySide side, int modality) const {
  return at(shape_.layout().of_modality(side, modality, ModalityCount::unlimited));
}

std::vector<std::uint64_t> Tally::budget_bins(TallySide side, int modality) const {
  return range(shape_.layout().budget(side, modality, 0), num_budget_bins);
}

Estimate Tally::mean_fill(TallySide side) const {
  return mean_of(at(TallyLayout::of_side(side, SideCount::sum)), at(TallyLayout::of_side(side, SideCount::squares)), draws());
}

std::vector<std::uint64_t> Tally::fill_bins(TallySide side) const { return range(TallyLayout::fill(side, 0), num_fill_bins); }

Estimate Tally::probability(TallySide side, SideCount what) const {
  assert(what == SideCount::empty || what == SideCount::full || what == SideCount::cut);
  return share(at(TallyLayout::of_side(side, what)));
}

Estimate Tally::together(TallySide side, int first, int second) const {
  return share(at(shape_.layout().pair(side, std::max(first, second), std::min(first, second))));
}

void Tally::merge(const Tally& other) {
  assert(shape_ == other.shape_);
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
}

}  // namespace maskscope
