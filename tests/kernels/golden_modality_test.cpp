#include "core/modality.h"
#include "tests/catch.h"
#include "tests/kernels/golden_file.h"

namespace maskscope {

TEST_CASE("golden: modality table") {
  const auto golden = load_golden("modality_info");
  if (!golden) return;
  int num_embedded = 0;
  for (const auto& entry : *golden) {
    const auto name = entry["name"].get<std::string>();
    INFO(name);
    REQUIRE(modality_id(name) == entry["id"].get<int>());
    const auto modality = builtin_modality(name);
    // What no model embeds (features, targets of a tokenizer) is no modality of a scheme.
    const bool is_embedded = !entry["encoder_embedding"].is_null() || !entry["decoder_embedding"].is_null();
    REQUIRE(modality.has_value() == is_embedded);
    if (!modality) continue;
    ++num_embedded;
    CHECK(to_string(modality->kind) == entry["type"].get<std::string>());
    CHECK(modality->min_tokens == entry["min_tokens"].get<int>());
    CHECK(modality->max_tokens == entry["max_tokens_224_16"].get<int>());
    CHECK(modality->vocab_size == entry.value("vocab_size", 0));
    CHECK(modality->max_positions == entry.value("max_length", 0));
    CHECK(modality->has_learned_positions == (modality->kind == ModalityKind::img && !entry.value("sincos_pos_emb", true)));
    CHECK(modality->has_encoder_embedding != entry["encoder_embedding"].is_null());
    CHECK(modality->has_decoder_embedding != entry["decoder_embedding"].is_null());
  }
  CHECK(num_embedded == 25);
}

}  // namespace maskscope
