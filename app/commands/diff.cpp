#include <iostream>

#include "app/commands/commands.h"
#include "app/commands/options.h"
#include "core/data/batch_dump.h"
#include "core/error.h"

namespace maskscope::commands {
namespace {

// What of a file is not compared goes to stderr. Returns whether something should have been.
bool report_left_out(const BatchDump& dump) {
  bool is_any_lost = false;
  for (int i = 0; i < dump.num_member_problems; ++i) {
    const DataProblem& problem = dump.problems[static_cast<std::size_t>(i)];
    std::cerr << "maskscope: " << to_text(problem) << '\n';
    is_any_lost |= problem.level == ProblemLevel::error;
  }
  return is_any_lost;
}

}  // namespace

int diff(const Arguments& arguments) {
  CLI::App app("Says where two .npz of masks differ, value by value: dumps of a training loop, or of maskscope mask --format npz "
               "(docs/dumps.md). Exit code: 0 equal, 1 different, 2 a file or part of it can't be compared.", "diff");
  std::string path_a, path_b;
  app.add_option("A", path_a, "the one file")->required()->type_name("A.npz");
  app.add_option("B", path_b, "the other")->required()->type_name("B.npz");
  if (const auto code = parse(app, arguments)) return *code;

  DumpReading reading;
  reading.has_digests = true;
  const BatchDump a = read_batch_dump(path_a, reading), b = read_batch_dump(path_b, reading);
  bool is_any_lost = report_left_out(a);
  is_any_lost |= report_left_out(b);
  const std::vector<DumpDifference> differences = diff_dumps(a, b);
  for (const DumpDifference& difference : differences) {
    const char* const space = difference.field.empty() ? "" : " ";
    std::cout << difference.modality << space << difference.field << (difference.modality.empty() ? "" : ": ") << difference.sentence << '\n';
  }
  if (is_any_lost) {
    if (differences.empty()) std::cout << "What could be compared is equal; not all of it could be.\n";
    return exit_usage;
  }
  if (!differences.empty()) return exit_problems;
  std::cout << "Equal: " << a.batch_size << (a.batch_size == 1 ? " sample, " : " samples, ") << a.modalities.size()
            << (a.modalities.size() == 1 ? " modality.\n" : " modalities.\n");
  return exit_fine;
}

}  // namespace maskscope::commands
