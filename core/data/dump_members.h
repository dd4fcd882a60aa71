// The members of a dumped batch, one modality's together, before anything is made of them.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/data/batch_dump.h"
#include "core/data/npy.h"
#include "core/data/zip_reader.h"

namespace maskscope {

// A tensor of floats: its form, without the values.
struct FloatTensor {
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::vector<std::array<std::uint8_t, 32>> digests;  // of the parts along the first dimension
  std::array<std::uint8_t, 32> digest{};              // of all
};

struct DumpMembers {
  std::optional<NpyArray> ids;  // <modality>/tensor, if it holds integers
  std::optional<FloatTensor> floats;  // or floats
  std::map<std::string, NpyArray, std::less<>> masks;  // input_mask, target_mask, decoder_attention_mask
  std::optional<std::string> type;
  bool has_failed = false;  // one of its members can't be read: said in problems
};

// By name of the modality. Members with other names, or that can't be read, become problems.
std::map<std::string, DumpMembers> read_dump_members(ZipReader& zip, const std::string& source_name, const DumpReading& reading,
                                                     std::vector<DataProblem>& problems);

}  // namespace maskscope
