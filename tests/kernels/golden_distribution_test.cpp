// Philox draws have other values than the reference's, so they are compared by what they come to: histograms of budgets and of
// used slots over many calls, against those of 20000 calls of the reference, by two-sample tests. Errors planted in the
// masking must be rejected by the same tests.
#include <algorithm>
#include <cstddef>
#include <iostream>
#include <string>
#include <vector>

#include "kernels/cpu_clones.h"
#include "kernels/host_scratch.h"
#include "kernels/serial_draws.h"
#include "kernels/serial_group.h"
#include "kernels/stages/mask_sample.h"
#include "tests/catch.h"
#include "tests/kernels/golden_file.h"
#include "tests/kernels/two_sample.h"

namespace maskscope {
namespace {

using nlohmann::json;

// The six recorded settings make about 4000 comparisons: equal distributions would fail one time in 400.
constexpr double least_p = 6e-7;
constexpr std::uint64_t seeds[] = {1, 2, 3};
constexpr int draws_per_seed = 80000;  // 4 times the recorded calls, so that every text comes as often as there

// Planted: a cut target always starts at its first sentinel.
class FirstSentinelDraws : public SerialDraws {
 public:
  using SerialDraws::SerialDraws;
  std::uint32_t randint(DrawName name, std::uint32_t n) const {
    return name.purpose == DrawPurpose::target_window ? 0 : SerialDraws::randint(name, n);
  }
};

// Planted: remaining tokens go to the largest alpha instead of the largest component of a fresh vector.
class LargestAlphaDraws : public SerialDraws {
 public:
  using SerialDraws::SerialDraws;
  void dirichlet(SerialGroup& group, const DirichletRequest& request, View<double> gammas, View<float> p) const {
    if (request.first_vector == 0) return SerialDraws::dirichlet(group, request, gammas, p);
    for (std::ptrdiff_t i = 0; i < request.num_vectors * request.alphas.size; ++i) {
      p[i] = static_cast<float>(request.alphas[i % request.alphas.size]);
    }
  }
};

struct ModalityCounts {
  Histogram input_budget, target_budget, input_used, target_used;
};
struct ComponentCounts {
  std::vector<ModalityCounts> modalities;
  Histogram encoder_tokens, decoder_tokens;
};
struct Counts {
  Histogram component, gave_up;
  std::vector<ComponentCounts> components;
};

ModalityKind kind_of(const std::string& type) {
  for (const ModalityKind kind : {ModalityKind::img, ModalityKind::seq, ModalityKind::seq_token, ModalityKind::seq_emb}) {
    if (to_string(kind) == type) return kind;
  }
  throw std::runtime_error("unknown type " + type);
}

KeepScheme keep_of(const std::string& name) {
  for (const KeepScheme keep : {KeepScheme::random, KeepScheme::all, KeepScheme::binary}) {
    if (to_string(keep) == name) return keep;
  }
  throw std::runtime_error("unknown keep scheme " + name);
}

Scheme scheme_of(const json& config, const json& recorded) {
  Scheme scheme;
  scheme.name = config["name"];
  for (const json& entry : config["modalities"]) {
    SchemeModality modality;
    modality.modality.name = entry["name"];
    modality.modality.id = modality_id(modality.modality.name);
    modality.modality.kind = kind_of(entry["type"]);
    modality.modality.min_tokens = entry["min_tokens"];
    modality.modality.max_tokens = entry["max_tokens"];
    modality.modality.has_decoder_embedding = modality.modality.kind != ModalityKind::seq_emb;
    modality.input_alphas = entry["input_alphas"].get<std::vector<double>>();
    modality.target_alphas = entry["target_alphas"].get<std::vector<double>>();
    if (entry.contains("keep")) {
      for (const json& keep : entry["keep"]) modality.keep.push_back(keep_of(keep));
    }
    scheme.modalities.push_back(modality);
  }
  if (!config["sampling_weights"].is_null()) scheme.sampling_weights = config["sampling_weights"].get<std::vector<double>>();
  scheme.input_tokens = {recorded["input_tokens_range"][0], recorded["input_tokens_range"][1]};
  scheme.target_tokens = TokenRange{recorded["target_tokens_range"][0], recorded["target_tokens_range"][1]};
  return scheme;
}

// The texts of call number i of the recording.
Sample sample_of(const Scheme& scheme, const json& golden, std::size_t i) {
  constexpr std::int32_t some_word = 5000;
  const auto lengths = golden["lengths"].get<std::vector<int>>();
  const auto chunk_counts = golden["chunk_counts"].get<std::vector<int>>();
  Sample sample;
  sample.key = "call " + std::to_string(i);
  for (const SchemeModality& entry : scheme.modalities) {
    ModalityTokens tokens;
    tokens.is_present = true;
    if (entry.modality.name == "metadata") {
      tokens.chunk_lengths.assign(static_cast<std::size_t>(chunk_counts[i % chunk_counts.size()]), 2);
      tokens.ids.assign(2 * tokens.chunk_lengths.size(), some_word);
    } else if (entry.modality.kind == ModalityKind::seq) {
      tokens.ids.assign(static_cast<std::size_t>(lengths[i % lengths.size()]), some_word);
    } else if (entry.modality.kind == ModalityKind::seq_emb) {
      tokens.num_rows = lengths[i % 13];
    }
    sample.modalities.push_back(tokens);
  }
  return sample;
}

// One of the recorded settings, ready to be drawn from.
struct Setting {
  const json& recorded;
  MaskingPlan plan;
  PackedSamples samples;

