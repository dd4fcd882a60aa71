// Collects what is wrong with a configuration, with the place in its file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "core/data/yaml_document.h"
#include "core/data_problem.h"

namespace maskscope {

constexpr std::size_t max_config_problems = 500;

class ConfigProblems {
 public:
  // At a value of a file: the sentence begins with its line and column.
  void add(ProblemLevel level, const std::filesystem::path& file, const YamlPlace& place, const std::string& modality,
           const std::string& sentence, const std::string& reference = "");
  // Of the file as a whole.
  void add(ProblemLevel level, const std::filesystem::path& file, const std::string& sentence, const std::string& reference = "");
  void add_remarks(const std::filesystem::path& file, const std::vector<YamlRemark>& remarks);

  std::vector<DataProblem> take() { return std::move(problems_); }

 private:
  void add(DataProblem problem);
  std::vector<DataProblem> problems_;
};

}  // namespace maskscope
