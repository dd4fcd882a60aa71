// The waterfall of the budgets: its draws are the ones that were clamped, and its counts add up, whatever the scheme.
#include "core/waterfall.h"

#include <algorithm>

#include "kernels/budget_trace.h"
#include "kernels/cpu_backend.h"
#include "kernels/stages/budget.h"
#include "kernels/torch_masking.h"
#include "tests/catch.h"
#include "tests/kernels/random_scheme.h"

namespace maskscope {
namespace {

struct Masked {
  Scheme scheme;
  Sample sample;
  SequenceVocabulary vocabulary = default_vocabulary();
  MaskingPlan plan;
  MaskedBatch batch;
  DrawnBudgets drawn;

  SampleMasks masks() const { return {scheme, sample, vocabulary, batch}; }
};

enum class Source { named, torch };

Masked masked(std::uint32_t seed, Source source) {
  RandomScheme random(seed);
  Masked m;
  m.scheme = random.scheme();
  m.sample = random.sample(m.scheme, m.vocabulary);
  m.plan = make_plan(m.scheme, m.vocabulary);
  const PackedSamples packed = pack_samples(m.plan, {&m.sample, 1});
  if (source == Source::torch) {
    TorchTrace trace;
    // Three calls, of which the last is looked at: what the calls before it drew is forgotten.
    mask_with_torch_generators(m.plan, packed, {.seed = seed, .first_call = 2, .batch_size = 1}, m.batch, &trace);
    m.drawn = trace.budgets;
  } else {
    make_cpu_backend(1)->run(m.plan, packed, {.seed = seed, .first_sample = 7, .batch_size = 1}, m.batch);
    m.drawn = trace_budgets(m.plan, {seed, 7});
  }
  return m;
}

void check_draws(const Masked& m) {
  const bool is_sampled = m.scheme.mode == BudgetMode::sampled;
  REQUIRE(m.drawn.input.tokens.size() == (is_sampled ? m.plan.modalities.size() : 0));
  REQUIRE(m.drawn.target.tokens.size() == (is_sampled && m.scheme.target_tokens ? m.plan.modalities.size() : 0));
  std::int64_t input_sum = 0, target_sum = 0;
  for (std::size_t k = 0; k < m.drawn.input.tokens.size(); ++k) {
    CHECK(m.batch.input_budget[k] == std::min(m.drawn.input.tokens[k], m.plan.modalities[k].max_tokens));
    input_sum += m.drawn.input.tokens[k];
  }
  for (std::size_t k = 0; k < m.drawn.target.tokens.size(); ++k) {
    CHECK(m.batch.target_budget[k] == std::min(m.drawn.target.tokens[k], most_target_tokens(m.plan.modalities[k], m.batch.input_budget[k])));
    target_sum += m.drawn.target.tokens[k];
  }
  const auto has_flag = [&](BudgetFlag flag) { return (m.batch.budget_flags[0] & static_cast<int>(flag)) != 0; };
  if (is_sampled) {
    // A float product may be rounded up to the next whole token, so the floors can be one too many.
    CHECK(input_sum >= m.batch.num_input_tokens[0]);
    CHECK(input_sum <= m.batch.num_input_tokens[0] + 1);
    CHECK(m.drawn.input.num_tries >= 1);
    CHECK(m.drawn.input.num_tries <= m.scheme.max_tries);
    if (has_flag(BudgetFlag::input_gave_up)) CHECK(m.drawn.input.num_tries == m.scheme.max_tries);
  }
  if (is_sampled && m.scheme.target_tokens) {
    CHECK(target_sum >= m.batch.num_target_tokens[0]);
    CHECK(target_sum <= m.batch.num_target_tokens[0] + 1);
    CHECK(m.drawn.target.num_tries >= 1);
    if (has_flag(BudgetFlag::target_gave_up)) CHECK(m.drawn.target.num_tries == m.scheme.max_tries);
  }
}

void check_side(const SideFlow& side) {
  for (const int count : {side.lost_by_clamp, side.budget, side.unfilled, side.too_short, side.filled, side.lost_without_place, side.lost_by_shift, side.lost_by_cut, side.kept}) {
    CHECK(count >= 0);
  }
  if (side.drawn) CHECK(*side.drawn == side.lost_by_clamp + side.budget);
  CHECK(side.budget == side.unfilled + side.filled);
  CHECK(side.filled == side.lost_without_place + side.lost_by_shift + side.lost_by_cut + side.kept);
  CHECK(side.lost_by_shift <= 1);
  CHECK((side.reason == Unfilled::nothing) == (side.unfilled == 0));
  CHECK(side.too_short <= side.unfilled);
  if (side.reason == Unfilled::too_short) CHECK(side.too_short == side.unfilled);
}

void check_sums(const Masked& m, const Waterfall& waterfall) {
  REQUIRE(waterfall.modalities.size() == m.scheme.modalities.size());
  int encoder_kept = 0, decoder_kept = 0, encoder_cut = 0, decoder_cut = 0;
  for (const ModalityFlow& flow : waterfall.modalities) {
    check_side(flow.encoder);
    check_side(flow.decoder);
    CHECK(flow.encoder.lost_by_shift == 0);
    CHECK(flow.discarded <= flow.source_tokens);
    encoder_kept += flow.encoder.kept, decoder_kept += flow.decoder.kept;
    encoder_cut += flow.encoder.lost_by_cut, decoder_cut += flow.decoder.lost_by_cut;
  }
  CHECK(waterfall.encoder.slots == encoder_kept + waterfall.encoder.ignored);
  CHECK(waterfall.decoder.slots == decoder_kept + waterfall.decoder.ignored);
  // Against the masks themselves.
  CHECK(waterfall.encoder.ignored == std::count(m.batch.encoder_mask.begin(), m.batch.encoder_mask.end(), 1));
  CHECK(waterfall.decoder.ignored == std::count(m.batch.decoder_mask.begin(), m.batch.decoder_mask.end(), 1));
  CHECK(encoder_kept + encoder_cut == m.batch.encoder_valid[0]);
  CHECK(decoder_kept + decoder_cut == m.batch.decoder_valid[0]);
  CHECK(waterfall.has_targets() == (decoder_kept > 0));
  CHECK(waterfall.encoder.sum.kept == encoder_kept);
  CHECK(waterfall.decoder.sum.kept == decoder_kept);
  const bool knows_draws = m.scheme.mode != BudgetMode::transfer && (m.scheme.mode == BudgetMode::direct || m.scheme.target_tokens);
  if (knows_draws) CHECK(waterfall.decoder.sum.drawn.has_value());
  if (waterfall.encoder.sum.drawn) {
    CHECK(*waterfall.encoder.sum.drawn == waterfall.encoder.sum.lost_by_clamp + waterfall.encoder.sum.budget);
    // Why slots hold nothing: what was drawn and not kept.
    const SideFlow& sum = waterfall.encoder.sum;
    CHECK(waterfall.encoder.ignored == waterfall.encoder.slots - *sum.drawn + sum.lost_by_clamp + sum.unfilled + sum.lost_without_place + sum.lost_by_shift + sum.lost_by_cut);
  }
}

void check_many(Source source) {
  int sampled = 0, clamped = 0, redrawn = 0, cut = 0, absent = 0;
  for (std::uint32_t seed = 0; seed < 600; ++seed) {
    INFO("seed " << seed);
    const Masked m = masked(seed, source);
    check_draws(m);
    const Waterfall waterfall = make_waterfall(m.masks(), &m.drawn);
    check_sums(m, waterfall);
    sampled += m.scheme.mode == BudgetMode::sampled;
    clamped += waterfall.encoder.sum.lost_by_clamp > 0;
    redrawn += waterfall.encoder.num_tries > 1;
    cut += waterfall.encoder.sum.lost_by_cut > 0;
    for (const ModalityFlow& flow : waterfall.modalities) absent += flow.encoder.reason == Unfilled::absent;
  }
  // The cases that the checks are for do come up.
  CHECK(sampled > 100);
  CHECK(clamped > 20);
  CHECK(redrawn > 5);
  CHECK(cut > 20);
  CHECK(absent > 5);
}

}  // namespace

TEST_CASE("a waterfall's draws, clamped, are the budgets, and its counts add up: named draws") { check_many(Source::named); }
TEST_CASE("a waterfall's draws, clamped, are the budgets, and its counts add up: PyTorch's generators") { check_many(Source::torch); }

TEST_CASE("a waterfall without the draws says so, and its other counts stay") {
  int looked_at = 0;
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const Masked m = masked(seed, Source::named);
    if (m.scheme.mode != BudgetMode::sampled) continue;
    ++looked_at;
    const Waterfall known = make_waterfall(m.masks(), &m.drawn), unknown = make_waterfall(m.masks(), nullptr);
    CHECK(!unknown.encoder.sum.drawn);
    CHECK(unknown.encoder.num_tries == 0);
    CHECK(known.encoder.num_tries > 0);
    CHECK(unknown.encoder.sum.budget == known.encoder.sum.budget);
    CHECK(unknown.decoder.sum.kept == known.decoder.sum.kept);
  }
  CHECK(looked_at > 10);
}

