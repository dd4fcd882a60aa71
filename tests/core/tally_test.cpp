// The arithmetic of counts: bins, means, standard errors, merging.
#include "core/tally.h"

#include <cmath>

#include "tests/catch.h"

namespace maskscope {
namespace {

Scheme small_scheme() {
  Scheme scheme = symmetric_scheme("small", {"caption", "tok_depth@224"});
  scheme.input_tokens = {10, 40};
  scheme.target_tokens = TokenRange{0, 62};
  scheme.encoder_slots = 40;
  scheme.decoder_slots = 1000;
  return scheme;
}

Tally small_tally() { return Tally(make_tally_shape(small_scheme(), {5, 196})); }

std::uint64_t& count(Tally& tally, std::ptrdiff_t index) { return tally.counts()[static_cast<std::size_t>(index)]; }

}  // namespace

TEST_CASE("a histogram's bin 0 holds 0 alone, and the rest have equal widths") {
  CHECK(tally_bin(0, 5, 32) == 0);
  CHECK(tally_bin(1, 5, 32) == 1);
  CHECK(tally_bin(5, 5, 32) == 1);
  CHECK(tally_bin(6, 5, 32) == 2);
  CHECK(tally_bin(155, 5, 32) == 31);
  CHECK(tally_bin(100000, 5, 32) == 31);
  CHECK(tally_bin(-1, 5, 32) == 0);
}

TEST_CASE("the shape follows the scheme: bins reach the greatest budget, slots are those there are") {
  const TallyShape shape = make_tally_shape(small_scheme(), {5, 196});
  CHECK(shape.modalities[0].tokens_per_bin == 2);  // 62 tokens in 31 bins
  CHECK(shape.modalities[1].first_position == 5);
  CHECK(shape.encoder_slots == 40);
  CHECK(shape.decoder_slots == 2 * 257 - 1 + 196);  // fewer than M
  Scheme direct = small_scheme();
  direct.mode = BudgetMode::direct;
  CHECK(make_tally_shape(direct, {5, 196}).modalities[1].tokens_per_bin == 7);  // 196 in 31
}

TEST_CASE("every count has a place of its own") {
  const TallyLayout layout{3, 11};
  std::vector<int> used(static_cast<std::size_t>(layout.size()), 0);
  const auto use = [&](std::ptrdiff_t index) { ++used.at(static_cast<std::size_t>(index)); };
  use(TallyLayout::draws());
  for (const TallySide side : {TallySide::encoder, TallySide::decoder}) {
    for (int i = 0; i < num_side_counts; ++i) use(TallyLayout::of_side(side, static_cast<SideCount>(i)));
    for (int bin = 0; bin < num_fill_bins; ++bin) use(TallyLayout::fill(side, bin));
    for (int m = 0; m < 3; ++m) {
      for (int i = 0; i < num_modality_counts; ++i) use(layout.of_modality(side, m, static_cast<ModalityCount>(i)));
      for (int bin = 0; bin < num_budget_bins; ++bin) use(layout.budget(side, m, bin));
      for (int other = 0; other < 3; ++other) use(layout.pair(side, m, other));
    }
    for (int position = 0; position < 11; ++position) use(layout.position(side, position));
  }
  CHECK(used == std::vector<int>(used.size(), 1));
  CHECK(TallyLayout{256, 0}.num_pair_modalities() == max_pair_modalities);
}

TEST_CASE("frequencies come with their standard error") {
  Tally tally = small_tally();
  const TallyLayout layout = tally.shape().layout();
  CHECK(tally.frequency(TallySide::encoder, 1, 7).value == 0);  // of no draws
  count(tally, TallyLayout::draws()) = 400;
  count(tally, layout.position(TallySide::encoder, 5 + 7)) = 100;
  count(tally, layout.position(TallySide::decoder, 5 + 7)) = 60;
  const Estimate often = tally.frequency(TallySide::encoder, 1, 7);
  CHECK(often.value == Approx(0.25));
  CHECK(often.standard_error == Approx(std::sqrt(0.25 * 0.75 / 400)));
  CHECK(often.count == 100);
  CHECK(often.draws == 400);
  CHECK(tally.discarded(1, 7).count == 240);
  CHECK(tally.discarded(1, 8).value == 1);
  CHECK(tally.mean_frequency(TallySide::encoder, 1) == Approx(0.25 / 196));
  CHECK(tally.greatest_frequency(TallySide::decoder) == Approx(0.15));
}

TEST_CASE("means come with their standard error") {
  Tally tally = small_tally();
  const TallyLayout layout = tally.shape().layout();
  // Budgets 2, 4, 4, 6: mean 4, variance 8/3.
  count(tally, TallyLayout::draws()) = 4;
  count(tally, layout.of_modality(TallySide::encoder, 0, ModalityCount::budget_sum)) = 16;
  count(tally, layout.of_modality(TallySide::encoder, 0, ModalityCount::budget_squares)) = 4 + 16 + 16 + 36;
  const Estimate budget = tally.mean_budget(TallySide::encoder, 0);
  CHECK(budget.value == Approx(4));
  CHECK(budget.standard_error == Approx(std::sqrt(8.0 / 3 / 4)));
  // None of the target budgets is limited.
  count(tally, layout.of_modality(TallySide::decoder, 0, ModalityCount::unlimited)) = 4;
  CHECK(tally.mean_budget(TallySide::decoder, 0).draws == 0);
  CHECK(tally.mean_budget(TallySide::decoder, 0).value == 0);
}

TEST_CASE("merging adds all counts") {
  Tally a = small_tally(), b = small_tally();
  for (std::size_t i = 0; i < a.counts().size(); ++i) {
    a.counts()[i] = i;
    b.counts()[i] = 3 * i + 1;
  }
  a.merge(b);
  for (std::size_t i = 0; i < a.counts().size(); ++i) REQUIRE(a.counts()[i] == 4 * i + 1);
  CHECK_FALSE(a == b);
}

}  // namespace maskscope
