// forward_mask_encoder and forward_mask_decoder, as far as they decide which slots are kept and ignored.
#include "kernels/serial_group.h"
#include "kernels/stages/select.h"
#include "tests/catch.h"
#include "tests/kernels/golden_file.h"
#include "tests/kernels/select_case.h"

namespace maskscope {

using nlohmann::json;

TEST_CASE("golden: forward_mask_encoder") {
  const auto golden = load_golden("encoder");
  if (!golden) return;
  REQUIRE_FALSE(golden->at("cases").empty());
  for (const json& entry : golden->at("cases")) {
    const auto num_registers = entry["num_register_tokens"].get<std::size_t>();
    for (std::size_t b = 0; b < entry["batch"].get<std::size_t>(); ++b) {
      SelectCase input = encoder_case(entry, b);
      SerialGroup group;
      select_encoder(group, input.plan, first_row(input.batch));
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
      RecordedDraws draws;
      SelectCase input = decoder_case(entry, b, draws);
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
    }
  }
}

}  // namespace maskscope
