#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "kernels/plan.h"
#include "tests/catch.h"

namespace maskscope {
namespace {

std::string message_of(const std::vector<Sample>& samples, const MaskingPlan& plan) {
  try {
    pack_samples(plan, view_of(samples));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

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

TEST_CASE("a vocabulary without sentinels is refused") {
  SequenceVocabulary vocabulary = default_vocabulary();
  vocabulary.sentinel_ids.resize(1);
  CHECK_THROWS_AS(make_plan(default_scheme(), vocabulary), Error);
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

TEST_CASE("samples that do not fit name themselves and the modality") {
  const auto message = [](const MaskingPlan& plan, std::vector<std::int32_t> ids) {
    return message_of({{"shoe", {{true, std::move(ids)}}}}, plan);
  };
  const MaskingPlan text = make_plan(preset_scheme("t5"), default_vocabulary());
  CHECK(has(message_of(std::vector<Sample>{{"shoe", {}}}, text), "Sample \"shoe\" holds 0 modalities"));
  CHECK(has(message(text, {-1}), "modality caption"));
  CHECK(has(message(text, {7, 30000}), "position 1 is 30000"));
  const MaskingPlan grid = make_plan(preset_scheme("mae"), default_vocabulary());
  CHECK(has(message(grid, {1, 2}), "found 2 token ids, expected 196"));
  CHECK(has(message(grid, std::vector<std::int32_t>(196, 16384)), "16384"));
  CHECK(message(grid, std::vector<std::int32_t>(196, unknown_token_id)).empty());
  CHECK(message(grid, {}).empty());
}

}  // namespace maskscope
