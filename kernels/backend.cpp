#include "kernels/backend.h"

#include "kernels/cpu_backend.h"
#include "kernels/cuda_backend.h"
#include "kernels/fallback_backend.h"

namespace maskscope {

std::unique_ptr<Backend> make_backend(BackendChoice choice, int threads) {
  if (choice == BackendChoice::cuda) return make_cuda_backend();
  if (choice == BackendChoice::automatic && cuda_status().is_usable) {
    return make_fallback_backend([] { return make_cuda_backend(); }, threads);
  }
  return make_cpu_backend(threads);
}

}  // namespace maskscope
