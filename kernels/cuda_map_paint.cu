#include "kernels/cuda_map_paint.cuh"

#include "kernels/cuda_check.cuh"

namespace maskscope {
namespace {

constexpr unsigned block_side = 16;

__global__ void __launch_bounds__(block_side * block_side)
    paint_map(const __grid_constant__ FrequencyMap map, const std::uint64_t* counts, std::uint32_t* texels) {
  const auto x = static_cast<std::int32_t>(blockIdx.x * block_side + threadIdx.x);
  const auto y = static_cast<std::int32_t>(blockIdx.y * block_side + threadIdx.y);
  if (x >= map.width() || y >= map.width()) return;
  texels[std::ptrdiff_t{y} * map.width() + x] = frequency_texel(map, counts, x, y);
}

}  // namespace

void start_painting(cudaStream_t stream, const FrequencyMap& map, const std::uint64_t* counts, std::uint32_t* texels) {
  const unsigned blocks = (static_cast<unsigned>(map.width()) + block_side - 1) / block_side;
  paint_map<<<dim3(blocks, blocks), dim3(block_side, block_side), 0, stream>>>(map, counts, texels);
  check_cuda(cudaGetLastError(), "starting to paint a map");
}

}  // namespace maskscope
