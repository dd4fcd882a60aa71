#include "kernels/embedding_launch.h"

#include "kernels/host_scratch.h"
#include "kernels/masking_launch.h"
#include "kernels/serial_group.h"

namespace maskscope {

std::vector<SlotRow> name_slot_rows(const MaskingPlan& plan, const EmbeddingTables& tables, MaskedBatch& masks,
                                    SampleDraws first_draws) {
  SlotRowsLaunch launch;
  launch.plan = plan_view(plan);
  launch.embedding = tables.view();
  launch.first_draws = first_draws;
  launch.num_rows = masks.batch_size;
  launch.rows = first_row(masks);
  launch.shape = row_shape(masks);
  launch.scratch_sizes = SelectionStep::scratch_sizes(scratch_sizes(plan, {}));
  const auto num_rows = static_cast<std::size_t>(launch.num_rows);
  std::vector<std::int32_t> positions(num_rows * static_cast<std::size_t>(masks.num_slots));
  std::vector<SlotRow> slot_rows(num_rows * static_cast<std::size_t>(slots_per_row(launch.embedding, launch.shape)));
  launch.positions = positions.data();
  launch.slot_rows = slot_rows.data();
  const HostScratch scratch(launch.scratch_sizes);
  SerialGroup group;
  for (std::int32_t row = 0; row < launch.num_rows; ++row) name_slot_rows(group, launch, row, scratch.get());
  return slot_rows;
}

}  // namespace maskscope
