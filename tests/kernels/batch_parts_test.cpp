// How batches are cut, and which are refused before anything is allocated.
#include <limits>
#include <sstream>
#include <string>

#include "core/error.h"
#include "kernels/backend.h"
#include "kernels/batch_parts.h"
#include "kernels/bench/layouts.h"
#include "kernels/host_memory.h"
#include "kernels/masking_launch.h"
#include "kernels/run_request.h"
#include "tests/catch.h"

namespace maskscope {
namespace {

constexpr std::size_t megabyte = 1'000'000;

SplitRequest thousand_rows() {
  return {.num_rows = 1000, .bytes_per_row = megabyte, .scratch_bytes = 0, .part_bytes = 32 * megabyte,
          .usable_bytes = 40'000 * megabyte, .num_streams = 2};
}

}  // namespace

TEST_CASE("a batch is cut into parts as large as allowed") {
  SplitRequest request = thousand_rows();
  CHECK(split_batch(request).rows_at_once == 32);
  CHECK(split_batch(request).num_streams == 2);
  request.part_bytes = 1;
  CHECK(split_batch(request).rows_at_once == 1);
  request.part_bytes = 2000 * megabyte;
  CHECK(split_batch(request).rows_at_once == 1000);
  CHECK(split_batch(request).num_streams == 1);
  request.num_rows = 1;
  CHECK(split_batch(request).rows_at_once == 1);
}

TEST_CASE("parts fit in the memory of a small GPU") {
  SplitRequest request = thousand_rows();
  request.usable_bytes = 40 * megabyte;
  CHECK(split_batch(request).rows_at_once == 19);
  request.scratch_bytes = 10 * megabyte;
  CHECK(split_batch(request).rows_at_once == 9);
  request.usable_bytes = 21 * megabyte;  // no room for two rows with their scratch, but for several of one stream
  CHECK(split_batch(request).num_streams == 1);
  CHECK(split_batch(request).rows_at_once == 10);
  request.usable_bytes = 11 * megabyte;  // the row alone fills it, and alignment costs a little
  CHECK(split_batch(request).rows_at_once == 0);
  for (const std::size_t usable : {std::size_t{0}, std::size_t{1}, megabyte}) {
    request.usable_bytes = usable;
    CHECK(split_batch(request).rows_at_once == 0);
  }
}

TEST_CASE("what split_batch lets in takes no more than is usable") {
  MaskedBatch shape;
  shape.resize(bench_layout("4m-7-128").scheme, 0);
  for (std::size_t usable = 1000; usable < 3 * megabyte; usable = usable * 9 / 8) {
    for (const std::size_t scratch : {std::size_t{0}, std::size_t{5000}}) {
      const SplitRequest request{.num_rows = 70, .bytes_per_row = part_bytes_per_row(shape), .scratch_bytes = scratch,
                                 .part_bytes = 32 * megabyte, .usable_bytes = usable, .num_streams = 2};
      const BatchSplit split = split_batch(request);
      if (split.rows_at_once == 0) continue;
      CHECK((part_layout(shape, split.rows_at_once).bytes + scratch) * static_cast<std::size_t>(split.num_streams) <= usable);
    }
  }
}

TEST_CASE("a group's scratch is what tests/cuda_evidence.sh calculates with") {
  const BenchLayout& layout = bench_layout("4m-21-256");
  const MaskingPlan plan = make_plan(layout.scheme, default_vocabulary());
  const ScratchSizes sizes = scratch_sizes(plan, pack_samples(plan, view_of(layout.samples)));
  Scratch unplaced;
  CHECK(carve_step_scratch<BudgetStep>(sizes, nullptr, unplaced) == 4568);
  CHECK(carve_step_scratch<ContentMaskStep>(sizes, nullptr, unplaced) == 2448);
  CHECK(carve_step_scratch<SelectionStep>(sizes, nullptr, unplaced) == 160);
}

TEST_CASE("a batch that no memory holds is refused in a sentence, before anything is allocated") {
  const MaskingPlan plan = make_plan(bench_layout("4m-7-128").scheme, default_vocabulary());
  MaskedBatch masks;
  const int most = std::numeric_limits<int>::max();
  std::string sentence;
  try {
    allocate_masks(plan, most, masks);
  } catch (const Error& error) {
    sentence = error.what();
  }
  CHECK_THAT(sentence, contains_text("2147483647 samples"));
  CHECK_THAT(sentence, contains_text("TB of memory"));
  CHECK_THAT(sentence, contains_text("Choose a smaller batch."));
  CHECK(masks.tensor.capacity() == 0);
  CHECK_THROWS_AS(make_backend(BackendChoice::cpu, 1)->run(plan, PackedSamples(), {1, 0, most}, masks), Error);
}

TEST_CASE("bytes are counted without overflow") {
  const std::size_t most = std::numeric_limits<std::size_t>::max();
  CHECK(can_hold(31'000, 2'000, std::nullopt));
  CHECK_FALSE(can_hold(most / 2, 3, std::nullopt));
  CHECK(can_hold(most / 2, 2, std::nullopt));
  CHECK(can_hold(1000, 4, 4000));
  CHECK_FALSE(can_hold(1000, 5, 4999));
  CHECK(can_hold(0, most, 0));
}

TEST_CASE("bytes are told in the unit that fits") {
  CHECK(bytes_text(0) == "0 bytes");
  CHECK(bytes_text(1023) == "1023 bytes");
  CHECK(bytes_text(1536) == "1.5 KB");
  CHECK(bytes_text(4.0 * 1024 * 1024 * 1024) == "4 GB");
}

TEST_CASE("available memory is read from the system's own words") {
  std::istringstream text("MemTotal: 100 kB\nMemFree:  7 kB\nMemAvailable:   24 kB\nBuffers: 3 kB\n");
  CHECK(parse_available_bytes(text) == std::size_t{24 * 1024});
  std::istringstream empty, cut("MemAvailable:");
  CHECK_FALSE(parse_available_bytes(empty).has_value());
  CHECK_FALSE(parse_available_bytes(cut).has_value());
}

}  // namespace maskscope
