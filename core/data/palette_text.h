// Colours as a text. As ColorPaletteTransform in fourm/data/modality_transforms.py.
#pragma once

#include <string>

#include "core/data/python_json.h"

namespace maskscope {

constexpr int most_palette_colours = 7;

// file: [{"1": [[r, g, b]], …, "7": […]}]. length: 1 .. 7. Example: length 1 gives "v1=1 v0=48 v0=169 v0=213".
// Throws ContentError when the palette of this length is missing or is no list of numbers.
std::string palette_text(const PythonJson& file, int length, Findings& findings);

}  // namespace maskscope
