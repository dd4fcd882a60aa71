#include "core/data/token_grid.h"

#include <cstddef>
#include <limits>

namespace maskscope {

namespace {

constexpr const char* cannot_load = "raises an exception: the sample can't be loaded.";

// The ids' places in the array: first, count.
struct Row {
  std::int64_t first = 0, count = 0;
};

Row find_row(const NpyArray& array, int crop_row, Findings& findings) {
  const std::string found = cat("The ids have the shape ", array.shape_text());
  if (array.shape.size() == 1) {
    add_finding(findings, ProblemLevel::warning,
                cat(found, ", (crops, tokens) was expected; taken as the tokens of one crop. Save them as (1, tokens)."),
                "takes the single id at the crop's index, and fails when the sample is masked.");
    return {0, array.shape[0]};
  }
  if (array.shape.size() != 2 && array.shape.size() != 3) {
    throw ContentError(cat(found, "; (crops, tokens) or (crops, height, width) was expected."),
                       "fails when the sample is loaded or masked.");
  }
  if (crop_row >= array.shape[0]) {
    throw ContentError(cat(found, ", and crop ", crop_row, " of crop_settings needs row ", crop_row,
                           ". Tokenize the picture again, with the same crops."),
                       cannot_load);
  }
  std::int64_t count = 1;
  for (std::size_t d = 1; d < array.shape.size(); ++d) count *= array.shape[d];  // at most the array's size: no overflow
  return {crop_row * count, count};
}

void check_count(std::int64_t count, const NpyArray& array, const Modality& modality) {
  const bool is_sequence = modality.kind == ModalityKind::seq_token;
  if (is_sequence ? count <= modality.max_tokens : count == modality.max_tokens) return;
  throw ContentError(
      cat("A crop has ", count, " ids (shape ", array.shape_text(), "); ", is_sequence ? "at most " : "", modality.max_tokens,
          " were expected. Tokenize at the scheme's size, or correct input_size and patch_size."),
      is_sequence ? "raises an exception when the sample is masked."
                  : cat("masks ", modality.max_tokens, " slots all the same, and fails when they meet the ids in the model."));
}

}  // namespace

std::vector<std::int32_t> token_row(const NpyArray& array, const Modality& modality, int crop_row, Findings& findings) {
  if (array.kind != NpyKind::signed_integer && array.kind != NpyKind::unsigned_integer) {
    throw ContentError(cat("The ids are of dtype ", array.dtype(), "; whole numbers were expected (int16). Save them as integers."),
                       "cuts them to integers and goes on.");
  }
  const Row row = find_row(array, crop_row, findings);
  check_count(row.count, array, modality);
  const std::int64_t most = modality.vocab_size > 0 ? modality.vocab_size - 1 : std::numeric_limits<std::int32_t>::max();
  std::vector<std::int32_t> ids;
  ids.reserve(static_cast<std::size_t>(row.count));
  for (std::int64_t i = 0; i < row.count; ++i) {
    const std::int64_t id = array.integer(row.first + i);
    if (id < 0 || id > most) {
      throw ContentError(
          cat("Token ", i, " of crop ", crop_row, " is the id ", id, "; ids go from 0 to ", most,
              ". Check that the file belongs to this modality, and its dtype (an id above 32767 does not fit int16)."),
          "goes on until the embedding of the id fails in the model, on a GPU with a device-side assert.");
    }
    ids.push_back(static_cast<std::int32_t>(id));
  }
  return ids;
}

}  // namespace maskscope
