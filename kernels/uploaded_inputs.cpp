#include "kernels/uploaded_inputs.h"

#include <cstring>
#include <utility>

namespace maskscope {

// Appends values, aligned to 256 bytes; returns where they begin.
template <class T>
std::size_t UploadedInputs::pack(const std::vector<T>& values) {
  constexpr std::size_t alignment = 256;
  const std::size_t offset = (packed_.size() + alignment - 1) / alignment * alignment;
  packed_.resize(offset + values.size() * sizeof(T));
  if (!values.empty()) std::memcpy(packed_.data() + offset, values.data(), values.size() * sizeof(T));
  return offset;
}

template <class T>
View<const T> UploadedInputs::unpack(std::byte* memory, std::size_t offset, const std::vector<T>& values) const {
  return {reinterpret_cast<const T*>(memory + offset), static_cast<std::ptrdiff_t>(values.size())};
}

void UploadedInputs::update(const MaskingPlan& plan, const PackedSamples& samples, MaskingLaunch& launch) {
  packed_.clear();
  const std::size_t modalities = pack(plan.modalities), input_alphas = pack(plan.input_alphas),
                    target_alphas = pack(plan.target_alphas), keep_schemes = pack(plan.keep_schemes),
                    weights = pack(plan.scheme.sampling_weights), sentinels = pack(plan.vocabulary.sentinel_ids),
                    sorted_sentinels = pack(plan.sorted_sentinel_ids), ids = pack(samples.ids),
                    lengths = pack(samples.lengths), num_chunks = pack(samples.num_chunks),
                    first_chunk = pack(samples.first_chunk), chunk_ends = pack(samples.chunk_ends);
  std::byte* const memory = memory_.reserve(packed_.size());
  if (packed_ != sent_) {
    sent_.clear();
    device_.copy_to_device(0, memory, packed_.data(), packed_.size());
    device_.wait(0);
    std::swap(packed_, sent_);
  }
  launch.plan = plan_numbers(plan);
  launch.plan.modalities = unpack(memory, modalities, plan.modalities);
  launch.plan.input_alphas = unpack(memory, input_alphas, plan.input_alphas);
  launch.plan.target_alphas = unpack(memory, target_alphas, plan.target_alphas);
  launch.plan.keep_schemes = unpack(memory, keep_schemes, plan.keep_schemes);
  launch.plan.sampling_weights = unpack(memory, weights, plan.scheme.sampling_weights);
  launch.plan.sentinel_ids = unpack(memory, sentinels, plan.vocabulary.sentinel_ids);
  launch.plan.sorted_sentinel_ids = unpack(memory, sorted_sentinels, plan.sorted_sentinel_ids);
  launch.samples = {unpack(memory, ids, samples.ids), unpack(memory, lengths, samples.lengths),
                    unpack(memory, num_chunks, samples.num_chunks), unpack(memory, first_chunk, samples.first_chunk),
                    unpack(memory, chunk_ends, samples.chunk_ends)};
  launch.num_samples = samples.count;
  launch.tokens_per_sample = samples.tokens_per_sample;
  launch.scratch_sizes = scratch_sizes(plan, samples);
}

}  // namespace maskscope
