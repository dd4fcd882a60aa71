// Embeddings of a whole batch on a device: selection, zeroing, and which rows of the model's tables every slot takes, by
// one group of threads per sample; copying the rows (kernels/stages/gather.h) is the device's own affair. All pointers are
// into the device's memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/draw.h"
#include "kernels/embedding_tables.h"
#include "kernels/group.h"
#include "kernels/philox_draws.h"
#include "kernels/stages/embed.h"
#include "kernels/stages/embedding_view.h"
#include "kernels/stages/plan_view.h"
#include "kernels/stages/position.h"
#include "kernels/stages/sample_row.h"
#include "kernels/stages/scratch.h"
#include "kernels/stages/select.h"

namespace maskscope {

struct SlotRowsLaunch {
  PlanView plan;
  EmbeddingView embedding;
  SampleDraws first_draws;  // of row 0
  std::int32_t num_rows = 0;
  SampleRow rows{};  // row 0; content masks are read, what selection makes is written
  RowShape shape;
  ScratchSizes scratch_sizes;  // SelectionStep's
  std::int32_t* positions = nullptr;  // (num_rows, T) scratch
  SlotRow* slot_rows = nullptr;       // (num_rows, R + N' + M') the encoder's, then the decoder's
};

MASKSCOPE_HD constexpr std::int32_t slots_per_row(const EmbeddingView& embedding, const RowShape& shape) {
  return embedding.num_register_tokens + shape.encoder_slots + shape.decoder_slots;
}

// The rows of tables that the selected slots of one sample take, ignored ones none: first the encoder's R + N' slots, then the
// decoder's M'. positions: (T) scratch; slot_rows: (R + N' + M') out.
// That a text has more positions than the table rows is for the caller to rule out.
template <Group G>
MASKSCOPE_HD void name_selected_slots(G& group, const EmbeddingView& embedding, const RowShape& shape, const SampleRow& sample,
                                      View<std::int32_t> positions, View<SlotRow> slot_rows) {
  const std::int32_t encoder_slots = embedding.num_register_tokens + shape.encoder_slots;
  const SlotContents contents{{sample.tensor, shape.num_slots}, {sample.slot_origin, shape.num_slots}, positions};
  encoder_positions(group, embedding, {sample.input_mask, shape.num_slots}, positions);
  encoder_slot_rows(group, embedding, contents,
                    {{sample.encoder_source, shape.encoder_slots}, {sample.encoder_mask, shape.encoder_slots}}, Zeroing::on,
                    slot_rows.subview(0, encoder_slots));
  decoder_positions(group, embedding, {sample.target_mask, shape.num_slots}, positions);
  decoder_slot_rows(group, embedding, contents,
                    {{sample.decoder_source, shape.decoder_slots}, {sample.decoder_mask, shape.decoder_slots}}, Zeroing::on,
                    slot_rows.subview(encoder_slots, shape.decoder_slots));
}

// What one group does: row number row, 0 .. num_rows - 1.
template <Group G>
MASKSCOPE_HD void name_slot_rows(G& group, const SlotRowsLaunch& launch, std::int32_t row, const Scratch& scratch) {
  const auto number = static_cast<std::size_t>(row);
  const RowShape& shape = launch.shape;
  const SampleRow out = row_of(launch.rows, shape, number);
  const PhiloxDraws draws(
      SampleDraws{launch.first_draws.seed, launch.first_draws.sample + static_cast<std::uint64_t>(row)});
  select_encoder(group, launch.plan, out);
  select_decoder(group, draws, launch.plan, scratch, out);

  const std::int32_t all_slots = slots_per_row(launch.embedding, shape);
  name_selected_slots(group, launch.embedding, shape, out,
                      {launch.positions + std::ptrdiff_t{row} * shape.num_slots, shape.num_slots},
                      {launch.slot_rows + std::ptrdiff_t{row} * all_slots, all_slots});
}

// The same on the host, for all rows of masks, whose first was masked with first_draws: (B, R + N' + M').
std::vector<SlotRow> name_slot_rows(const MaskingPlan& plan, const EmbeddingTables& tables, MaskedBatch& masks,
                                    SampleDraws first_draws);

}  // namespace maskscope
