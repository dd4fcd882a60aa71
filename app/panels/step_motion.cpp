#include "app/panels/step_motion.h"

#include <algorithm>
#include <cstdint>

namespace maskscope {
namespace {

// Of a step's time, how much later the last token starts than the first one.
constexpr float stagger = 0.4f;

// 0 .. 1, the same for the same number on every machine.
float ragged(int number) {
  const std::uint32_t mixed = (static_cast<std::uint32_t>(number) + 1u) * 2654435761u;
  return static_cast<float>(mixed >> 16) / 65535.0f;
}

float part_of(int index, int count) { return static_cast<float>(index) / static_cast<float>(std::max(count - 1, 1)); }

}  // namespace

float share_of_step(const StepView& steps, int step) { return std::clamp(steps.position - static_cast<float>(step), 0.0f, 1.0f); }

float staggered(float share, float delay) { return std::clamp((share - stagger * delay) / (1.0f - stagger), 0.0f, 1.0f); }

float eased_out(float progress) {
  const float left = 1.0f - progress;
  return 1.0f - left * left * left;
}

float eased_in_out(float progress) { return progress * progress * (3.0f - 2.0f * progress); }

float row_delay(int slot, int num_slots) { return 0.8f * part_of(slot, num_slots) + 0.2f * ragged(slot); }

float fate_delay(Fate fate, int index, int count) {
  const float turn = fate == Fate::discarded ? 2.0f : fate == Fate::decoder ? 1.0f : 0.0f;
  return (turn + 0.7f * part_of(index, count) + 0.3f * ragged(index)) / 3.0f;
}

std::vector<Fate> fates_at_step(const MaskedFrame& frame, const StepView& steps, int modality) {
  const SampleMasks masks = frame.masks();
  std::vector<Fate> fates = source_fates(masks, modality);
  if (steps.position >= 5.0f) return fates;
  std::fill(fates.begin(), fates.end(), Fate::discarded);
  const Modality& info = frame.scheme.modalities[static_cast<std::size_t>(modality)].modality;
  for (int slot = 0; slot < info.num_slots() && !fates.empty(); ++slot) {
    const std::int32_t origin = masks.slot_value(frame.batch.slot_origin, modality, slot);
    if (origin < 0 || static_cast<std::size_t>(origin) >= fates.size()) continue;
    Fate& fate = fates[static_cast<std::size_t>(origin)];
    if (!masks.slot_value(frame.batch.target_mask, modality, slot)) fate = Fate::decoder;
    if (!masks.slot_value(frame.batch.input_mask, modality, slot)) fate = Fate::encoder;
  }
  return fates;
}

}  // namespace maskscope
