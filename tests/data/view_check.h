// Whether a loaded sample is what the reference's loader made of it.
#pragma once

#include <nlohmann/json.hpp>

#include "core/data/sample_view.h"

namespace maskscope::test {

// The tolerances of the recording: a format of ours is compared with.
struct PixelTolerance {
  int pixel = 1;
  double block_mean = 0.1, channel = 0.001;
};
inline constexpr PixelTolerance lossless_tolerance{1, 0.1, 0.001}, jpeg_tolerance{4, 1.5, 0.01};

// recorded: one modality of a view of loaded.json.
void check_modality(const ModalityView& view, const nlohmann::json& recorded, const CropSettings* crop, PixelTolerance tolerance);

}  // namespace maskscope::test
