// Random schemes with everything that embeddings need: grids, pixels, vectors, position limits.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/backend.h"
#include "kernels/embedding.h"
#include "tests/kernels/random_scheme.h"

namespace maskscope {

struct EmbeddingCase {
  Scheme scheme;
  MaskedBatch masks;
  EmbeddingOptions options;
  std::vector<std::vector<float>> vectors;  // (K) empty: not known

  SampleVectors sample_vectors() const {
    SampleVectors views;
    for (const std::vector<float>& values : vectors) views.of_modality.push_back(view_of(values));
    return views;
  }
  EmbeddingTables tables() const { return make_embedding_tables(make_plan(scheme, default_vocabulary()), options); }
};

namespace embedding_case_detail {

inline void make_grid(RandomScheme& random, Modality& modality) {
  if (random.one_in(4)) {
    modality.has_learned_positions = true;
    return;
  }
  int side = 1;
  while (side * side < modality.max_tokens) ++side;
  modality.max_tokens = side * side;
  modality.patch_size = random.between(1, 3);
  modality.input_size = side * modality.patch_size;
  if (random.one_in(3)) {
    modality.vocab_size = 0;
    modality.num_channels = random.between(1, 3);
    modality.has_decoder_embedding = false;
  }
}

inline std::vector<float> values(RandomScheme& random, std::size_t count) {
  std::vector<float> result;
  for (std::size_t i = 0; i < count; ++i) result.push_back(static_cast<float>(random.between(-1000, 1000)) / 512.0f);
  return result;
}

}  // namespace embedding_case_detail

inline EmbeddingCase embedding_case(std::uint32_t seed) {
  RandomScheme random(seed);
  EmbeddingCase result;
  result.scheme = random.scheme();
  bool has_sincos_grid = false;
  for (SchemeModality& entry : result.scheme.modalities) {
    Modality& modality = entry.modality;
    if (modality.kind == ModalityKind::img) {
      embedding_case_detail::make_grid(random, modality);
      has_sincos_grid |= !modality.has_learned_positions;
    } else if (random.one_in(2)) {
      modality.max_positions = random.between(1, 40);
    }
  }
  const SequenceVocabulary vocabulary = default_vocabulary();
  const std::vector<Sample> samples = {random.sample(result.scheme, vocabulary)};
  const MaskingPlan plan = make_plan(result.scheme, vocabulary);
  make_backend(BackendChoice::cpu, 1)->run(plan, pack_samples(plan, view_of(samples)), {seed, seed, 2}, result.masks);

  result.options = {seed * 0x9E3779B97F4A7C15ULL, has_sincos_grid ? 4 * random.between(1, 4) : 2 * random.between(1, 8),
                    random.between(0, 3)};
  for (std::size_t m = 0; m < result.scheme.modalities.size(); ++m) {
    const Modality& modality = result.scheme.modalities[m].modality;
    std::size_t width = 0, rows = 0;
    if (modality.kind == ModalityKind::seq_emb) {
      width = static_cast<std::size_t>(vector_components);
      rows = static_cast<std::size_t>(samples[0].modalities[m].num_rows);
    } else if (modality.num_channels > 0) {
      width = static_cast<std::size_t>(modality.patch_size * modality.patch_size * modality.num_channels);
      rows = static_cast<std::size_t>(modality.max_tokens);
    }
    if (random.one_in(4)) rows = 0;
    result.vectors.push_back(embedding_case_detail::values(random, rows * width));
  }
  return result;
}

}  // namespace maskscope
