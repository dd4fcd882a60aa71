#include "kernels/bench/core_bench.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <random>
#include <thread>

#include "core/bfloat16.h"
#include "core/error.h"
#include "kernels/backend.h"
#include "kernels/bench/checksum.h"
#include "kernels/bench/device_bench.h"
#include "kernels/bench/gather_bench.h"
#include "kernels/bench/harness.h"
#include "kernels/bench/layouts.h"
#include "kernels/bench/machine.h"
#include "kernels/bench/stage_bench.h"
#include "kernels/host_memory.h"

namespace maskscope {
namespace {

constexpr int batch_sizes[] = {1, 16, 256, 4096, 65536};
constexpr int ratio_batch = 256;
constexpr int ratio_repetitions = 9;

struct NamedBackend {
  std::string name;
  BenchClock clock;
  std::unique_ptr<Backend> backend;
};

std::vector<NamedBackend> backends_present() {
  std::vector<NamedBackend> backends;
  backends.push_back({"cpu1", BenchClock::cpu, make_backend(BackendChoice::cpu, 1)});
  if (std::thread::hardware_concurrency() > 1) backends.push_back({"cpu", BenchClock::wall, make_backend(BackendChoice::cpu, 0)});
  if (cuda_status().is_usable) backends.push_back({"cuda", BenchClock::wall, make_backend(BackendChoice::cuda, 0)});
  return backends;
}

// One layout ready to be run.
class LayoutBench {
 public:
  // masks: the memory for the masks of all layouts, used again and again: asking the system for it takes long.
  LayoutBench(const BenchLayout& layout, MaskedBatch& masks)
      : layout_(layout),
        masks_(masks),
        plan_(make_plan(layout.scheme, default_vocabulary())),
        packed_(pack_samples(plan_, view_of(layout.samples))) {}

  const BenchLayout& layout() const { return layout_; }
  const MaskingPlan& plan() const { return plan_; }
  const PackedSamples& packed() const { return packed_; }

  std::uint64_t bytes_per_sample() const {
    MaskedBatch one;
    one.resize(plan_.scheme, 1);
    std::uint64_t bytes = 0;
    visit_arrays(one, [&](const auto& array, int) { bytes += array.size() * sizeof(array[0]); });
    return bytes;
  }

  // Of the masks' memory.
  std::uint64_t reserved_bytes() const {
    std::uint64_t bytes = 0;
    visit_arrays(masks_, [&](const auto& array, int) { bytes += array.capacity() * sizeof(array[0]); });
    return bytes;
  }

  std::string checksum_of(Backend& backend) {
    MaskedBatch masks;
    backend.run(plan_, packed_, checksum_draws, masks);
    return checksum(masks);
  }

  // Batches that pass_seconds runs: some of the smallest ones, so that reading the clock weighs nothing.
  static int pass_batches(int batch_size) { return std::max(1, 16 / batch_size); }

  // Seconds for these batches, each with a seed never used before. Memory grows before, which does not count.
  double pass_seconds(NamedBackend& backend, int batch_size) {
    const auto run = [&] {
      backend.backend->run(plan_, packed_, {.seed = ++seed_, .first_sample = 0, .batch_size = batch_size}, masks_);
    };
    masks_.resize(plan_.scheme, batch_size);
    if (backend.name == "cuda" && batch_size > most_gpu_samples_) {
      most_gpu_samples_ = batch_size;
      run();
    }
    return seconds_of(backend.clock, [&] {
      for (int i = pass_batches(batch_size); i > 0; --i) run();
    });
  }

