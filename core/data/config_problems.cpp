#include "core/data/config_problems.h"

#include <algorithm>

#include "core/error.h"

namespace maskscope {

void ConfigProblems::add(DataProblem problem) {
  if (problems_.size() > max_config_problems) return;
  if (problems_.size() == max_config_problems) {
    problem = {ProblemLevel::warning,
               problem.file,
               "",
               "",
               cat("There are more problems than the ", max_config_problems, " listed. Correct these first."),
               ""};
  } else if (std::find(problems_.begin(), problems_.end(), problem) != problems_.end()) {
    return;  // the same file read for two data sets
  }
  problems_.push_back(std::move(problem));
}

void ConfigProblems::add(ProblemLevel level, const std::filesystem::path& file, const YamlPlace& place,
                         const std::string& modality, const std::string& sentence, const std::string& reference) {
  const std::string where = place.line > 0 ? cat("Line ", place.line, ", column ", place.column, ": ") : "";
  add({level, file.string(), "", modality, where + sentence, reference});
}

void ConfigProblems::add(ProblemLevel level, const std::filesystem::path& file, const std::string& sentence,
                         const std::string& reference) {
  add({level, file.string(), "", "", sentence, reference});
}

void ConfigProblems::add_remarks(const std::filesystem::path& file, const std::vector<YamlRemark>& remarks) {
  for (const YamlRemark& remark : remarks) add(ProblemLevel::warning, file, remark.place, "", remark.sentence, remark.reference);
}

}  // namespace maskscope
