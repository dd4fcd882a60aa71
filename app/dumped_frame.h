// A sample of a dumped batch, masked as the file says: what panels and commands look at, with nothing drawn but, where asked
// for, the decoder's order.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "app/masked_frame.h"
#include "core/data/batch_dump.h"
#include "core/data/dump_scheme.h"
#include "kernels/dumped_masks.h"

namespace maskscope {

struct DumpView {
  ModelSlots slots = {};  // of the model, which the file can't tell
  // The reference's model shuffles the decoder's modalities when it gets the batch.
  DecoderOrder order = DecoderOrder::drawn;
  std::uint64_t seed = 0;  // names the drawn order, with the sample's number
  SequenceVocabulary vocabulary = default_vocabulary();
};

struct DumpedFrame {
  MaskedFrame frame;  // are_draws_known is false; inputs is null
  // What is wrong with the whole file, then with this sample.
  std::vector<DataProblem> problems;
};

// sample: from 0. Throws Error naming the file when there is no such sample, or its modalities make no scheme (two names with
// one id, too many of them).
DumpedFrame make_dumped_frame(const BatchDump& dump, int sample, const DumpView& view = {});

// read_batch_dump and make_dumped_frame.
DumpedFrame open_dumped_frame(const std::filesystem::path& path, int sample, const DumpView& view = {});

}  // namespace maskscope
