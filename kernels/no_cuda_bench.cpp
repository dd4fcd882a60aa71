// Stands in for cuda_bench.cu in builds without nvcc.
#include "kernels/bench/device_bench.h"

namespace maskscope {

std::optional<DeviceTimes> measure_cuda(const MaskingPlan&, const PackedSamples&, int, int) { return std::nullopt; }

}  // namespace maskscope
