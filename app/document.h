// The document: everything a session is made of. A value: copied by undo, written to session files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/inputs.h"
#include "core/scheme.h"

namespace maskscope {

struct Document {
  InputSpec inputs;
  Scheme scheme;                         // all modalities, also those this sample has no content for
  std::vector<std::string> disabled;     // modality names switched off by hand, sorted
  RandomSource random = RandomSource::named;
  std::uint64_t seed = 42;
  // Which draw of this sample: the number in the draws' names; for torch, how often the sample was masked before.
  std::uint64_t sample_index = 0;
  bool operator==(const Document&) const = default;
};

Document default_document();

}  // namespace maskscope
