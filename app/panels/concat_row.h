// The concatenated row of one side, slot by slot, and where selection puts every slot of it: what the steps between the
// content masks and the finished strips show. Worked out from the masks alone; the kernels never need it as a whole.
#pragma once

#include <cstdint>
#include <vector>

#include "app/panels/view_state.h"
#include "core/passport.h"

namespace maskscope {

struct ConcatSlot {
  // What stands here; in the decoder, what must be predicted here. Invalid: padding.
  TokenIdentity token;
  std::int32_t packed_slot = -1;  // encoder slot 0 .. N' - 1 or decoder slot 0 .. M' - 1, as an ignored one where is_used is false; -1: falls away
  bool is_used = false;           // 0 in the content mask of this side
  bool is_cut() const { return is_used && packed_slot < 0; }  // used, but beyond the N / M slots
};

// The slots of one modality: begin .. end - 1.
struct ConcatBand {
  int modality = -1;
  int begin = 0, end = 0;
};

struct ConcatRow {
  std::vector<ConcatSlot> slots;  // (O) or (P)
  std::vector<ConcatBand> bands;  // in concatenation order; the decoder's is the drawn one
  int num_used = 0;               // before the cut
  int num_cut = 0;
  int num_kept = 0;               // N' or M'
  int num_tokens = 0;             // slots that hold a token, used or not
  int num_slots() const { return static_cast<int>(slots.size()); }
};

// Fills the row anew; its memory is used again. As cat_encoder_tensors / cat_decoder_tensors and the selection of
// forward_mask_encoder / forward_mask_decoder in fourm/models/fm.py.
void make_concat_row(const SampleMasks& masks, PackedSide side, ConcatRow& row);

// The band a slot belongs to; slot 0 .. num_slots() - 1.
const ConcatBand& band_of(const ConcatRow& row, int slot);
// (num_packed) which slot of the row stands in each packed slot; -1: none.
std::vector<int> slots_by_packed(const ConcatRow& row, int num_packed);

}  // namespace maskscope
