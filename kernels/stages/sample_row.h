// One sample's row of the arrays of MaskedBatch (core/masked_batch.h says what they hold), as pointers that a stage
// can write on the host or on a GPU.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/host_device.h"
#include "core/masked_batch.h"

namespace maskscope {

struct SampleRow {
  std::int32_t* component;
  std::int32_t* num_input_tokens;
  std::int32_t* num_target_tokens;
  std::uint8_t* budget_flags;
  std::int32_t* input_budget;
  std::int32_t* target_budget;
  std::int32_t* tensor;
  std::uint8_t* input_mask;
  std::uint8_t* target_mask;
  std::int32_t* decoder_attention_mask;
  std::int32_t* slot_origin;
  double* keep_probability;
  std::int32_t* num_attempts;
  std::int32_t* uncut_target_tokens;
  std::int32_t* target_window_begin;
  std::int32_t* encoder_source;
  std::uint8_t* encoder_mask;
  std::int16_t* encoder_modality;
  std::int32_t* encoder_valid;
  std::int32_t* decoder_order;
  std::int32_t* decoder_source;
  std::uint8_t* decoder_mask;
  std::int16_t* decoder_modality;
  std::int32_t* target_ids;
  std::int32_t* decoder_attention;
  std::int16_t* decoder_attention_modality;
  std::int32_t* decoder_valid;
};
constexpr int num_sample_arrays = 27;
static_assert(sizeof(SampleRow) == num_sample_arrays * sizeof(void*), "one pointer per array of visit_arrays");

// Elements per sample of the arrays above.
struct RowShape {
  std::int32_t num_modalities = 0;  // K
  std::int32_t num_slots = 0;       // T
  std::int32_t encoder_slots = 0;   // N'
  std::int32_t decoder_slots = 0;   // M'
};

inline RowShape row_shape(const MaskedBatch& batch) {
  return {batch.num_modalities, batch.num_slots, batch.encoder_slots, batch.decoder_slots};
}

// base points to row 0 of every array; the result to row sample.
MASKSCOPE_HD inline SampleRow row_of(const SampleRow& base, const RowShape& shape, std::size_t sample) {
  const std::size_t k = sample * static_cast<std::size_t>(shape.num_modalities);
  const std::size_t t = sample * static_cast<std::size_t>(shape.num_slots);
  const std::size_t n = sample * static_cast<std::size_t>(shape.encoder_slots);
  const std::size_t m = sample * static_cast<std::size_t>(shape.decoder_slots);
  return {.component = base.component + sample,
          .num_input_tokens = base.num_input_tokens + sample,
          .num_target_tokens = base.num_target_tokens + sample,
          .budget_flags = base.budget_flags + sample,
          .input_budget = base.input_budget + k,
          .target_budget = base.target_budget + k,
          .tensor = base.tensor + t,
          .input_mask = base.input_mask + t,
          .target_mask = base.target_mask + t,
          .decoder_attention_mask = base.decoder_attention_mask + t,
          .slot_origin = base.slot_origin + t,
          .keep_probability = base.keep_probability + k,
          .num_attempts = base.num_attempts + k,
          .uncut_target_tokens = base.uncut_target_tokens + k,
          .target_window_begin = base.target_window_begin + k,
          .encoder_source = base.encoder_source + n,
          .encoder_mask = base.encoder_mask + n,
          .encoder_modality = base.encoder_modality + n,
          .encoder_valid = base.encoder_valid + sample,
          .decoder_order = base.decoder_order + k,
          .decoder_source = base.decoder_source + m,
          .decoder_mask = base.decoder_mask + m,
          .decoder_modality = base.decoder_modality + m,
          .target_ids = base.target_ids + m,
          .decoder_attention = base.decoder_attention + m,
          .decoder_attention_modality = base.decoder_attention_modality + m,
          .decoder_valid = base.decoder_valid + sample};
}

// Row 0 of a batch on the host.
SampleRow first_row(MaskedBatch& batch);

}  // namespace maskscope
