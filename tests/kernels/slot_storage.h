// The slots of one modality with memory of their own, for calling a stage directly.
#pragma once

#include <cstdint>
#include <vector>

#include "core/view.h"
#include "kernels/stages/slot_arrays.h"

namespace maskscope {

struct SlotStorage {
  explicit SlotStorage(std::size_t n)
      : tensor(n, -7), input_mask(n, 9), target_mask(n, 9), decoder_attention_mask(n, -7), slot_origin(n, -7) {}

  std::vector<std::int32_t> tensor;
  std::vector<std::uint8_t> input_mask, target_mask;
  std::vector<std::int32_t> decoder_attention_mask, slot_origin;

  SlotArrays arrays() {
    return {view_of(tensor), view_of(input_mask), view_of(target_mask), view_of(decoder_attention_mask),
            view_of(slot_origin)};
  }
};

}  // namespace maskscope
