// The vectors of every slot against the oracle, and what cannot be embedded.
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "kernels/embedding.h"
#include "kernels/serial_group.h"
#include "kernels/stages/embed.h"
#include "kernels/stages/gather.h"
#include "tests/catch.h"
#include "tests/kernels/embedding_case.h"
#include "tests/oracle/oracle_embed.h"

namespace maskscope {
namespace {

struct Coverage {
  int ignored = 0, unknown = 0, pixels = 0, vectors = 0, learned = 0, repeated_positions = 0;
};

// source, mask: the selected slots of the row; num_registers slots come before them.
void check_slots(const SlotEmbeddings& found, const oracle::Embedder& oracle, oracle::Side side, const std::int32_t* source,
                 const std::uint8_t* mask, int num_registers, Coverage& coverage) {
  const auto dim = static_cast<std::ptrdiff_t>(found.dim);
  const auto part = [&](const std::vector<float>& values, int i) {
    return std::vector<float>(values.begin() + i * dim, values.begin() + (i + 1) * dim);
  };
  const std::vector<float> zero(static_cast<std::size_t>(dim));
  for (int i = 0; i < num_registers; ++i) {
    REQUIRE(part(found.after.x, i) == oracle.normals(135, 0, i));
    REQUIRE(part(found.before.x, i) == part(found.after.x, i));
    REQUIRE(part(found.before.emb, i) == zero);
    REQUIRE(part(found.after.emb, i) == zero);
    REQUIRE(found.modality[static_cast<std::size_t>(i)] == -1);
    REQUIRE(found.position[static_cast<std::size_t>(i)] == -1);
    REQUIRE_FALSE(found.is_unknown[static_cast<std::size_t>(i)]);
  }
  for (int i = num_registers; i < found.num_slots; ++i) {
    INFO("slot " << i);
    const std::int32_t tensor_slot = source[i - num_registers];
    const bool is_ignored = mask[i - num_registers];
    const oracle::SlotVector expected = oracle.slot(tensor_slot, side);
    REQUIRE(part(found.before.x, i) == expected.x);
    REQUIRE(part(found.before.emb, i) == expected.emb);
    REQUIRE(part(found.after.x, i) == (is_ignored ? zero : expected.x));
    REQUIRE(part(found.after.emb, i) == (is_ignored ? zero : expected.emb));
    std::int32_t m = 0;
    while (oracle.masks.slot_offset[static_cast<std::size_t>(m) + 1] <= tensor_slot) ++m;
    REQUIRE(found.modality[static_cast<std::size_t>(i)] == (is_ignored ? -1 : m));
    REQUIRE(found.position[static_cast<std::size_t>(i)] == expected.position);
    REQUIRE(static_cast<bool>(found.is_unknown[static_cast<std::size_t>(i)]) == expected.is_unknown);

    const Modality& modality = oracle.scheme.modalities[static_cast<std::size_t>(m)].modality;
    coverage.ignored += is_ignored;
    coverage.unknown += expected.is_unknown;
    coverage.pixels += side == oracle::Side::encoder && modality.num_channels > 0 && expected.x != zero;
    coverage.vectors += modality.kind == ModalityKind::seq_emb && expected.x != zero;
    coverage.learned += modality.has_learned_positions;
    coverage.repeated_positions += !is_ignored && side == oracle::Side::decoder && modality.kind != ModalityKind::img &&
                                   expected.position == 0 && i > 0 &&
                                   found.modality[static_cast<std::size_t>(i) - 1] == m;
  }
}

}  // namespace

TEST_CASE("embeddings agree with the oracle on random schemes") {
  Coverage coverage;
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    const EmbeddingCase input = embedding_case(seed);
    const EmbeddingTables tables = input.tables();
    const MaskedBatch& masks = input.masks;
    for (int row = 0; row < masks.batch_size; ++row) {
      INFO("case " << seed << ", row " << row);
      const oracle::Embedder oracle{input.scheme, masks, static_cast<std::size_t>(row), input.options.seed, input.options.dim,
                                    input.vectors};
      const int registers = input.options.num_register_tokens;
      const SlotEmbeddings encoder = embed_encoder(tables, masks, row, input.sample_vectors());
      REQUIRE(encoder.num_slots == registers + masks.encoder_slots);
      check_slots(encoder, oracle, oracle::Side::encoder, masks.encoder_source.data() + row * masks.encoder_slots,
                  masks.encoder_mask.data() + row * masks.encoder_slots, registers, coverage);
      const SlotEmbeddings decoder = embed_decoder(tables, masks, row);
      REQUIRE(decoder.num_slots == masks.decoder_slots);
      check_slots(decoder, oracle, oracle::Side::decoder, masks.decoder_source.data() + row * masks.decoder_slots,
                  masks.decoder_mask.data() + row * masks.decoder_slots, 0, coverage);
    }
  }
  // The cases do reach the branches.
  CHECK(coverage.ignored > 100);
  CHECK(coverage.unknown > 100);
  CHECK(coverage.pixels > 100);
  CHECK(coverage.vectors > 100);
  CHECK(coverage.learned > 100);
  CHECK(coverage.repeated_positions > 10);
}

