#include "kernels/cpu_backend.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <new>
#include <thread>
#include <vector>

#include "core/draw.h"
#include "core/error.h"
#include "kernels/cpu_clones.h"
#include "kernels/draw_kernels.h"
#include "kernels/host_scratch.h"
#include "kernels/run_request.h"
#include "kernels/serial_draws.h"
#include "kernels/serial_group.h"
#include "kernels/stages/mask_sample.h"
#include "kernels/stages/tally.h"
#include "kernels/tally_view.h"

namespace maskscope {
namespace {

constexpr int max_threads = 256;

// A thread's own memory, used again from batch to batch.
struct Worker {
  SerialGroup group;
  HostScratch scratch;
  MaskedBatch masks;  // of one sample, whose masks are counted and forgotten
  Tally counts;
};

struct Job {
  PlanView plan;
  const PackedSamples* samples = nullptr;
  DrawRange draws;
  SampleRow first_row;
  RowShape shape;
  const DrawKernels* draw_kernels = nullptr;
};

// Rows begin .. end - 1. Returns the first row that failed, end when none did.
MASKSCOPE_CPU_CLONES
std::size_t mask_rows(const Job& job, Worker& worker, std::size_t begin, std::size_t end, SampleError& error) {
  const PackedSamples& samples = *job.samples;
  for (std::size_t row = begin; row < end; ++row) {
    const auto sample = static_cast<std::ptrdiff_t>(row % static_cast<std::size_t>(samples.count));
    const SerialDraws draws(SampleDraws{job.draws.seed, job.draws.first_sample + row}, *job.draw_kernels);
    error = mask_sample(worker.group, draws, job.plan, tokens_of(samples, sample), worker.scratch.get(),
                        row_of(job.first_row, job.shape, row));
    if (error.error != SpanError::none) return row;
  }
  return end;
}

// The same, counted instead of kept; job.first_row is not used.
MASKSCOPE_CPU_CLONES
std::size_t tally_rows(const Job& job, Worker& worker, std::size_t begin, std::size_t end, SampleError& error) {
  const PackedSamples& samples = *job.samples;
  const SampleRow masks = first_row(worker.masks);
  const TallyView counts = tally_view(worker.counts);
  for (std::size_t row = begin; row < end; ++row) {
    const auto sample = static_cast<std::ptrdiff_t>(row % static_cast<std::size_t>(samples.count));
    const SerialDraws draws(SampleDraws{job.draws.seed, job.draws.first_sample + row}, *job.draw_kernels);
    error = mask_sample(worker.group, draws, job.plan, tokens_of(samples, sample), worker.scratch.get(), masks);
    if (error.error != SpanError::none) return row;
    tally_sample(worker.group, job.plan, masks, counts, AddAlone{});
  }
  return end;
}

class CpuBackend final : public Backend {
 public:
  explicit CpuBackend(int threads) {
    const auto hardware = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    num_threads_ = std::min(threads > 0 ? threads : hardware, max_threads);
  }

  BackendInfo info() const override {
    const char* lanes = "";
#if MASKSCOPE_HAS_CPU_CLONES
    if (__builtin_cpu_supports("avx2")) lanes = ", AVX2";
#endif
    return {"cpu", cat("CPU, ", num_threads_, num_threads_ == 1 ? " thread" : " threads", lanes), {}, num_threads_};
  }

  void run(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, MaskedBatch& masks) override {
    check_request(plan, samples, draws);
    try {
      allocate_masks(plan, draws.batch_size, masks);
      prepare_workers(plan, samples, draws);
      run_job(plan, {plan_view(plan), &samples, draws, first_row(masks), row_shape(masks), &draw_kernels()}, mask_rows);
    } catch (const std::bad_alloc&) {
      refuse_for_memory();
    }
  }

  void tally(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, Tally& counts) override {
    check_request(plan, samples, draws);
    try {
      const std::size_t num_workers = prepare_workers(plan, samples, draws);
      for (std::size_t w = 0; w < num_workers; ++w) {
        workers_[w].masks.resize(plan.scheme, 1);
        workers_[w].counts = Tally(counts.shape());
      }
      run_job(plan, {plan_view(plan), &samples, draws, {}, {}, &draw_kernels()}, tally_rows);
      for (std::size_t w = 0; w < num_workers; ++w) counts.merge(workers_[w].counts);
    } catch (const std::bad_alloc&) {
      refuse_for_memory();
    }
  }

 private:
  using RowsFunction = std::size_t (*)(const Job&, Worker&, std::size_t begin, std::size_t end, SampleError&);

  [[noreturn]] static void refuse_for_memory() {
    throw Error("There is not enough memory for the scratch of the masking. Close other programs.");
  }

  std::size_t num_workers_for(DrawRange draws) const {
    // Starting a thread costs about as much as masking a few samples.
    constexpr std::size_t rows_worth_a_thread = 8;
    const auto num_rows = static_cast<std::size_t>(draws.batch_size);
    return std::clamp<std::size_t>(num_rows / rows_worth_a_thread, 1, static_cast<std::size_t>(num_threads_));
  }

  // Returns how many work on the draws.
  std::size_t prepare_workers(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws) {
    const std::size_t num_workers = num_workers_for(draws);
    if (workers_.size() < num_workers) workers_.resize(num_workers);
    for (std::size_t w = 0; w < num_workers; ++w) workers_[w].scratch.reserve(scratch_sizes(plan, samples));
    return num_workers;
  }

  void run_job(const MaskingPlan& plan, const Job& job, RowsFunction work_on_rows) {
    constexpr std::size_t rows_at_once = 4;
    const auto num_rows = static_cast<std::size_t>(job.draws.batch_size);
    const std::size_t num_workers = num_workers_for(job.draws);

    struct Failure {
      std::size_t row;
      SampleError error;
    };
    std::vector<Failure> failures(num_workers, Failure{num_rows, {}});
    std::vector<std::exception_ptr> exceptions(num_workers);  // out of memory in a thread must not end the program
    std::atomic<std::size_t> next_row{0};
    const auto work = [&](std::size_t w) {
      for (;;) {
        const std::size_t begin = next_row.fetch_add(rows_at_once, std::memory_order_relaxed);
        if (begin >= num_rows) return;
        const std::size_t end = std::min(begin + rows_at_once, num_rows);
        SampleError error;
        const std::size_t failed = work_on_rows(job, workers_[w], begin, end, error);
        if (failed != end) {
          failures[w] = {failed, error};
          return;  // later rows of this worker cannot be the first to fail
        }
      }
    };
    const auto work_safely = [&](std::size_t w) {
      try {
        work(w);
      } catch (...) {
        exceptions[w] = std::current_exception();
      }
    };
    {
      std::vector<std::jthread> threads;
      for (std::size_t w = 1; w < num_workers; ++w) threads.emplace_back(work_safely, w);
      work_safely(0);
    }
    for (const std::exception_ptr& exception : exceptions) {
      if (exception) std::rethrow_exception(exception);
    }
    // The same failure is reported whatever the number of threads: that of the first row.
    const Failure& first = *std::min_element(failures.begin(), failures.end(),
                                             [](const Failure& a, const Failure& b) { return a.row < b.row; });
    if (first.row != num_rows) throw_sample_error(plan, job.draws, first.row, first.error);
  }

  int num_threads_ = 1;
  std::vector<Worker> workers_;
};

}  // namespace

std::unique_ptr<Backend> make_cpu_backend(int threads) { return std::make_unique<CpuBackend>(threads); }

}  // namespace maskscope
