#include "app/problem_list.h"

#include <algorithm>

#include "app/problem_sentences.h"

namespace maskscope {
namespace {

DataProblem as_data_problem(const MaskedFrame& frame, const Problem& problem) {
  DataProblem result;
  result.level = ProblemLevel::warning;
  result.sentence = problem_sentence(problem);
  if (problem.modality >= 0 && problem.modality < frame.scheme.num_modalities()) {
    result.modality = frame.scheme.modalities[static_cast<std::size_t>(problem.modality)].modality.name;
  }
  return result;
}

void count(ProblemLevel level, ProblemCounts& counts) {
  switch (level) {
    case ProblemLevel::error: ++counts.errors; break;
    case ProblemLevel::warning: ++counts.warnings; break;
    case ProblemLevel::note: ++counts.notes; break;
  }
}

}  // namespace

std::vector<DataProblem> all_problems(const MaskedFrame& frame) {
  std::vector<DataProblem> all;
  if (frame.inputs) all = frame.inputs->problems;
  for (const Problem& problem : frame.problems) all.push_back(as_data_problem(frame, problem));
  std::stable_sort(all.begin(), all.end(), [](const DataProblem& a, const DataProblem& b) { return a.level > b.level; });
  return all;
}

ProblemCounts count_problems(const MaskedFrame& frame) {
  ProblemCounts counts;
  if (frame.inputs) {
    for (const DataProblem& problem : frame.inputs->problems) count(problem.level, counts);
  }
  for (std::size_t i = 0; i < frame.problems.size(); ++i) count(ProblemLevel::warning, counts);
  return counts;
}

DataProblem worst_problem(const MaskedFrame& frame) {
  const DataProblem* worst = nullptr;
  if (frame.inputs) {
    for (const DataProblem& problem : frame.inputs->problems) {
      if (!worst || problem.level > worst->level) worst = &problem;
    }
  }
  if (worst && (worst->level >= ProblemLevel::warning || frame.problems.empty())) return *worst;
  return as_data_problem(frame, frame.problems.front());
}

std::string to_text(const std::vector<DataProblem>& problems) {
  std::string text;
  for (const DataProblem& problem : problems) {
    const char* level = problem.level == ProblemLevel::error ? "error" : problem.level == ProblemLevel::warning ? "warning" : "note";
    text += std::string(level) + ": " + to_text(problem) + "\n";
  }
  return text;
}

}  // namespace maskscope
