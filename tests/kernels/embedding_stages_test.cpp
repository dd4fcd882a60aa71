// The stages after selection in a group of threads: the bits of the serial group, and nothing written beside the outputs.
#include <bit>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "kernels/serial_group.h"
#include "kernels/stages/attention.h"
#include "kernels/stages/embed.h"
#include "kernels/stages/gather.h"
#include "kernels/stages/position.h"
#include "kernels/stages/table_rows.h"
#include "tests/catch.h"
#include "tests/kernels/barrier_group.h"
#include "tests/kernels/guarded_buffer.h"

namespace maskscope {
namespace {

constexpr std::size_t sizes[] = {0, 1, 2, 3, 31, 64, 65, 127, 200};
constexpr std::int32_t team_sizes[] = {1, 2, 3, 7};

template <class T>
void require_same(GuardedBuffer<T>& found, GuardedBuffer<T>& expected) {
  REQUIRE(found.is_intact());
  REQUIRE(expected.is_intact());
  REQUIRE(std::memcmp(found.data(), expected.data(), expected.size() * sizeof(T)) == 0);
}

// run(group, outputs) with one thread, then with teams, on fresh outputs each; their buffers must come out the same.
template <class Outputs, class MakeOutputs, class Run>
void compare_groups(MakeOutputs&& make_outputs, Run&& run) {
  Outputs expected = make_outputs();
  SerialGroup group;
  run(group, expected);
  for (const std::int32_t team_size : team_sizes) {
    INFO("team of " << team_size);
    Outputs found = make_outputs();
    run_team(team_size, [&](BarrierGroup& team) { run(team, found); });
    found.require_same_as(expected);
  }
}

class Numbers {
 public:
  explicit Numbers(std::size_t seed) : generator_(static_cast<std::uint32_t>(seed)) {}
  int between(int low, int high) { return low + static_cast<int>(generator_() % static_cast<std::uint32_t>(high - low + 1)); }
  template <class T>
  std::vector<T> vector(std::size_t n, int low, int high) {
    std::vector<T> values(n);
    for (T& value : values) value = static_cast<T>(between(low, high));
    return values;
  }