// What a training loop does: all tables in memory, the rows gathered from them.
TEST_CASE("gathering from tables in memory gives the same vectors, rounded once for bfloat16") {
  for (std::uint32_t seed = 0; seed < 12; ++seed) {
    INFO("case " << seed);
    const EmbeddingCase input = embedding_case(seed);
    const EmbeddingTables tables = input.tables();
    const MaskedBatch& masks = input.masks;
    const int dim = input.options.dim;
    std::vector<std::int32_t> all_rows(static_cast<std::size_t>(tables.num_x_rows));
    std::iota(all_rows.begin(), all_rows.end(), 0);
    std::vector<Lanes<float>> x(all_rows.size() * static_cast<std::size_t>(lanes_per_row<float>(dim)));
    std::vector<std::uint8_t> is_known(all_rows.size());
    write_x_rows(tables, input.sample_vectors(), view_of(all_rows), view_of(x), view_of(is_known));
    std::vector<Lanes<Bfloat16>> rounded_x(x.size() / 2);
    for (std::size_t i = 0; i < x.size() * 4; ++i) rounded_x[i / 8].lane[i % 8] = to_bfloat16(x[i / 4].lane[i % 4]);

    const SlotEmbeddings expected = embed_encoder(tables, masks, 0, input.sample_vectors());
    const std::vector<std::int32_t> positions = encoder_positions(tables, masks, 0);
    std::vector<SlotRow> rows(static_cast<std::size_t>(expected.num_slots));
    SerialGroup group;
    encoder_slot_rows(group, tables.view(), {view_of(masks.tensor), view_of(masks.slot_origin), view_of(positions)},
                      {view_of(masks.encoder_source).subview(0, masks.encoder_slots), view_of(masks.encoder_mask)},
                      Zeroing::on, view_of(rows));
    const auto gather = [&]<class T>(const std::vector<Lanes<T>>& table) {
      const EmbeddingRows<T> source{dim, table.data(), tables.positions.data(), tables.modality_vectors.data()};
      std::vector<Lanes<T>> out_x(rows.size() * static_cast<std::size_t>(lanes_per_row<T>(dim))), out_emb(out_x.size());
      gather_slots(group, source, view_of(rows), view_of(out_x), view_of(out_emb));
      return std::pair(out_x, out_emb);
    };
    const auto [found_x, found_emb] = gather(x);
    const auto [bfloat_x, bfloat_emb] = gather(rounded_x);
    for (std::size_t i = 0; i < expected.after.x.size(); ++i) {
      const std::size_t at = i / static_cast<std::size_t>(dim) * static_cast<std::size_t>(padded_dim(dim)) +
                             i % static_cast<std::size_t>(dim);
      REQUIRE(found_x[at / 4].lane[at % 4] == expected.after.x[i]);
      REQUIRE(found_emb[at / 4].lane[at % 4] == expected.after.emb[i]);
      REQUIRE(bfloat_x[at / 8].lane[at % 8] == to_bfloat16(expected.after.x[i]));
      REQUIRE(bfloat_emb[at / 8].lane[at % 8] == to_bfloat16(expected.after.emb[i]));
    }
  }
}

