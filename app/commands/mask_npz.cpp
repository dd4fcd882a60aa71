#include "app/commands/mask_npz.h"

#include "core/error.h"

namespace maskscope {
namespace {

// Part of a (B, T) array of a batch of one that belongs to one modality.
template <class T>
std::vector<T> slots_of(const MaskedBatch& batch, const std::vector<T>& values, std::size_t modality) {
  return {values.begin() + batch.slot_offset[modality], values.begin() + batch.slot_offset[modality + 1]};
}

}  // namespace

std::vector<NpzMember> npz_members(const MaskedFrame& frame) {
  const MaskedBatch& batch = frame.batch;
  std::vector<NpzMember> members;
  for (std::size_t m = 0; m < frame.scheme.modalities.size(); ++m) {
    const Modality& modality = frame.scheme.modalities[m].modality;
    const auto add = [&](const char* field, NpyArray array) { members.push_back({cat(modality.name, '/', field), std::move(array)}); };
    const std::vector<std::int64_t> shape{modality.num_slots()};
    add("tensor", npy_from(slots_of(batch, batch.tensor, m), shape));
    add("input_mask", npy_from(slots_of(batch, batch.input_mask, m), shape, NpyKind::boolean));
    add("target_mask", npy_from(slots_of(batch, batch.target_mask, m), shape, NpyKind::boolean));
    add("decoder_attention_mask", npy_from(slots_of(batch, batch.decoder_attention_mask, m), shape));
    add("type", npy_from(to_string(modality.kind)));
  }
  return members;
}

}  // namespace maskscope
