#include "kernels/embedding.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/error.h"
#include "kernels/serial_group.h"
#include "kernels/stages/embed.h"
#include "kernels/stages/gather.h"
#include "kernels/stages/position.h"

namespace maskscope {
namespace {

constexpr std::int64_t max_attention_entries = std::int64_t{1} << 30;
constexpr std::int64_t max_floats = std::int64_t{1} << 28;

// Row number row of an array of the batch.
template <class T>
View<const T> row_view(const std::vector<T>& array, int row, int width) {
  assert(row >= 0 && static_cast<std::size_t>(row + 1) * static_cast<std::size_t>(width) <= array.size());
  return view_of(array).subview(std::ptrdiff_t{row} * width, width);
}

void require_fit(int num_slots, int dim) {
  if (std::int64_t{num_slots} * dim <= max_floats) return;
  throw Error(cat("Embeddings: ", num_slots, " slots of ", dim, " numbers are over ", max_floats,
                  ". Choose a smaller dimension or fewer slots."));
}

// rows with the numbers of some table's rows -> the same with numbers 0, 1, … in the order of the list that is returned.
std::vector<std::int32_t> number_rows_anew(std::vector<SlotRow>& rows) {
  std::vector<std::int32_t> used;
  for (const SlotRow& row : rows) {
    if (row.x >= 0) used.push_back(row.x);
  }
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  for (SlotRow& row : rows) {
    if (row.x < 0) continue;
    row.x = static_cast<std::int32_t>(std::lower_bound(used.begin(), used.end(), row.x) - used.begin());
  }
  return used;
}

SlotVectors gather(const EmbeddingRows<float>& source, const std::vector<SlotRow>& rows) {
  const auto dim = static_cast<std::size_t>(source.dim);
  const auto per_row = static_cast<std::size_t>(lanes_per_row<float>(source.dim));
  std::vector<Lanes<float>> x(rows.size() * per_row), emb(x.size());
  SerialGroup group;
  gather_slots(group, source, view_of(rows), view_of(x), view_of(emb));
  SlotVectors vectors;
  vectors.x.reserve(rows.size() * dim);
  vectors.emb.reserve(rows.size() * dim);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t component = 0; component < dim; ++component) {
      vectors.x.push_back(x[i * per_row + component / 4].lane[component % 4]);
      vectors.emb.push_back(emb[i * per_row + component / 4].lane[component % 4]);
    }
  }
  return vectors;
}

// before, after: the rows of every slot without and with zeroing.
SlotEmbeddings embed(const EmbeddingTables& tables, const SampleVectors& vectors, std::vector<SlotRow> before,
                     std::vector<SlotRow> after) {
  const int dim = tables.options.dim;
  SlotEmbeddings result;
  result.num_slots = static_cast<int>(before.size());
  result.dim = dim;
  for (const SlotRow& row : before) result.is_unknown.push_back(row.x == unknown_row);
  for (const SlotRow& row : after) result.modality.push_back(row.modality);

  // Only the rows that stand somewhere are made. Zeroing takes rows away and adds none.
  std::vector<SlotRow> both = before;
  both.insert(both.end(), after.begin(), after.end());
  const std::vector<std::int32_t> x_rows = number_rows_anew(both);
  std::vector<Lanes<float>> x(x_rows.size() * static_cast<std::size_t>(lanes_per_row<float>(dim)));
  std::vector<std::uint8_t> is_known(x_rows.size());
  write_x_rows(tables, vectors, view_of(x_rows), view_of(x), view_of(is_known));
  const auto middle = both.begin() + result.num_slots;
  before.assign(both.begin(), middle);
  after.assign(middle, both.end());
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i].x >= 0 && !is_known[static_cast<std::size_t>(before[i].x)]) result.is_unknown[i] = 1;
  }

  const EmbeddingRows<float> source{dim, x.data(), tables.positions.data(), tables.modality_vectors.data()};
  result.before = gather(source, before);
  result.after = gather(source, after);
  return result;
}

void require_same_scheme([[maybe_unused]] const EmbeddingTables& tables, [[maybe_unused]] const MaskedBatch& masks) {
  assert(static_cast<std::size_t>(masks.num_modalities) == tables.modalities.size());
}

}  // namespace

DecoderAttention decoder_attention(const MaskedBatch& masks, int row, AttentionOptions options) {
  const int num_slots = masks.decoder_slots;
  if (std::int64_t{num_slots} * num_slots > max_attention_entries) {
    throw Error(cat("Decoder attention: a matrix of ", num_slots, " by ", num_slots, " slots has over ", max_attention_entries,
                    " entries. Choose fewer decoder slots."));
  }
  const auto n = static_cast<std::size_t>(num_slots);
  DecoderAttention result{num_slots, std::vector<std::uint8_t>(n * n), std::vector<std::int32_t>(n),
                          std::vector<std::uint8_t>(n), 0};
  SerialGroup group;
  result.num_rows_without_sight = full_decoder_attention(
      group, options, row_view(masks.decoder_attention, row, num_slots),
      row_view(masks.decoder_attention_modality, row, num_slots),
      {view_of(result.reach), view_of(result.attention_mask), view_of(result.attends_to_nothing)});
  return result;
}

