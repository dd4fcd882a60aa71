// Stage 6: who may attend to whom. As adapt_decoder_attention_mask and forward_mask_encoder in fourm/models/fm.py.
// Polarity as everywhere: 1 = may not attend.
#pragma once

#include <cstdint>

#include "core/view.h"
#include "kernels/group.h"

namespace maskscope {

// The defaults of FourM.
struct AttentionOptions {
  bool is_causal = false;   // decoder_causal_mask: every slot sees itself and those before it
  bool is_separate = true;  // decoder_sep_mask: and only slots of its own modality
};

struct AttentionOutput {
  View<std::int32_t> reach;               // (M') scratch and result: columns 0 .. reach - 1 are in sight of the row
  View<std::uint8_t> attention_mask;      // (M', M') row = query
  View<std::uint8_t> attends_to_nothing;  // (M') 1: a softmax over the row has nothing to weigh
};

// decoder_attention, decoder_attention_modality: (M') as in MaskedBatch, the modalities those BEFORE ignored slots lose
// theirs. M'^2 < 2^31. Returns the number of rows that can attend to nothing: the reference fills with the smallest finite
// number and weighs them all alike; an implementation that fills with -infinity gets NaN.
// Example: attention 2 0 1 -> reach 2 2 3, so row 0 sees columns 0 and 1.
template <Group G>
MASKSCOPE_HD std::int32_t full_decoder_attention(G& group, AttentionOptions options,
                                                 View<const std::int32_t> decoder_attention,
                                                 View<const std::int16_t> decoder_attention_modality,
                                                 const AttentionOutput& out) {
  const auto num_slots = static_cast<std::int32_t>(decoder_attention.size);
  const std::int32_t* const attention = decoder_attention.data;
  const std::int16_t* const modality = decoder_attention_modality.data;
  std::int32_t* const reach = out.reach.data;
  if (options.is_causal) {
    group.for_each_index(num_slots, [=](std::int32_t r) { reach[r] = r + 1; });
  } else {
    group.exclusive_scan(
        num_slots, [=](std::int32_t r) { return static_cast<std::uint64_t>(attention[r]); },
        [=](std::int32_t r, std::uint64_t before) {
          const std::uint64_t sum = before + static_cast<std::uint64_t>(attention[r]);
          const auto most = static_cast<std::uint64_t>(num_slots);
          reach[r] = static_cast<std::int32_t>(sum < most ? sum : most);
        });
  }

  // Stretches of a row rather than single entries, so that a CPU's loop over columns becomes vector code.
  constexpr std::int32_t stretch = 64;
  const std::int32_t stretches_per_row = (num_slots + stretch - 1) / stretch;
  const bool is_separate = options.is_separate;
  std::uint8_t* const matrix = out.attention_mask.data;
  group.for_each_index(num_slots * stretches_per_row, [=](std::int32_t i) {
    const std::int32_t r = i / stretches_per_row;
    const std::int32_t begin = i % stretches_per_row * stretch;
    const std::int32_t end = begin + stretch < num_slots ? begin + stretch : num_slots;
    std::uint8_t* const row = matrix + r * num_slots;
    const std::int32_t own_reach = reach[r];
    const std::int16_t own_modality = modality[r];
    for (std::int32_t c = begin; c < end; ++c) {
      row[c] = static_cast<std::uint8_t>(static_cast<int>(c >= own_reach) |
                                         (static_cast<int>(is_separate) & static_cast<int>(modality[c] != own_modality)));
    }
  });

  std::uint8_t* const attends_to_nothing = out.attends_to_nothing.data;
  group.for_each_index(num_slots, [=](std::int32_t r) {
    const std::uint8_t* const row = matrix + r * num_slots;
    std::uint8_t is_blind = 1;
    for (std::int32_t c = 0; c < reach[r]; ++c) is_blind &= row[c];
    attends_to_nothing[r] = is_blind;
  });
  return static_cast<std::int32_t>(
      group.reduce_sum(num_slots, [=](std::int32_t r) { return std::uint64_t{attends_to_nothing[r]}; }));
}

// The decoder's cross attention and the encoder's self attention: register tokens, always valid, then encoder_mask.
// encoder_mask: (N'). attention_mask: (R + N') out.
template <Group G>
MASKSCOPE_HD void encoder_attention(G& group, std::int32_t num_register_tokens, View<const std::uint8_t> encoder_mask,
                                    View<std::uint8_t> attention_mask) {
  const std::uint8_t* const mask = encoder_mask.data;
  std::uint8_t* const out = attention_mask.data;
  group.for_each_index(num_register_tokens + static_cast<std::int32_t>(encoder_mask.size), [=](std::int32_t i) {
    out[i] = i < num_register_tokens ? std::uint8_t{0} : mask[i - num_register_tokens];
  });
}

}  // namespace maskscope
