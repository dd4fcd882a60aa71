#include "kernels/device_backend.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <limits>
#include <new>
#include <utility>
#include <vector>

#include "core/error.h"
#include "kernels/batch_parts.h"
#include "kernels/run_request.h"
#include "kernels/tally_view.h"
#include "kernels/uploaded_inputs.h"

namespace maskscope {
namespace {

// A stream's memory, and the part that is under way in it.
struct Lane {
  explicit Lane(Device& device)
      : outputs(device, MemoryKind::device), scratch(device, MemoryKind::device), staging(device, MemoryKind::staging) {}

  void reserve(std::size_t part_bytes, std::size_t scratch_bytes) {
    outputs.reserve(part_bytes);
    staging.reserve(part_bytes);
    if (scratch_bytes > 0) scratch.reserve(scratch_bytes);
  }
  bool has_room(std::size_t part_bytes, std::size_t scratch_bytes) const {
    return outputs.capacity() >= part_bytes && staging.capacity() >= part_bytes && scratch.capacity() >= scratch_bytes;
  }
  void release() {
    outputs.release();
    staging.release();
    scratch.release();
  }

  DeviceBuffer outputs, scratch, staging;
  std::size_t first_row = 0, num_rows = 0;  // num_rows 0: idle
};

class DeviceBackend final : public Backend {
 public:
  DeviceBackend(std::unique_ptr<Device> device, std::size_t part_bytes)
      : device_(std::move(device)), part_bytes_(part_bytes), inputs_(*device_) {}
  ~DeviceBackend() override { device_->give_up(); }

  BackendInfo info() const override { return device_->info(); }

  void run(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, MaskedBatch& masks) override {
    check_request(plan, samples, draws);
    allocate_masks(plan, draws.batch_size, masks);
    if (draws.batch_size == 0) return;
    stop_on_failure([&] { run_parts(plan, samples, draws, masks); });
  }

  void tally(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, Tally& counts) override {
    check_request(plan, samples, draws);
    if (draws.batch_size == 0) return;
    num_counts_ = 0;
    stop_on_failure([&] { tally_parts(plan, samples, draws, counts); });
    num_counts_ = counts.counts().size();
  }

  std::shared_ptr<const std::uint64_t> counts_on_gpu() override {
    if (num_counts_ == 0) return nullptr;
    try {
      return device_->copy_counts(0, reinterpret_cast<const std::uint64_t*>(tally_.reserve(0)), num_counts_);
    } catch (const std::exception&) {
      return nullptr;  // if the device is lost, the next call that needs it finds out
    }
  }

 private:
  template <class Work>
  void stop_on_failure(const Work& work) {
    try {
      work();
    } catch (const std::bad_alloc&) {
      stop();
      throw Error("There is not enough memory to send the samples to the GPU. Give fewer samples at a time.");
    } catch (...) {
      stop();
      throw;
    }
  }

  void run_parts(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, MaskedBatch& masks) {
    MaskingLaunch launch;
    inputs_.update(plan, samples, launch);
    launch.shape = row_shape(masks);
    const auto num_rows = static_cast<std::size_t>(draws.batch_size);
    const BatchSplit split = reserve_lanes(masks, num_rows, device_->scratch_bytes(launch.scratch_sizes));
    for_each_part(
        split, num_rows,
        [&](int stream) {
          const PartLayout layout = start_part(stream, draws, launch, masks);
          Lane& lane = lane_of(stream);
          device_->copy_to_host(stream, lane.staging.reserve(layout.bytes), lane.outputs.reserve(layout.bytes), layout.bytes);
        },
        [&](int stream) {
          const PartLayout layout = finish_part(stream, plan, draws, masks);
          Lane& lane = lane_of(stream);
          copy_rows(lane.staging.reserve(layout.bytes), layout, lane.num_rows, lane.first_row, masks);
        });
  }

