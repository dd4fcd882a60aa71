// A frame as a sample of a data set gives it: content of every kind, modalities that the sample lacks, problems. Made by hand,
// without files.
#pragma once

#include <string>
#include <vector>

#include "app/masked_frame.h"

namespace maskscope::test {

struct DatasetFrameOptions {
  std::string preset = "4m-21";
  std::vector<std::string> missing = {"det", "tok_normal@224"};  // of the scheme, but not in this sample
  std::vector<DataProblem> problems = {};
  bool has_content = true;    // false: only ids, as if nothing was kept for the eye
  bool has_seq_token = true;  // "poses_tok": a pre-tokenized sequence that no preset has
  bool is_empty = false;      // every text and every embedding has 0 tokens
  std::uint64_t seed = 7;
};

// Texts are tokenized by the bundled tokenizer; metadata comes in chunks; grids have ids; tok_* grids of the picture's size have
// an overlay; human_poses has ids but no text.
MaskedFrame dataset_frame(const DatasetFrameOptions& options = {});

// One of each level, with every field; the first names caption, the second nothing, the third a modality of no scheme.
std::vector<DataProblem> sample_problems();

}  // namespace maskscope::test
