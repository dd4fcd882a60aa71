// A masked sample or batch that a training loop saved as .npz: members <modality>/tensor, <modality>/input_mask,
// <modality>/target_mask, <modality>/decoder_attention_mask, with or without a batch dimension; optional <modality>/type.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/data/npz.h"
#include "core/data_problem.h"
#include "core/modality.h"

namespace maskscope {

struct DumpedModality {
  std::string name;
  std::optional<ModalityKind> kind;    // from <modality>/type or the built-in table; absent: unknown
  std::vector<std::int64_t> tensor_shape;          // per sample
  int num_slots = 0;                               // of the masks
  std::vector<std::int32_t> ids;                   // (B, slots); empty where the tensor holds no ids (pixels, embeddings)
  std::vector<std::uint8_t> input_mask, target_mask;   // (B, slots), 1 = do not use
  std::vector<std::int32_t> decoder_attention_mask;    // (B, slots)
};

struct BatchDump {
  int batch_size = 0;
  bool has_batch_dimension = false;
  std::vector<DumpedModality> modalities;   // sorted by name
  std::vector<DataProblem> problems;        // what breaks the scheme's rules, naming sample, modality and slot
};

// Modalities that can't be used are named in problems and left out. Throws Error when none can.
BatchDump read_batch_dump(const std::filesystem::path& path);

// Whether the names of an .npz are those of a dump (t5_caption files are .npz too).
bool is_batch_dump(const std::vector<std::string>& member_names);

// One place where two dumps differ.
struct DumpDifference {
  std::string modality, field;   // "caption", "input_mask"
  std::string sentence;          // "sample 3, slot 17: 0 in A, 1 in B; 12 of 9800 values differ."
};
std::vector<DumpDifference> diff_dumps(const BatchDump& a, const BatchDump& b);

}  // namespace maskscope