  Setting(const json& golden, const json& result) : recorded(result) {
    for (const json& config : golden["configs_used"]) {
      if (config["name"] == recorded["config"]) plan = make_plan(scheme_of(config, recorded), default_vocabulary());
    }
    constexpr std::size_t period = 16 * 3 * 13;  // of the texts' 16, 6 and 13 lengths
    std::vector<Sample> calls;
    for (std::size_t i = 0; i < period; ++i) calls.push_back(sample_of(plan.scheme, golden, i));
    samples = pack_samples(plan, view_of(calls));
  }
  int num_calls() const { return recorded["calls"]; }
  std::string name() const {
    return recorded["config"].get<std::string>() + " " + recorded["input_tokens_range"].dump() + " " +
           recorded["target_tokens_range"].dump();
  }
};

// Slots that the decoder uses, one fewer than target slots in each stretch of a sequence.
std::int32_t count_target_used(const ModalityPlan& modality, const std::uint8_t* target_mask) {
  const std::int32_t shift = has_spans_in_decoder(modality.kind);
  std::int32_t used = 0;
  for (std::int32_t i = 0; i + shift < modality.num_slots; ++i) used += (target_mask[i] | target_mask[i + shift]) == 0;
  return used;
}

void count_row(const MaskingPlan& plan, const MaskedBatch& row, Counts& counts) {
  add_value(counts.component, row.component[0]);
  add_value(counts.gave_up, row.budget_flags[0] != 0);
  ComponentCounts& component = counts.components[static_cast<std::size_t>(row.component[0])];
  std::int32_t encoder_tokens = 0, decoder_tokens = 0;
  for (std::size_t m = 0; m < plan.modalities.size(); ++m) {
    const ModalityPlan& modality = plan.modalities[m];
    const std::uint8_t* const input_mask = row.input_mask.data() + modality.slot_offset;
    const auto input_used = static_cast<std::int32_t>(std::count(input_mask, input_mask + modality.num_slots, 0));
    const std::int32_t target_used = count_target_used(modality, row.target_mask.data() + modality.slot_offset);
    add_value(component.modalities[m].input_budget, row.input_budget[m]);
    add_value(component.modalities[m].target_budget, row.target_budget[m]);
    add_value(component.modalities[m].input_used, input_used);
    add_value(component.modalities[m].target_used, target_used);
    encoder_tokens += input_used;
    decoder_tokens += target_used;
  }
  add_value(component.encoder_tokens, encoder_tokens);
  add_value(component.decoder_tokens, decoder_tokens);
}

// The production stages, as quick as in the CPU backend.
template <class Draws>
MASKSCOPE_CPU_CLONES SampleError mask_row(SerialGroup& group, const Draws& draws, const PlanView& plan, const SampleTokens& sample,
                                          const Scratch& scratch, const SampleRow& out) {
  return mask_sample(group, draws, plan, sample, scratch, out);
}

// Masks num_draws samples with the draws that Draws makes for them.
template <class Draws>
Counts count_draws(const Setting& setting, std::uint64_t seed, int num_draws) {
  const MaskingPlan& plan = setting.plan;
  const PackedSamples& samples = setting.samples;
  Counts counts;
  counts.components.resize(static_cast<std::size_t>(plan.scheme.num_components()));
  for (ComponentCounts& component : counts.components) component.modalities.resize(plan.modalities.size());
  MaskedBatch row;
  row.resize(plan.scheme, 1);
  const HostScratch scratch(scratch_sizes(plan, samples));
  SerialGroup group;
  for (int draw = 0; draw < num_draws; ++draw) {
    const std::ptrdiff_t call = draw % setting.num_calls() % samples.count;
    const Draws draws(SampleDraws{seed, static_cast<std::uint64_t>(draw)});
    const SampleTokens tokens = tokens_of(samples, call);
    if (mask_row(group, draws, plan_view(plan), tokens, scratch.get(), first_row(row)).error != SpanError::none) FAIL("draw " << draw);
    count_row(plan, row, counts);
  }
  return counts;
}

Histogram histogram_of(const json& recorded) {
  Histogram histogram;
  for (const json& entry : recorded["hist"]) add_value(histogram, entry[0], entry[1]);
  return histogram;
}

// The smallest p of all comparisons of one run.
struct Verdict {
  int num_comparisons = 0;  // of more than one bin
  double smallest_p = 1.0;
  std::string smallest_at;

