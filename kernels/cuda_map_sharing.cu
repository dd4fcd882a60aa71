// Paints frequency maps into textures of OpenGL. The only file of kernels/ that sees a header of OpenGL, through CUDA's own; it
// calls no function of OpenGL, so nothing links with it.
#include "kernels/map_sharing.h"

#include <cuda_gl_interop.h>

#include <array>
#include <utility>

#include "kernels/cuda_check.cuh"
#include "kernels/cuda_device.cuh"
#include "kernels/cuda_map_paint.cuh"

namespace maskscope {
namespace {

// A texture that CUDA may use.
class RegisteredTexture {
 public:
  explicit RegisteredTexture(std::uint32_t texture) {
    check_cuda(cudaGraphicsGLRegisterImage(&resource_, texture, GL_TEXTURE_2D, cudaGraphicsRegisterFlagsWriteDiscard),
               "sharing a texture with OpenGL");
  }
  RegisteredTexture(const RegisteredTexture&) = delete;
  RegisteredTexture& operator=(const RegisteredTexture&) = delete;
  ~RegisteredTexture() {
    if (cudaGraphicsUnregisterResource(resource_) != cudaSuccess) cudaGetLastError();
  }
  cudaGraphicsResource_t get() const { return resource_; }

 private:
  cudaGraphicsResource_t resource_ = nullptr;
};

// While it lives the texture is CUDA's and OpenGL must not touch it. Mapping waits for what OpenGL was given before, and OpenGL
// waits for what the stream was given until the unmapping.
class MappedTexture {
 public:
  MappedTexture(cudaGraphicsResource_t resource, cudaStream_t stream) : resource_(resource), stream_(stream) {
    check_cuda(cudaGraphicsMapResources(1, &resource_, stream_), "taking a texture from OpenGL");
  }
  MappedTexture(const MappedTexture&) = delete;
  MappedTexture& operator=(const MappedTexture&) = delete;
  ~MappedTexture() {
    if (cudaGraphicsUnmapResources(1, &resource_, stream_) != cudaSuccess) cudaGetLastError();
  }
  cudaArray_t level_0() const {
    cudaArray_t array = nullptr;
    check_cuda(cudaGraphicsSubResourceGetMappedArray(&array, resource_, 0, 0), "finding a texture's memory");
    return array;
  }

 private:
  cudaGraphicsResource_t resource_;
  cudaStream_t stream_;
};

class DeviceTexels {
 public:
  DeviceTexels() = default;
  DeviceTexels(const DeviceTexels&) = delete;
  DeviceTexels& operator=(const DeviceTexels&) = delete;
  ~DeviceTexels() { release(); }
  std::uint32_t* reserve(std::size_t count) {
    if (count > capacity_) {
      release();
      check_cuda(cudaMalloc(&texels_, count * sizeof(std::uint32_t)), "allocating a picture on the GPU");
      capacity_ = count;
    }
    return texels_;
  }

 private:
  void release() {
    if (texels_ && cudaFree(texels_) != cudaSuccess) cudaGetLastError();
    texels_ = nullptr;
    capacity_ = 0;
  }
  std::uint32_t* texels_ = nullptr;
  std::size_t capacity_ = 0;
};

class CudaMapPainter final : public MapPainter {
 public:
  explicit CudaMapPainter(std::uint32_t texture) : texture_(texture) {}

  ~CudaMapPainter() override {
    // A failure is no longer anybody's: the texture is let go of.
    if (cudaStreamSynchronize(stream_.get()) != cudaSuccess) cudaGetLastError();
  }

  void paint(const FrequencyMap& map, std::shared_ptr<const std::uint64_t> counts) override {
    const auto width = static_cast<std::size_t>(map.width());
    if (width == 0) return;
    // The painting before, a frame or more ago: its counts may go now.
    check_cuda(cudaStreamSynchronize(stream_.get()), "painting a map");
    counts_ = std::move(counts);
    std::uint32_t* const texels = texels_.reserve(width * width);
    start_painting(stream_.get(), map, counts_.get(), texels);
    const MappedTexture mapped(texture_.get(), stream_.get());
    const std::size_t row_bytes = width * sizeof(std::uint32_t);
    check_cuda(cudaMemcpy2DToArrayAsync(mapped.level_0(), 0, 0, texels, row_bytes, row_bytes, width, cudaMemcpyDeviceToDevice,
                                        stream_.get()),
               "writing a map into its texture");
  }

 private:
  RegisteredTexture texture_;
  CudaStream stream_;
  DeviceTexels texels_;
  std::shared_ptr<const std::uint64_t> counts_;  // of the painting under way
};

}  // namespace

GlDevices cuda_devices_of_gl() {
  GlDevices found;
  std::array<int, 16> devices{};
  unsigned num_devices = 0;
  const cudaError_t error = cudaGLGetDevices(&num_devices, devices.data(), static_cast<unsigned>(devices.size()), cudaGLDeviceListAll);
  if (error == cudaSuccess) {
    found.devices.assign(devices.begin(), devices.begin() + num_devices);
  } else if (error != cudaErrorNoDevice) {  // none of CUDA's GPUs draws for the context: an answer, too
    found.error = cat(cudaGetErrorString(error), " (CUDA error ", static_cast<int>(error), ")");
  }
  cudaGetLastError();
  return found;
}

std::unique_ptr<MapPainter> make_map_painter(std::uint32_t texture) {
  // Each thread has a current GPU of its own.
  check_cuda(cudaSetDevice(masking_device), "choosing the GPU");
  return std::make_unique<CudaMapPainter>(texture);
}

}  // namespace maskscope
