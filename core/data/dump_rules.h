// What masks must be like for the scheme to have made them, and where those of a dumped batch are not.
#pragma once

#include <optional>
#include <vector>

#include "core/data/batch_dump.h"
#include "core/sample.h"

namespace maskscope {

// At most one problem of each kind for each modality, naming the first slot and how many there are. sample: 0 .. batch_size - 1.
// vocabulary: which ids are sentinels.
std::vector<DataProblem> problems_of_sample(const BatchDump& dump, int sample, const SequenceVocabulary& vocabulary);

// The same of all samples with 4M's own vocabulary, behind what dump.problems holds: the first samples of each kind, and how
// many more there are.
void add_rule_problems(BatchDump& dump);

// What a modality with these masks must be: the compressed attention of grids and of sequences differ. nullopt: can't be told.
std::optional<ModalityKind> kind_by_form(const DumpedModality& modality);

}  // namespace maskscope
