#include "kernels/draw_kernels.h"

#include "kernels/gamma.h"
#include "kernels/serial_group.h"

namespace maskscope {
namespace {

void scalar_rand24(const SampleDraws& draws, DrawName name, std::int32_t n, std::uint32_t* out) {
  SerialGroup group;
  PhiloxDraws(draws).rand24(group, name, n, {out, (n + 3) / 4 * 4});
}

void scalar_gammas(const SampleDraws& draws, const DirichletRequest& request, double* gammas) {
  SerialGroup group;
  PhiloxDraws(draws).draw_gammas(group, request, {gammas, request.num_vectors * request.modalities.size});
}

}  // namespace

const DrawKernels& scalar_draw_kernels() {
  static constexpr DrawKernels kernels{scalar_rand24, scalar_gammas};
  return kernels;
}

const DrawKernels& draw_kernels() {
  const DrawKernels* const avx2 = avx2_draw_kernels();
  return avx2 ? *avx2 : scalar_draw_kernels();
}

}  // namespace maskscope
