#include "core/masked_batch.h"

#include <algorithm>

namespace maskscope {

void MaskedBatch::resize(const Scheme& scheme, int new_batch_size) {
  batch_size = new_batch_size;
  num_modalities = scheme.num_modalities();
  slot_offset.assign(1, 0);
  int encoder_concat_slots = 0;
  int decoder_concat_slots = 0;
  for (const SchemeModality& entry : scheme.modalities) {
    const int slots = entry.modality.num_slots();
    slot_offset.push_back(slot_offset.back() + slots);
    if (entry.reaches_encoder()) encoder_concat_slots += slots;
    // The decoder's teacher forcing costs a sequence one slot.
    if (entry.reaches_decoder()) decoder_concat_slots += slots - (has_spans_in_decoder(entry.modality.kind) ? 1 : 0);
  }
  num_slots = slot_offset.back();
  encoder_slots = std::min(scheme.encoder_slots, encoder_concat_slots);
  decoder_slots = std::min(scheme.decoder_slots, decoder_concat_slots);
  visit_arrays(*this, [this](auto& array, int width) {
    array.resize(static_cast<std::size_t>(batch_size) * static_cast<std::size_t>(width));
  });
}

std::size_t MaskedBatch::size_bytes() const {
  std::size_t bytes = slot_offset.size() * sizeof(slot_offset[0]);
  visit_arrays(*this, [&bytes](const auto& array, int) { bytes += array.size() * sizeof(array[0]); });
  return bytes;
}

}  // namespace maskscope
