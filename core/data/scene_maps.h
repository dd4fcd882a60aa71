// The pictures derived from the traced scene: depth and normals in colour, edges.
#pragma once

#include "core/data/picture.h"
#include "core/data/scene_math.h"

#include <vector>

namespace maskscope::scene {

// depth: (size, size) > 0, any unit. Inverse depth between the nearest and the farthest pixel, on a ramp whose
// lightness rises steadily from far (dark blue) to near (pale yellow).
Picture depth_picture(const std::vector<float>& depth, int size);

// normals: (size, size, 3) unit vectors. n * 0.5 + 0.5.
Picture normal_picture(const std::vector<float>& normals, int size);

// Canny's detector on several maps at once: rgb (size, size, 3), normals (size, size, 3), depth (size, size) and
// segment colours (size, size, 3). A pixel lies on an edge where the strongest change of all maps together has its
// crest; a crest counts if it is strong, or hangs together with a strong one.
Picture edge_picture(const Picture& rgb, const std::vector<float>& normals, const std::vector<float>& depth,
                     const Picture& segments);

}  // namespace maskscope::scene
