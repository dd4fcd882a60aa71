// Stages 3 to 5 for masks that were made elsewhere: what a training loop's loader made is taken as it is, and concatenated,
// selected and zeroed as the model does (kernels/stages/select.h).
//
// A loader's batch does not say everything a MaskedBatch holds. What is put in its place:
//   budgets        the numbers of used slots; component 0, no flags
//   decoder order  see DecoderOrder
//   text           put together again from input and target: every run of the target goes where its sentinel stands in the
//                  input (runs without such a place behind it, in their order). A run that was cut away leaves no trace, so the
//                  text may be shorter than it was; [S_k] that stand in the text itself count as sentinels.
//   slot_origin    the place in that text, or the sentinel
//   keep_probability, num_attempts   0: not known
//   target window  all that there is of the target: uncut_target_tokens is its length, it begins at 0
#pragma once

#include <cstdint>
#include <optional>

#include "core/draw.h"
#include "core/masked_batch.h"
#include "core/sample.h"
#include "core/view.h"
#include "kernels/plan.h"

namespace maskscope {

// One sample's content masks, T slots in the order of the plan.
struct GivenMasks {
  View<const std::int32_t> tensor;       // ids, negative: unknown. seq_emb: not looked at
  View<const std::uint8_t> input_mask;   // 1 = do not use
  View<const std::uint8_t> target_mask;
  View<const std::int32_t> decoder_attention_mask;  // negative counts as 0
};

// The reference's model shuffles the modalities of the decoder when it gets the batch: no loader knows the order.
enum class DecoderOrder : std::uint8_t {
  scheme,  // as they stand in the scheme
  drawn,   // by the named draws that mask_sample would use (core/draw.h)
};

struct GivenSample {
  Sample sample;      // as far as it can be put together; key is left empty
  MaskedBatch masks;  // of one
};

// draws: of DecoderOrder::drawn. Throws Error when the masks are not T slots each. Masks that break the scheme's rules are
// taken as they are; a text with more used slots than max_tokens shows those beyond as its last token.
GivenSample select_given_masks(const MaskingPlan& plan, const GivenMasks& given, DecoderOrder order, SampleDraws draws = {});

}  // namespace maskscope
