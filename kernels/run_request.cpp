#include "kernels/run_request.h"

#include "core/draw.h"
#include "core/error.h"

namespace maskscope {

void check_request(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws) {
  if (draws.batch_size < 0) {
    throw Error(cat("The batch size is ", draws.batch_size, ". Give a number that is not negative."));
  }
  if (draws.batch_size == 0) return;
  if (samples.count < 1) throw Error("There is no sample to mask. Open an image or a text first.");
  if (samples.num_modalities != plan.scheme.num_modalities() || samples.tokens_per_sample != plan.packed_tokens) {
    throw Error(cat("The samples were prepared for a scheme of ", samples.num_modalities, " modalities and ",
                    samples.tokens_per_sample, " tokens, but this one has ", plan.scheme.num_modalities(), " and ",
                    plan.packed_tokens, ". Prepare them again for this scheme."));
  }
  const auto last_row = static_cast<std::uint64_t>(draws.batch_size) - 1;
  if (draws.first_sample > max_sample_index || last_row > max_sample_index - draws.first_sample) {
    throw Error(cat("Samples ", draws.first_sample, " to ", draws.first_sample + last_row,
                    " were asked for, but samples are numbered from 0 to ", max_sample_index,
                    ". Choose a smaller first sample."));
  }
}

void throw_sample_error(const MaskingPlan& plan, DrawRange draws, std::size_t row, SampleError error) {
  const std::string where = cat("Sample ", draws.first_sample + row, ", modality ",
                                plan.scheme.modalities[static_cast<std::size_t>(error.modality)].modality.name, ": ");
  switch (error.error) {
    case SpanError::too_few_sentinels:
      throw Error(cat(where, "span masking made more masked runs than the vocabulary has sentinels for. It has ",
                      plan.vocabulary.sentinel_ids.size(),
                      " ([S_0] is never used, and the target ends with one). Use a shorter text, a smaller max_tokens "
                      "or a tokenizer with more sentinels."));
    case SpanError::target_does_not_fit:
      throw Error(cat(where, "the input budget and the target are longer together than the tensor. Lower the input "
                             "budget to max_tokens or less."));
    case SpanError::none: break;
  }
  throw Error(cat(where, "masking failed for an unknown reason."));
}

}  // namespace maskscope
