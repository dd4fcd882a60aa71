#include "kernels/serial_group.h"
#include "kernels/stages/image_mask.h"
#include "tests/catch.h"
#include "tests/kernels/golden_file.h"
#include "tests/kernels/recorded_draws.h"
#include "tests/kernels/slot_storage.h"

namespace maskscope {

TEST_CASE("golden: image_mask") {
  const auto golden = load_golden("image_mask");
  if (!golden) return;
  REQUIRE_FALSE(golden->at("cases").empty());
  for (const auto& entry : golden->at("cases")) {
    const auto num_tokens = entry["num_tokens"].get<std::size_t>();
    INFO(num_tokens << " tokens, input " << entry["input_budget"] << ", target " << entry["target_budget"]);
    RecordedDraws draws;
    draws.rand24_vectors.push_back(entry["noise24"].get<std::vector<std::uint32_t>>());
    const bool is_limited = !entry["target_budget"].is_null();
    const ImageMaskRequest request{
        0, entry["input_budget"].get<std::int32_t>(),
        {is_limited, is_limited ? entry["target_budget"].get<std::int32_t>() : 0}};
    SlotStorage slots(num_tokens);
    std::vector<std::uint32_t> noise(num_tokens + 3);
    SerialGroup group;
    image_mask(group, draws, request, slots.arrays(), view_of(noise));
    REQUIRE(slots.input_mask == digits<std::uint8_t>(entry["input_mask"]));
    REQUIRE(slots.target_mask == digits<std::uint8_t>(entry["target_mask"]));
    REQUIRE(slots.decoder_attention_mask == from_sparse(entry["decoder_attention_mask"], num_tokens));
  }
}

}  // namespace maskscope