TEST_CASE("attention agrees with the oracle on random schemes") {
  int num_without_sight = 0;
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    const EmbeddingCase input = embedding_case(seed);
    const int row = static_cast<int>(seed % 2);
    const int n = input.masks.decoder_slots;
    for (const bool is_causal : {false, true}) {
      for (const bool is_separate : {false, true}) {
        INFO("case " << seed << ", causal " << is_causal << ", separate " << is_separate);
        const DecoderAttention found = decoder_attention(input.masks, row, {is_causal, is_separate});
        int without_sight = 0;
        for (int r = 0; r < n; ++r) {
          bool is_blind = true;
          for (int c = 0; c < n; ++c) {
            const bool may = oracle::may_attend(input.masks, static_cast<std::size_t>(row), r, c, is_causal, is_separate);
            is_blind = is_blind && !may;
            if (found.attention_mask[static_cast<std::size_t>(r * n + c)] != !may) FAIL("row " << r << ", column " << c);
          }
          REQUIRE(static_cast<bool>(found.attends_to_nothing[static_cast<std::size_t>(r)]) == is_blind);
          without_sight += is_blind;
        }
        REQUIRE(found.num_rows_without_sight == without_sight);
        num_without_sight += without_sight;
      }
    }
    const std::vector<std::uint8_t> encoder = encoder_attention(input.masks, row, 3);
    REQUIRE(encoder.size() == static_cast<std::size_t>(3 + input.masks.encoder_slots));
    for (int i = 0; i < 3 + input.masks.encoder_slots; ++i) {
      const int expected = i < 3 ? 0 : input.masks.encoder_mask[static_cast<std::size_t>(row * input.masks.encoder_slots + i - 3)];
      REQUIRE(encoder[static_cast<std::size_t>(i)] == expected);
    }
  }
  CHECK(num_without_sight > 100);
}

TEST_CASE("what cannot be embedded is an error that names it") {
  const auto message = [](const Scheme& scheme, const EmbeddingOptions& options) -> std::string {
    try {
      make_embedding_tables(make_plan(scheme, default_vocabulary()), options);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  const auto contains = [](const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; };
  const Scheme scheme = default_scheme();
  CHECK(message(scheme, {.seed = 1, .dim = 768, .num_register_tokens = 4}) == "no error");
  for (const int dim : {-2, 0, 3, max_embedding_dim + 2}) CHECK(contains(message(scheme, {.dim = dim}), std::to_string(dim)));
  CHECK(contains(message(scheme, {.dim = 6}), "multiple of 4"));
  CHECK(contains(message(scheme, {.dim = 8, .num_register_tokens = -1}), "Register tokens: found -1"));

  const int caption = scheme.find("caption"), rgb = scheme.find("rgb@224");
  Scheme changed = scheme;
  changed.modalities[static_cast<std::size_t>(caption)].modality.max_positions = 513;
  CHECK(contains(message(changed, {.dim = 8}), "caption, max_positions: found 513"));
  changed = scheme;
  changed.modalities[static_cast<std::size_t>(caption)].modality.vocab_size = 0;
  CHECK(contains(message(changed, {.dim = 8}), "caption, vocab_size"));
  changed = scheme;
  changed.modalities[static_cast<std::size_t>(caption)].modality.vocab_size = 2000000000;
  CHECK(contains(message(changed, {.dim = 8}), "2147483647"));
  changed = scheme;
  changed.modalities[static_cast<std::size_t>(rgb)].modality.input_size = 0;
  CHECK(contains(message(changed, {.dim = 8}), "rgb@224: its 196 tokens have no grid"));

  const EmbeddingTables tables = make_embedding_tables(make_plan(scheme, default_vocabulary()), {.dim = 8});
  const std::vector<float> values(100);
  SampleVectors vectors;
  CHECK_NOTHROW(check_sample_vectors(tables, vectors));
  vectors.of_modality = {view_of(values)};
  CHECK_THROWS_AS(check_sample_vectors(tables, vectors), Error);
  vectors.of_modality.assign(scheme.modalities.size(), {});
  CHECK_NOTHROW(check_sample_vectors(tables, vectors));
  vectors.of_modality[static_cast<std::size_t>(rgb)] = view_of(values);
  CHECK_THROWS_AS(check_sample_vectors(tables, vectors), Error);
}

}  // namespace maskscope
