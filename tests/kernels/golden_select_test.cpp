// forward_mask_encoder and forward_mask_decoder, as far as they decide which slots are kept and ignored.
#include <algorithm>

#include "core/masked_batch.h"
#include "kernels/serial_group.h"
#include "kernels/stages/select.h"
#include "tests/catch.h"
#include "tests/kernels/golden_file.h"
#include "tests/kernels/recorded_draws.h"

namespace maskscope {
namespace {

using nlohmann::json;

// A plan of the case's modalities and one row of masks, on both sides.
struct SelectCase {
  std::vector<ModalityPlan> modalities;
  PlanView plan;
  MaskedBatch batch;
  std::vector<std::int32_t> unused_slots, unused_modalities;
  Scratch scratch{};
  int num_concat_slots = 0;

  SelectCase(const json& entry, bool is_decoder) {
    int num_slots = 0;
    for (const json& modality : entry["modalities"]) {
      ModalityPlan planned{};
      planned.kind = modality["type"] == "img" ? ModalityKind::img : ModalityKind::seq;
      planned.id = modality["id"].get<std::int32_t>();
      planned.num_slots = modality["length"].get<std::int32_t>();
      planned.slot_offset = num_slots;
      planned.encoder_offset = num_slots;
      planned.reaches_decoder = 1;
      num_slots += planned.num_slots;
      num_concat_slots += planned.num_slots - (is_decoder && planned.kind == ModalityKind::seq);
      modalities.push_back(planned);
    }
    plan.modalities = view_of(modalities);
    plan.num_slots = num_slots;
    plan.encoder_slots = plan.decoder_slots = std::min(entry["num_tokens"].get<int>(), num_concat_slots);
    batch.batch_size = 1;
    batch.num_modalities = static_cast<int>(modalities.size());
    batch.num_slots = num_slots;
    batch.encoder_slots = batch.decoder_slots = plan.encoder_slots;
    visit_arrays(batch, [](auto& array, int width) { array.resize(static_cast<std::size_t>(width)); });
    unused_slots.resize(static_cast<std::size_t>(plan.encoder_slots));
    unused_modalities.resize(unused_slots.size());
    scratch.unused_slots = view_of(unused_slots);
    scratch.unused_modalities = view_of(unused_modalities);
  }

