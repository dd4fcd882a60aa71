// The CPU backend: one SerialGroup per sample, samples spread over threads.
#pragma once

#include <memory>

#include "kernels/backend.h"

namespace maskscope {

// threads: 0 = one per hardware thread; at most 256 are used.
std::unique_ptr<Backend> make_cpu_backend(int threads);

}  // namespace maskscope
