// From masks to the vectors that a model receives, on one CPU core: position numbers, zeroing, and the gather of x and emb.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "kernels/backend.h"
#include "kernels/bench/layouts.h"
#include "kernels/embedding_tables.h"
#include "kernels/serial_group.h"
#include "kernels/stages/gather.h"

namespace maskscope {

// T: float or Bfloat16. D = 768.
template <class T>
class GatherBench {
 public:
  static constexpr int pass_samples = 16;
  static constexpr std::int32_t dim = 768;

  explicit GatherBench(const BenchLayout& layout);

  // Seconds for pass_samples samples with draws never used before. Their masking does not count.
  double pass_seconds();
  // x and emb of every selected slot.
  std::uint64_t bytes_written_per_sample() const { return 2 * x_.size() * sizeof(x_[0]) / pass_samples; }

 private:
  void gather_row(int row);

  MaskingPlan plan_;
  PackedSamples packed_;
  EmbeddingTables tables_;
  std::unique_ptr<Backend> backend_;
  MaskedBatch masks_;
  SerialGroup group_;
  std::vector<Lanes<T>> x_table_, x_, emb_;
  std::vector<std::int32_t> positions_;
  std::vector<SlotRow> slot_rows_;
  std::uint64_t seed_ = 0;
};

}  // namespace maskscope
