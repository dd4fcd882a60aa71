#include "core/modality.h"
#include "tests/catch.h"
#include "tests/kernels/golden_file.h"

namespace maskscope {

TEST_CASE("golden: modality table") {
  const auto golden = load_golden("modality_info");
  if (!golden) return;
  int num_builtin = 0;
  for (const auto& entry : *golden) {
    const auto name = entry["name"].get<std::string>();
    INFO(name);
    REQUIRE(modality_id(name) == entry["id"].get<int>());
    const auto modality = builtin_modality(name);
    if (!modality) continue;
    ++num_builtin;
    CHECK((modality->kind == ModalityKind::img) == (entry["type"] == "img"));
    CHECK(modality->min_tokens == entry["min_tokens"].get<int>());
    CHECK(modality->max_tokens == entry["max_tokens_224_16"].get<int>());
    CHECK(modality->vocab_size == entry.value("vocab_size", 0));
    CHECK(modality->has_encoder_embedding != entry["encoder_embedding"].is_null());
    CHECK(modality->has_decoder_embedding != entry["decoder_embedding"].is_null());
  }
  CHECK(num_builtin >= 13);
}

}  // namespace maskscope
