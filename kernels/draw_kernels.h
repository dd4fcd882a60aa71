// Named draws made many at once on one CPU core. Every set of kernels gives the bits of PhiloxDraws (philox_draws.h), whose
// verbs these are; they differ in speed only.
#pragma once

#include <cstdint>

#include "core/draw.h"
#include "kernels/philox_draws.h"

namespace maskscope {

struct DrawKernels {
  // out: room for n draws, n rounded up to a multiple of draws_at_once.
  void (*rand24)(const SampleDraws& draws, DrawName name, std::int32_t n, std::uint32_t* out);
  // The gamma variates of PhiloxDraws::dirichlet; the request holds shapes. gammas: (num_vectors, K) out.
  void (*gammas)(const SampleDraws& draws, const DirichletRequest& request, double* gammas);
};

// One draw after the other: for any CPU.
const DrawKernels& scalar_draw_kernels();
// Four lanes of 64 bits. nullptr when this CPU, or the compiler, does not have AVX2.
const DrawKernels* avx2_draw_kernels();
// The fastest of these that this CPU has.
const DrawKernels& draw_kernels();

}  // namespace maskscope
