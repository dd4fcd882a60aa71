// Stage 2 for grids of tokens: which slots are input, target, discarded. As image_mask in fourm/data/masking.py.
#pragma once

#include <cstdint>

#include "core/view.h"
#include "kernels/group.h"
#include "kernels/philox_draws.h"
#include "kernels/stages/slot_arrays.h"

namespace maskscope {

struct ImageMaskRequest {
  std::uint32_t modality_id = 0;
  std::int32_t input_budget = 0;  // >= 0
  TokenBudget target_budget;
};

// slots: (num_tokens) each; the masks and the attention are written. noise: scratch for num_tokens draws, rounded up
// to a multiple of 4.
// The reference sorts the noise: slot i is input iff shuffle[i] < input_budget, where shuffle = argsort(noise). Read
// the other way, draw j has its class (input, target, neither) at the slot rank(noise[j]). Nothing needs sorting, and the
// largest class no ranks: its slots are those that are left.
template <Group G, class Draws>
MASKSCOPE_HD void image_mask(G& group, Draws& draws, const ImageMaskRequest& request, const SlotArrays& slots,
                             View<std::uint32_t> noise) {
  const auto num_tokens = static_cast<std::int32_t>(slots.input_mask.size);
  const TokenBudget target = request.target_budget;
  const std::int32_t num_input = request.input_budget < num_tokens ? request.input_budget : num_tokens;
  const std::int64_t wanted_end = std::int64_t{request.input_budget} + target.tokens;
  const std::int32_t target_end =
      !target.is_limited || wanted_end > num_tokens ? num_tokens : static_cast<std::int32_t>(wanted_end);
  const std::int32_t num_target = target_end - num_input, num_neither = num_tokens - target_end;
  const bool is_most_input = num_input >= num_target && num_input >= num_neither;
  const bool is_most_target = !is_most_input && num_target >= num_neither;
  const std::int32_t skip_begin = is_most_input ? 0 : is_most_target ? num_input : target_end;
  const std::int32_t skip_end = is_most_input ? num_input : is_most_target ? target_end : num_tokens;

  group.fill(slots.input_mask, static_cast<std::uint8_t>(!is_most_input));
  group.fill(slots.target_mask, static_cast<std::uint8_t>(!is_most_target));
  group.fill(slots.decoder_attention_mask, 0);
  std::uint8_t* const input_mask = slots.input_mask.data;
  std::uint8_t* const target_mask = slots.target_mask.data;
  if (skip_end - skip_begin < num_tokens || Draws::is_stream) {
    draws.rand24(group, {DrawPurpose::image_noise, request.modality_id, 0}, num_tokens, noise);
    group.for_each_rank(noise.subview(0, num_tokens), skip_begin, skip_end, [=](std::int32_t j, std::int32_t slot) {
      input_mask[slot] = j >= num_input;
      target_mask[slot] = j < num_input || j >= target_end;
    });
  }
  if (num_target > 0) {
    const std::int32_t first = group.find_first(num_tokens, [=](std::int32_t i) { return target_mask[i] == 0; });
    group.once([&] { slots.decoder_attention_mask[first] = num_target; });
  }
}

// All tokens are input, or all are target: nothing is drawn. As input_image and target_image of TransferMasking.
template <Group G>
MASKSCOPE_HD void whole_grid(G& group, bool is_input, const SlotArrays& slots) {
  group.fill(slots.input_mask, static_cast<std::uint8_t>(!is_input));
  group.fill(slots.target_mask, static_cast<std::uint8_t>(is_input));
  group.fill(slots.decoder_attention_mask, 0);
  if (!is_input) group.once([&] { slots.decoder_attention_mask[0] = static_cast<std::int32_t>(slots.target_mask.size); });
}

}  // namespace maskscope
