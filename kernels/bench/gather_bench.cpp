#include "kernels/bench/gather_bench.h"

#include "core/bfloat16.h"
#include "kernels/bench/harness.h"
#include "kernels/cpu_clones.h"
#include "kernels/embedding_launch.h"

namespace maskscope {
namespace {

// The tables of a model take gigabytes; this one is larger than a core's caches, and rows are taken modulo its number.
constexpr std::int32_t x_table_rows = 16384;

template <class T>
MASKSCOPE_CPU_CLONES void gather(SerialGroup& group, const EmbeddingRows<T>& rows, View<SlotRow> slots, View<Lanes<T>> x,
                                 View<Lanes<T>> emb) {
  for (SlotRow& slot : slots) {
    if (slot.x >= 0) slot.x %= x_table_rows;
  }
  gather_slots(group, rows, View<const SlotRow>(slots), x, emb);
}

}  // namespace

template <class T>
GatherBench<T>::GatherBench(const BenchLayout& layout)
    : plan_(make_plan(layout.scheme, default_vocabulary())),
      packed_(pack_samples(plan_, view_of(layout.samples))),
      tables_(make_embedding_tables(plan_, {.seed = 1, .dim = dim, .num_register_tokens = 0})),
      backend_(make_backend(BackendChoice::cpu, 1)) {
  masks_.resize(plan_.scheme, pass_samples);
  const auto per_row = static_cast<std::size_t>(lanes_per_row<T>(dim));
  x_table_.resize(x_table_rows * per_row);
  for (std::size_t i = 0; i < x_table_.size(); ++i) {
    gather_detail::assign(x_table_[i].lane[0], static_cast<float>(i % 256));
  }
  slot_rows_.resize(static_cast<std::size_t>(masks_.encoder_slots + masks_.decoder_slots));
  positions_.resize(static_cast<std::size_t>(masks_.num_slots));
  x_.resize(pass_samples * slot_rows_.size() * per_row);
  emb_.resize(x_.size());
}

template <class T>
double GatherBench<T>::pass_seconds() {
  backend_->run(plan_, packed_, {.seed = ++seed_, .first_sample = 0, .batch_size = pass_samples}, masks_);
  return seconds_of(BenchClock::cpu, [&] {
    for (int row = 0; row < pass_samples; ++row) gather_row(row);
  });
}

template <class T>
void GatherBench<T>::gather_row(int row) {
  const RowShape shape = row_shape(masks_);
  const View<SlotRow> slots = view_of(slot_rows_);
  name_selected_slots(group_, tables_.view(), shape, row_of(first_row(masks_), shape, static_cast<std::size_t>(row)),
                      view_of(positions_), slots);
  const std::ptrdiff_t lanes = slots.size * lanes_per_row<T>(dim);
  gather<T>(group_, {dim, x_table_.data(), tables_.positions.data(), tables_.modality_vectors.data()}, slots,
            view_of(x_).subview(row * lanes, lanes), view_of(emb_).subview(row * lanes, lanes));
}

template class GatherBench<float>;
template class GatherBench<Bfloat16>;

}  // namespace maskscope
