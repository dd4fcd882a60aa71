// A decoded 8-bit colour picture: what image files become and what cards are drawn from.
#pragma once

#include <cstdint>
#include <vector>

namespace maskscope {

// Example: the red value of column x, row y is rgb[(y * width + x) * 3].
struct Picture {
  int width = 0;                  // pixels
  int height = 0;                 // pixels
  std::vector<std::uint8_t> rgb;  // (height, width, 3) sRGB, row 0 on top
};

}  // namespace maskscope
