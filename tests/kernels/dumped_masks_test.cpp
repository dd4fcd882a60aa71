// Masks that were computed and are given back as if a loader had saved them.
#include <algorithm>
#include <memory>
#include <random>

#include "core/error.h"
#include "core/passport.h"
#include "kernels/backend.h"
#include "kernels/dumped_masks.h"
#include "tests/catch.h"
#include "tests/kernels/masking_case.h"

namespace maskscope {
namespace {

// Row number row of the content masks, as a loader has them.
GivenMasks given_of(const MaskedBatch& batch, int row) {
  const std::ptrdiff_t t = batch.num_slots;
  return {view_of(batch.tensor).subview(row * t, t), view_of(batch.input_mask).subview(row * t, t),
          view_of(batch.target_mask).subview(row * t, t), view_of(batch.decoder_attention_mask).subview(row * t, t)};
}

template <class T>
std::vector<T> row_values(const std::vector<T>& values, int batch_size, int row) {
  const auto width = static_cast<std::ptrdiff_t>(values.size()) / batch_size;
  return {values.begin() + row * width, values.begin() + (row + 1) * width};
}

Scheme one_text(int max_tokens) {
  Scheme scheme;
  SchemeModality entry;
  entry.modality.name = "caption";
  entry.modality.id = modality_id("caption");
  entry.modality.kind = ModalityKind::seq;
  entry.modality.max_tokens = max_tokens;
  entry.input_alphas = entry.target_alphas = {1.0};
  entry.keep = {KeepScheme::random};
  scheme.modalities.push_back(entry);
  return scheme;
}

struct Text {
  std::vector<std::int32_t> tensor;
  std::vector<std::uint8_t> input_mask, target_mask;
  std::vector<std::int32_t> attention;

