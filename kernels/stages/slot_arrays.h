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

// Every element := value. Loops over one array at a time, through a pointer of their own, become vector code; a store
// of bytes through a reference may change anything, and does not.
template <Group G, class T>
MASKSCOPE_HD void fill(G& group, View<T> view, T value) {
  T* const data = view.data;
  group.for_each_index(static_cast<std::int32_t>(view.size), [data, value](std::int32_t i) { data[i] = value; });
}

// Nothing is input, nothing is target, no slot has a source.
template <Group G>
MASKSCOPE_HD void clear_slots(G& group, const SlotArrays& slots, std::int32_t id) {
  fill(group, slots.tensor, id);
  fill(group, slots.input_mask, std::uint8_t{1});
  fill(group, slots.target_mask, std::uint8_t{1});
  fill(group, slots.decoder_attention_mask, 0);
  fill(group, slots.slot_origin, origin::padding);
}

// How many tokens may go to one side. Example: TokenBudget{false, 0} is "none", everything that is not input.
struct TokenBudget {
  bool is_limited = true;
  std::int32_t tokens = 0;
};

}  // namespace maskscope
