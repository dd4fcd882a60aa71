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
  if (!problem.reference.empty()) text += " " + reference_text(problem);
  return text;
}

std::string reference_text(const DataProblem& problem) {
  if (problem.reference.empty()) return "";
  std::string text = problem.reference;
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return "The reference: " + text;
}

}  // namespace maskscope
