// A masked sample or batch that a training loop saved as .npz: members <modality>/tensor, <modality>/input_mask,
// <modality>/target_mask, <modality>/decoder_attention_mask, with or without a batch dimension; optional <modality>/type.
// docs/dumps.md is the page for people.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/npz.h"
#include "core/data_problem.h"
#include "core/modality.h"

namespace maskscope {

struct DumpedModality {
  std::string name;
  // From <modality>/type, the built-in table, or the form of the masks.
  ModalityKind kind = ModalityKind::img;
  std::string tensor_dtype;                        // as in the file: "float32"
  std::vector<std::int64_t> tensor_shape;          // per sample
  int num_slots = 0;                               // of the masks: 1 .. 65535, sequences twice that and 2
  // (B, slots) as in the file, cut to the range of int32; negative: no id that could be. Empty where the tensor holds no ids
  // (pixels, embeddings).
  std::vector<std::int32_t> ids;
  std::vector<std::uint8_t> input_mask, target_mask;   // (B, slots), 1 = do not use
  std::vector<std::int32_t> decoder_attention_mask;    // (B, slots) as in the file, cut to the range of int32
  // (B) of tensors that hold no ids, where DumpReading asks for them: SHA-256 of each sample's values.
  std::vector<std::array<std::uint8_t, 32>> tensor_digests;

  // One sample's part of a (B, slots) array.
  template <class T>
  std::span<const T> row(const std::vector<T>& values, int sample) const {
    return std::span(values).subspan(static_cast<std::size_t>(sample) * static_cast<std::size_t>(num_slots), static_cast<std::size_t>(num_slots));
  }
};

struct BatchDump {
  std::string source_name;
  int batch_size = 0;
  bool has_batch_dimension = false;
  std::vector<DumpedModality> modalities;   // sorted by name
  // What keeps members from being used, then what breaks the scheme's rules (core/data/dump_rules.h), the first samples of each
  // kind and how many more there are.
  std::vector<DataProblem> problems;
};

struct DumpReading {
  std::size_t max_bytes = std::size_t{256} << 20;  // of ids and masks, unpacked; pixels and embeddings are not counted
  bool has_digests = false;                        // see DumpedModality::tensor_digests
};

// Modalities that can't be used are named in problems and left out. Throws Error when none can, or the file is no .npz.
BatchDump read_batch_dump(const std::filesystem::path& path, const DumpReading& reading = {});
BatchDump parse_batch_dump(std::span<const std::uint8_t> file, std::string_view source_name, const DumpReading& reading = {});

// Whether the names of an .npz are those of a dump (t5_caption files are .npz too). With or without ".npy" at the end.
bool is_batch_dump(const std::vector<std::string>& member_names);

// Problem::key of a sample of a dump: "sample 3".
std::string dump_sample_key(int sample);

// One place where two dumps differ.
struct DumpDifference {
  std::string modality, field;   // "caption", "input_mask"; empty: the dump itself, the modality itself
  std::string sentence;          // "sample 3, slot 17: 0 in A, 1 in B; 12 of 9800 values differ."
};
// Both read with digests. Empty: equal in every value. The width of integers is no difference.
std::vector<DumpDifference> diff_dumps(const BatchDump& a, const BatchDump& b);

}  // namespace maskscope
