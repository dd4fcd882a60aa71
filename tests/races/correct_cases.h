// The production code with a correct group: nothing must be reported, and the results must be those of one thread.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace maskscope {

// A result that is not that of one thread, or cases that do not reach what they are meant to.
struct Difference : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct CorrectCase {
  const char* name;
  void (*run)(std::int32_t team_size);  // throws Difference
};
const std::vector<CorrectCase>& correct_cases();

}  // namespace maskscope
