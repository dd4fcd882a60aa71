// Runs one case under ThreadSanitizer:
//   test_races correct|broken|mended NAME TEAM_SIZE
//   test_races list correct|broken    the names
// Exits with 1 when results differ, with 2 on wrong arguments. Races are ThreadSanitizer's to report; judge.sh reads it.
#include <charconv>
#include <cstdint>
#include <iostream>
#include <string_view>
#include <vector>

#include "tests/races/broken_cases.h"
#include "tests/races/correct_cases.h"

namespace maskscope {
namespace {

constexpr std::int32_t max_team_size = 64;

template <class Cases>
void list(const Cases& cases) {
  for (const auto& entry : cases) std::cout << entry.name << "\n";
}

// The function that runs the case, null when there is no such case.
void (*find_case(std::string_view kind, std::string_view name))(std::int32_t) {
  for (const CorrectCase& entry : correct_cases()) {
    if (kind == "correct" && name == entry.name) return entry.run;
  }
  for (const BrokenCase& entry : broken_cases()) {
    if (kind == "broken" && name == entry.name) return entry.run_broken;
    if (kind == "mended" && name == entry.name) return entry.run_mended;
  }
  return nullptr;
}

int main_of(const std::vector<std::string_view>& arguments) {
  if (arguments.size() == 2 && arguments[0] == "list") {
    if (arguments[1] == "correct") list(correct_cases());
    if (arguments[1] == "broken") list(broken_cases());
    return 0;
  }
  std::int32_t team_size = 0;
  if (arguments.size() == 3) {
    std::from_chars(arguments[2].data(), arguments[2].data() + arguments[2].size(), team_size);
  }
  if (team_size < 1 || team_size > max_team_size) {
    std::cerr << "usage: test_races correct|broken|mended NAME TEAM_SIZE, or test_races list correct|broken\n";
    return 2;
  }
  const auto run = find_case(arguments[0], arguments[1]);
  if (!run) {
    std::cerr << "there is no case " << arguments[0] << " " << arguments[1] << "\n";
    return 2;
  }
  try {
    run(team_size);
  } catch (const Difference& difference) {
    std::cerr << "not the result of one thread: " << difference.what() << "\n";
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace maskscope

int main(int argc, char** argv) { return maskscope::main_of({argv + 1, argv + argc}); }
