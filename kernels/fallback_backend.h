// A GPU while it works, the CPU for good once it does not. Both give the same bits, so nothing but speed is lost.
#pragma once

#include <functional>
#include <memory>

#include "kernels/backend.h"

namespace maskscope {

// open_gpu is called once, here. When it throws Error, or when a run fails on the GPU and succeeds on the CPU, the GPU is
// let go and BackendInfo::lost_device says why. A run that fails on both throws the CPU's Error, and the GPU is kept; so it
// is when a run only wants more memory than the GPU has, which the CPU then does.
// threads: as in make_backend.
std::unique_ptr<Backend> make_fallback_backend(const std::function<std::unique_ptr<Backend>()>& open_gpu, int threads);

}  // namespace maskscope
