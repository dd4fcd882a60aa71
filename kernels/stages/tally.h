// Counts one masked sample: what core/tally.h says of many. The last step of a draw whose masks nobody keeps.
#pragma once

#include <cstdint>

#include "core/masked_batch.h"
#include "core/tally.h"
#include "core/view.h"
#include "kernels/group.h"
#include "kernels/stages/plan_view.h"
#include "kernels/stages/sample_row.h"

namespace maskscope {

// Where to count; on the host or on a GPU.
struct TallyView {
  TallyLayout layout;
  View<const TallyModality> modalities;  // (K)
  std::int32_t tokens_per_fill_bin[num_tally_sides] = {1, 1};
  std::uint64_t* counts = nullptr;  // (layout.size())
};

// The block of counts belongs to this group alone. Within a sample no two threads add to the same count at once.
struct AddAlone {
  MASKSCOPE_HD void operator()(std::uint64_t& count, std::uint64_t n) const { count += n; }
};

namespace tally_detail {

MASKSCOPE_HD inline std::int32_t modality_of_slot(const PlanView& plan, std::int32_t slot) {
  std::int32_t m = 0, end = plan.num_modalities();
  while (end - m > 1) {
    const std::int32_t middle = (m + end) / 2;
    if (plan.modalities[middle].slot_offset <= slot) m = middle;
    else end = middle;
  }
  return m;
}

// Sentinels and padding are nobody's tokens: their origins are negative.
template <class Add>
MASKSCOPE_HD void add_token(const TallyView& tally, TallySide side, std::int32_t m, std::int32_t origin, Add add) {
  const TallyModality& modality = tally.modalities[m];
  if (origin < 0 || origin >= modality.num_positions) return;
  add(tally.counts[tally.layout.position(side, modality.first_position + origin)], 1);
}

// valid: used slots before the cut to slots.
template <class Add>
MASKSCOPE_HD void add_fill(const TallyView& tally, TallySide side, std::int32_t valid, std::int32_t slots, Add add) {
  const std::int32_t used = valid < slots ? valid : slots;
  const auto tokens = static_cast<std::uint64_t>(used);
  const auto count = [&](SideCount what, std::uint64_t n) { add(tally.counts[TallyLayout::of_side(side, what)], n); };
  if (used == 0) count(SideCount::empty, 1);
  if (used == slots) count(SideCount::full, 1);
  if (valid > slots) count(SideCount::cut, 1);
  count(SideCount::sum, tokens);
  count(SideCount::squares, tokens * tokens);
  const std::int32_t bin = tally_bin(used, tally.tokens_per_fill_bin[static_cast<int>(side)], num_fill_bins);
  add(tally.counts[TallyLayout::fill(side, bin)], 1);
}

template <class Add>
MASKSCOPE_HD void add_modality(const TallyView& tally, TallySide side, std::int32_t m, std::int32_t budget, std::uint64_t used,
                               Add add) {
  const auto count = [&](ModalityCount what, std::uint64_t n) { add(tally.counts[tally.layout.of_modality(side, m, what)], n); };
  count(ModalityCount::used_sum, used);
  count(ModalityCount::used_squares, used * used);
  if (budget < 0) {
    count(ModalityCount::unlimited, 1);
    return;
  }
  const auto tokens = static_cast<std::uint64_t>(budget);
  count(ModalityCount::budget_sum, tokens);
  count(ModalityCount::budget_squares, tokens * tokens);
  add(tally.counts[tally.layout.budget(side, m, tally_bin(budget, tally.modalities[m].tokens_per_bin, num_budget_bins))], 1);
}

}  // namespace tally_detail

// Adds the sample whose masks are in row. add(count, n): AddAlone, or an atomic addition where groups share the counts.
// A token counts for the side where source_fates (core/passport.h) sees it: a text's token that stands in a decoder slot or is
// predicted by one is the decoder's.
template <Group G, class Add>
MASKSCOPE_HD void tally_sample(G& group, const PlanView& plan, const SampleRow& row, const TallyView& tally, Add add) {
  using namespace tally_detail;
  constexpr TallySide encoder = TallySide::encoder, decoder = TallySide::decoder;
  group.once([&] {
    add(tally.counts[TallyLayout::draws()], 1);
    add_fill(tally, encoder, *row.encoder_valid, plan.encoder_slots, add);
    add_fill(tally, decoder, *row.decoder_valid, plan.decoder_slots, add);
  });
  group.for_each_index(plan.encoder_slots, [&](std::int32_t i) {
    if (row.encoder_mask[i]) return;
    const std::int32_t slot = row.encoder_source[i];
    add_token(tally, encoder, modality_of_slot(plan, slot), row.slot_origin[slot], add);
  });
  group.for_each_index(plan.decoder_slots, [&](std::int32_t i) {
    if (row.decoder_mask[i]) return;
    const std::int32_t slot = row.decoder_source[i], m = modality_of_slot(plan, slot);
    const ModalityPlan& modality = plan.modalities[m];
    if (!has_spans_in_decoder(modality.kind)) return add_token(tally, decoder, m, row.slot_origin[slot], add);
    add_token(tally, decoder, m, row.slot_origin[slot + 1], add);
    // The token that stands here was counted where it is predicted, if it is: in the slot before.
    const bool is_predicted = i > 0 && slot > modality.slot_offset && row.decoder_source[i - 1] == slot - 1;
    if (!is_predicted) add_token(tally, decoder, m, row.slot_origin[slot], add);
  });
  std::uint64_t in_encoder = 0, in_decoder = 0;  // bit m: the modality has a used slot
  MASKSCOPE_ROLLED
  for (std::int32_t m = 0; m < plan.num_modalities(); ++m) {
    const auto id = static_cast<std::int16_t>(plan.modalities[m].id);
    const std::int16_t* const of_encoder = row.encoder_modality;
    const std::int16_t* const of_decoder = row.decoder_modality;
    const std::uint64_t encoder_used =
        group.reduce_sum(plan.encoder_slots, [=](std::int32_t i) { return std::uint64_t{of_encoder[i] == id}; });
    const std::uint64_t decoder_used =
        group.reduce_sum(plan.decoder_slots, [=](std::int32_t i) { return std::uint64_t{of_decoder[i] == id}; });
    group.once([&] {
      add_modality(tally, encoder, m, row.input_budget[m], encoder_used, add);
      add_modality(tally, decoder, m, row.target_budget[m], decoder_used, add);
    });
    if (m >= max_pair_modalities) continue;
    in_encoder |= std::uint64_t{encoder_used > 0} << m;
    in_decoder |= std::uint64_t{decoder_used > 0} << m;
  }
  group.for_each_index(tally.layout.num_pair_modalities(), [&](std::int32_t first) {
    for (std::int32_t second = 0; second <= first; ++second) {
      if (in_encoder >> first & in_encoder >> second & 1) add(tally.counts[tally.layout.pair(encoder, first, second)], 1);
      if (in_decoder >> first & in_decoder >> second & 1) add(tally.counts[tally.layout.pair(decoder, first, second)], 1);
    }
  });
}

}  // namespace maskscope
