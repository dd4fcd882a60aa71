// The built-in table of modalities against the recorded one.
#include <nlohmann/json.hpp>

#include "core/modality_table.h"
#include "tests/catch.h"
#include "tests/data/golden_file.h"

namespace maskscope {

TEST_CASE("golden: the table of modalities is the reference's, entry by entry") {
  const auto recorded = nlohmann::json::parse(test::read_golden("modality_info.json"));
  REQUIRE(table_modalities().size() == recorded.size());
  REQUIRE(recorded.size() == 36);
  for (std::size_t i = 0; i < recorded.size(); ++i) {
    const auto& expected = recorded[i];
    const TableModality& entry = table_modalities()[i];
    INFO(expected.dump());
    const auto number = [&](const char* key) {
      return expected.contains(key) && !expected[key].is_null() ? expected[key].get<int>() : 0;
    };
    CHECK(entry.name == expected["name"].get<std::string>());
    CHECK(find_table_modality(entry.name) == &entry);
    CHECK(entry.type == expected["type"].get<std::string>());
    CHECK(entry.folder == expected.value("path", expected["name"].get<std::string>()));
    CHECK(entry.has_min_tokens == expected.contains("min_tokens"));
    CHECK(entry.is_pretokenized == expected.value("pretokenized", false));
    CHECK(entry.input_size == number("input_size"));
    CHECK(entry.patch_size == number("patch_size"));
    CHECK(entry.has_embedding == !expected["encoder_embedding"].is_null());
    if (entry.type == "img" && !expected.value("pretokenized", false)) CHECK(entry.num_channels == number("num_channels"));
    if (expected.contains("max_tokens_224_16")) CHECK(table_max_tokens(entry, {224, 16}) == number("max_tokens_224_16"));

    const auto modality = configured_modality(entry.name, {224, 16});
    CHECK(modality.has_value() == (entry.type != "feature_map"));
    if (!modality) continue;
    CHECK(modality->id == number("id"));
    CHECK(modality->max_tokens == table_max_tokens(entry, {224, 16}));
    CHECK(modality->has_encoder_embedding == !expected["encoder_embedding"].is_null());
    CHECK(modality->has_decoder_embedding == !expected["decoder_embedding"].is_null());
    CHECK(modality->vocab_size == number("vocab_size"));
    CHECK(to_string(modality->kind) == entry.type);
  }
  CHECK(find_table_modality("tok_rgb@336") == nullptr);
  CHECK(configured_modality("tok_rgb@336", {224, 16})->max_tokens == 441);
  CHECK_FALSE(configured_modality("tok_unheard@224", {224, 16}).has_value());
  CHECK_FALSE(configured_modality("rgb", {100'000, 1}).has_value());
  CHECK_FALSE(configured_modality("tok_dinov2_global", {55, 16}).has_value());
}

}  // namespace maskscope
