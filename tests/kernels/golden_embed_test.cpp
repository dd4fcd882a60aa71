// forward_mask_encoder and forward_mask_decoder, as far as they fill the slots: x, emb, masks with register tokens, and the
// full attention of the decoder. Values follow the formulas of the recording, so that every slot says where it came from.
#include <string>
#include <utility>
#include <vector>

#include "kernels/embedding.h"
#include "kernels/serial_group.h"
#include "kernels/stages/embed.h"
#include "kernels/stages/gather.h"
#include "kernels/stages/select.h"
#include "tests/catch.h"
#include "tests/kernels/golden_file.h"
#include "tests/kernels/select_case.h"

namespace maskscope {
namespace {

using nlohmann::json;

// Tables that hold a row for every slot of a case, then the register tokens, then the mask token.
class FormulaTables {
 public:
  FormulaTables(const SelectCase& input, std::size_t b, int dim, int num_registers) : dim_(dim) {
    for (std::size_t m = 0; m < input.modalities.size(); ++m) {
      const ModalityPlan& planned = input.modalities[m];
      EmbeddingModality modality{};
      modality.kind = planned.kind;
      modality.source = RowSource::slot;
      modality.slot_offset = planned.slot_offset;
      modality.num_slots = planned.num_slots;
      modality.encoder_row = modality.decoder_row = planned.slot_offset;
      modality.encoder_position_row = modality.decoder_position_row = planned.slot_offset;
      modalities_.push_back(modality);
      for (int i = 0; i < planned.num_slots; ++i) {
        const auto base = static_cast<float>((m * 8 + b) * 1024) + static_cast<float>(i);
        add_row(x_, base, 1.0f / 16);
        add_row(emb_, -base - 0.5f, -1.0f / 16);
        positions_.push_back(i);
      }
    }
    view_ = {view_of(modalities_), num_registers, num_rows(), num_rows() + num_registers};
    for (int r = 0; r < num_registers; ++r) add_row(x_, -static_cast<float>(r + 1), -1.0f / 16);
    add_row(x_, 0.25f, 1.0f / 16);
    no_modality_vectors_.resize(modalities_.size() * static_cast<std::size_t>(lanes_per_row<float>(dim)));
  }

  const EmbeddingView& view() const { return view_; }
  SlotContents contents(const MaskedBatch& batch) const {
    return {view_of(batch.tensor), view_of(batch.slot_origin), view_of(positions_)};
  }
  // x and emb of the slots as nested lists, like the recorded ones.
  std::pair<json, json> gather(const std::vector<SlotRow>& rows) const {
    const auto per_row = static_cast<std::size_t>(lanes_per_row<float>(dim_));
    std::vector<Lanes<float>> x(rows.size() * per_row), emb(x.size());
    SerialGroup group;
    gather_slots(group, EmbeddingRows<float>{dim_, x_.data(), emb_.data(), no_modality_vectors_.data()}, view_of(rows),
                 view_of(x), view_of(emb));
    return {to_lists(x), to_lists(emb)};
  }

 private:
  std::int32_t num_rows() const { return static_cast<std::int32_t>(x_.size()) / lanes_per_row<float>(dim_); }
  void add_row(std::vector<Lanes<float>>& rows, float first, float step) const {
    for (int c = 0; c < lanes_per_row<float>(dim_); ++c) {
      Lanes<float> lanes{};
      for (int i = 0; i < 4 && 4 * c + i < dim_; ++i) lanes.lane[i] = first + step * static_cast<float>(4 * c + i);
      rows.push_back(lanes);
    }
  }
  json to_lists(const std::vector<Lanes<float>>& rows) const {
    json lists = json::array();
    const auto per_row = static_cast<std::size_t>(lanes_per_row<float>(dim_));
    for (std::size_t first = 0; first < rows.size(); first += per_row) {
      json list = json::array();
      for (std::size_t d = 0; d < static_cast<std::size_t>(dim_); ++d) list.push_back(rows[first + d / 4].lane[d % 4]);
      lists.push_back(list);
    }
    return lists;
  }

