// Masking with the reference's own random numbers, on the CPU: what
//   torch.manual_seed(seed); random.seed(seed); numpy.random.seed(seed % 2**32)
//   masks = [masking(sample) for sample in loader]      # masking: a UnifiedMasking
// gives with PyTorch 1.13.1 (a build without MKL), Python 3.11 and NumPy 1.24. Others were not compared, and may differ.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/masked_batch.h"
#include "core/waterfall.h"
#include "kernels/plan.h"
#include "kernels/torch_draws.h"

namespace maskscope {

// A stream cannot be entered in the middle: every call before the first wanted one has to be made.
constexpr std::uint64_t max_torch_first_call = 20'000;

struct TorchRequest {
  std::uint64_t seed = 0;
  std::uint64_t first_call = 0;  // calls made and thrown away before row 0; at most max_torch_first_call
  int batch_size = 0;            // >= 0
};

// What the last row was made of, and where it left the generators.
struct TorchTrace {
  // (K) vectors. img: (max_tokens) draws of the noise; sequences: the accepted attempt, a draw per token or per chunk. A
  // draw is an integer k below 2^24, the element k / 2^24 of torch.rand. Empty: nothing was drawn.
  std::vector<std::vector<std::uint32_t>> noise;
  DrawnBudgets budgets;

  // What the generators give next (the decoder's order not yet drawn).
  std::array<std::uint32_t, 3> next_torch_rand24{};   // torch.rand(3) * 2**24
  std::array<double, 2> next_python_random{};         // random.random(), twice
  std::array<std::uint32_t, 2> next_numpy_randint{};  // numpy.random.randint(2**30), twice
};

// Call number c, from 0, masks samples[c % samples.count]; row i is call first_call + i (masks is resized here). Budgets
// set by hand are not drawn; the modalities then draw as they would after the budgets. decoder_order is what the model
// would draw right after the row's call; the next call does not see that draw. trace: out, may be null; empty for an empty
// batch. Throws Error as Backend::run does, and when first_call is too large.
void mask_with_torch_generators(const MaskingPlan& plan, const PackedSamples& samples, TorchRequest request,
                                MaskedBatch& masks, TorchTrace* trace);

// One call of the masking with generators that the transforms of the sample have used already, as in dataset[i]; they go on
// from there. samples: the first one is masked; call: the sample's number, for messages. masks is resized to one row.
// Throws Error as above; the generators are then anywhere.
void mask_with_torch_generators(const MaskingPlan& plan, const PackedSamples& samples, TorchGenerators& generators,
                                std::uint64_t call, MaskedBatch& masks, TorchTrace* trace);

}  // namespace maskscope
