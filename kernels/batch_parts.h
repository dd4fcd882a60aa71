// How a batch is cut into parts that fit in a device's memory, and how the arrays of a part lie there.
#pragma once

#include <array>
#include <cstddef>

#include "core/masked_batch.h"
#include "kernels/stages/mask_sample.h"
#include "kernels/stages/sample_row.h"

namespace maskscope {

// The arrays of some rows of a MaskedBatch in one block of memory, in the order of visit_arrays, each aligned to 256 bytes;
// behind them a SpanError per row and modality.
struct PartLayout {
  std::array<std::size_t, num_sample_arrays> offset{};
  std::array<std::size_t, num_sample_arrays> bytes_per_row{};
  std::size_t errors_offset = 0;
  std::size_t bytes = 0;  // of the block
};
// shape: a MaskedBatch of any number of rows.
PartLayout part_layout(const MaskedBatch& shape, std::size_t num_rows);

// Row 0 of the arrays in a block.
SampleRow rows_at(std::byte* block, const PartLayout& layout);

// Copies a block's num_rows rows into the rows of masks from first_row on.
void copy_rows(const std::byte* block, const PartLayout& layout, std::size_t num_rows, std::size_t first_row,
               MaskedBatch& masks);

// Bytes of one row of all arrays together, and of what a part holds of a row.
std::size_t bytes_per_row(const MaskedBatch& shape);
std::size_t part_bytes_per_row(const MaskedBatch& shape);

struct SplitRequest {
  std::size_t num_rows = 0;        // of the batch, > 0
  std::size_t bytes_per_row = 0;   // part_bytes_per_row(shape), > 0
  std::size_t scratch_bytes = 0;   // of each stream
  std::size_t part_bytes = 0;      // a part need not be larger
  std::size_t usable_bytes = 0;    // of the device
  int num_streams = 1;             // parts are worked on at the same time, each with memory of its own
};
struct BatchSplit {
  std::size_t rows_at_once = 0;  // 0: not even one row fits
  int num_streams = 1;           // 1 when there is one part only, or no room for two
};
// The largest parts that are allowed and fit. Example: 1000 rows of 1 MB, parts of 32 MB, 2 streams and 40 MB usable:
// 19 rows at once (each stream has 20 MB, less what alignment may cost).
BatchSplit split_batch(const SplitRequest& request);

}  // namespace maskscope
