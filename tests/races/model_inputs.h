// What the stages after selection write for one sample, on small tables of the embedding.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/view.h"
#include "kernels/stages/attention.h"
#include "kernels/stages/embed.h"
#include "kernels/stages/embedding_view.h"
#include "kernels/stages/gather.h"
#include "kernels/stages/plan_view.h"
#include "kernels/stages/position.h"
#include "kernels/stages/sample_row.h"
#include "kernels/stages/table_rows.h"

namespace maskscope {

class ModelInputs {
 public:
  static constexpr std::int32_t dim = 12;
  static constexpr std::int32_t num_register_tokens = 2;

  explicit ModelInputs(const PlanView& plan)
      : num_slots_(plan.num_slots), num_encoder_slots_(plan.encoder_slots), num_decoder_slots_(plan.decoder_slots) {
    for (std::int32_t m = 0; m < plan.num_modalities(); ++m) {
      const ModalityPlan& modality = plan.modalities[m];
      EmbeddingModality& entry = modalities_.emplace_back();
      entry.kind = modality.kind;
      entry.source = modality.kind == ModalityKind::img && m % 2 == 0 ? RowSource::slot : RowSource::id;
      entry.reaches_encoder = modality.encoder_offset >= 0;
      entry.reaches_decoder = modality.reaches_decoder;
      entry.slot_offset = modality.slot_offset;
      entry.num_slots = modality.num_slots;
      entry.max_positions = 20;
      entry.encoder_row = num_register_tokens;
      entry.decoder_row = num_register_tokens;
    }
    const auto slots = static_cast<std::size_t>(num_slots_);
    const auto encoder_slots = static_cast<std::size_t>(num_register_tokens + num_encoder_slots_);
    const auto decoder_slots = static_cast<std::size_t>(num_decoder_slots_);
    reach_.resize(decoder_slots);
    decoder_attention_.resize(decoder_slots * decoder_slots);
    attends_to_nothing_.resize(decoder_slots);
    encoder_attention_.resize(encoder_slots);
    encoder_position_.resize(slots);
    decoder_position_.resize(slots);
    encoder_rows_.resize(encoder_slots);
    decoder_rows_.resize(decoder_slots);
    table_.resize(num_table_rows * lanes_per_row<float>(dim));
    x_.resize(encoder_slots * lanes_per_row<float>(dim));
    emb_.resize(x_.size());
  }

  template <Group G>
  void attention(G& group, const SampleRow& row) {
    const std::int32_t num_blind =
        full_decoder_attention(group, {}, View<const std::int32_t>{row.decoder_attention, num_decoder_slots_},
                               View<const std::int16_t>{row.decoder_attention_modality, num_decoder_slots_},
                               {view_of(reach_), view_of(decoder_attention_), view_of(attends_to_nothing_)});
    encoder_attention(group, num_register_tokens, {row.encoder_mask, num_encoder_slots_}, view_of(encoder_attention_));
    group.once([&] { num_blind_ = num_blind; });
  }

  template <Group G>
  void positions(G& group, const SampleRow& row) {
    encoder_positions(group, view(), {row.input_mask, num_slots_}, view_of(encoder_position_));
    decoder_positions(group, view(), {row.target_mask, num_slots_}, view_of(decoder_position_));
  }

  template <Group G>
  void slot_rows(G& group, const SampleRow& row) {
    const auto contents = [&](const std::vector<std::int32_t>& position) {
      return SlotContents{{row.tensor, num_slots_}, {row.slot_origin, num_slots_}, view_of(position)};
    };
    encoder_slot_rows(group, view(), contents(encoder_position_),
                      {{row.encoder_source, num_encoder_slots_}, {row.encoder_mask, num_encoder_slots_}}, Zeroing::on,
                      view_of(encoder_rows_));
    decoder_slot_rows(group, view(), contents(decoder_position_),
                      {{row.decoder_source, num_decoder_slots_}, {row.decoder_mask, num_decoder_slots_}}, Zeroing::on,
                      view_of(decoder_rows_));
  }

  // One small table for all three; rows beyond its end stand for those they are modulo its size.
  template <Group G>
  void vectors(G& group) {
    fill_normal_rows(group, {7, EmbeddingTable::encoder_tokens, 0, 0}, num_table_rows, dim, view_of(table_));
    group.for_each_index(static_cast<std::int32_t>(encoder_rows_.size()), [&](std::int32_t i) {
      SlotRow& row = encoder_rows_[static_cast<std::size_t>(i)];
      for (std::int32_t* const number : {&row.x, &row.position, &row.modality}) {
        if (*number >= num_table_rows) *number %= num_table_rows;
      }
    });
    const EmbeddingRows<float> rows{dim, table_.data(), table_.data(), table_.data()};
    gather_slots(group, rows, View<const SlotRow>(view_of(encoder_rows_)), view_of(x_), view_of(emb_));
  }

  bool operator==(const ModelInputs& other) const {
    return num_blind_ == other.num_blind_ && are_same(reach_, other.reach_) &&
           are_same(decoder_attention_, other.decoder_attention_) &&
           are_same(attends_to_nothing_, other.attends_to_nothing_) &&
           are_same(encoder_attention_, other.encoder_attention_) && are_same(encoder_position_, other.encoder_position_) &&
           are_same(decoder_position_, other.decoder_position_) && are_same(encoder_rows_, other.encoder_rows_) &&
           are_same(decoder_rows_, other.decoder_rows_) && are_same(table_, other.table_) && are_same(x_, other.x_) &&
           are_same(emb_, other.emb_);
  }

 private:
  static constexpr std::int32_t num_table_rows = 9;

  EmbeddingView view() const { return {view_of(modalities_), num_register_tokens, 0, 0}; }

  // Byte by byte: a zero has a sign.
  template <class T>
  static bool are_same(const std::vector<T>& a, const std::vector<T>& b) {
    return std::ranges::equal(std::as_bytes(std::span(a)), std::as_bytes(std::span(b)));
  }

  std::int32_t num_slots_, num_encoder_slots_, num_decoder_slots_;
  std::vector<EmbeddingModality> modalities_;
  std::int32_t num_blind_ = -1;
  std::vector<std::int32_t> reach_, encoder_position_, decoder_position_;
  std::vector<std::uint8_t> decoder_attention_, attends_to_nothing_, encoder_attention_;
  std::vector<SlotRow> encoder_rows_, decoder_rows_;
  std::vector<Lanes<float>> table_, x_, emb_;
};

}  // namespace maskscope
