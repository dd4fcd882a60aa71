// The document: everything a session is made of. A value: copied by undo, written to session files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/inputs.h"
#include "core/scheme.h"

namespace maskscope {

// Where random numbers come from.
enum class RandomSource : std::uint8_t {
  named,  // counter-based, every draw a name (docs/draws.md); on every backend
  torch,  // the generators of PyTorch, Python and NumPy after seeding: the masks of a notebook. CPU only
};

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
