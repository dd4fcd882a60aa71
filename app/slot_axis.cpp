#include "app/slot_axis.h"

#include <algorithm>

#include "app/i18n/translate.h"
#include "app/token_label.h"
#include "core/error.h"

namespace maskscope {
namespace {

int modality_of_tensor_slot(const MaskedBatch& batch, std::int32_t slot) {
  const auto after = std::upper_bound(batch.slot_offset.begin(), batch.slot_offset.end(), slot);
  return static_cast<int>(after - batch.slot_offset.begin()) - 1;
}

const Modality& modality_of(const MaskedFrame& frame, int modality) {
  return frame.scheme.modalities[static_cast<std::size_t>(modality)].modality;
}

}  // namespace

int SlotAxis::num_ignored() const {
  return static_cast<int>(std::count_if(slots.begin(), slots.end(), [](const AxisSlot& slot) { return slot.is_ignored; }));
}

int SlotAxis::find(TokenIdentity token) const {
  if (!token.is_valid()) return -1;
  const auto found = std::find_if(slots.begin(), slots.end(), [&](const AxisSlot& slot) { return slot.token == token; });
  return found == slots.end() ? -1 : static_cast<int>(found - slots.begin());
}

SlotAxis slot_axis(const MaskedFrame& frame, bool is_encoder) {
  const MaskedBatch& batch = frame.batch;
  const int count = is_encoder ? batch.encoder_slots : batch.decoder_slots;
  if (count > max_axis_slots) {
    throw Error(fill(is_encoder ? tr("The encoder has {0} slots; this view draws at most {1}. Choose fewer input tokens.")
                                : tr("The decoder has {0} slots; this view draws at most {1}. Choose fewer target tokens."),
                     count, max_axis_slots));
  }
  const SampleMasks masks = frame.masks();
  const std::vector<std::int32_t>& source = is_encoder ? batch.encoder_source : batch.decoder_source;
  const std::vector<std::uint8_t>& is_ignored = is_encoder ? batch.encoder_mask : batch.decoder_mask;
  SlotAxis axis;
  axis.is_encoder = is_encoder;
  axis.slots.reserve(static_cast<std::size_t>(count));
  for (int slot = 0; slot < count; ++slot) {
    const auto at = static_cast<std::size_t>(slot);
    axis.slots.push_back({is_encoder ? token_in_encoder_slot(masks, slot) : token_in_decoder_slot(masks, slot),
                          modality_of_tensor_slot(batch, source[at]), is_ignored[at] != 0});
  }
  return axis;
}

std::string slot_label(const MaskedFrame& frame, const AxisSlot& slot) {
  return slot.token.is_valid() ? token_label(frame, slot.token.modality, slot.token.origin) : "–";
}

std::string slot_title(const MaskedFrame& frame, const AxisSlot& slot) {
  if (!slot.token.is_valid()) return tr("ignored slot");
  const Modality& info = modality_of(frame, slot.token.modality);
  const std::string label = slot_label(frame, slot);
  return has_spans_in_decoder(info.kind) ? cat(info.name, " “", label, "”") : cat(info.name, ' ', label);
}

std::string held_label(const MaskedFrame& frame, int decoder_slot) {
  const MaskedBatch& batch = frame.batch;
  const auto at = static_cast<std::size_t>(decoder_slot);
  const std::int32_t source = batch.decoder_source[at];
  const int modality = modality_of_tensor_slot(batch, source);
  if (batch.decoder_mask[at] || !has_spans_in_decoder(modality_of(frame, modality).kind)) return "";
  return token_label(frame, modality, batch.slot_origin[static_cast<std::size_t>(source)]);
}

FrameKey key_of(const MaskedFrame& frame, std::uint64_t revision) {
  return {revision, &frame, frame.batch.tensor.data(), frame.seed, frame.sample_index};
}

}  // namespace maskscope
