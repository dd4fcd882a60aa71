// Embeddings of a batch on a CUDA GPU: two launches.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "core/bfloat16.h"
#include "kernels/embedding_launch.h"
#include "kernels/stages/gather.h"

namespace maskscope {

// Throws Error when the launch fails.
void start_slot_rows(cudaStream_t stream, const SlotRowsLaunch& launch);

// x, emb: (num_slots, padded D) out.
template <class T>
void start_gather(cudaStream_t stream, const EmbeddingRows<T>& rows, const SlotRow* slots, std::uint32_t num_slots, Lanes<T>* x,
                  Lanes<T>* emb);
extern template void start_gather(cudaStream_t, const EmbeddingRows<float>&, const SlotRow*, std::uint32_t, Lanes<float>*,
                                  Lanes<float>*);
extern template void start_gather(cudaStream_t, const EmbeddingRows<Bfloat16>&, const SlotRow*, std::uint32_t,
                                  Lanes<Bfloat16>*, Lanes<Bfloat16>*);

}  // namespace maskscope
