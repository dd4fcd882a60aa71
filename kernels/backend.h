// The one door to the masking core: compile a scheme once, run it on batches, on CPU or GPU, with the same bits.
//
// Order of calls: make_plan, then Backend::run as often as wanted. Example:
//   const MaskingPlan plan = make_plan(scheme, default_vocabulary());
//   auto backend = make_backend(BackendChoice::automatic, 0);
//   MaskedBatch masks;
//   backend->run(plan, pack_samples(plan, samples), {.seed = 42, .first_sample = 0, .batch_size = 1}, masks);
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/masked_batch.h"
#include "core/sample.h"
#include "core/scheme.h"
#include "core/tally.h"
#include "core/view.h"
#include "kernels/plan.h"

namespace maskscope {

enum class BackendChoice { automatic, cpu, cuda };

struct BackendInfo {
  std::string name;         // "cpu" or "cuda"
  std::string description;  // for people: "CPU, 4 threads, AVX2" or "CUDA, NVIDIA H200, driver 13.0"
  std::string lost_device = {};  // why a GPU that was there is not used any more, in sentences; else empty
  int num_threads = 0;           // of the CPU that mask; 0: a GPU does
};

struct DrawRange {
  std::uint64_t seed = 0;
  std::uint64_t first_sample = 0;  // first_sample + batch_size - 1 <= max_sample_index
  int batch_size = 0;              // >= 0
};

class Backend {
 public:
  virtual ~Backend() = default;
  virtual BackendInfo info() const = 0;
  // Masks samples[i % samples.count] with the draws of sample first_sample + i into row i of masks (resized here).
  // Not to be called from two threads at once. Throws Error when the device fails or memory does not suffice.
  virtual void run(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, MaskedBatch& masks) = 0;
  // Masks the same, keeps no masks and adds what they were to the counts; counts has the shape tally_shape(plan, samples). On an
  // Error the counts are as before. Not to be called from two threads at once, nor beside run.
  virtual void tally(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, Tally& counts) = 0;
  // The block of counts that the last tally left, on the GPU, where a GPU counted it; else null. A copy that nobody writes any
  // more, for kernels/map_sharing.h. May outlive the backend, and be let go of on any thread. Not to be called beside tally.
  // Null, too, where the GPU fails at it.
  virtual std::shared_ptr<const std::uint64_t> counts_on_gpu() { return nullptr; }
};

// What can be counted of these samples. samples: packed for the plan.
TallyShape tally_shape(const MaskingPlan& plan, const PackedSamples& samples);

// threads: CPU worker threads, 0 = one per hardware thread. automatic: CUDA while it works, else the CPU
// (kernels/fallback_backend.h). BackendChoice::cuda throws Error with the reason when CUDA cannot be used, and so does its
// run when CUDA fails: it never falls back.
std::unique_ptr<Backend> make_backend(BackendChoice choice, int threads);

// Whether CUDA can be used here and, in one sentence for people, why (not). Never throws.
struct CudaStatus {
  bool is_compiled = false;  // this build contains the CUDA backend
  bool is_usable = false;
  std::string reason;         // "no NVIDIA driver is installed (CUDA error 35)"
  std::string device_name;    // empty when not usable
  std::string driver_version; // empty when there is no driver
  std::string runtime_version;
};
CudaStatus cuda_status();

}  // namespace maskscope
