// Numbers about a picture as short texts, one a chunk. As MetadataTransform in fourm/data/modality_transforms.py.
#pragma once

#include <string>
#include <vector>

#include "core/data/python_json.h"
#include "core/transform_draws.h"

namespace maskscope {

// file: an object name -> number. Each entry becomes "v1=<number of its name> v0=<bin>", in the drawn order. An entry of a
// whole number that is written with a point keeps it ("v0=3.0"), which splits into several tokens: a finding.
// Throws ContentError naming the entry: an unknown name, no number.
std::vector<std::string> metadata_chunks(const PythonJson& file, TransformDraws& draws, Findings& findings);

}  // namespace maskscope
