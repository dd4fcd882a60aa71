// What the bundled scene says about itself: its caption and its detection string.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/data/demo_scene.h"

namespace maskscope::scene {

// objects: from left to right, with their depths (metres, where they stand) in the same order. Example: "a red apple
// in front of a blue vase, a yellow clock beside a green bottle and a pink donut on a wooden floor by a grey wall".
std::string caption_of(const std::vector<DemoObject>& objects, const std::vector<float>& depths,
                       std::string_view floor, std::string_view wall_colour);

// As 4M writes `det`; objects without a COCO class are left out.
std::string detections_of(const std::vector<DemoObject>& objects);

}  // namespace maskscope::scene