  void add(const std::string& what, const Histogram& recorded, const Histogram& drawn) {
    INFO(what);
    REQUIRE(total_of(recorded) > 0);
    REQUIRE(total_of(drawn) > 0);
    const TwoSampleResult result = compare_histograms(recorded, drawn);
    num_comparisons += result.num_bins > 1;
    if (result.p < smallest_p) {
      smallest_p = result.p;
      smallest_at = what;
    }
  }
  void add(const Verdict& other) {
    num_comparisons += other.num_comparisons;
    if (other.smallest_p < smallest_p) {
      smallest_p = other.smallest_p;
      smallest_at = other.smallest_at;
    }
  }
  void print(const std::string& name) const {
    std::cout << name << ": " << num_comparisons << " comparisons, smallest p " << smallest_p << " (" << smallest_at << ")\n";
  }
};

Verdict compare(const Setting& setting, const Counts& counts) {
  const json& recorded = setting.recorded;
  const int gave_up = recorded["gave_up"];
  Verdict verdict;
  verdict.add("gave up", {setting.num_calls() - gave_up, gave_up}, counts.gave_up);
  verdict.add("components", recorded["component_counts"].get<Histogram>(), counts.component);
  for (const json& component : recorded["components"]) {
    const ComponentCounts& drawn = counts.components.at(component["dir_idx"].get<std::size_t>());
    const std::string where = "component " + component["dir_idx"].dump();
    verdict.add(where + ", encoder tokens", histogram_of(component["encoder_tokens"]), drawn.encoder_tokens);
    verdict.add(where + ", decoder tokens", histogram_of(component["decoder_tokens"]), drawn.decoder_tokens);
    REQUIRE(component["modalities"].size() == drawn.modalities.size());
    for (std::size_t m = 0; m < drawn.modalities.size(); ++m) {
      const json& modality = component["modalities"][m];
      const std::string what = where + ", " + modality["name"].get<std::string>();
      REQUIRE(modality["name"] == setting.plan.scheme.modalities[m].modality.name);
      verdict.add(what + ", input budget", histogram_of(modality["input_budget"]), drawn.modalities[m].input_budget);
      verdict.add(what + ", target budget", histogram_of(modality["target_budget"]), drawn.modalities[m].target_budget);
      verdict.add(what + ", input used", histogram_of(modality["input_used"]), drawn.modalities[m].input_used);
      verdict.add(what + ", target used", histogram_of(modality["target_used"]), drawn.modalities[m].target_used);
    }
  }
  return verdict;
}

void check_agreement(const Setting& setting) {
  INFO(setting.name());
  Verdict verdict;
  for (const std::uint64_t seed : seeds) {
    verdict.add(compare(setting, count_draws<SerialDraws>(setting, seed, draws_per_seed)));
  }
  verdict.print(setting.name());
  INFO(verdict.smallest_at);
  CHECK(verdict.num_comparisons > 0);
  CHECK(verdict.smallest_p > least_p);
}

// Setting number part, counted from 1, and every sixth after it: cases of their own, so that they can run side by side.
void check_part(std::size_t part) {
  const auto golden = load_golden("distribution");
  if (!golden) return;
  const json& results = golden->at("results");
  REQUIRE_FALSE(results.empty());
  for (std::size_t i = part - 1; i < results.size(); i += 6) check_agreement(Setting(*golden, results[i]));
}

// An error must be rejected in some setting; not every one shows every error. The later ones, of more modalities with smaller
// budgets, show more.
template <class Draws>
void check_rejection(const std::string& error, double keep_probability_decay) {
  const auto golden = load_golden("distribution");
  if (!golden) return;
  const json& results = golden->at("results");
  bool is_rejected = false;
  for (std::size_t i = results.size(); i > 0 && !is_rejected; --i) {
    Setting setting(*golden, results[i - 1]);
    setting.plan.keep_probability_decay = keep_probability_decay;
    const Verdict verdict = compare(setting, count_draws<Draws>(setting, seeds[0], draws_per_seed));
    verdict.print(setting.name() + ", " + error);
    is_rejected = verdict.smallest_p < least_p;
  }
  CHECK(is_rejected);
}

}  // namespace

TEST_CASE("golden: distribution of setting 1") { check_part(1); }
TEST_CASE("golden: distribution of setting 2") { check_part(2); }
TEST_CASE("golden: distribution of setting 3") { check_part(3); }
TEST_CASE("golden: distribution of setting 4") { check_part(4); }
TEST_CASE("golden: distribution of setting 5") { check_part(5); }
TEST_CASE("golden: distribution of setting 6") { check_part(6); }

TEST_CASE("golden: distribution rejects a decay of 0.8") { check_rejection<SerialDraws>("decay 0.8", 0.8); }
TEST_CASE("golden: distribution rejects targets cut at the first sentinel") {
  check_rejection<FirstSentinelDraws>("first sentinel", 0.9);
}
TEST_CASE("golden: distribution rejects remainders to the largest alpha") {
  check_rejection<LargestAlphaDraws>("remainder to the largest alpha", 0.9);
}

}  // namespace maskscope