std::vector<std::uint8_t> encoder_attention(const MaskedBatch& masks, int row, int num_register_tokens) {
  std::vector<std::uint8_t> attention_mask(static_cast<std::size_t>(num_register_tokens + masks.encoder_slots));
  SerialGroup group;
  encoder_attention(group, num_register_tokens, row_view(masks.encoder_mask, row, masks.encoder_slots),
                    view_of(attention_mask));
  return attention_mask;
}

std::vector<std::int32_t> encoder_positions(const EmbeddingTables& tables, const MaskedBatch& masks, int row) {
  require_same_scheme(tables, masks);
  std::vector<std::int32_t> positions(static_cast<std::size_t>(masks.num_slots));
  SerialGroup group;
  const PositionError error =
      encoder_positions(group, tables.view(), row_view(masks.input_mask, row, masks.num_slots), view_of(positions));
  if (error.modality >= 0) {
    throw Error(cat("Modality ", tables.scheme_modalities[static_cast<std::size_t>(error.modality)].name, ": ", error.num_used,
                    " of its slots are input, but the position table of the encoder has ", sequence_position_rows,
                    " rows. Give it an input budget of at most ", sequence_position_rows, " tokens."));
  }
  return positions;
}

std::vector<std::int32_t> decoder_positions(const EmbeddingTables& tables, const MaskedBatch& masks, int row) {
  require_same_scheme(tables, masks);
  std::vector<std::int32_t> positions(static_cast<std::size_t>(masks.num_slots));
  SerialGroup group;
  decoder_positions(group, tables.view(), row_view(masks.target_mask, row, masks.num_slots), view_of(positions));
  return positions;
}

SlotEmbeddings embed_encoder(const EmbeddingTables& tables, const MaskedBatch& masks, int row,
                             const SampleVectors& vectors) {
  check_sample_vectors(tables, vectors);
  const int num_registers = tables.options.num_register_tokens;
  const int num_slots = num_registers + masks.encoder_slots;
  require_fit(num_slots, tables.options.dim);
  const std::vector<std::int32_t> positions = encoder_positions(tables, masks, row);
  const SlotContents contents{row_view(masks.tensor, row, masks.num_slots), row_view(masks.slot_origin, row, masks.num_slots),
                              view_of(positions)};
  const SelectedSlots selected{row_view(masks.encoder_source, row, masks.encoder_slots),
                               row_view(masks.encoder_mask, row, masks.encoder_slots)};
  std::vector<SlotRow> before(static_cast<std::size_t>(num_slots)), after(before.size());
  SerialGroup group;
  encoder_slot_rows(group, tables.view(), contents, selected, Zeroing::off, view_of(before));
  encoder_slot_rows(group, tables.view(), contents, selected, Zeroing::on, view_of(after));
  SlotEmbeddings result = embed(tables, vectors, std::move(before), std::move(after));
  result.position.assign(static_cast<std::size_t>(num_registers), no_position);
  for (const std::int32_t slot : selected.source) result.position.push_back(positions[static_cast<std::size_t>(slot)]);
  return result;
}

SlotEmbeddings embed_decoder(const EmbeddingTables& tables, const MaskedBatch& masks, int row) {
  require_fit(masks.decoder_slots, tables.options.dim);
  const std::vector<std::int32_t> positions = decoder_positions(tables, masks, row);
  const SlotContents contents{row_view(masks.tensor, row, masks.num_slots), row_view(masks.slot_origin, row, masks.num_slots),
                              view_of(positions)};
  const SelectedSlots selected{row_view(masks.decoder_source, row, masks.decoder_slots),
                               row_view(masks.decoder_mask, row, masks.decoder_slots)};
  std::vector<SlotRow> before(static_cast<std::size_t>(masks.decoder_slots)), after(before.size());
  SerialGroup group;
  decoder_slot_rows(group, tables.view(), contents, selected, Zeroing::off, view_of(before));
  decoder_slot_rows(group, tables.view(), contents, selected, Zeroing::on, view_of(after));
  SlotEmbeddings result = embed(tables, {}, std::move(before), std::move(after));
  for (const std::int32_t slot : selected.source) result.position.push_back(positions[static_cast<std::size_t>(slot)]);
  return result;
}

}  // namespace maskscope
