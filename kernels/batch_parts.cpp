#include "kernels/batch_parts.h"

#include <algorithm>
#include <cstring>

namespace maskscope {
namespace {

constexpr std::size_t array_alignment = 256;
// What aligning the arrays of a part can add to bytes_per_row * rows.
constexpr std::size_t most_alignment_bytes = array_alignment * (num_sample_arrays + 1);

std::size_t align_up(std::size_t bytes) { return (bytes + array_alignment - 1) / array_alignment * array_alignment; }

std::size_t error_bytes_per_row(const MaskedBatch& shape) {
  return static_cast<std::size_t>(shape.num_modalities) * sizeof(SpanError);
}

std::size_t rows_that_fit(std::size_t bytes, const SplitRequest& request) {
  const std::size_t taken = request.scratch_bytes + most_alignment_bytes;
  if (bytes < taken) return 0;
  return (bytes - taken) / request.bytes_per_row;
}

}  // namespace

PartLayout part_layout(const MaskedBatch& shape, std::size_t num_rows) {
  PartLayout layout;
  std::size_t index = 0;
  visit_arrays(shape, [&](const auto& array, int width) {
    layout.bytes_per_row[index] = static_cast<std::size_t>(width) * sizeof(array[0]);
    layout.offset[index] = layout.bytes;
    layout.bytes += align_up(layout.bytes_per_row[index] * num_rows);
    ++index;
  });
  layout.errors_offset = layout.bytes;
  layout.bytes += num_rows * error_bytes_per_row(shape);
  return layout;
}

SampleRow rows_at(std::byte* block, const PartLayout& layout) {
  std::array<void*, num_sample_arrays> pointers;
  for (std::size_t i = 0; i < pointers.size(); ++i) pointers[i] = block + layout.offset[i];
  SampleRow rows;  // one pointer per array, in the same order
  std::memcpy(&rows, pointers.data(), sizeof rows);
  return rows;
}

void copy_rows(const std::byte* block, const PartLayout& layout, std::size_t num_rows, std::size_t first_row,
               MaskedBatch& masks) {
  std::size_t index = 0;
  visit_arrays(masks, [&](auto& array, int width) {
    const std::size_t bytes = layout.bytes_per_row[index] * num_rows;
    if (bytes > 0) {
      std::memcpy(array.data() + first_row * static_cast<std::size_t>(width), block + layout.offset[index], bytes);
    }
    ++index;
  });
}

std::size_t bytes_per_row(const MaskedBatch& shape) {
  std::size_t bytes = 0;
  visit_arrays(shape, [&bytes](const auto& array, int width) {
    bytes += static_cast<std::size_t>(width) * sizeof(array[0]);
  });
  return bytes;
}

std::size_t part_bytes_per_row(const MaskedBatch& shape) { return bytes_per_row(shape) + error_bytes_per_row(shape); }

BatchSplit split_batch(const SplitRequest& request) {
  const std::size_t wanted =
      std::clamp<std::size_t>(request.part_bytes / request.bytes_per_row, 1, request.num_rows);
  const auto num_streams = static_cast<std::size_t>(request.num_streams);
  const std::size_t with_all = rows_that_fit(request.usable_bytes / num_streams, request);
  const std::size_t with_one = rows_that_fit(request.usable_bytes, request);
  if (request.num_rows <= std::min(wanted, with_one)) return {request.num_rows, 1};
  if (with_all > 0) return {std::min(wanted, with_all), request.num_streams};
  return {std::min(wanted, with_one), 1};
}

}  // namespace maskscope