 private:
  std::mt19937 generator_;
};

struct AttentionBuffers {
  explicit AttentionBuffers(std::size_t n) : reach(n, -7), matrix(n * n, 9), blind(n, 9), encoder(n + 4, 9), counts(1, -7) {}
  GuardedBuffer<std::int32_t> reach;
  GuardedBuffer<std::uint8_t> matrix, blind, encoder;
  GuardedBuffer<std::int32_t> counts;
  void require_same_as(AttentionBuffers& expected) {
    require_same(reach, expected.reach);
    require_same(matrix, expected.matrix);
    require_same(blind, expected.blind);
    require_same(encoder, expected.encoder);
    require_same(counts, expected.counts);
  }
};

// Modalities of n slots each, on tables of 64 rows.
std::vector<EmbeddingModality> make_modalities(std::size_t n) {
  std::vector<EmbeddingModality> modalities;
  const ModalityKind kinds[] = {ModalityKind::img, ModalityKind::seq, ModalityKind::seq_emb, ModalityKind::img};
  for (const ModalityKind kind : kinds) {
    EmbeddingModality modality{};
    modality.kind = kind;
    modality.source = modalities.empty() ? RowSource::slot : RowSource::id;
    modality.reaches_encoder = 1;
    modality.reaches_decoder = kind != ModalityKind::seq_emb;
    modality.slot_offset = static_cast<std::int32_t>(modalities.size() * n);
    modality.num_slots = static_cast<std::int32_t>(n);
    modality.max_positions = 5;
    modality.encoder_row = modalities.size() == 3 ? unknown_row : 3;
    modality.decoder_row = 7;
    modality.encoder_position_row = modality.decoder_position_row = 1;
    modalities.push_back(modality);
  }
  return modalities;
}

struct SlotBuffers {
  SlotBuffers(std::size_t num_slots, std::size_t num_selected, std::size_t num_registers)
      : encoder_position(num_slots, -7), decoder_position(num_slots, -7), encoder_rows(num_selected + num_registers),
        decoder_rows(num_selected), error(1) {}
  GuardedBuffer<std::int32_t> encoder_position, decoder_position;
  GuardedBuffer<SlotRow> encoder_rows, decoder_rows;
  GuardedBuffer<PositionError> error;
  void require_same_as(SlotBuffers& expected) {
    require_same(encoder_position, expected.encoder_position);
    require_same(decoder_position, expected.decoder_position);
    require_same(encoder_rows, expected.encoder_rows);
    require_same(decoder_rows, expected.decoder_rows);
    require_same(error, expected.error);
  }
};

template <class T>
struct GatherBuffers {
  GatherBuffers(std::size_t num_slots, int dim)
      : x(num_slots * static_cast<std::size_t>(lanes_per_row<T>(dim))), emb(x.size()) {}
  GuardedBuffer<Lanes<T>> x, emb;
  void require_same_as(GatherBuffers& expected) {
    require_same(x, expected.x);
    require_same(emb, expected.emb);
  }
};

template <class T>
struct RowBuffer {
  RowBuffer(std::size_t num_rows, int dim) : rows(num_rows * static_cast<std::size_t>(lanes_per_row<T>(dim))) {}
  GuardedBuffer<Lanes<T>> rows;
  void require_same_as(RowBuffer& expected) { require_same(rows, expected.rows); }
};

template <class T>
void compare_gather(std::size_t num_slots, int dim) {
  constexpr std::size_t num_rows = 9;
  Numbers numbers(num_slots);
  const auto lanes = [&](auto example) {
    std::vector<decltype(example)> result(num_rows * static_cast<std::size_t>(padded_dim(dim) / example.count));
    for (auto& lane : result) {
      for (auto& value : lane.lane) gather_detail::assign(value, static_cast<float>(numbers.between(-9999, 9999)) / 1024);
    }
    return result;
  };
  const std::vector<Lanes<T>> x = lanes(Lanes<T>{});
  const std::vector<Lanes<float>> positions = lanes(Lanes<float>{}), modalities = lanes(Lanes<float>{});
  const EmbeddingRows<T> source{dim, x.data(), positions.data(), modalities.data()};
  std::vector<SlotRow> slots(num_slots);
  for (SlotRow& slot : slots) slot = {numbers.between(-2, 8), numbers.between(-1, 8), numbers.between(-1, 8)};
  compare_groups<GatherBuffers<T>>([&] { return GatherBuffers<T>(num_slots, dim); },
                                   [&](auto& group, GatherBuffers<T>& out) {
                                     gather_slots(group, source, view_of(slots), out.x.view(), out.emb.view());
                                   });

  // Number by number.
  SerialGroup group;
  GatherBuffers<T> found(num_slots, dim);
  gather_slots(group, source, view_of(slots), found.x.view(), found.emb.view());
  const auto at = [&](const auto& table, std::int32_t row, int d) {
    constexpr int count = std::remove_reference_t<decltype(table[0])>::count;
    return table[static_cast<std::size_t>(row * padded_dim(dim) + d) / count].lane[d % count];
  };
  for (std::size_t i = 0; i < num_slots; ++i) {
    for (int d = 0; d < dim; ++d) {
      const float position = slots[i].position < 0 ? 0.0f : at(positions, slots[i].position, d);
      const float modality = slots[i].modality < 0 ? 0.0f : at(modalities, slots[i].modality, d);
      T emb{};
      gather_detail::assign(emb, position + modality);
      const T token = slots[i].x < 0 ? T{} : at(x, slots[i].x, d);
      const std::size_t lane = i * static_cast<std::size_t>(lanes_per_row<T>(dim)) + static_cast<std::size_t>(d / Lanes<T>::count);
      REQUIRE(found.x[lane].lane[d % Lanes<T>::count] == token);
      REQUIRE(found.emb[lane].lane[d % Lanes<T>::count] == emb);
    }
  }
}

}  // namespace

TEST_CASE("attention in a group of threads") {
  for (const std::size_t n : sizes) {
    for (const bool is_causal : {false, true}) {
      INFO("size " << n << ", causal " << is_causal);
      Numbers numbers(n);
      const auto attention = numbers.vector<std::int32_t>(n, 0, 2);
      const auto modality = numbers.vector<std::int16_t>(n, 1, 3);
      const auto encoder_mask = numbers.vector<std::uint8_t>(n, 0, 1);
      compare_groups<AttentionBuffers>([&] { return AttentionBuffers(n); }, [&](auto& group, AttentionBuffers& out) {
        const std::int32_t count =
            full_decoder_attention(group, {is_causal, !is_causal || n % 2 == 0}, view_of(attention), view_of(modality),
                                   {out.reach.view(), out.matrix.view(), out.blind.view()});
        encoder_attention(group, 4, view_of(encoder_mask), out.encoder.view());
        group.once([&] { out.counts[0] = count; });
      });
    }
  }
}

TEST_CASE("positions and rows of slots in a group of threads") {
  for (const std::size_t n : sizes) {
    INFO("size " << n);
    Numbers numbers(n);
    const std::vector<EmbeddingModality> modalities = make_modalities(n);
    const std::size_t num_slots = n * modalities.size();
    const EmbeddingView view{view_of(modalities), 3, 20, 19};
    const auto input_mask = numbers.vector<std::uint8_t>(num_slots, 0, 1);
    const auto target_mask = numbers.vector<std::uint8_t>(num_slots, 0, 1);
    const auto tensor = numbers.vector<std::int32_t>(num_slots, -1, 9);
    const auto slot_origin = numbers.vector<std::int32_t>(num_slots, -1, 2);
    const std::size_t num_selected = n == 0 ? 0 : n + n / 2;
    const auto source = numbers.vector<std::int32_t>(num_selected, 0, static_cast<int>(num_slots) - 1);
    const auto mask = numbers.vector<std::uint8_t>(num_selected, 0, 1);
    for (const Zeroing zeroing : {Zeroing::off, Zeroing::on}) {
      compare_groups<SlotBuffers>([&] { return SlotBuffers(num_slots, num_selected, 3); }, [&](auto& group, SlotBuffers& out) {
        const PositionError error = encoder_positions(group, view, view_of(input_mask), out.encoder_position.view());
        decoder_positions(group, view, view_of(target_mask), out.decoder_position.view());
        const SelectedSlots selected{view_of(source), view_of(mask)};
        encoder_slot_rows(group, view, {view_of(tensor), view_of(slot_origin), out.encoder_position.view()}, selected, zeroing,
                          out.encoder_rows.view());
        decoder_slot_rows(group, view, {view_of(tensor), view_of(slot_origin), out.decoder_position.view()}, selected, zeroing,
                          out.decoder_rows.view());
        group.once([&] { out.error[0] = error; });
      });
    }
  }
}

TEST_CASE("the first sequence beyond the position table is reported") {
  std::vector<EmbeddingModality> modalities = make_modalities(600);
  const EmbeddingView view{view_of(modalities)};
  std::vector<std::uint8_t> mask(2400, 1);
  std::vector<std::int32_t> positions(2400);
  const auto report = [&](int used_by_seq, int used_by_seq_emb) {
    std::fill(mask.begin(), mask.end(), std::uint8_t{1});
    std::fill_n(mask.begin() + 600, used_by_seq, std::uint8_t{0});
    std::fill_n(mask.begin() + 1200, used_by_seq_emb, std::uint8_t{0});
    PositionError error;
    run_team(3, [&](BarrierGroup& group) {
      const PositionError found = encoder_positions(group, view, view_of(mask), view_of(positions));
      group.once([&] { error = found; });
    });
    return error;
  };
  CHECK(report(512, 512).modality == -1);
  CHECK(report(513, 600).modality == 1);
  CHECK(report(513, 600).num_used == 513);
  CHECK(report(512, 600).modality == 2);
  CHECK(report(512, 600).num_used == 600);
}

TEST_CASE("gathering in a group of threads") {
  for (const std::size_t n : {0, 1, 5, 33}) {
    for (const int dim : {2, 4, 8, 12, 70}) {
      INFO("slots " << n << ", dimension " << dim);
      compare_gather<float>(n, dim);
      compare_gather<Bfloat16>(n, dim);
    }
  }
}

TEST_CASE("seeded rows in a group of threads, and as bfloat16") {
  const TableRowName first{5, EmbeddingTable::encoder_tokens, 77, 1000};
  for (const std::size_t num_rows : {0, 1, 3}) {
    for (const int dim : {2, 8, 30}) {
      INFO("rows " << num_rows << ", dimension " << dim);
      const auto fill = [&](auto& group, auto& out) {
        fill_normal_rows(group, first, static_cast<std::int32_t>(num_rows), dim, out.rows.view());
      };
      compare_groups<RowBuffer<float>>([&] { return RowBuffer<float>(num_rows, dim); }, fill);
      compare_groups<RowBuffer<Bfloat16>>([&] { return RowBuffer<Bfloat16>(num_rows, dim); }, fill);
      RowBuffer<float> exact(num_rows, dim);
      RowBuffer<Bfloat16> rounded(num_rows, dim);
      SerialGroup group;
      fill(group, exact);
      fill(group, rounded);
      for (std::size_t i = 0; i < num_rows * static_cast<std::size_t>(padded_dim(dim)); ++i) {
        const float value = exact.rows[i / 4].lane[i % 4];
        REQUIRE(rounded.rows[i / 8].lane[i % 8] == to_bfloat16(value));
        REQUIRE((value == 0.0f) == (static_cast<int>(i) % padded_dim(dim) >= dim));
      }
    }
  }
}

}  // namespace maskscope