  // The masks stay on the device. The counts so far go there, all streams add to them, and the sums come back.
  void tally_parts(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, Tally& counts) {
    MaskedBatch shape;
    shape.resize(plan.scheme, 0);
    MaskingLaunch launch;
    inputs_.update(plan, samples, launch);
    launch.shape = row_shape(shape);
    const auto num_rows = static_cast<std::size_t>(draws.batch_size);

    // The counts, and behind them the table of the modalities.
    const std::vector<TallyModality>& modalities = counts.shape().modalities;
    const std::size_t count_bytes = counts.counts().size() * sizeof(std::uint64_t);
    const std::size_t table_bytes = modalities.size() * sizeof(TallyModality);
    sent_counts_.resize(count_bytes + table_bytes);
    std::memcpy(sent_counts_.data(), counts.counts().data(), count_bytes);
    if (table_bytes > 0) std::memcpy(sent_counts_.data() + count_bytes, modalities.data(), table_bytes);
    std::byte* const memory = tally_.reserve(sent_counts_.size());
    std::byte* const staging = tally_staging_.reserve(count_bytes);
    auto* const counts_there = reinterpret_cast<std::uint64_t*>(memory);
    const View<const TallyModality> modalities_there{reinterpret_cast<const TallyModality*>(memory + count_bytes),
                                                     static_cast<std::ptrdiff_t>(modalities.size())};
    launch.tally = tally_view(counts.shape(), modalities_there, counts_there);
    const BatchSplit split = reserve_lanes(shape, num_rows, device_->scratch_bytes(launch.scratch_sizes));
    device_->copy_to_device(0, memory, sent_counts_.data(), sent_counts_.size());
    device_->wait(0);  // before any other stream counts
    for_each_part(
        split, num_rows,
        [&](int stream) {
          Lane& lane = lane_of(stream);
          const PartLayout layout = start_part(stream, draws, launch, shape, &Device::tally_rows);
          device_->copy_to_host(stream, lane.staging.reserve(layout.bytes) + layout.errors_offset,
                                lane.outputs.reserve(layout.bytes) + layout.errors_offset, layout.bytes - layout.errors_offset);
        },
        [&](int stream) { finish_part(stream, plan, draws, shape); });
    device_->copy_to_host(0, staging, memory, count_bytes);
    device_->wait(0);
    std::memcpy(counts.counts().data(), staging, count_bytes);
  }

  // start(stream): the part is lane_of(stream)'s rows. finish(stream): before the stream's next part, and after the last one.
  template <class Start, class Finish>
  void for_each_part(const BatchSplit& split, std::size_t num_rows, const Start& start, const Finish& finish) {
    const std::size_t num_parts = (num_rows + split.rows_at_once - 1) / split.rows_at_once;
    const auto num_streams = static_cast<std::size_t>(split.num_streams);
    // Part p is started when part p - num_streams has left the stream that both use.
    for (std::size_t p = 0; p < num_parts + num_streams; ++p) {
      const int stream = static_cast<int>(p % num_streams);
      Lane& lane = lane_of(stream);
      if (lane.num_rows > 0) finish(stream);
      lane.num_rows = 0;
      if (p >= num_parts) continue;
      lane.first_row = p * split.rows_at_once;
      lane.num_rows = std::min(split.rows_at_once, num_rows - lane.first_row);
      start(stream);
    }
  }

  // Gives every stream that is to be used room for as many rows as possible.
  BatchSplit reserve_lanes(const MaskedBatch& shape, std::size_t num_rows, std::size_t scratch_bytes) {
    SplitRequest request;
    request.num_rows = num_rows;
    request.bytes_per_row = part_bytes_per_row(shape);
    request.scratch_bytes = scratch_bytes;
    request.part_bytes = part_bytes_;
    request.num_streams = Device::num_streams;
    request.usable_bytes = std::numeric_limits<std::size_t>::max();
    const BatchSplit largest = split_batch(request);
    const std::size_t largest_bytes = part_layout(shape, largest.rows_at_once).bytes;
    const auto lanes = View<Lane>{lanes_.data(), largest.num_streams};
    if (std::all_of(lanes.begin(), lanes.end(),
                    [&](const Lane& lane) { return lane.has_room(largest_bytes, scratch_bytes); })) {
      return largest;
    }

    for (Lane& lane : lanes_) lane.release();
    const std::size_t free = device_->free_bytes();
    // Half of what is free, if that will do: the screen and other programs need some, too.
    request.usable_bytes = free / 2;
    if (split_batch(request).rows_at_once == 0) request.usable_bytes = free;
    for (;;) {
      const BatchSplit split = split_batch(request);
      if (split.rows_at_once == 0) {
        throw DeviceOutOfMemory(
            cat("The GPU has not enough memory for one sample of this scheme: it takes ",
                bytes_text(static_cast<double>(request.bytes_per_row + scratch_bytes)), ", and ",
                bytes_text(static_cast<double>(free)),
                " are free. Use the CPU backend, or close other programs that use the GPU."));
      }
      const std::size_t bytes = part_layout(shape, split.rows_at_once).bytes;
      try {
        for (int stream = 0; stream < split.num_streams; ++stream) lane_of(stream).reserve(bytes, scratch_bytes);
        return split;
      } catch (const DeviceOutOfMemory&) {
        // What is free need not be in one piece. Again with half of it.
        for (Lane& lane : lanes_) lane.release();
        request.usable_bytes = static_cast<std::size_t>(split.num_streams) * (bytes + scratch_bytes) / 2;
      }
    }
  }

