// PhiloxDraws for a group of one thread: the same draws, made by the kernels for this CPU.
#pragma once

#include "kernels/draw_kernels.h"
#include "kernels/philox_draws.h"
#include "kernels/serial_group.h"

namespace maskscope {

class SerialDraws : public PhiloxDraws {
 public:
  explicit SerialDraws(SampleDraws draws, const DrawKernels& kernels = draw_kernels())
      : PhiloxDraws(draws), kernels_(&kernels) {}

  void dirichlet(SerialGroup& group, const DirichletRequest& request, View<double> gammas, View<float> p) const {
    kernels_->gammas(sample_draws(), request, gammas.data);
    normalize(group, request, gammas, p);
  }

  void rand24(SerialGroup&, DrawName name, std::int32_t n, View<std::uint32_t> out) const {
    assert((n + draws_at_once - 1) / draws_at_once * draws_at_once <= out.size);
    kernels_->rand24(sample_draws(), name, n, out.data);
  }

 private:
  const DrawKernels* kernels_;
};

}  // namespace maskscope
