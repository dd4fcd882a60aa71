#include "core/data_problem.h"

#include "core/error.h"

namespace maskscope {

std::string to_text(const DataProblem& problem) {
  std::string where = problem.file;
  const auto add = [&](const char* what, const std::string& name) {
    if (!name.empty()) where += cat(where.empty() ? "" : ", ", what, name);
  };
  add("key ", problem.key);
  add("modality ", problem.modality);
  std::string text = where.empty() ? problem.sentence : cat(where, ": ", problem.sentence);
  if (!problem.reference.empty()) text += cat(" The reference: ", problem.reference);
  return text;
}

}  // namespace maskscope
