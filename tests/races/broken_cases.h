// The deliberately broken variants by name.
#pragma once

#include <cstdint>
#include <vector>

namespace maskscope {

struct BrokenCase {
  const char* name;
  void (*run_broken)(std::int32_t team_size);  // races, with any team of at least two threads
  void (*run_mended)(std::int32_t team_size);  // the same without the bug: does not
};
const std::vector<BrokenCase>& broken_cases();

}  // namespace maskscope
