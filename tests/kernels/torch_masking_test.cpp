#include "kernels/torch_masking.h"

#include <algorithm>
#include <numeric>

#include "core/error.h"
#include "kernels/torch_generator.h"
#include "tests/catch.h"
#include "tests/kernels/random_scheme.h"

namespace maskscope {
namespace {

MaskedBatch run(const MaskingPlan& plan, const PackedSamples& samples, TorchRequest request,
                TorchTrace* trace = nullptr) {
  MaskedBatch masks;
  mask_with_torch_generators(plan, samples, request, masks, trace);
  return masks;
}

// Whether a row of every array equals row other_row of the same array in the other batch.
bool is_same_row(const MaskedBatch& batch, std::size_t row, const MaskedBatch& other, std::size_t other_row) {
  std::vector<std::vector<double>> rows[2];
  const auto collect = [](const MaskedBatch& from, std::size_t at, std::vector<std::vector<double>>& into) {
    visit_arrays(from, [&](const auto& array, int per_sample) {
      const auto begin = array.begin() + static_cast<std::ptrdiff_t>(at) * per_sample;
      into.emplace_back(begin, begin + per_sample);
    });
  };
  collect(batch, row, rows[0]);
  collect(other, other_row, rows[1]);
  return rows[0] == rows[1];
}

// Random schemes whose masking never fails, with a few samples each.
template <class Check>
void for_each_scheme(int count, Check&& check) {
  for (int s = 0; s < count; ++s) {
    INFO("scheme " << s);
    RandomScheme random(static_cast<std::uint32_t>(s) + 1);
    const Scheme scheme = random.scheme();
    const MaskingPlan plan = make_plan(scheme, default_vocabulary());
    std::vector<Sample> samples;
    for (int i = random.between(1, 3); i > 0; --i) samples.push_back(random.sample(scheme, default_vocabulary()));
    check(plan, pack_samples(plan, view_of(samples)));
  }
}

constexpr std::size_t text_tokens = 50;
constexpr int encoder_tokens = 20;

// Budgets set by hand are not drawn, so the masks of the modalities take the first draws.
Scheme hand_set_scheme() {
  Scheme scheme = default_scheme();
  scheme.mode = BudgetMode::direct;
  for (SchemeModality& entry : scheme.modalities) entry.direct_encoder_tokens = encoder_tokens;
  return scheme;
}

Sample sample_without(const Scheme& scheme, const std::string& absent_modality) {
  Sample sample;
  for (const SchemeModality& entry : scheme.modalities) {
    ModalityTokens tokens;
    tokens.is_present = entry.modality.name != absent_modality;
    if (entry.modality.kind == ModalityKind::seq) tokens.ids = std::vector<std::int32_t>(text_tokens, 1000);
    sample.modalities.push_back(tokens);
  }
  return sample;
}

std::string error_of(const MaskingPlan& plan, const PackedSamples& samples, TorchRequest request) {
  try {
    run(plan, samples, request);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("torch: a seed gives the same masks again, another seed others") {
  int num_different = 0;
  for_each_scheme(40, [&](const MaskingPlan& plan, const PackedSamples& samples) {
    TorchTrace trace, trace_again;
    const MaskedBatch masks = run(plan, samples, {5, 0, 6}, &trace);
    CHECK(run(plan, samples, {5, 0, 6}, &trace_again) == masks);
    CHECK(trace_again.next_python_random == trace.next_python_random);
    CHECK(trace_again.noise == trace.noise);
    // Whether anyone watches makes no difference.
    CHECK(run(plan, samples, {5, 0, 6}) == masks);
    num_different += run(plan, samples, {6, 0, 6}) != masks;
  });
  // A scheme in which nothing is left to chance may give the same.
  CHECK(num_different >= 35);
}

TEST_CASE("torch: calls that are thrown away leave the generators as calls that are kept") {
  for_each_scheme(40, [&](const MaskingPlan& plan, const PackedSamples& samples) {
    TorchTrace trace, trace_of_one;
    const MaskedBatch masks = run(plan, samples, {9, 0, 5}, &trace);
    for (std::size_t call = 0; call < 5; ++call) {
      CHECK(is_same_row(run(plan, samples, {9, call, 1}, &trace_of_one), 0, masks, call));
    }
    CHECK(trace_of_one.noise == trace.noise);
    CHECK(trace_of_one.next_torch_rand24 == trace.next_torch_rand24);
    CHECK(trace_of_one.next_python_random == trace.next_python_random);
    CHECK(trace_of_one.next_numpy_randint == trace.next_numpy_randint);
    const MaskedBatch tail = run(plan, samples, {9, 2, 3});
    for (std::size_t row = 0; row < 3; ++row) CHECK(is_same_row(tail, row, masks, row + 2));
  });
}

TEST_CASE("torch: the decoder's order of a call does not change the next call") {
  for_each_scheme(40, [&](const MaskingPlan& plan, const PackedSamples& samples) {
    Scheme without_decoder = plan.scheme;
    for (SchemeModality& entry : without_decoder.modalities) entry.is_out_domain = false;
    const MaskedBatch with = run(plan, samples, {2, 0, 4});
    const MaskedBatch without = run(make_plan(without_decoder, plan.vocabulary), samples, {2, 0, 4});
    CHECK(with.tensor == without.tensor);
    CHECK(with.input_mask == without.input_mask);
    CHECK(with.target_mask == without.target_mask);
  });
}

TEST_CASE("torch: the traced noise comes from PyTorch's generator, and nothing is drawn between") {
  const MaskingPlan plan = make_plan(hand_set_scheme(), default_vocabulary());
  const std::vector<Sample> samples = {sample_without(plan.scheme, "tok_rgb@224")};
  TorchTrace trace;
  const MaskedBatch masks = run(plan, pack_samples(plan, view_of(samples)), {77, 0, 1}, &trace);
  TorchGenerator generator(77);
  REQUIRE(trace.noise.size() == plan.modalities.size());
  for (std::size_t m = 0; m < plan.modalities.size(); ++m) {
    INFO(plan.scheme.modalities[m].modality.name);
    const bool is_text = plan.modalities[m].kind == ModalityKind::seq;
    const std::size_t num_draws = is_text ? text_tokens + 1 : 196;
    REQUIRE(trace.noise[m].size() == (samples[0].modalities[m].is_present ? num_draws : 0));
    // Earlier attempts at spans were drawn and dropped.
    for (int attempt = 1; attempt < masks.num_attempts[m]; ++attempt) {
      for (std::size_t i = 0; i < num_draws; ++i) generator.rand24();
    }
    for (const std::uint32_t draw : trace.noise[m]) REQUIRE(draw == generator.rand24());
  }
  for (const std::uint32_t draw : trace.next_torch_rand24) CHECK(draw == generator.rand24());
  CHECK(*std::max_element(masks.num_attempts.begin(), masks.num_attempts.end()) > 1);
}

TEST_CASE("torch: the traced noise is what the last row's masks were made of") {
  const MaskingPlan plan = make_plan(hand_set_scheme(), default_vocabulary());
  const std::vector<Sample> samples = {sample_without(plan.scheme, "tok_rgb@224"),
                                       sample_without(plan.scheme, "tok_depth@224")};
  TorchTrace trace;
  const MaskedBatch masks = run(plan, pack_samples(plan, view_of(samples)), {77, 1, 3}, &trace);
  for (std::size_t m = 0; m < plan.modalities.size(); ++m) {
    INFO(plan.scheme.modalities[m].modality.name);
    const std::vector<std::uint32_t>& noise = trace.noise[m];
    // Call 3 masked the second sample.
    REQUIRE(noise.empty() == !samples[1].modalities[m].is_present);
    if (noise.empty()) continue;
    const std::uint8_t* const input_mask = masks.input_mask.data() + 2 * masks.num_slots + masks.slot_offset[m];
    if (plan.modalities[m].kind == ModalityKind::img) {
      std::vector<std::size_t> shuffle(noise.size());
      std::iota(shuffle.begin(), shuffle.end(), 0);
      std::sort(shuffle.begin(), shuffle.end(), [&](std::size_t a, std::size_t b) { return noise[a] < noise[b]; });
      for (std::size_t i = 0; i < shuffle.size(); ++i) REQUIRE(input_mask[i] == (shuffle[i] >= encoder_tokens));
    } else {
      const double keep_probability = masks.keep_probability[2 * plan.modalities.size() + m];
      std::int64_t num_input = 0;
      for (std::size_t i = 0; i < noise.size(); ++i) {
        const auto is_kept = [&](std::size_t at) {
          return static_cast<float>(noise[at]) / 0x1p24f <= static_cast<float>(keep_probability);
        };
        num_input += is_kept(i) || i == 0 || is_kept(i - 1);
      }
      CHECK(std::count(input_mask, input_mask + plan.modalities[m].num_slots, 0) == num_input);
    }
  }
}

TEST_CASE("torch: an empty batch is empty") {
  const Scheme scheme = default_scheme();
  TorchTrace trace;
  trace.noise.resize(3);
  CHECK(run(make_plan(scheme, default_vocabulary()), {}, {1, 0, 0}, &trace).batch_size == 0);
  CHECK(trace.noise.empty());
}

TEST_CASE("torch: what cannot be asked for") {
  const Scheme scheme = default_scheme();
  const MaskingPlan plan = make_plan(scheme, default_vocabulary());
  CHECK_THAT(error_of(plan, {}, {1, 0, -1}), contains_text("batch size is -1"));
  CHECK_THAT(error_of(plan, {}, {1, 0, 1}), contains_text("no sample to mask"));
  RandomScheme random(1);
  const std::vector<Sample> samples = {random.sample(scheme, default_vocabulary())};
  const PackedSamples packed = pack_samples(plan, view_of(samples));
  CHECK_THAT(error_of(plan, packed, {1, max_torch_first_call + 1, 1}),
             contains_text("Sample 20001") && contains_text("at most 20000"));

  // A masked run needs a sentinel and a closing one besides [S_0]. The message names the call, thrown away or not.
  SequenceVocabulary vocabulary = default_vocabulary();
  vocabulary.sentinel_ids.resize(2);
  for (const std::uint64_t first_call : {0u, 3u}) {
    CHECK_THAT(error_of(make_plan(scheme, vocabulary), packed, {1, first_call, 2}),
               contains_text("Sample 0, modality ") && contains_text("sentinels"));
  }
}

}  // namespace maskscope
