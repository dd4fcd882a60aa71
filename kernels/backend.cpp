#include "kernels/backend.h"

#include "core/error.h"
#include "kernels/cpu_backend.h"
#include "kernels/cuda_backend.h"

namespace maskscope {

std::unique_ptr<Backend> make_backend(BackendChoice choice, int threads) {
  if (choice == BackendChoice::cuda) return make_cuda_backend();
  if (choice == BackendChoice::automatic && cuda_status().is_usable) {
    try {
      return make_cuda_backend();
    } catch (const Error&) {
      // The device went away between the two questions; automatic means that this is no error.
    }
  }
  return make_cpu_backend(threads);
}

}  // namespace maskscope
