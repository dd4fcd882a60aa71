// Boxes of objects as a text. As DetectionTransform in fourm/data/modality_transforms.py.
#pragma once

#include <string>

#include "core/data/crop_settings.h"
#include "core/data/python_json.h"

namespace maskscope {

// file: {"instances": [{"boxes": [x0, y0, x1, y1] of 0 .. 1, "class_name", "score"}]}. Boxes with a score of at least 0.6 that
// share area with the crop, by distance of their corner from the origin: "v0=100 v1=100 v2=500 v3=633 boat v0=…".
// Throws ContentError naming the instance.
std::string detection_text(const PythonJson& file, const CropSettings& crop, PixelSize picture);

}  // namespace maskscope
