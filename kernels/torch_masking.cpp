#include "kernels/torch_masking.h"

#include <cstddef>
#include <new>
#include <utility>
#include <vector>

#include "core/error.h"
#include "kernels/budget_trace.h"
#include "kernels/host_scratch.h"
#include "kernels/run_request.h"
#include "kernels/serial_group.h"
#include "kernels/stages/mask_sample.h"
#include "kernels/torch_draws.h"

namespace maskscope {
namespace {

TorchTrace make_trace(const MaskingPlan& plan, NoiseById noise, TorchGenerators after) {
  TorchTrace trace;
  for (const ModalityPlan& modality : plan.modalities) {
    trace.noise.push_back(std::move(noise[static_cast<std::uint32_t>(modality.id)]));
  }
  for (std::uint32_t& draw : trace.next_torch_rand24) draw = after.torch.rand24();
  for (double& draw : trace.next_python_random) draw = after.python.uniform();
  for (std::uint32_t& draw : trace.next_numpy_randint) draw = after.numpy.below(1u << 30);
  return trace;
}

void mask_calls(const MaskingPlan& plan, const PackedSamples& samples, TorchRequest request, TorchGenerators& generators,
                std::uint64_t number_of_call_0, MaskedBatch& masks, TorchTrace* trace) {
  const HostScratch scratch(scratch_sizes(plan, samples));
  const PlanView view = plan_view(plan);
  const SampleRow base = first_row(masks);
  const RowShape shape = row_shape(masks);

  SerialGroup group;
  NoiseById noise;
  DrawnBudgets budgets;
  const std::uint64_t num_calls = request.first_call + static_cast<std::uint64_t>(request.batch_size);
  for (std::uint64_t call = 0; call < num_calls; ++call) {
    // What is thrown away is written to row 0, and over it again.
    const auto row = static_cast<std::size_t>(call < request.first_call ? 0 : call - request.first_call);
    TorchDraws draws(generators, trace && call + 1 == num_calls ? &noise : nullptr);
    const auto sample = static_cast<std::ptrdiff_t>(call % static_cast<std::uint64_t>(samples.count));
    const SampleError error =
        mask_sample(group, draws, view, tokens_of(samples, sample), scratch.get(), row_of(base, shape, row), RecordBudgets{&budgets});
    if (error.error != SpanError::none) {
      throw_sample_error(plan, {request.seed, number_of_call_0, request.batch_size}, call, error);
    }
  }
  if (!trace) return;
  *trace = make_trace(plan, std::move(noise), generators);
  trace->budgets = std::move(budgets);
}

// Call 0 is made with the generators as they are.
void mask_batch(const MaskingPlan& plan, const PackedSamples& samples, TorchRequest request, TorchGenerators& generators,
                std::uint64_t number_of_call_0, MaskedBatch& masks, TorchTrace* trace) {
  if (trace) *trace = {};
  allocate_masks(plan, request.batch_size, masks);
  if (request.batch_size == 0) return;
  try {
    mask_calls(plan, samples, request, generators, number_of_call_0, masks, trace);
  } catch (const std::bad_alloc&) {
    throw Error("There is not enough memory for the scratch of the masking. Close other programs.");
  }
}

}  // namespace

void mask_with_torch_generators(const MaskingPlan& plan, const PackedSamples& samples, TorchRequest request,
                                MaskedBatch& masks, TorchTrace* trace) {
  check_request(plan, samples, {request.seed, request.first_call, request.batch_size});
  if (request.first_call > max_torch_first_call) {
    throw Error(cat("Sample ", request.first_call, " was asked for with PyTorch's generators, which reach it only through "
                    "all samples before it. Choose a first sample of at most ", max_torch_first_call,
                    ", or the random numbers of maskscope."));
  }
  TorchGenerators generators(request.seed);
  mask_batch(plan, samples, request, generators, 0, masks, trace);
}

void mask_with_torch_generators(const MaskingPlan& plan, const PackedSamples& samples, TorchGenerators& generators,
                                std::uint64_t call, MaskedBatch& masks, TorchTrace* trace) {
  check_request(plan, samples, {0, call, 1});
  mask_batch(plan, samples, {.seed = 0, .first_call = 0, .batch_size = 1}, generators, call, masks, trace);
}

}  // namespace maskscope
