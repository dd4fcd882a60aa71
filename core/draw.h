// Named draws: every random number has a name (seed, sample, modality, purpose, attempt, index) and is a pure
// function of it, so any sample of any batch can be recomputed alone, on any backend, in any order.
//
// FROZEN: draw_naming_version 1. The same seed gives the same mask next year; sessions and dumps carry
// the version. Whoever changes the packing below raises the version.
//   key            = (seed low word, seed high word)
//   counter word 0 = index / 4 (the draw is word index % 4 of the block) for vectors of 24-bit draws;
//                    the number of the block within the draw for gamma variates and integers
//   counter word 1 = attempt
//   counter word 2 = sample, low 32 bits
//   counter word 3 = purpose << 24 | modality id << 8 | sample, bits 32..39
// Modalities are named by their id, not their position: adding one leaves the masks of the others alone.
#pragma once

#include <cstdint>

#include "core/host_device.h"
#include "core/philox.h"

namespace maskscope {

constexpr int draw_naming_version = 1;
constexpr std::uint64_t max_sample_index = (std::uint64_t{1} << 40) - 1;

enum class DrawPurpose : std::uint32_t {
  component = 1,         // mixture component; modality 0
  num_input_tokens = 2,  // modality 0
  num_target_tokens = 3, // modality 0
  input_budget = 4,      // gamma variates; attempt = try << 20 | vector (0: p itself, e + 1: extra draw e)
  target_budget = 5,     // likewise
  image_noise = 6,       // rand24, index = token
  keep_probability = 7,  // uniform or choice
  span = 8,              // rand24, index = token, attempt = redraw number
  target_window = 9,     // randint over sentinels
  decoder_order = 10,    // one 32-bit key per modality; ascending key = concatenation order, ties by scheme position
  // Before masking (core/named_transform_draws.h); modality 0, attempt = number of the draw of this purpose in the sample.
  palette_length = 11,   // integer
  crop_row = 12,         // integer
  caption_choice = 13,   // integer
  pose_order = 14,       // permutation, one for each person kept
  metadata_order = 15,   // permutation
  crop_shape = 16,       // rand24: area and ratio of random resized crops
  crop_offset = 17,      // integer
  flip = 18,             // uniform
};

struct DrawName {
  DrawPurpose purpose{};
  std::uint32_t modality_id = 0;  // 0 .. 2^15 - 1
  std::uint32_t attempt = 0;
};

// The draws of one sample: a seed and the sample's number, 0 .. max_sample_index.
struct SampleDraws {
  std::uint64_t seed = 0;
  std::uint64_t sample = 0;

  MASKSCOPE_HD constexpr PhiloxBlock block(DrawName name, std::uint32_t index) const {
    return philox4x32_10({{index, name.attempt, static_cast<std::uint32_t>(sample),
                           static_cast<std::uint32_t>(name.purpose) << 24 | (name.modality_id & 0x7fffu) << 8 |
                               (static_cast<std::uint32_t>(sample >> 32) & 0xffu)}},
                         {{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}});
  }
  // Draw number index of a vector: an integer k, 0 <= k < 2^24; the uniform is k / 2^24 as in torch.rand.
  MASKSCOPE_HD constexpr std::uint32_t rand24(DrawName name, std::uint32_t index) const {
    return block(name, index / 4).word[index % 4] >> 8;
  }
};

}  // namespace maskscope