  Text(int max_tokens, const std::vector<std::int32_t>& input, const std::vector<std::int32_t>& target) {
    const auto slots = static_cast<std::size_t>(2 * (max_tokens + 1));
    tensor.assign(slots, 0);
    input_mask.assign(slots, 1);
    target_mask.assign(slots, 1);
    attention.assign(slots, 0);
    for (std::size_t i = 0; i < input.size(); ++i) tensor[i] = input[i], input_mask[i] = 0;
    for (std::size_t i = 0; i < target.size(); ++i) {
      const std::size_t slot = input.size() + i;
      tensor[slot] = target[i], target_mask[slot] = 0, attention[slot] = 1;
    }
  }
  GivenMasks given() const { return {view_of(tensor), view_of(input_mask), view_of(target_mask), view_of(attention)}; }
};

constexpr std::int32_t eos = 3, s1 = 5, s2 = 6, s3 = 7;  // of default_vocabulary

GivenSample select_text(int max_tokens, const Text& text) {
  const MaskingPlan plan = make_plan(one_text(max_tokens), default_vocabulary());
  return select_given_masks(plan, text.given(), DecoderOrder::scheme);
}

std::vector<std::int32_t> origins(const GivenSample& sample, int count) {
  return {sample.masks.slot_origin.begin(), sample.masks.slot_origin.begin() + count};
}

}  // namespace

TEST_CASE("dumped masks: selection gives what masking gave, for random schemes and samples") {
  const auto backend = make_backend(BackendChoice::cpu, 1);
  int num_rows = 0;
  for (std::uint32_t seed = 1; seed <= 400; ++seed) {
    CAPTURE(seed);
    const Case input = random_case(seed);
    const MaskingPlan plan = make_plan(input.scheme, input.vocabulary);
    MaskedBatch masks;
    backend->run(plan, pack_samples(plan, view_of(input.samples)), input.draws, masks);
    for (int row = 0; row < masks.batch_size; ++row, ++num_rows) {
      const SampleDraws draws{input.draws.seed, input.draws.first_sample + static_cast<std::uint64_t>(row)};
      const GivenSample given = select_given_masks(plan, given_of(masks, row), DecoderOrder::drawn, draws);
      const MaskedBatch& found = given.masks;
      const auto of_row = [&](const auto& values) { return row_values(values, masks.batch_size, row); };
      REQUIRE(found.input_mask == of_row(masks.input_mask));
      REQUIRE(found.target_mask == of_row(masks.target_mask));
      REQUIRE(found.encoder_source == of_row(masks.encoder_source));
      REQUIRE(found.encoder_mask == of_row(masks.encoder_mask));
      REQUIRE(found.encoder_modality == of_row(masks.encoder_modality));
      REQUIRE(found.encoder_valid == of_row(masks.encoder_valid));
      REQUIRE(found.decoder_order == of_row(masks.decoder_order));
      REQUIRE(found.decoder_source == of_row(masks.decoder_source));
      REQUIRE(found.decoder_mask == of_row(masks.decoder_mask));
      REQUIRE(found.decoder_modality == of_row(masks.decoder_modality));
      REQUIRE(found.target_ids == of_row(masks.target_ids));
      REQUIRE(found.decoder_attention == of_row(masks.decoder_attention));
      REQUIRE(found.decoder_attention_modality == of_row(masks.decoder_attention_modality));
      REQUIRE(found.decoder_valid == of_row(masks.decoder_valid));
      // Every used slot has a source that is there, whatever text was put together.
      const SampleMasks view{plan.scheme, given.sample, plan.vocabulary, found, 0, 0, 0, nullptr, false};
      for (int m = 0; m < found.num_modalities; ++m) {
        for (int slot = 0; slot < plan.scheme.modalities[static_cast<std::size_t>(m)].modality.num_slots(); ++slot) {
          if (view.slot_value(found.input_mask, m, slot) && view.slot_value(found.target_mask, m, slot)) continue;
          REQUIRE(is_in_sample(view, {m, view.slot_value(found.slot_origin, m, slot)}));
        }
      }
    }
  }
  CHECK(num_rows > 800);
}

TEST_CASE("dumped masks: the order of the scheme") {
  Scheme scheme = one_text(2);
  for (const char* name : {"det", "metadata"}) {
    SchemeModality entry = scheme.modalities[0];
    entry.modality.name = name;
    entry.modality.id = modality_id(name);
    scheme.modalities.push_back(entry);
  }
  scheme.modalities[1].is_out_domain = false;
  const MaskingPlan plan = make_plan(scheme, default_vocabulary());
  std::vector<std::int32_t> ids(18), attention(18);
  std::vector<std::uint8_t> mask(18, 1);
  const GivenSample given = select_given_masks(plan, {view_of(ids), view_of(mask), view_of(mask), view_of(attention)}, DecoderOrder::scheme);
  CHECK(given.masks.decoder_order == std::vector<std::int32_t>{0, 2, -1});
  CHECK_FALSE(given.sample.modalities[0].is_present);
}

TEST_CASE("dumped masks: a text is put together from input and target") {
  // 1010 1011 [1012 1013] 1014 [1015] eos
  const GivenSample whole = select_text(8, Text(8, {1010, 1011, s1, 1014, s2, eos}, {s1, 1012, 1013, s2, 1015, s3}));
  CHECK(whole.sample.modalities[0].ids == std::vector<std::int32_t>{1010, 1011, 1012, 1013, 1014, 1015});
  CHECK(origins(whole, 12) == std::vector<std::int32_t>{0, 1, origin::sentinel(1), 4, origin::sentinel(2), 6, origin::sentinel(1), 2, 3, origin::sentinel(2), 5, origin::sentinel(3)});
  CHECK(whole.masks.input_budget[0] == 6);
  CHECK(whole.masks.uncut_target_tokens[0] == 6);

  // A run that was cut away leaves nothing.
  const GivenSample cut = select_text(8, Text(8, {1010, 1011, s1, 1014, s2, eos}, {s2, 1015, s3}));
  CHECK(cut.sample.modalities[0].ids == std::vector<std::int32_t>{1010, 1011, 1014, 1015});

  // Input budget 0: the whole text is one run, in which the sentinel stands nowhere else.
  const GivenSample masked = select_text(4, Text(4, {}, {s1, 1010, 1011, eos, s2}));
  CHECK(masked.sample.modalities[0].ids == std::vector<std::int32_t>{1010, 1011});
  CHECK(origins(masked, 5) == std::vector<std::int32_t>{origin::sentinel(1), 0, 1, 2, origin::sentinel(2)});

  // Without [EOS], as long as the modality holds.
  const GivenSample full = select_text(3, Text(3, {1010, s1, 1012}, {s1, 1011, s2}));
  CHECK(full.sample.modalities[0].ids == std::vector<std::int32_t>{1010, 1011, 1012});
}

TEST_CASE("dumped masks: texts that no scheme makes have a place for every token") {
  // A target without sentinels, and one whose sentinels the input doesn't have.
  const GivenSample headless = select_text(8, Text(8, {1010, eos}, {1011, 1012, s2, 1013, s1, 1014}));
  CHECK(headless.sample.modalities[0].ids == std::vector<std::int32_t>{1010, eos, 1011, 1012, 1013, 1014});

  // More tokens than the modality holds: the last one stands for those beyond.
  const GivenSample longer = select_text(2, Text(2, {1010, 1011, 1012}, {1013, 1014, 1015}));
  CHECK(longer.sample.modalities[0].ids == std::vector<std::int32_t>{1010, 1011});
  CHECK(origins(longer, 6) == std::vector<std::int32_t>{0, 1, 1, 1, 1, 1});

  // A slot on both sides is one token; attention that is negative counts as 0, any mask value but 0 as 1.
  Text odd(2, {1010, 1011}, {});
  odd.target_mask[0] = 0;
  odd.input_mask[5] = 200;
  odd.attention[0] = -5;
  odd.tensor[1] = -70;
  const GivenSample both = select_text(2, odd);
  CHECK(both.masks.decoder_attention_mask[0] == 0);
  CHECK(both.masks.input_mask[5] == 1);
  CHECK(both.masks.tensor[1] == unknown_token_id);
}

TEST_CASE("dumped masks: any masks whatever end in slots that can be looked at") {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    CAPTURE(round);
    RandomScheme schemes(static_cast<std::uint32_t>(round) + 1000);
    Scheme scheme = schemes.scheme();
    scheme.mode = BudgetMode::direct;
    const MaskingPlan plan = make_plan(scheme, default_vocabulary());
    const auto slots = static_cast<std::size_t>(plan.num_slots);
    std::vector<std::int32_t> ids(slots), attention(slots);
    std::vector<std::uint8_t> input(slots), target(slots);
    for (std::size_t i = 0; i < slots; ++i) {
      ids[i] = static_cast<std::int32_t>(random() % 3 ? random() % 12 : random());
      attention[i] = static_cast<std::int32_t>(random() % 2 ? random() % 3 : random());
      input[i] = static_cast<std::uint8_t>(random() % 3);
      target[i] = static_cast<std::uint8_t>(random() % 3);
    }
    const GivenSample given = select_given_masks(plan, {view_of(ids), view_of(input), view_of(target), view_of(attention)}, DecoderOrder::drawn, {1, 2});
    const SampleMasks view{plan.scheme, given.sample, plan.vocabulary, given.masks, 0, 0, 0, nullptr, false};
    for (int m = 0; m < plan.scheme.num_modalities(); ++m) {
      const std::vector<Fate> fates = source_fates(view, m);
      for (std::size_t i = 0; i < fates.size(); ++i) {
        const TokenPassport passport = make_passport(view, {m, static_cast<std::int32_t>(i)});
        REQUIRE(passport.rank == -1);
        REQUIRE(passport.draw == -1.0);
      }
    }
    for (int slot = 0; slot < given.masks.encoder_slots; ++slot) {
      const TokenIdentity token = token_in_encoder_slot(view, slot);
      if (token.is_valid()) make_passport(view, token);
    }
    for (int slot = 0; slot < given.masks.decoder_slots; ++slot) {
      const TokenIdentity token = token_in_decoder_slot(view, slot);
      if (token.is_valid()) make_passport(view, token);
    }
  }
}

TEST_CASE("dumped masks: arrays of another scheme are refused") {
  const MaskingPlan plan = make_plan(one_text(4), default_vocabulary());
  CHECK_THROWS_WITH(select_given_masks(plan, Text(3, {}, {}).given(), DecoderOrder::scheme),
                    contains_text("The tensor has 8 slots, but the scheme's modalities have 10 together."));
}

}  // namespace maskscope
