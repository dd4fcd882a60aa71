// All that is wrong with what is shown, in one list: the data's problems and those of the masks.
#pragma once

#include <string>
#include <vector>

#include "app/masked_frame.h"
#include "core/data_problem.h"

namespace maskscope {

struct ProblemCounts {
  int errors = 0, warnings = 0, notes = 0;
  int all() const { return errors + warnings + notes; }
  bool operator==(const ProblemCounts&) const = default;
};

// Errors first, then warnings, then notes; of each, the data's in their order, then the masks'. A mask's problem is a warning,
// its sentence does not repeat the modality it names.
std::vector<DataProblem> all_problems(const MaskedFrame& frame);
// The same, counted without making the list; and the head of the list alone. all() > 0 for the latter.
ProblemCounts count_problems(const MaskedFrame& frame);
DataProblem worst_problem(const MaskedFrame& frame);

// One a line, for the clipboard.
std::string to_text(const std::vector<DataProblem>& problems);

}  // namespace maskscope
