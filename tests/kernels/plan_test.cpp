#include <vector>

#include "kernels/plan.h"
#include "tests/catch.h"

namespace maskscope {
TEST_CASE("a plan lays modalities out one after the other") {
  const MaskingPlan plan = make_plan(default_scheme(), default_vocabulary());
  REQUIRE(plan.modalities.size() == 8);
  CHECK(plan.num_slots == 2 * 514 + 6 * 196);
  CHECK(plan.packed_tokens == 2 * 256 + 6 * 196);
  CHECK(plan.encoder_concat_slots == 2 * 514 + 6 * 196);
  CHECK(plan.decoder_concat_slots == 2 * 513 + 5 * 196);
  CHECK(plan.modalities[1].slot_offset == 514);
  CHECK(plan.modalities[1].token_offset == 256);
  CHECK(plan.target_alphas[2] == 1e-9);  // rgb@224
}

TEST_CASE("samples are packed with [EOS] and truncated") {
  Scheme scheme = preset_scheme("t5");
  scheme.modalities[0].modality.max_tokens = 3;
  const MaskingPlan plan = make_plan(scheme, default_vocabulary());
  const std::vector<Sample> samples = {{"short", {{true, {500}}}},
                                       {"exact", {{true, {500, 501, 502}}}},
                                       {"empty", {{true, {}}}},
                                       {"absent", {{false, {}}}}};
  const PackedSamples packed = pack_samples(plan, view_of(samples));
  const std::vector<std::int32_t> lengths = {2, 3, 1, -1};
  CHECK(packed.lengths == lengths);
  CHECK(packed.ids[0] == 500);
  CHECK(packed.ids[1] == 3);
  CHECK(packed.ids[5] == 502);
  CHECK(packed.ids[6] == 3);
}

}  // namespace maskscope
