// The slots of the encoder or the decoder in a row, as axes of matrices show them: what stands in each, and its name.
#pragma once

#include <string>
#include <vector>

#include "app/masked_frame.h"
#include "core/passport.h"

namespace maskscope {

// Most slots a side that matrices are drawn for: a picture of 2048 x 2048 is 12 MB.
constexpr int max_axis_slots = 2048;

struct AxisSlot {
  // In the decoder the token to predict, as everywhere in the window. Invalid: an ignored slot.
  TokenIdentity token;
  int modality = -1;  // scheme position, also of ignored slots: that of the tensor slot that was selected
  bool is_ignored = false;
};

struct SlotAxis {
  bool is_encoder = false;
  std::vector<AxisSlot> slots;
  int num_slots() const { return static_cast<int>(slots.size()); }
  int num_ignored() const;
  // The slot of a token; -1 when it is in none.
  int find(TokenIdentity token) const;
};

// Throws Error when there are over max_axis_slots.
SlotAxis slot_axis(const MaskedFrame& frame, bool is_encoder);

// 'caption “##here”', "tok_depth@224 (5, 11)", "ignored slot".
std::string slot_title(const MaskedFrame& frame, const AxisSlot& slot);
// The same without the modality, "–" for an ignored slot.
std::string slot_label(const MaskedFrame& frame, const AxisSlot& slot);
// What stands in a decoder slot as input, where it is not what must be predicted: a text's own token. Else empty.
std::string held_label(const MaskedFrame& frame, int decoder_slot);

// Tells frames apart from one frame of the window to the next, so that what was computed from one is kept.
struct FrameKey {
  std::uint64_t revision = 0;
  const MaskedFrame* frame = nullptr;
  const void* arrays = nullptr;
  std::uint64_t seed = 0, sample_index = 0;
  bool operator==(const FrameKey&) const = default;
};
FrameKey key_of(const MaskedFrame& frame, std::uint64_t revision);

}  // namespace maskscope
