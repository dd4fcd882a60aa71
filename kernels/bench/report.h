// What `maskscope bench` finds out about the core. docs/bench.md says what each figure means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace maskscope {

struct ChecksumFigure {
  std::string backend;
  std::string checksum;
  bool is_equal = false;  // to the layout's
};

// One CPU core.
struct StageFigure {
  std::string stage;
  double us_per_sample = 0;
};

// All stages, by Backend::run: the masks lie in the host's memory afterwards.
struct BatchFigure {
  std::string backend;  // "cpu1": one thread; "cpu": all threads; "cuda"
  int batch_size = 0;
  double us_per_sample = 0;
};

// One CPU core: from masks to the embeddings of all selected slots, D = 768.
struct GatherFigure {
  std::string stage;
  double us_per_sample = 0;
  double bytes_per_second = 0;  // written
};

// On the GPU, without copies to the host.
struct DeviceFigure {
  std::string stage;
  int batch_size = 0;
  double us_per_sample = 0;
  double bytes_per_second = 0;
};

struct LayoutFigures {
  std::string name, title, expected_checksum;
  int num_modalities = 0;
  int num_slots = 0;
  std::uint64_t bytes_written_per_sample = 0;  // all per-sample arrays of MaskedBatch
  std::vector<ChecksumFigure> checksums;
  std::vector<StageFigure> stages;
  std::vector<BatchFigure> batches;
  std::vector<GatherFigure> gather;
  std::vector<DeviceFigure> device;
  std::vector<std::string> not_run;  // sentences
  // One core, batches of 256, over the time of sorting: of the fastest repetitions, and of the medians.
  std::optional<double> ratio_to_sort, median_ratio_to_sort;
  double ratio_goal = 0;

  std::optional<double> us_per_sample(const std::string& backend, int batch_size) const;
};

struct BackendFigure {
  std::string name;
  std::string description;
};

// Resident bytes while one batch size is drawn again and again.
struct MemoryFigure {
  int draws = 0;  // samples drawn between the two
  std::uint64_t bytes_before = 0;
  std::uint64_t bytes_after = 0;
};

struct BenchReport {
  std::string version, cpu;
  int hardware_threads = 0;
  std::string cuda;  // why it is used or not
  std::vector<BackendFigure> backends;
  std::optional<double> sort_us;  // std::sort of 196 u64
  std::optional<double> copy_bytes_per_second;         // one core, read plus written
  std::optional<double> device_copy_bytes_per_second;  // read plus written
  std::optional<MemoryFigure> memory;
  std::vector<LayoutFigures> layouts;

  bool checksums_are_equal() const;  // false also when there are none
};

std::string to_json(const BenchReport& report);
std::string to_table(const BenchReport& report);

}  // namespace maskscope