  // shape: the masks', with any number of rows. and_then: what the device does with the masks that are made.
  PartLayout start_part(int stream, DrawRange draws, MaskingLaunch launch, const MaskedBatch& shape,
                        void (Device::*and_then)(int, const MaskingLaunch&) = nullptr) {
    Lane& lane = lane_of(stream);
    const PartLayout layout = part_layout(shape, lane.num_rows);
    std::byte* const outputs = lane.outputs.reserve(layout.bytes);
    launch.first_row = lane.first_row;
    launch.first_draws = {draws.seed, draws.first_sample + lane.first_row};
    launch.num_rows = static_cast<std::int32_t>(lane.num_rows);
    launch.rows = rows_at(outputs, layout);
    launch.errors = reinterpret_cast<SpanError*>(outputs + layout.errors_offset);
    const std::size_t scratch_bytes = device_->scratch_bytes(launch.scratch_sizes);
    launch.scratch = scratch_bytes > 0 ? lane.scratch.reserve(scratch_bytes) : nullptr;
    device_->mask_rows(stream, launch);
    if (and_then) ((*device_).*and_then)(stream, launch);
    return layout;
  }

  // Waits for the part under way, whose errors are copied to the staging memory, and throws if there is one.
  PartLayout finish_part(int stream, const MaskingPlan& plan, DrawRange draws, const MaskedBatch& shape) {
    Lane& lane = lane_of(stream);
    device_->wait(stream);
    const PartLayout layout = part_layout(shape, lane.num_rows);
    const std::byte* const staging = lane.staging.reserve(layout.bytes);
    const auto num_modalities = static_cast<std::size_t>(shape.num_modalities);
    for (std::size_t i = 0; i < lane.num_rows * num_modalities; ++i) {
      SpanError error;
      std::memcpy(&error, staging + layout.errors_offset + i * sizeof error, sizeof error);
      if (error == SpanError::none) continue;
      throw_sample_error(plan, draws, lane.first_row + i / num_modalities,
                         {error, static_cast<std::int32_t>(i % num_modalities)});
    }
    return layout;
  }

  void stop() {
    device_->give_up();
    for (Lane& lane : lanes_) lane.num_rows = 0;
    inputs_.forget();
  }

  Lane& lane_of(int stream) { return lanes_[static_cast<std::size_t>(stream)]; }

  std::unique_ptr<Device> device_;
  std::size_t part_bytes_;
  UploadedInputs inputs_;
  std::array<Lane, Device::num_streams> lanes_{Lane(*device_), Lane(*device_)};
  DeviceBuffer tally_{*device_, MemoryKind::device}, tally_staging_{*device_, MemoryKind::staging};
  std::vector<std::byte> sent_counts_;  // a stream may still copy them when a call fails
  std::size_t num_counts_ = 0;          // that the last tally left in tally_; 0: it failed, or there was none
};

}  // namespace

std::unique_ptr<Backend> make_device_backend(std::unique_ptr<Device> device, std::size_t part_bytes) {
  return std::make_unique<DeviceBackend>(std::move(device), part_bytes);
}

}  // namespace maskscope
