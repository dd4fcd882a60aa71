// What is wrong inside one file of a sample, before it is known which sample and modality it belongs to.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/data_problem.h"
#include "core/error.h"

namespace maskscope {

// The content can't be used. what(): what was found and expected, without the file's name. reference(): what the
// reference's loader does with it; empty: the same.
class ContentError : public Error {
 public:
  ContentError(const std::string& sentence, std::string reference = {}) : Error(sentence), reference_(std::move(reference)) {}
  const std::string& reference() const { return reference_; }

 private:
  std::string reference_;
};

// The content is used all the same. Without place: load_sample adds it.
using Findings = std::vector<DataProblem>;
inline void add_finding(Findings& findings, ProblemLevel level, std::string sentence, std::string reference = {}) {
  findings.push_back({level, {}, {}, {}, std::move(sentence), std::move(reference)});
}

}  // namespace maskscope