  // values: the slots of modality m.
  template <class T>
  void put(std::vector<T>& array, std::size_t m, const std::vector<T>& values) {
    REQUIRE(values.size() == static_cast<std::size_t>(modalities[m].num_slots));
    std::copy(values.begin(), values.end(), array.begin() + modalities[m].slot_offset);
  }
};

}  // namespace

TEST_CASE("golden: forward_mask_encoder") {
  const auto golden = load_golden("encoder");
  if (!golden) return;
  REQUIRE_FALSE(golden->at("cases").empty());
  for (const json& entry : golden->at("cases")) {
    const auto num_registers = entry["num_register_tokens"].get<std::size_t>();
    for (std::size_t b = 0; b < entry["batch"].get<std::size_t>(); ++b) {
      SelectCase input(entry, false);
      for (std::size_t m = 0; m < input.modalities.size(); ++m) {
        input.put(input.batch.input_mask, m, digits<std::uint8_t>(entry["modalities"][m]["input_mask"][b]));
      }
      SerialGroup group;
      select_encoder(group, input.plan, input.scratch, first_row(input.batch));
      const json& out = entry["out"];
      REQUIRE(input.batch.encoder_valid[0] == entry["num_valid"][b].get<int>());
      REQUIRE(input.batch.encoder_source == out["ids_keep"][b].get<std::vector<std::int32_t>>());
      // Register tokens stand before the slots.
      REQUIRE(input.batch.encoder_mask ==
              digits<std::uint8_t>(out["encoder_mask"][b].get<std::string>().substr(num_registers)));
      auto modality = out["mod_mask"][b].get<std::vector<std::int16_t>>();
      modality.erase(modality.begin(), modality.begin() + static_cast<std::ptrdiff_t>(num_registers));
      REQUIRE(input.batch.encoder_modality == modality);
    }
  }
}

TEST_CASE("golden: forward_mask_decoder") {
  const auto golden = load_golden("decoder");
  if (!golden) return;
  REQUIRE_FALSE(golden->at("cases").empty());
  for (const json& entry : golden->at("cases")) {
    for (std::size_t b = 0; b < entry["batch"].get<std::size_t>(); ++b) {
      SelectCase input(entry, true);
      const std::size_t num_modalities = input.modalities.size();
      RecordedDraws draws;
      draws.order_keys.resize(1 << 15);
      for (std::size_t m = 0; m < num_modalities; ++m) {
        const json& modality = entry["modalities"][m];
        const auto length = modality["length"].get<std::size_t>();
        input.put(input.batch.target_mask, m, digits<std::uint8_t>(modality["target_mask"][b]));
        input.put(input.batch.decoder_attention_mask, m, from_sparse(modality["decoder_attention_mask"][b], length));
        std::vector<std::int32_t> ids;
        for (std::size_t i = 0; i < length; ++i) {
          ids.push_back(modality.contains("ids") ? modality["ids"][b][i].get<std::int32_t>()
                                                 : static_cast<std::int32_t>((7919 * b + 31 * i + 101 * m) % 5000));
        }
        input.put(input.batch.tensor, m, ids);
        const auto order = entry["order"].get<std::vector<std::string>>();
        const auto place = std::find(order.begin(), order.end(), modality["name"].get<std::string>()) - order.begin();
        draws.order_keys[static_cast<std::size_t>(input.modalities[m].id)] = static_cast<std::uint32_t>(place);
      }
      SerialGroup group;
      select_decoder(group, draws, input.plan, input.scratch, first_row(input.batch));

      // ids_keep counts in the shuffled, shortened concatenation.
      std::vector<std::int32_t> slot_of;
      for (const std::int32_t m : input.batch.decoder_order) {
        const ModalityPlan& modality = input.modalities[static_cast<std::size_t>(m)];
        for (int i = 0; i < modality.num_slots - (modality.kind == ModalityKind::seq); ++i) {
          slot_of.push_back(modality.slot_offset + i);
        }
      }
      const json& out = entry["out"];
      std::vector<std::int32_t> kept;
      for (const json& id : out["ids_keep"][b]) kept.push_back(slot_of.at(id.get<std::size_t>()));
      REQUIRE(input.batch.decoder_valid[0] == entry["num_valid"][b].get<int>());
      REQUIRE(input.batch.decoder_source == kept);
      REQUIRE(input.batch.decoder_mask == digits<std::uint8_t>(out["decoder_mask"][b]));
      REQUIRE(input.batch.decoder_modality == out["mod_mask"][b].get<std::vector<std::int16_t>>());
      REQUIRE(input.batch.target_ids == out["target_ids"][b].get<std::vector<std::int32_t>>());

      // The full attention mask follows from the compressed one: row r may see column c iff c < cumsum(attention)[r].
      const auto& matrix = out["attention_mask"];
      const std::size_t num_slots = kept.size();
      for (const bool is_separate : {false, true}) {
        const auto recorded = digits<std::uint8_t>(matrix[is_separate ? "causal0_sep1" : "causal0_sep0"][b]);
        std::int64_t reach = 0;
        for (std::size_t r = 0; r < num_slots; ++r) {
          reach += input.batch.decoder_attention[r];
          for (std::size_t c = 0; c < num_slots; ++c) {
            const auto& modality = input.batch.decoder_attention_modality;
            const bool may_attend =
                static_cast<std::int64_t>(c) < reach && (!is_separate || modality[r] == modality[c]);
            if (recorded[r * num_slots + c] != !may_attend) FAIL("attention of row " << r << ", column " << c);
          }
        }
      }
    }
  }
}

}  // namespace maskscope
