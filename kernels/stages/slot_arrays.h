// The slots of one modality, as stage 2 writes them. Polarity of the masks: 1 = do not use.
#pragma once

#include <cstdint>

#include "core/masked_batch.h"
#include "core/view.h"
#include "kernels/group.h"
#include "kernels/stages/sample_row.h"

namespace maskscope {

struct SlotArrays {
  View<std::int32_t> tensor;
  View<std::uint8_t> input_mask;
  View<std::uint8_t> target_mask;
  View<std::int32_t> decoder_attention_mask;
  View<std::int32_t> slot_origin;
};

MASKSCOPE_HD inline SlotArrays slots_of(const SampleRow& row, std::int32_t first_slot, std::int32_t num_slots) {
  return {{row.tensor + first_slot, num_slots},
          {row.input_mask + first_slot, num_slots},
          {row.target_mask + first_slot, num_slots},
          {row.decoder_attention_mask + first_slot, num_slots},
          {row.slot_origin + first_slot, num_slots}};
}

// Nothing is input, nothing is target, no slot has a source.
template <Group G>
MASKSCOPE_HD void clear_slots(G& group, const SlotArrays& slots, std::int32_t id) {
  group.fill(slots.tensor, id);
  group.fill(slots.input_mask, std::uint8_t{1});
  group.fill(slots.target_mask, std::uint8_t{1});
  group.fill(slots.decoder_attention_mask, 0);
  group.fill(slots.slot_origin, origin::padding);
}

// How many tokens may go to one side. Example: TokenBudget{false, 0} is "none", everything that is not input.
struct TokenBudget {
  bool is_limited = true;
  std::int32_t tokens = 0;
};

}  // namespace maskscope