TEST_CASE("a waterfall says why a budget was not filled") {
  Scheme scheme;
  scheme.mode = BudgetMode::direct;
  SchemeModality text;
  text.modality = *builtin_modality("caption");
  text.input_alphas = text.target_alphas = {1.0};
  text.keep = {KeepScheme::all};
  text.direct_encoder_tokens = 20;
  text.direct_decoder_tokens = 5;
  scheme.modalities.push_back(text);
  const auto flow_of = [&](int num_ids, int encoder_tokens, int decoder_tokens, bool is_present = true) {
    Masked m;
    m.scheme = scheme;
    m.scheme.modalities[0].direct_encoder_tokens = encoder_tokens;
    m.scheme.modalities[0].direct_decoder_tokens = decoder_tokens;
    m.sample.modalities = {{.is_present = is_present, .ids = std::vector<std::int32_t>(static_cast<std::size_t>(num_ids), 300)}};
    m.plan = make_plan(m.scheme, m.vocabulary);
    make_cpu_backend(1)->run(m.plan, pack_samples(m.plan, {&m.sample, 1}), {.seed = 1, .first_sample = 0, .batch_size = 1}, m.batch);
    return make_waterfall(m.masks(), nullptr).modalities[0];
  };
  const ModalityFlow whole = flow_of(9, 20, 0);  // and [EOS]: ten tokens, all kept
  CHECK(whole.source_tokens == 10);
  CHECK(whole.encoder.drawn == 20);
  CHECK(whole.encoder.filled == 10);
  CHECK(whole.encoder.unfilled == 10);
  CHECK(whole.encoder.reason == Unfilled::too_short);
  const ModalityFlow one_run = flow_of(9, 0, 12);  // [S_1], ten tokens, [S_2]
  CHECK(one_run.encoder.reason == Unfilled::nothing);
  CHECK(one_run.decoder.filled == 12);
  CHECK(one_run.decoder.lost_by_shift == 1);
  CHECK(one_run.decoder.kept == 11);
  CHECK(flow_of(9, 0, 13).decoder.reason == Unfilled::too_short);
  CHECK(flow_of(9, 0, 13).decoder.too_short == 1);
  const ModalityFlow kept = flow_of(9, 20, 12);  // the target is the closing sentinel alone
  CHECK(kept.decoder.filled == 1);
  CHECK(kept.decoder.reason == Unfilled::kept);
  CHECK(kept.decoder.too_short == 0);
  const ModalityFlow both = flow_of(9, 20, 15);
  CHECK(both.decoder.reason == Unfilled::kept);
  CHECK(both.decoder.unfilled == 14);
  CHECK(both.decoder.too_short == 3);
  CHECK(kept.decoder.kept == 0);
  CHECK(flow_of(0, 20, 12, false).encoder.reason == Unfilled::absent);
}

