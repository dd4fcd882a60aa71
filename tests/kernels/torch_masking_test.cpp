#include "kernels/torch_masking.h"

#include <algorithm>

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

TEST_CASE("torch: the traced noise is what the last row was made of") {
  // Budgets set by hand draw nothing, so the noise of the images comes first.
  Scheme scheme = default_scheme();
  scheme.mode = BudgetMode::direct;
  for (SchemeModality& entry : scheme.modalities) entry.direct_encoder_tokens = 20;
  const MaskingPlan plan = make_plan(scheme, default_vocabulary());
  Sample sample;
  for (const SchemeModality& entry : scheme.modalities) {
    ModalityTokens tokens;
    tokens.is_present = entry.modality.name != "tok_rgb@224";
    if (entry.modality.kind == ModalityKind::seq) tokens.ids = std::vector<std::int32_t>(50, 1000);
    sample.modalities.push_back(tokens);
  }
  const std::vector<Sample> samples = {sample};
  const PackedSamples packed = pack_samples(plan, view_of(samples));
  TorchTrace trace;
  const MaskedBatch masks = run(plan, packed, {77, 0, 1}, &trace);
  TorchGenerator generator(77);
  REQUIRE(trace.noise.size() == scheme.modalities.size());
  for (std::size_t m = 0; m < scheme.modalities.size(); ++m) {
    INFO(scheme.modalities[m].modality.name);
    const bool is_present = sample.modalities[m].is_present;
    const bool is_text = scheme.modalities[m].modality.kind == ModalityKind::seq;
    REQUIRE(trace.noise[m].size() == (!is_present ? 0u : is_text ? 51u : 196u));
    if (!is_present) continue;
    // Earlier attempts at spans were drawn and dropped.
    for (int attempt = 1; attempt < masks.num_attempts[m]; ++attempt) {
      for (int i = 0; i < 51; ++i) generator.rand24();
    }
    for (const std::uint32_t draw : trace.noise[m]) REQUIRE(draw == generator.rand24());
  }
  for (const std::uint32_t draw : trace.next_torch_rand24) CHECK(draw == generator.rand24());
  CHECK(*std::max_element(masks.num_attempts.begin(), masks.num_attempts.end()) > 1);
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
             contains_text("Sample 1000001") && contains_text("at most 1000000"));

  // A masked run needs a sentinel and a closing one besides [S_0]. The message names the call, thrown away or not.
  SequenceVocabulary vocabulary = default_vocabulary();
  vocabulary.sentinel_ids.resize(2);
  for (const std::uint64_t first_call : {0u, 3u}) {
    CHECK_THAT(error_of(make_plan(scheme, vocabulary), packed, {1, first_call, 2}),
               contains_text("Sample 0, modality ") && contains_text("sentinels"));
  }
}

}  // namespace maskscope