 private:
  const BenchLayout& layout_;
  MaskedBatch& masks_;
  MaskingPlan plan_;
  PackedSamples packed_;
  int most_gpu_samples_ = 0;
  std::uint64_t seed_ = 0;
};

std::string batch_name(const BenchLayout& layout, const std::string& backend, int batch_size) {
  return cat(layout.name, "/all/", backend, "/", batch_size);
}
std::string stage_name(const BenchLayout& layout, BenchStage stage) { return cat(layout.name, "/", to_string(stage), "/cpu1"); }

// The yardstick: std::sort of 196 random u64, other ones every time.
double sort_pass_seconds(std::mt19937_64& generator, std::vector<std::array<std::uint64_t, 196>>& inputs) {
  for (auto& input : inputs) std::generate(input.begin(), input.end(), std::ref(generator));
  return seconds_of(BenchClock::cpu, [&] {
    for (auto& input : inputs) std::sort(input.begin(), input.end());
  });
}

// The yardstick and what is divided by it, repetitions of all in random order.
void measure_ratios(Harness& harness, std::vector<LayoutBench>& layouts, NamedBackend& one_core) {
  std::mt19937_64 generator(1);
  std::vector<std::array<std::uint64_t, 196>> inputs(64);
  harness.add("sort", static_cast<double>(inputs.size()), [&] { return sort_pass_seconds(generator, inputs); });
  for (LayoutBench& layout : layouts) {
    harness.add(batch_name(layout.layout(), one_core.name, ratio_batch), ratio_batch,
                [&] { return layout.pass_seconds(one_core, ratio_batch); });
  }
  harness.run(ratio_repetitions);
}

// Why a batch is not run: its masks would take more than half of the free memory. Nothing when it can be.
std::optional<std::string> memory_sentence(const LayoutBench& layout, int batch_size) {
  const std::uint64_t bytes = layout.bytes_per_sample() * static_cast<std::uint64_t>(batch_size);
  const std::optional<std::size_t> available = available_host_bytes();
  if (!available || bytes <= std::max<std::uint64_t>(*available / 2, layout.reserved_bytes())) return std::nullopt;
  return cat("Batches of ", batch_size, " were not run: their masks take ", bytes >> 20, " MiB, more than half of the ",
             *available >> 20, " MiB that are free.");
}

void measure_layout(Harness& harness, LayoutBench& layout, std::vector<NamedBackend>& backends, int most_batch_samples,
                    LayoutFigures& figures) {
  StageBench stages(layout.layout());
  for (const BenchStage stage : bench_stages) {
    harness.add(stage_name(layout.layout(), stage), StageBench::pass_samples, [&stages, stage] { return stages.pass_seconds(stage); });
  }
  for (const int batch_size : batch_sizes) {
    if (batch_size > most_batch_samples) continue;
    if (auto sentence = memory_sentence(layout, batch_size)) {
      figures.not_run.push_back(std::move(*sentence));
      continue;
    }
    for (NamedBackend& backend : backends) {
      const std::string name = batch_name(layout.layout(), backend.name, batch_size);
      if (harness.timing(name)) continue;  // among the ratios
      harness.add(name, LayoutBench::pass_batches(batch_size) * batch_size,
                  [&layout, &backend, batch_size] { return layout.pass_seconds(backend, batch_size); });
    }
  }
  harness.run(1);
}

template <class T>
void measure_gather(Harness& harness, const BenchLayout& layout, const std::string& stage, LayoutFigures& figures) {
  const std::string name = cat(layout.name, "/", stage, "/cpu1");
  if (!harness.wants(name)) return;
  GatherBench<T> gather(layout);
  harness.add(name, gather.pass_samples, [&gather] { return gather.pass_seconds(); });
  harness.run(1);
  const double seconds = harness.timing(name)->fastest_s;
  figures.gather.push_back({stage, seconds * 1e6, static_cast<double>(gather.bytes_written_per_sample()) / seconds});
}

void measure_device(const Harness& harness, const LayoutBench& layout, int most_batch_samples, BenchReport& report,
                    LayoutFigures& figures) {
  constexpr int repeats = 20;
  for (const int batch_size : batch_sizes) {
    if (batch_size > most_batch_samples || !harness.wants(cat(layout.layout().name, "/device/", batch_size))) continue;
    const auto times = measure_cuda(layout.plan(), layout.packed(), batch_size, repeats);
    if (!times) {
      figures.not_run.push_back(cat("Batches of ", batch_size, " were not timed on the GPU: they do not fit in its memory."));
      continue;
    }
    report.device_copy_bytes_per_second = std::max(report.device_copy_bytes_per_second.value_or(0), times->copy_bytes_per_second);
    for (const DeviceStage& stage : times->stages) {
      figures.device.push_back({stage.name, batch_size, stage.seconds_per_batch / batch_size * 1e6,
                                static_cast<double>(stage.bytes_per_batch) / stage.seconds_per_batch});
    }
  }
}

// A block far larger than any cache, from one place in memory to another.
void measure_copy(Harness& harness) {
  constexpr std::size_t block_bytes = std::size_t{256} << 20;
  if (!harness.wants("copy")) return;
  std::vector<char> from(block_bytes, 1), to(block_bytes, 2);
  const auto pass = [&] {
    const double seconds = seconds_of(BenchClock::cpu, [&] { std::memcpy(to.data(), from.data(), block_bytes); });
    std::swap(from, to);  // so that no copy repeats the last one
    return seconds;
  };
  harness.add("copy", 2.0 * static_cast<double>(block_bytes), pass);
  harness.run(1);
}

MemoryFigure measure_memory(LayoutBench& layout, NamedBackend& backend) {
  constexpr int warm_up_batches = 20, batches = 200, batch_size = 256;
  for (int i = 0; i < warm_up_batches; ++i) layout.pass_seconds(backend, batch_size);
  MemoryFigure memory{batches * batch_size, resident_bytes(), 0};
  for (int i = 0; i < batches; ++i) layout.pass_seconds(backend, batch_size);
  memory.bytes_after = resident_bytes();
  return memory;
}

void collect(const Harness& harness, const std::vector<NamedBackend>& backends, const BenchLayout& layout, LayoutFigures& figures) {
  for (const BenchStage stage : bench_stages) {
    if (const auto time = harness.timing(stage_name(layout, stage))) {
      figures.stages.push_back({std::string(to_string(stage)), time->fastest_s * 1e6});
    }
  }
  for (const NamedBackend& backend : backends) {
    for (const int batch_size : batch_sizes) {
      if (const auto time = harness.timing(batch_name(layout, backend.name, batch_size))) {
        figures.batches.push_back({backend.name, batch_size, time->fastest_s * 1e6});
      }
    }
  }
  const auto sort = harness.timing("sort"), sample = harness.timing(batch_name(layout, "cpu1", ratio_batch));
  if (sort && sample) {
    figures.ratio_to_sort = sample->fastest_s / sort->fastest_s;
    figures.median_ratio_to_sort = sample->median_s / sort->median_s;
  }
}

}  // namespace

BenchReport measure_core(const CoreBenchOptions& options) {
  Harness harness(options.filter, options.min_time_s);
  std::vector<NamedBackend> backends = backends_present();
  BenchReport report;
  report.version = MASKSCOPE_VERSION;
  report.cpu = cpu_model();
  report.hardware_threads = static_cast<int>(std::thread::hardware_concurrency());
  report.cuda = cuda_status().reason;
  for (const NamedBackend& backend : backends) report.backends.push_back({backend.name, backend.backend->info().description});

  MaskedBatch masks;
  std::vector<LayoutBench> layouts;
  for (const BenchLayout& layout : bench_layouts()) layouts.emplace_back(layout, masks);
  for (LayoutBench& layout : layouts) {
    LayoutFigures& figures = report.layouts.emplace_back();
    figures.name = layout.layout().name;
    figures.title = layout.layout().title;
    figures.expected_checksum = layout.layout().checksum;
    figures.num_modalities = layout.plan().scheme.num_modalities();
    figures.num_slots = layout.plan().num_slots;
    figures.bytes_written_per_sample = layout.bytes_per_sample();
    figures.ratio_goal = layout.layout().sort_ratio_goal;
    for (NamedBackend& backend : backends) {
      const std::string found = layout.checksum_of(*backend.backend);
      figures.checksums.push_back({backend.name, found, found == figures.expected_checksum});
    }
  }
  if (!options.has_timings) return report;

  measure_ratios(harness, layouts, backends.front());
  if (harness.wants("memory")) report.memory = measure_memory(layouts.front(), backends.front());
  std::size_t num_device_figures = 0;
  // The last one has the largest samples: the memory for its masks serves the others.
  for (std::size_t i = layouts.size(); i-- > 0;) {
    measure_layout(harness, layouts[i], backends, options.most_batch_samples, report.layouts[i]);
    measure_gather<float>(harness, layouts[i].layout(), "gather-fp32", report.layouts[i]);
    measure_gather<Bfloat16>(harness, layouts[i].layout(), "gather-bf16", report.layouts[i]);
    collect(harness, backends, layouts[i].layout(), report.layouts[i]);
    if (cuda_status().is_usable) measure_device(harness, layouts[i], options.most_batch_samples, report, report.layouts[i]);
    num_device_figures += report.layouts[i].device.size();
  }
  measure_copy(harness);
  if (const auto sort = harness.timing("sort")) report.sort_us = sort->fastest_s * 1e6;
  if (const auto copy = harness.timing("copy")) report.copy_bytes_per_second = 1.0 / copy->fastest_s;
  if (harness.num_timings() == 0 && num_device_figures == 0 && !report.memory) {
    throw Error(cat("No benchmark has a name with \"", options.filter,
                    "\". Names look like sort, copy, memory, 4m-7-128/budgets/cpu1 and 4m-21-256/all/cpu/4096."));
  }
  return report;
}

}  // namespace maskscope
