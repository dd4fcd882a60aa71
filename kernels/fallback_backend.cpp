#include "kernels/fallback_backend.h"

#include <string>

#include "core/error.h"
#include "kernels/cpu_backend.h"
#include "kernels/device.h"

namespace maskscope {
namespace {

class FallbackBackend final : public Backend {
 public:
  FallbackBackend(const std::function<std::unique_ptr<Backend>()>& open_gpu, int threads)
      : cpu_(make_cpu_backend(threads)) {
    try {
      gpu_ = open_gpu();
    } catch (const Error& error) {
      lose_gpu(error);
    }
  }

  BackendInfo info() const override {
    BackendInfo info = gpu_ ? gpu_->info() : cpu_->info();
    info.lost_device = lost_device_;
    return info;
  }

  void run(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, MaskedBatch& masks) override {
    on_either([&](Backend& backend) { backend.run(plan, samples, draws, masks); });
  }

  void tally(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, Tally& counts) override {
    on_either([&](Backend& backend) { backend.tally(plan, samples, draws, counts); });
  }

  std::shared_ptr<const std::uint64_t> counts_on_gpu() override {
    return gpu_ ? gpu_->counts_on_gpu() : nullptr;
  }

 private:
  template <class Work>
  void on_either(const Work& work) {
    if (!gpu_) return work(*cpu_);
    try {
      work(*gpu_);
    } catch (const DeviceOutOfMemory&) {
      // Nothing is broken: the next batch may be smaller.
      work(*cpu_);
    } catch (const Error& error) {
      work(*cpu_);
      lose_gpu(error);
    }
  }

  void lose_gpu(const Error& error) {
    lost_device_ = cat("The GPU is not used any more; the CPU computes the same masks. ", error.what());
    gpu_.reset();
  }

  std::unique_ptr<Backend> cpu_, gpu_;
  std::string lost_device_;
};

}  // namespace

std::unique_ptr<Backend> make_fallback_backend(const std::function<std::unique_ptr<Backend>()>& open_gpu, int threads) {
  return std::make_unique<FallbackBackend>(open_gpu, threads);
}

}  // namespace maskscope
