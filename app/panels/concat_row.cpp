#include "app/panels/concat_row.h"

#include <algorithm>

namespace maskscope {
namespace {

void append_modality(const SampleMasks& masks, PackedSide side, int m, ConcatRow& row) {
  const Modality& info = masks.scheme.modalities[static_cast<std::size_t>(m)].modality;
  const MaskedBatch& batch = masks.batch;
  // The decoder predicts the next token of a sequence: one slot fewer, and the token of the slot behind.
  const int shift = side == PackedSide::decoder && has_spans_in_decoder(info.kind) ? 1 : 0;
  const int count = info.num_slots() - shift, begin = row.num_slots();
  row.bands.push_back({m, begin, begin + count});
  const std::vector<std::uint8_t>& content_mask = side == PackedSide::encoder ? batch.input_mask : batch.target_mask;
  for (int slot = 0; slot < count; ++slot) {
    const std::int32_t origin = masks.slot_value(batch.slot_origin, m, slot + shift);
    ConcatSlot entry;
    if (origin != origin::padding) entry.token = {m, origin};
    entry.is_used = !masks.slot_value(content_mask, m, slot) && !masks.slot_value(content_mask, m, slot + shift);
    row.num_used += entry.is_used;
    row.num_tokens += entry.token.is_valid();
    row.slots.push_back(entry);
  }
}

}  // namespace

void make_concat_row(const SampleMasks& masks, PackedSide side, ConcatRow& row) {
  row.slots.clear();
  row.bands.clear();
  row.num_used = row.num_cut = row.num_tokens = 0;
  const int num_modalities = masks.batch.num_modalities;
  if (side == PackedSide::encoder) {
    for (int m = 0; m < num_modalities; ++m) {
      if (masks.scheme.modalities[static_cast<std::size_t>(m)].reaches_encoder()) append_modality(masks, side, m, row);
    }
  } else {
    const std::int32_t* order = masks.batch.decoder_order.data() + static_cast<std::ptrdiff_t>(masks.row) * num_modalities;
    for (int place = 0; place < num_modalities && order[place] >= 0; ++place) append_modality(masks, side, order[place], row);
  }
  const int kept = side == PackedSide::encoder ? masks.batch.encoder_slots : masks.batch.decoder_slots;
  row.num_kept = kept;
  int next_used = 0, next_unused = row.num_used;
  for (ConcatSlot& slot : row.slots) {
    const int place = slot.is_used ? next_used++ : next_unused++;
    slot.packed_slot = place < kept ? place : -1;
    row.num_cut += slot.is_cut();
  }
}

const ConcatBand& band_of(const ConcatRow& row, int slot) {
  return *(std::upper_bound(row.bands.begin(), row.bands.end(), slot, [](int wanted, const ConcatBand& band) { return wanted < band.begin; }) - 1);
}

std::vector<int> slots_by_packed(const ConcatRow& row, int num_packed) {
  std::vector<int> slots(static_cast<std::size_t>(num_packed), -1);
  for (int slot = 0; slot < row.num_slots(); ++slot) {
    const std::int32_t packed = row.slots[static_cast<std::size_t>(slot)].packed_slot;
    if (packed >= 0 && packed < num_packed) slots[static_cast<std::size_t>(packed)] = slot;
  }
  return slots;
}

}  // namespace maskscope
