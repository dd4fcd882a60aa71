#include "kernels/run_request.h"

#include <array>
#include <cmath>
#include <limits>
#include <new>
#include <stdexcept>

#include "core/draw.h"
#include "core/error.h"
#include "kernels/batch_parts.h"
#include "kernels/host_memory.h"

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

void allocate_masks(const MaskingPlan& plan, int batch_size, MaskedBatch& masks) {
  // Below this, asking the system takes longer than masking.
  constexpr std::size_t bytes_worth_asking = std::size_t{256} << 20;
  MaskedBatch shape;
  shape.resize(plan.scheme, 0);
  const auto num_rows = static_cast<std::size_t>(batch_size);
  const std::size_t row_bytes = bytes_per_row(shape);
  const auto refuse = [&](const std::string& found) {
    throw Error(cat("A batch of ", batch_size, " samples takes ",
                    bytes_text(static_cast<double>(row_bytes) * static_cast<double>(num_rows)), " of memory", found,
                    ". Choose a smaller batch."));
  };
  if (!can_hold(row_bytes, num_rows, bytes_worth_asking)) {
    // What masks holds now is used again or given back.
    std::optional<std::size_t> available = available_host_bytes();
    if (available) *available += masks.size_bytes();
    if (!can_hold(row_bytes, num_rows, available)) {
      refuse(available ? cat(", and ", bytes_text(static_cast<double>(*available)), " are free") : "");
    }
  }
  try {
    masks.resize(plan.scheme, batch_size);
  } catch (const std::bad_alloc&) {
    refuse(", more than there is");
  } catch (const std::length_error&) {
    refuse(", more than there is");
  }
}

bool can_hold(std::size_t bytes_per_row, std::size_t num_rows, std::optional<std::size_t> available) {
  const std::size_t most = available.value_or(std::numeric_limits<std::size_t>::max());
  return bytes_per_row == 0 || num_rows <= most / bytes_per_row;
}

std::string bytes_text(double bytes) {
  constexpr std::array units{"bytes", "KB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  for (; bytes >= 1024.0 && unit + 1 < units.size(); ++unit) bytes /= 1024.0;
  return cat(std::round(bytes * 10.0) / 10.0, " ", units[unit]);
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
