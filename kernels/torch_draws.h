// The policy of randomness that draws what the reference draws: from PyTorch's, Python's and NumPy's generators, one
// number after another. Verbs: kernels/philox_draws.h. What comes from which generator, as in fourm/data/masking.py:
//   component            Python randint; PyTorch multinomial if the scheme has weights
//   numbers of tokens    Python randint
//   budgets              PyTorch Dirichlet
//   image noise, spans   PyTorch rand
//   keep probability     Python uniform or choice
//   target window        NumPy randint
//   decoder order        Python sample
// A stream has one order, so the stages must be called as the reference calls them, by one thread: the verbs take a
// SerialGroup and no other. Names of draws matter only to tell these uses, and the modalities, apart.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "core/draw.h"
#include "core/view.h"
#include "kernels/numpy_random.h"
#include "kernels/philox_draws.h"
#include "kernels/python_random.h"
#include "kernels/serial_group.h"
#include "kernels/torch_generator.h"

namespace maskscope {

// After torch.manual_seed(seed); random.seed(seed); numpy.random.seed(seed % 2**32). Copies go on alike.
struct TorchGenerators {
  explicit TorchGenerators(std::uint64_t seed) : torch(seed), python(seed), numpy(static_cast<std::uint32_t>(seed)) {}

  TorchGenerator torch;
  PythonRandom python;
  NumpyRandom numpy;
};

// By modality id: the 24-bit draws of an image's noise, or of a sequence's accepted (last) attempt at spans.
using NoiseById = std::map<std::uint32_t, std::vector<std::uint32_t>>;

// The draws of one call of the masking.
class TorchDraws {
 public:
  static constexpr bool is_stream = true;

  // The generators go on from call to call. noise, if any: out, what rand24 drew. Both must outlive the draws.
  explicit TorchDraws(TorchGenerators& generators, NoiseById* noise = nullptr)
      : generators_(&generators), noise_(noise) {}

  void dirichlet(SerialGroup&, const DirichletRequest& request, View<double> gammas, View<float> p) {
    const std::ptrdiff_t num_modalities = request.alphas.size;
    for (std::int32_t vector = 0; vector < request.num_vectors; ++vector) {
      const std::ptrdiff_t first = vector * num_modalities;
      generators_->torch.dirichlet(request.alphas, gammas.subview(first, num_modalities),
                                   p.subview(first, num_modalities));
    }
  }

  void rand24(SerialGroup&, DrawName name, std::int32_t n, View<std::uint32_t> out) {
    const View<std::uint32_t> draws = out.subview(0, n);
    for (std::uint32_t& draw : draws) draw = generators_->torch.rand24();
    if (noise_) (*noise_)[name.modality_id].assign(draws.begin(), draws.end());
  }

  double uniform(DrawName) { return generators_->python.uniform(); }
  std::int32_t choice(DrawName) { return static_cast<std::int32_t>(generators_->python.below(2)); }

  std::uint32_t randint(DrawName name, std::uint32_t n) {
    return name.purpose == DrawPurpose::target_window ? generators_->numpy.below(n) : generators_->python.below(n);
  }

  std::int32_t weighted_component(View<const double> weights) { return generators_->torch.multinomial(weights); }

  // The model draws the order, after the masking and in another place: from a copy, so that the next call of the masking
  // goes on as in a loop that only masks. It is the order that cat_decoder_tensors makes directly after this call.
  void shuffle_decoder(std::int32_t num_modalities) {
    PythonRandom python = generators_->python;
    const std::vector<std::int32_t> order = python.permutation(num_modalities);
    place_.resize(order.size());
    for (std::size_t place = 0; place < order.size(); ++place) {
      place_[static_cast<std::size_t>(order[place])] = static_cast<std::uint32_t>(place);
    }
  }
  std::uint32_t order_key(std::uint32_t, std::int32_t number) const { return place_.at(static_cast<std::size_t>(number)); }

 private:
  TorchGenerators* generators_;
  NoiseById* noise_;
  std::vector<std::uint32_t> place_;  // by number: place in the decoder's order
};

}  // namespace maskscope
