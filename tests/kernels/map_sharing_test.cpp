// Whether maps can be shared: every reason, of machines that are made up. What CUDA and OpenGL then do needs both drivers, and
// no test here claims it.
#include "kernels/map_sharing.h"

#include "core/error.h"
#include "tests/catch.h"

namespace maskscope {
namespace {

constexpr const char* opengl = "OpenGL 4.6, NVIDIA H200";

CudaStatus usable_cuda() {
  CudaStatus cuda;
  cuda.is_compiled = cuda.is_usable = true;
  cuda.device_name = "NVIDIA H200";
  return cuda;
}

bool was_asked = false;
template <int... Devices>
GlDevices answer() {
  was_asked = true;
  return {{Devices...}, ""};
}
GlDevices no_answer() { return {{}, "invalid OpenGL or DirectX context (CUDA error 219)"}; }

}  // namespace

TEST_CASE("maps are shared when OpenGL draws on the GPU that masks") {
  const MapSharing sharing = decide_map_sharing(usable_cuda(), opengl, answer<masking_device>);
  CHECK(sharing.is_possible);
  CHECK(sharing.sentence() == "shared with OpenGL: CUDA and OpenGL are both on the GPU NVIDIA H200");
  // In any place: several GPUs may draw for one context.
  CHECK(decide_map_sharing(usable_cuda(), opengl, answer<masking_device + 3, masking_device>).is_possible);
}

TEST_CASE("maps are uploaded, with the reason, where they cannot be shared") {
  CudaStatus no_cuda;
  no_cuda.reason = "no NVIDIA driver is installed (CUDA error 35)";
  was_asked = false;
  CHECK(decide_map_sharing(no_cuda, opengl, answer<masking_device>).sentence() ==
        "uploaded: CUDA is not used: no NVIDIA driver is installed (CUDA error 35)");
  CHECK(decide_map_sharing(usable_cuda(), "", answer<masking_device>).sentence() == "uploaded: there is no OpenGL context");
  CHECK_FALSE(was_asked);  // CUDA must not be asked about a context that is not there
  CHECK(decide_map_sharing(usable_cuda(), opengl, no_answer).sentence() ==
        "uploaded: CUDA cannot reach OpenGL 4.6, NVIDIA H200: invalid OpenGL or DirectX context (CUDA error 219)");
  CHECK(decide_map_sharing(usable_cuda(), "OpenGL 4.5, llvmpipe", answer<>).sentence() ==
        "uploaded: OpenGL 4.5, llvmpipe does not draw on the GPU that masks, NVIDIA H200");
  CHECK_FALSE(decide_map_sharing(usable_cuda(), opengl, answer<masking_device + 1>).is_possible);
}

TEST_CASE("without CUDA or without OpenGL nothing is shared, and asking for it is an error with a sentence") {
  const CudaStatus cuda = cuda_status();
  const MapSharing sharing = find_map_sharing("");
  CHECK_FALSE(sharing.is_possible);
  CHECK(sharing.reason == (cuda.is_usable ? "there is no OpenGL context" : cat("CUDA is not used: ", cuda.reason)));
  if (cuda.is_usable) return;
  std::string error = "no error";
  try {
    make_map_painter(1);
  } catch (const Error& failure) {
    error = failure.what();
  }
  CHECK_THAT(error, contains_text("CUDA"));
}

}  // namespace maskscope