TEST_CASE("a waterfall as CSV has a line per modality and side, and its sums") {
  Scheme scheme;
  scheme.modalities.resize(1);
  scheme.modalities[0].modality.name = "odd, \"name\"";
  Waterfall waterfall;
  waterfall.modalities.resize(1);
  ModalityFlow& flow = waterfall.modalities[0];
  flow.source_tokens = 40, flow.discarded = 3;
  flow.encoder = {.drawn = 12, .lost_by_clamp = 2, .budget = 10, .unfilled = 1, .reason = Unfilled::masked_away, .filled = 9, .lost_by_cut = 4, .kept = 5};
  flow.decoder = {.drawn = {}, .has_budget = false, .budget = 7, .filled = 7, .lost_by_shift = 1, .kept = 6};
  waterfall.source_tokens = 40, waterfall.discarded = 3;
  waterfall.encoder = {.sum = flow.encoder, .slots = 8, .ignored = 3};
  waterfall.decoder = {.sum = flow.decoder, .slots = 9, .ignored = 3};
  waterfall.encoder.sum.reason = Unfilled::nothing;
  CHECK(waterfall_csv(waterfall, scheme) ==
        "modality,side,source_tokens,discarded,drawn,lost_by_clamp,budget,unfilled,too_short,reason,filled,lost_without_place,lost_by_shift,lost_by_cut,kept,ignored,slots\n"
        "\"odd, \"\"name\"\"\",encoder,40,3,12,2,10,1,0,masked_away,9,0,0,4,5,,\n"
        "\"odd, \"\"name\"\"\",decoder,40,3,,,,,,,7,0,1,0,6,,\n"
        ",encoder,40,3,12,2,10,1,0,,9,0,0,4,5,3,8\n"
        ",decoder,40,3,,,,,,,7,0,1,0,6,3,9\n");
}

}  // namespace maskscope
