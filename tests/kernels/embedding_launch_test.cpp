// The rows that a device is told to gather against the vectors of kernels/embedding.h, made one sample at a time.
#include <algorithm>
#include <vector>

#include "kernels/backend.h"
#include "kernels/bench/layouts.h"
#include "kernels/embedding.h"
#include "kernels/embedding_launch.h"
#include "tests/catch.h"

namespace maskscope {
namespace {

constexpr int dim = 8;
constexpr int num_registers = 3;

// What gather.h makes of the rows.
SlotVectors gather(const EmbeddingTables& tables, View<const SlotRow> slots) {
  SlotVectors vectors;
  for (const SlotRow& slot : slots) {
    std::vector<Lanes<float>> x(dim / 4);
    std::uint8_t is_known = 0;
    if (slot.x >= 0) write_x_rows(tables, {}, {&slot.x, 1}, view_of(x), {&is_known, 1});
    const EmbeddingRows<float> rows{dim, nullptr, tables.positions.data(), tables.modality_vectors.data()};
    for (std::int32_t c = 0; c < dim / 4; ++c) {
      const Lanes<float> emb = gather_emb(rows, slot, c);
      vectors.emb.insert(vectors.emb.end(), emb.lane, emb.lane + 4);
      vectors.x.insert(vectors.x.end(), x[static_cast<std::size_t>(c)].lane, x[static_cast<std::size_t>(c)].lane + 4);
    }
  }
  return vectors;
}

}  // namespace

TEST_CASE("the rows of a batch are those of its samples' vectors") {
  const BenchLayout& layout = bench_layout("4m-7-128");
  const MaskingPlan plan = make_plan(layout.scheme, default_vocabulary());
  const PackedSamples samples = pack_samples(plan, view_of(layout.samples));
  const EmbeddingTables tables = make_embedding_tables(plan, {.seed = 3, .dim = dim, .num_register_tokens = num_registers});
  MaskedBatch masks;
  make_backend(BackendChoice::cpu, 1)->run(plan, samples, {.seed = 5, .first_sample = 90, .batch_size = 4}, masks);

  // Selection makes these again.
  MaskedBatch selected = masks;
  std::fill(selected.encoder_source.begin(), selected.encoder_source.end(), -7);
  std::fill(selected.decoder_source.begin(), selected.decoder_source.end(), -7);
  const std::vector<SlotRow> slot_rows = name_slot_rows(plan, tables, selected, {5, 90});
  CHECK(selected == masks);

  const std::ptrdiff_t encoder_slots = num_registers + masks.encoder_slots;
  const std::ptrdiff_t all_slots = encoder_slots + masks.decoder_slots;
  REQUIRE(view_of(slot_rows).size == masks.batch_size * all_slots);
  for (int row = 0; row < masks.batch_size; ++row) {
    const View<const SlotRow> slots = view_of(slot_rows).subview(row * all_slots, all_slots);
    const SlotVectors encoder = gather(tables, slots.subview(0, encoder_slots));
    const SlotVectors decoder = gather(tables, slots.subview(encoder_slots, masks.decoder_slots));
    const SlotEmbeddings expected_encoder = embed_encoder(tables, masks, row, {});
    const SlotEmbeddings expected_decoder = embed_decoder(tables, masks, row);
    CHECK(encoder.x == expected_encoder.after.x);
    CHECK(encoder.emb == expected_encoder.after.emb);
    CHECK(decoder.x == expected_decoder.after.x);
    CHECK(decoder.emb == expected_decoder.after.emb);
  }
}

}  // namespace maskscope
