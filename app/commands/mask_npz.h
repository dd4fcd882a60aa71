// The masks of one sample as the members of an .npz: what `maskscope mask --format npz` writes and a training loop saves.
#pragma once

#include <vector>

#include "app/masked_frame.h"
#include "core/data/npz.h"

namespace maskscope {

// Per modality tensor (int32; -1: an id, or a pixel, that is not known; seq_emb: the row that stands in the slot, -1: zeros),
// input_mask and target_mask (bool), decoder_attention_mask (int32), each (slots), and type (text). docs/dumps.md.
std::vector<NpzMember> npz_members(const MaskedFrame& frame);

}  // namespace maskscope