  int dim_;
  std::vector<EmbeddingModality> modalities_;
  std::vector<Lanes<float>> x_, emb_, no_modality_vectors_;
  std::vector<std::int32_t> positions_;
  EmbeddingView view_;
};

// What the recording leaves out follows from ids_keep: zero where ignored, else the slot's formula.
json formula_rows(const json& ids_keep, const std::string& mask, const std::vector<json>& row_of_id) {
  json rows = json::array();
  for (std::size_t i = 0; i < ids_keep.size(); ++i) {
    const json& row = row_of_id.at(ids_keep[i].get<std::size_t>());
    rows.push_back(mask[i] == '1' ? json(std::vector<float>(row.size())) : row);
  }
  return rows;
}

json formula_row(std::size_t m, std::size_t b, std::size_t slot, int dim, bool is_emb) {
  json row = json::array();
  for (int d = 0; d < dim; ++d) {
    const double x = static_cast<double>((m * 8 + b) * 1024 + slot) + d / 16.0;
    row.push_back(is_emb ? -x - 0.5 : x);
  }
  return row;
}

std::vector<std::int32_t> modality_ids(const std::vector<SlotRow>& rows, const SelectCase& input) {
  std::vector<std::int32_t> ids;
  for (const SlotRow& row : rows) {
    ids.push_back(row.modality < 0 ? -1 : input.modalities[static_cast<std::size_t>(row.modality)].id);
  }
  return ids;
}

}  // namespace

TEST_CASE("golden: embeddings of the encoder") {
  const auto golden = load_golden("encoder");
  if (!golden) return;
  int num_recorded = 0, num_cases = 0;
  for (const json& entry : golden->at("cases")) {
    INFO("case " << num_cases++);
    const auto num_registers = entry["num_register_tokens"].get<int>();
    const auto dim = entry["dim"].get<int>();
    const json& out = entry["out"];
    const auto batch_size = entry["batch"].get<std::size_t>();
    for (std::size_t b = 0; b < batch_size; ++b) {
      SelectCase input = encoder_case(entry, b);
      SerialGroup group;
      select_encoder(group, input.plan, first_row(input.batch));
      const std::vector<std::uint8_t> mask = encoder_attention(input.batch, 0, num_registers);
      REQUIRE(out["encoder_mask_shape"] == json({batch_size, 1, mask.size()}));
      REQUIRE(mask == digits<std::uint8_t>(out["encoder_mask"][b]));

      const FormulaTables tables(input, b, dim, num_registers);
      std::vector<SlotRow> rows(mask.size());
      encoder_slot_rows(group, tables.view(), tables.contents(input.batch),
                        {view_of(input.batch.encoder_source), view_of(input.batch.encoder_mask)}, Zeroing::on, view_of(rows));
      REQUIRE(modality_ids(rows, input) == out["mod_mask"][b].get<std::vector<std::int32_t>>());

      json tokens, emb;
      if (out.contains("tokens")) {
        tokens = out["tokens"][b];
        emb = out["emb"][b];
        ++num_recorded;
      } else {
        std::vector<json> x_of_id, emb_of_id;
        for (std::size_t m = 0; m < input.modalities.size(); ++m) {
          for (std::size_t i = 0; i < static_cast<std::size_t>(input.modalities[m].num_slots); ++i) {
            x_of_id.push_back(formula_row(m, b, i, dim, false));
            emb_of_id.push_back(formula_row(m, b, i, dim, true));
          }
        }
        const std::string slots_mask = out["encoder_mask"][b].get<std::string>().substr(static_cast<std::size_t>(num_registers));
        tokens = emb = json::array();
        for (int r = 0; r < num_registers; ++r) {
          json token = json::array();
          for (int d = 0; d < dim; ++d) token.push_back(-(r + 1) - d / 16.0);
          tokens.push_back(token);
          emb.push_back(std::vector<float>(static_cast<std::size_t>(dim)));
        }
        for (const json& row : formula_rows(out["ids_keep"][b], slots_mask, x_of_id)) tokens.push_back(row);
        for (const json& row : formula_rows(out["ids_keep"][b], slots_mask, emb_of_id)) emb.push_back(row);
      }
      const auto [found_x, found_emb] = tables.gather(rows);
      REQUIRE(found_x == tokens);
      REQUIRE(found_emb == emb);
    }
  }
  CHECK((num_recorded > 0 || is_other_recording()));
  std::cout << "encoder.json: " << num_cases << " cases\n";
}

TEST_CASE("golden: embeddings and attention of the decoder") {
  const auto golden = load_golden("decoder");
  if (!golden) return;
  int num_recorded = 0, num_cases = 0, num_without_sight = 0;
  for (const json& entry : golden->at("cases")) {
    INFO("case " << num_cases++);
    const auto dim = entry["dim"].get<int>();
    const json& out = entry["out"];
    const auto batch_size = entry["batch"].get<std::size_t>();
    for (std::size_t b = 0; b < batch_size; ++b) {
      RecordedDraws draws;
      SelectCase input = decoder_case(entry, b, draws);
      SerialGroup group;
      select_decoder(group, draws, input.plan, input.scratch, first_row(input.batch));
      const auto num_slots = static_cast<std::size_t>(input.batch.decoder_slots);
      REQUIRE(out["decoder_mask_shape"] == json({batch_size, 1, num_slots}));
      REQUIRE(out["attention_mask_shape"] == json({batch_size, num_slots, num_slots}));

      for (const bool is_causal : {false, true}) {
        for (const bool is_separate : {false, true}) {
          const std::string variant = "causal" + std::to_string(is_causal) + "_sep" + std::to_string(is_separate);
          INFO(variant);
          const DecoderAttention attention = decoder_attention(input.batch, 0, {is_causal, is_separate});
          const auto recorded = out["attention_mask"][variant][b].get<std::string>();
          REQUIRE(attention.attention_mask == digits<std::uint8_t>(recorded));
          int without_sight = 0;
          for (std::size_t r = 0; r < num_slots; ++r) {
            const bool is_blind = recorded.substr(r * num_slots, num_slots).find('0') == std::string::npos;
            REQUIRE(attention.attends_to_nothing[r] == is_blind);
            without_sight += is_blind;
          }
          REQUIRE(attention.num_rows_without_sight == without_sight);
          num_without_sight += without_sight;
        }
      }

      const FormulaTables tables(input, b, dim, 0);
      std::vector<SlotRow> rows(num_slots);
      decoder_slot_rows(group, tables.view(), tables.contents(input.batch),
                        {view_of(input.batch.decoder_source), view_of(input.batch.decoder_mask)}, Zeroing::on, view_of(rows));
      REQUIRE(modality_ids(rows, input) == out["mod_mask"][b].get<std::vector<std::int32_t>>());

      json tokens, emb;
      if (out.contains("tokens")) {
        tokens = out["tokens"][b];
        emb = out["emb"][b];
        ++num_recorded;
      } else {
        // Slots of the shuffled, shortened concatenation.
        std::vector<json> x_of_id, emb_of_id;
        for (const json& name : entry["order"]) {
          std::size_t m = 0;
          while (entry["modalities"][m]["name"] != name) ++m;
          const bool is_img = entry["modalities"][m]["type"] == "img";
          json mask_token = json::array();
          for (int d = 0; d < dim; ++d) mask_token.push_back(0.25 + d / 16.0);
          for (std::size_t i = 0; i + !is_img < entry["modalities"][m]["length"].get<std::size_t>(); ++i) {
            x_of_id.push_back(is_img ? mask_token : formula_row(m, b, i, dim, false));
            emb_of_id.push_back(formula_row(m, b, i, dim, true));
          }
        }
        const auto mask = out["decoder_mask"][b].get<std::string>();
        tokens = formula_rows(out["ids_keep"][b], mask, x_of_id);
        emb = formula_rows(out["ids_keep"][b], mask, emb_of_id);
      }
      const auto [found_x, found_emb] = tables.gather(rows);
      REQUIRE(found_x == tokens);
      REQUIRE(found_emb == emb);
    }
  }
  CHECK((num_recorded > 0 || is_other_recording()));
  CHECK((num_without_sight > 0 || is_other_recording()));
  std::cout << "decoder.json: " << num_cases << " cases\n";
}

}  // namespace maskscope
