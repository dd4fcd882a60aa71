// The scheme that a dumped batch can be looked at with: what the file says of its modalities, and nothing invented.
#pragma once

#include <optional>

#include "core/data/batch_dump.h"
#include "core/scheme.h"

namespace maskscope {

// Slots of the model, which the loader does not know and the file can't tell; 1 .. 2^20. absent: as many as the sample with the
// most used slots needs, so that nothing is cut.
struct ModelSlots {
  std::optional<int> encoder, decoder;
};

// Modalities as in the built-in table where the name is known there, with the sizes of the file; others are of the file's kind
// and form. Every modality is in both domains. The mode is direct, with the largest counts of used slots as budgets: those that
// were drawn are not in the file.
Scheme scheme_of_dump(const BatchDump& dump, const ModelSlots& slots = {});

}  // namespace maskscope
