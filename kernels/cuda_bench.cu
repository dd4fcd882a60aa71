// Times on the GPU, and a check that what was timed is right.
#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "core/bfloat16.h"
#include "core/error.h"
#include "core/position_table.h"
#include "kernels/batch_parts.h"
#include "kernels/bench/device_bench.h"
#include "kernels/cpu_backend.h"
#include "kernels/cuda_device.cuh"
#include "kernels/cuda_gather.cuh"
#include "kernels/embedding_tables.h"
#include "kernels/uploaded_inputs.h"

namespace maskscope {
namespace {

constexpr int gather_dim = 768;
constexpr std::uint64_t bench_seed = 11;
// Outputs of the gather are far larger than any cache already for these rows; a batch's next rows overwrite them.
constexpr int most_gather_rows = 2048;
constexpr int most_checked_rows = 64;

class Event {
 public:
  Event() { check_cuda(cudaEventCreate(&event_), "creating a timer"); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { cudaEventDestroy(event_); }
  void record(cudaStream_t stream) { check_cuda(cudaEventRecord(event_, stream), "starting a timer"); }
  double seconds_since(const Event& start) const {
    check_cuda(cudaEventSynchronize(event_), "waiting for the GPU");
    float milliseconds = 0;
    check_cuda(cudaEventElapsedTime(&milliseconds, start.event_, event_), "reading a timer");
    return milliseconds * 1e-3;
  }

 private:
  cudaEvent_t event_ = nullptr;
};

// The tables of x in the bench: any values do, as long as two rows differ. component: 0 .. D - 1.
template <class T>
MASKSCOPE_HD T table_value(std::int64_t row, std::int32_t component) {
  T value{};
  gather_detail::assign(value, static_cast<float>((row * 37 + component) % 256));
  return value;
}

template <class T>
__global__ void fill_table(Lanes<T>* table, std::int64_t num_lanes, std::int32_t per_row) {
  const std::int64_t step = std::int64_t{gridDim.x} * blockDim.x;
  for (std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < num_lanes; i += step) {
    const auto first = static_cast<std::int32_t>(i % per_row) * Lanes<T>::count;
    for (std::int32_t k = 0; k < Lanes<T>::count; ++k) table[i].lane[k] = table_value<T>(i / per_row, first + k);
  }
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

class DeviceBench {
 public:
  DeviceBench(const MaskingPlan& plan, const PackedSamples& samples, int batch_size, int repeats)
      : plan_(plan), samples_(samples), batch_size_(batch_size), repeats_(repeats) {
    shape_.resize(plan.scheme, 0);
    inputs_.update(plan, samples, launch_);
    const auto num_rows = static_cast<std::size_t>(batch_size);
    layout_ = part_layout(shape_, num_rows);
    std::byte* const block = outputs_.reserve(layout_.bytes);
    launch_.rows = rows_at(block, layout_);
    launch_.errors = reinterpret_cast<SpanError*>(block + layout_.errors_offset);
    launch_.shape = {shape_.num_modalities, shape_.num_slots, shape_.encoder_slots, shape_.decoder_slots};
    launch_.num_rows = batch_size;
    const std::size_t scratch_bytes = device_.scratch_bytes(launch_.scratch_sizes);
    if (scratch_bytes > 0) launch_.scratch = scratch_.reserve(scratch_bytes);
  }

  DeviceStage time_masking() {
    std::vector<double> seconds;
    for (int repeat = -1; repeat < repeats_; ++repeat) {
      start_.record(stream());
      mask(repeat);
      end_.record(stream());
      if (repeat >= 0) seconds.push_back(end_.seconds_since(start_));
    }
    check_masks();
    return {"masking", median(seconds), bytes_per_row(shape_) * static_cast<std::uint64_t>(batch_size_)};
  }

  // After time_masking.
  template <class T>
  DeviceStage time_gather(const char* name, const EmbeddingTables& tables) {
    const std::int32_t per_row = lanes_per_row<T>(gather_dim);
    DeviceBuffer x_table(device_, MemoryKind::device), positions(device_, MemoryKind::device),
        modalities(device_, MemoryKind::device), embedding_modalities(device_, MemoryKind::device),
        slot_rows(device_, MemoryKind::device), position_numbers(device_, MemoryKind::device), x(device_, MemoryKind::device),
        emb(device_, MemoryKind::device);
    const std::int64_t table_lanes = std::int64_t{tables.num_x_rows} * per_row;
    EmbeddingRows<T> rows{gather_dim, lanes_in<Lanes<T>>(x_table, table_lanes), send(tables.positions, positions),
                          send(tables.modality_vectors, modalities)};
    fill_table<<<4096, 256, 0, stream()>>>(const_cast<Lanes<T>*>(rows.x), table_lanes, per_row);
    check_cuda(cudaGetLastError(), "filling tables on the GPU");

    SlotRowsLaunch launch;
    launch.plan = launch_.plan;
    launch.embedding = tables.view();
    launch.embedding.modalities = {send(tables.modalities, embedding_modalities), view_of(tables.modalities).size};
    launch.shape = launch_.shape;
    launch.scratch_sizes = SelectionStep::scratch_sizes(launch_.scratch_sizes);
    const std::int64_t rows_at_once = std::min(batch_size_, most_gather_rows);
    const std::int64_t slots_at_once = rows_at_once * slots_per_row(launch.embedding, launch.shape);
    launch.slot_rows = lanes_in<SlotRow>(slot_rows, slots_at_once);
    launch.positions = lanes_in<std::int32_t>(position_numbers, rows_at_once * shape_.num_slots);
    auto* const x_out = lanes_in<Lanes<T>>(x, slots_at_once * per_row);
    auto* const emb_out = lanes_in<Lanes<T>>(emb, slots_at_once * per_row);

    std::vector<double> seconds;
    for (int repeat = -1; repeat < repeats_; ++repeat) {
      mask(repeat);
      start_.record(stream());
      // The first rows come last, so that they can be checked.
      for (int begin = (batch_size_ - 1) / most_gather_rows * most_gather_rows; begin >= 0; begin -= most_gather_rows) {
        launch.num_rows = std::min(most_gather_rows, batch_size_ - begin);
        launch.rows = row_of(launch_.rows, launch_.shape, static_cast<std::size_t>(begin));
        launch.first_draws = {bench_seed, launch_.first_draws.sample + static_cast<std::uint64_t>(begin)};
        start_slot_rows(stream(), launch);
        start_gather(stream(), rows, launch.slot_rows,
                     static_cast<std::uint32_t>(launch.num_rows * slots_per_row(launch.embedding, launch.shape)), x_out, emb_out);
      }
      end_.record(stream());
      if (repeat >= 0) seconds.push_back(end_.seconds_since(start_));
    }
    check_gather<T>(tables, x_out, emb_out);
    // What is written, and the content masks that selection reads; the rows of the tables may come from a cache.
    const std::uint64_t written = static_cast<std::uint64_t>(slots_per_row(launch.embedding, launch.shape)) * 2 *
                                  static_cast<std::uint64_t>(per_row) * sizeof(Lanes<T>);
    const std::uint64_t read = 2 * static_cast<std::uint64_t>(shape_.num_slots);
    return {name, median(seconds), (written + read) * static_cast<std::uint64_t>(batch_size_)};
  }

  double copy_bytes_per_second() {
    constexpr std::size_t bytes = std::size_t{512} << 20;
    DeviceBuffer from(device_, MemoryKind::device), to(device_, MemoryKind::device);
    std::byte *const source = from.reserve(bytes), *const target = to.reserve(bytes);
    std::vector<double> seconds;
    for (int repeat = -1; repeat < repeats_; ++repeat) {
      start_.record(stream());
      check_cuda(cudaMemcpyAsync(target, source, bytes, cudaMemcpyDeviceToDevice, stream()), "copying on the GPU");
      end_.record(stream());
      if (repeat >= 0) seconds.push_back(end_.seconds_since(start_));
    }
    return 2.0 * static_cast<double>(bytes) / median(seconds);
  }

 private:
  cudaStream_t stream() const { return device_.stream(0); }

  // The one before the first timed repeat, number -1, has draws of its own, too.
  void mask(int repeat) {
    launch_.first_draws = {bench_seed, static_cast<std::uint64_t>(repeat + 1) * static_cast<std::uint64_t>(batch_size_)};
    device_.mask_rows(0, launch_);
  }

  template <class T>
  static T* lanes_in(DeviceBuffer& buffer, std::int64_t count) {
    return reinterpret_cast<T*>(buffer.reserve(static_cast<std::size_t>(count) * sizeof(T)));
  }

  template <class T>
  const T* send(const std::vector<T>& values, DeviceBuffer& buffer) {
    T* const memory = lanes_in<T>(buffer, static_cast<std::int64_t>(values.size()));
    device_.copy_to_device(0, reinterpret_cast<std::byte*>(memory), reinterpret_cast<const std::byte*>(values.data()),
                           values.size() * sizeof(T));
    return memory;
  }

  template <class T>
  std::vector<T> fetch(const T* memory, std::size_t count) {
    std::vector<T> values(count);
    device_.copy_to_host(0, reinterpret_cast<std::byte*>(values.data()), reinterpret_cast<const std::byte*>(memory),
                         count * sizeof(T));
    device_.wait(0);
    return values;
  }

  // The first rows of the last batch, by the CPU.
  MaskedBatch expected_masks() const {
    MaskedBatch masks;
    make_cpu_backend(1)->run(plan_, samples_,
                             {bench_seed, launch_.first_draws.sample, std::min(batch_size_, most_checked_rows)}, masks);
    return masks;
  }

  void check_masks() {
    const std::vector<std::byte> block = fetch(outputs_.reserve(layout_.bytes), layout_.bytes);
    const MaskedBatch expected = expected_masks();
    MaskedBatch found;
    found.resize(plan_.scheme, expected.batch_size);
    copy_rows(block.data(), layout_, static_cast<std::size_t>(found.batch_size), 0, found);
    if (found != expected) throw Error("The masks that the GPU was timed with are not the CPU's. Please report this.");
  }

  template <class T>
  void check_gather(const EmbeddingTables& tables, const Lanes<T>* x, const Lanes<T>* emb) {
    const std::int32_t per_row = lanes_per_row<T>(gather_dim);
    MaskedBatch masks = expected_masks();
    const std::vector<SlotRow> slots = name_slot_rows(plan_, tables, masks, launch_.first_draws);
    const auto found_x = fetch(x, slots.size() * static_cast<std::size_t>(per_row));
    const auto found_emb = fetch(emb, found_x.size());
    const EmbeddingRows<T> host_rows{gather_dim, nullptr, tables.positions.data(), tables.modality_vectors.data()};
    for (std::size_t i = 0; i < found_x.size(); ++i) {
      const SlotRow& slot = slots[i / static_cast<std::size_t>(per_row)];
      const auto c = static_cast<std::int32_t>(i % static_cast<std::size_t>(per_row));
      Lanes<T> expected_x{};
      for (std::int32_t k = 0; slot.x >= 0 && k < Lanes<T>::count; ++k) {
        expected_x.lane[k] = table_value<T>(slot.x, c * Lanes<T>::count + k);
      }
      const Lanes<T> expected_emb = gather_emb(host_rows, slot, c);
      if (std::memcmp(&found_x[i], &expected_x, sizeof expected_x) != 0 ||
          std::memcmp(&found_emb[i], &expected_emb, sizeof expected_emb) != 0) {
        throw Error("The embeddings that the GPU was timed with are not the CPU's. Please report this.");
      }
    }
  }

  const MaskingPlan& plan_;
  const PackedSamples& samples_;
  int batch_size_, repeats_;
  MaskedBatch shape_;  // of no rows
  PartLayout layout_;
  CudaDevice device_{"", CudaGroup::automatic};
  UploadedInputs inputs_{device_};
  DeviceBuffer outputs_{device_, MemoryKind::device}, scratch_{device_, MemoryKind::device};
  MaskingLaunch launch_;
  Event start_, end_;
};

// Whether every text's positions have a row in the table.
bool can_gather(const MaskingPlan& plan) {
  return std::all_of(plan.modalities.begin(), plan.modalities.end(), [](const ModalityPlan& modality) {
    return modality.kind == ModalityKind::img || modality.max_tokens <= sequence_position_rows;
  });
}

}  // namespace

std::optional<DeviceTimes> measure_cuda(const MaskingPlan& plan, const PackedSamples& samples, int batch_size, int repeats) {
  if (!cuda_status().is_usable) return std::nullopt;
  DeviceTimes times;
  try {
    DeviceBench bench(plan, samples, batch_size, repeats);
    times.stages.push_back(bench.time_masking());
    times.copy_bytes_per_second = bench.copy_bytes_per_second();
    if (can_gather(plan)) {
      const EmbeddingTables tables = make_embedding_tables(plan, {.seed = bench_seed, .dim = gather_dim, .num_register_tokens = 0});
      times.stages.push_back(bench.time_gather<float>("gather fp32", tables));
      times.stages.push_back(bench.time_gather<Bfloat16>("gather bf16", tables));
    }
  } catch (const DeviceOutOfMemory&) {
    if (times.stages.empty()) return std::nullopt;
  }
  return times;
}

}  // namespace maskscope
