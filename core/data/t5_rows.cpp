#include "core/data/t5_rows.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string_view>

namespace maskscope {

namespace {

constexpr const char* cannot_load = "raises an exception: the sample can't be loaded.";

const NpyArray& member(const std::vector<NpzMember>& members, std::string_view name) {
  const auto found = std::find_if(members.begin(), members.end(), [&](const NpzMember& m) { return m.name == name; });
  if (found == members.end()) {
    std::string names;
    for (std::size_t i = 0; i < std::min<std::size_t>(members.size(), 5); ++i) names += cat(i ? ", " : "", members[i].name);
    throw ContentError(cat("The embeddings have no \"", name, "\" (found: ", names.empty() ? "nothing" : names,
                           "); \"emb\" and \"mask_valid\" were expected. Save both."),
                       cannot_load);
  }
  return found->array;
}

}  // namespace

T5Rows t5_rows(const std::vector<NpzMember>& members, int crop_row) {
  const NpyArray& emb = member(members, "emb");
  const NpyArray& mask_valid = member(members, "mask_valid");
  if (emb.kind != NpyKind::floating || emb.shape.size() != 3) {
    throw ContentError(cat("\"emb\" is of dtype ", emb.dtype(), " and shape ", emb.shape_text(),
                           "; floats of shape (sequences, rows, components) were expected."),
                       "fails when the sample is loaded or masked.");
  }
  if (mask_valid.shape.size() != 2 || mask_valid.shape[0] != emb.shape[0] || mask_valid.shape[1] != emb.shape[1]) {
    throw ContentError(cat("\"mask_valid\" has the shape ", mask_valid.shape_text(), ", \"emb\" ", emb.shape_text(),
                           "; the same sequences and rows were expected. Save both again."),
                       "raises an exception, or takes other rows.");
  }
  const std::int64_t num_sequences = emb.shape[0], num_rows = emb.shape[1], dim = emb.shape[2];
  const std::int64_t sequence = num_sequences > 1 ? crop_row : 0;
  if (sequence >= num_sequences) {
    throw ContentError(cat("\"emb\" holds ", num_sequences, " sequences, and crop ", crop_row, " needs sequence ", sequence,
                           ". Make embeddings for all crops."),
                       cannot_load);
  }
  if (dim < 1 || dim > std::numeric_limits<std::int32_t>::max() || num_rows > std::numeric_limits<std::int32_t>::max()) {
    throw ContentError(cat("\"emb\" has the shape ", emb.shape_text(), "; at least one component was expected."),
                       "fails in the model.");
  }
  T5Rows rows{0, static_cast<int>(dim), emb.dtype(), {}};
  for (std::int64_t row = 0; row < num_rows; ++row) {
    const std::int64_t place = sequence * num_rows + row;
    if (mask_valid.number(place) == 0.0) continue;
    ++rows.num_rows;
    for (std::int64_t c = 0; c < dim; ++c) rows.values.push_back(static_cast<float>(emb.number(place * dim + c)));
  }
  return rows;
}

}  // namespace maskscope
