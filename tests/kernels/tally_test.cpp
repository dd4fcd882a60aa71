// Counting draws, against a plain statement of what is counted: the same draws masked one by one, looked at with the functions
// that the window uses.
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/passport.h"
#include "kernels/backend.h"
#include "kernels/device_backend.h"
#include "kernels/fallback_backend.h"
#include "kernels/serial_group.h"
#include "kernels/tally_view.h"
#include "tests/catch.h"
#include "tests/kernels/fake_device.h"
#include "tests/kernels/masking_case.h"
#include "tests/kernels/thread_warp.h"

namespace maskscope {
namespace {

struct Job {
  std::vector<Sample> samples;
  MaskingPlan plan;
  PackedSamples packed;
  DrawRange draws;
};

Job make_job(Case input, int num_draws) {
  Job job;
  job.plan = make_plan(input.scheme, input.vocabulary);
  job.packed = pack_samples(job.plan, view_of(std::as_const(input.samples)));
  job.samples = std::move(input.samples);
  job.draws = input.draws;
  job.draws.batch_size = num_draws;
  return job;
}

Tally tally_on(Backend& backend, const Job& job) {
  Tally counts(tally_shape(job.plan, job.packed));
  backend.tally(job.plan, job.packed, job.draws, counts);
  return counts;
}

Tally tally_on_cpu(const Job& job, int threads = 1) { return tally_on(*make_backend(BackendChoice::cpu, threads), job); }

std::unique_ptr<Backend> fake_backend(FakeDeviceState& state, std::size_t part_bytes = default_part_bytes) {
  return make_device_backend(std::make_unique<FakeDevice>(state), part_bytes);
}

std::string error_of(Backend& backend, const Job& job) {
  try {
    tally_on(backend, job);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// The samples' own numbers, and what is to be found for them, as sums over draws.
struct Sum {
  std::uint64_t sum = 0, squares = 0;
  void add(int value) {
    sum += static_cast<std::uint64_t>(value);
    squares += static_cast<std::uint64_t>(value) * static_cast<std::uint64_t>(value);
  }
  bool operator==(const Sum&) const = default;
};
struct PlainSide {
  std::uint64_t empty = 0, full = 0, cut = 0;
  Sum fill;
  std::map<int, std::uint64_t> fill_tokens;                                  // tokens -> samples
  std::map<std::pair<int, int>, std::uint64_t> tokens;                       // modality, token
  std::map<int, Sum> budget, used;                                           // modality
  std::map<int, std::uint64_t> unlimited;                                    // modality
  std::map<std::pair<int, int>, std::uint64_t> budget_tokens;                // modality, tokens -> samples
  std::map<std::pair<int, int>, std::uint64_t> together;                     // two modalities
};

struct Plain {
  std::uint64_t draws = 0;
  PlainSide encoder, decoder;
};

void add_side(PlainSide& side, const std::vector<int>& used, int valid, int slots) {
  int fill = 0;
  for (std::size_t m = 0; m < used.size(); ++m) {
    fill += used[m];
    side.used[static_cast<int>(m)].add(used[m]);
    for (std::size_t other = 0; other <= m; ++other) {
      side.together[{static_cast<int>(m), static_cast<int>(other)}] += used[m] > 0 && used[other] > 0;
    }
  }
  side.fill.add(fill);
  side.empty += fill == 0;
  side.full += fill == slots;
  side.cut += valid > slots;
  ++side.fill_tokens[fill];
}

Plain count_one_by_one(const Job& job) {
  Plain plain;
  const auto backend = make_backend(BackendChoice::cpu, 1);
  MaskedBatch masks;
  backend->run(job.plan, job.packed, job.draws, masks);
  for (int row = 0; row < masks.batch_size; ++row) {
    const Sample& sample = job.samples[static_cast<std::size_t>(row) % job.samples.size()];
    const SampleMasks one{job.plan.scheme, sample, job.plan.vocabulary, masks, row, job.draws.seed,
                          job.draws.first_sample + static_cast<std::uint64_t>(row)};
    ++plain.draws;
    std::vector<int> encoder_used, decoder_used;
    for (const UsedSlots& used : used_slots(one)) {
      encoder_used.push_back(used.encoder);
      decoder_used.push_back(used.decoder);
    }
    add_side(plain.encoder, encoder_used, masks.encoder_valid[static_cast<std::size_t>(row)], masks.encoder_slots);
    add_side(plain.decoder, decoder_used, masks.decoder_valid[static_cast<std::size_t>(row)], masks.decoder_slots);
    for (int m = 0; m < masks.num_modalities; ++m) {
      const std::vector<Fate> fates = source_fates(one, m);
      for (std::size_t token = 0; token < fates.size(); ++token) {
        plain.encoder.tokens[{m, static_cast<int>(token)}] += fates[token] == Fate::encoder;
        plain.decoder.tokens[{m, static_cast<int>(token)}] += fates[token] == Fate::decoder;
      }
      plain.encoder.budget[m].add(one.input_budget(m));
      ++plain.encoder.budget_tokens[{m, one.input_budget(m)}];
      if (one.target_budget(m) < 0) {
        ++plain.decoder.unlimited[m];
      } else {
        plain.decoder.budget[m].add(one.target_budget(m));
        ++plain.decoder.budget_tokens[{m, one.target_budget(m)}];
      }
    }
  }
  return plain;
}

std::uint64_t count_at(const Tally& found, std::ptrdiff_t index) { return found.counts()[static_cast<std::size_t>(index)]; }

void check_side(const Tally& found, TallySide side, const PlainSide& plain) {
  INFO("side " << static_cast<int>(side));
  const TallyShape& shape = found.shape();
  const TallyLayout layout = shape.layout();
  REQUIRE(found.probability(side, SideCount::empty).count == plain.empty);
  REQUIRE(found.probability(side, SideCount::full).count == plain.full);
  REQUIRE(found.probability(side, SideCount::cut).count == plain.cut);
  REQUIRE(count_at(found, TallyLayout::of_side(side, SideCount::sum)) == plain.fill.sum);
  REQUIRE(count_at(found, TallyLayout::of_side(side, SideCount::squares)) == plain.fill.squares);
  std::vector<std::uint64_t> fill_bins(num_fill_bins);
  for (const auto& [tokens, samples] : plain.fill_tokens) {
    fill_bins[static_cast<std::size_t>(tally_bin(tokens, shape.tokens_per_fill_bin(side), num_fill_bins))] += samples;
  }
  REQUIRE(found.fill_bins(side) == fill_bins);
  for (int m = 0; m < layout.num_modalities; ++m) {
    INFO("modality " << m);
    const TallyModality& modality = shape.modalities[static_cast<std::size_t>(m)];
    const auto sums = [&](ModalityCount sum, ModalityCount squares) {
      return Sum{count_at(found, layout.of_modality(side, m, sum)), count_at(found, layout.of_modality(side, m, squares))};
    };
    const auto expected = [m](const std::map<int, Sum>& of) { return of.contains(m) ? of.at(m) : Sum{}; };
    REQUIRE(sums(ModalityCount::budget_sum, ModalityCount::budget_squares) == expected(plain.budget));
    REQUIRE(sums(ModalityCount::used_sum, ModalityCount::used_squares) == expected(plain.used));
    REQUIRE(found.unlimited_budgets(side, m) == (plain.unlimited.contains(m) ? plain.unlimited.at(m) : 0));
    std::vector<std::uint64_t> bins(num_budget_bins);
    for (const auto& [key, samples] : plain.budget_tokens) {
      if (key.first == m) bins[static_cast<std::size_t>(tally_bin(key.second, modality.tokens_per_bin, num_budget_bins))] += samples;
    }
    REQUIRE(found.budget_bins(side, m) == bins);
    for (int other = 0; other <= m; ++other) REQUIRE(found.together(side, other, m).count == plain.together.at({m, other}));
    for (int token = 0; token < modality.num_positions; ++token) {
      const auto at = plain.tokens.find({m, token});
      REQUIRE(found.frequency(side, m, token).count == (at == plain.tokens.end() ? 0 : at->second));
    }
  }
}

// More masked runs than the vocabulary has sentinels.
Job impossible_job() {
  Case input;
  input.scheme = preset_scheme("t5");
  input.vocabulary.sentinel_ids.resize(4);
  input.samples = {{"long", {{true, std::vector<std::int32_t>(200, 5000)}}}};
  input.draws = {1, 10, 0};
  return make_job(input, 200);
}

}  // namespace

TEST_CASE("a tally is what the same draws are, masked one by one") {
  std::map<std::string, int> reached;
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    INFO("case " << seed);
    const Job job = make_job(random_case(seed), 40);
    Plain plain;
    try {
      plain = count_one_by_one(job);
    } catch (const Error& error) {
      CHECK(error_of(*make_backend(BackendChoice::cpu, 1), job) == error.what());
      continue;
    }
    const Tally found = tally_on_cpu(job);
    REQUIRE(found.draws() == 40);
    check_side(found, TallySide::encoder, plain.encoder);
    check_side(found, TallySide::decoder, plain.decoder);
    reached["empty"] += plain.decoder.empty > 0;
    reached["full"] += plain.encoder.full > 0;
    reached["cut"] += plain.encoder.cut + plain.decoder.cut > 0;
    reached["unlimited"] += !plain.decoder.unlimited.empty();
    reached["several"] += job.samples.size() > 1;
  }
  for (const char* what : {"empty", "full", "cut", "unlimited", "several"}) {
    INFO(what);
    CHECK(reached[what] > 5);
  }
}

TEST_CASE("the number of threads and the parts of a tally do not show") {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    Job job = make_job(random_case(seed), 100);
    INFO("case " << seed);
    if (error_of(*make_backend(BackendChoice::cpu, 1), job) != "no error") continue;
    const Tally expected = tally_on_cpu(job);
    CHECK(tally_on_cpu(job, 5) == expected);
    // Sample i is masked with samples[i % count]: parts begin where that begins again.
    const int first_part = 60;
    const auto backend = make_backend(BackendChoice::cpu, 2);
    Tally first(expected.shape()), second(expected.shape());
    job.draws.batch_size = first_part;
    backend->tally(job.plan, job.packed, job.draws, first);
    job.draws.first_sample += first_part;
    job.draws.batch_size = 100 - first_part;
    backend->tally(job.plan, job.packed, job.draws, second);
    second.merge(first);
    CHECK(second == expected);
    // Into counts that are not empty.
    job.draws.first_sample -= first_part;
    job.draws.batch_size = 100;
    backend->tally(job.plan, job.packed, job.draws, second);
    CHECK(second.draws() == 200);
  }
}

TEST_CASE("a device counts what the CPU counts, in parts of any size and again and again") {
  for (const std::size_t part_bytes : {std::size_t{1}, std::size_t{5000}, default_part_bytes}) {
    FakeDeviceState state;
    const auto backend = fake_backend(state, part_bytes);
    for (std::uint32_t seed = 0; seed < 60; ++seed) {
      INFO("parts of " << part_bytes << " bytes, case " << seed);
      const Job job = make_job(random_case(seed), 30);
      const std::string expected_error = error_of(*make_backend(BackendChoice::cpu, 1), job);
      if (expected_error != "no error") {
        REQUIRE(error_of(*backend, job) == expected_error);
        continue;
      }
      const Tally expected = tally_on_cpu(job);
      REQUIRE(tally_on(*backend, job) == expected);
      REQUIRE(tally_on(*backend, job) == expected);
      // Masks that are wanted in between are whole.
      MaskedBatch masks, masks_of_cpu;
      backend->run(job.plan, job.packed, job.draws, masks);
      make_backend(BackendChoice::cpu, 1)->run(job.plan, job.packed, job.draws, masks_of_cpu);
      REQUIRE(masks == masks_of_cpu);
    }
  }
}

TEST_CASE("a device that counts copies counts and errors, no masks") {
  FakeDeviceState state;
  const auto backend = fake_backend(state);
  const Job job = make_job(random_case(3), 64);
  tally_on(*backend, job);
  CHECK(state.num_calls[DeviceCall::mask_rows] == 1);
  CHECK(state.num_calls[DeviceCall::tally_rows] == 1);
  CHECK(state.num_calls[DeviceCall::copy_to_host] == 2);
}

TEST_CASE("a tally that fails leaves the counts as they were, and the next one is whole") {
  const Job job = make_job(random_case(5), 60);
  const Tally expected = tally_on_cpu(job);
  for (const DeviceCall call : {DeviceCall::free_bytes, DeviceCall::allocate_device, DeviceCall::allocate_staging, DeviceCall::copy_to_device,
                                DeviceCall::mask_rows, DeviceCall::tally_rows, DeviceCall::copy_to_host, DeviceCall::wait}) {
    for (int fails_at = 1; fails_at <= 2; ++fails_at) {
      INFO("call " << static_cast<int>(call) << " fails the " << fails_at << ". time");
      FakeDeviceState state;
      state.failing_call = call;
      state.fails_at = fails_at;
      const auto backend = fake_backend(state, 20'000);
      Tally counts = expected;
      std::string error = "no error";
      try {
        backend->tally(job.plan, job.packed, job.draws, counts);
      } catch (const Error& failure) {
        error = failure.what();
      }
      CHECK(error == (state.has_failed ? "The fake GPU failed." : "no error"));
      if (state.has_failed) CHECK(counts == expected);
      CHECK(tally_on(*backend, job) == expected);
    }
  }
}

TEST_CASE("a device keeps the counts that it left, and gives copies that stay as they are") {
  for (std::uint32_t seed = 0; seed < 12; ++seed) {
    INFO("case " << seed);
    Job job = make_job(random_case(seed), 60);
    if (error_of(*make_backend(BackendChoice::cpu, 1), job) != "no error") continue;
    std::shared_ptr<const std::uint64_t> first_copy, second_copy;
    Tally first(tally_shape(job.plan, job.packed));
    Tally second = first;
    FakeDeviceState state;
    state.is_last_first = true;
    {
      // Small parts, so that both streams add to the same counts.
      const auto backend = make_fallback_backend([&] { return fake_backend(state, 20'000); }, 1);
      CHECK(backend->counts_on_gpu() == nullptr);
      backend->tally(job.plan, job.packed, job.draws, first);
      first_copy = backend->counts_on_gpu();
      second = first;
      job.draws.first_sample += 60;
      backend->tally(job.plan, job.packed, job.draws, second);
      second_copy = backend->counts_on_gpu();
    }
    // The device is gone, its copies are not.
    CHECK_FALSE(state.is_open);
    REQUIRE(first_copy);
    REQUIRE(second_copy);
    CHECK(std::equal(first.counts().begin(), first.counts().end(), first_copy.get()));
    CHECK(std::equal(second.counts().begin(), second.counts().end(), second_copy.get()));
    CHECK(second.draws() == 120);
  }
}

TEST_CASE("there are no counts on the GPU where the last tally was not its own, or the copy fails") {
  const Job job = make_job(random_case(5), 60);
  const auto cpu = make_backend(BackendChoice::cpu, 1);
  tally_on(*cpu, job);
  CHECK(cpu->counts_on_gpu() == nullptr);

  FakeDeviceState too_small;
  const auto fallback = make_fallback_backend([&] { return fake_backend(too_small); }, 1);
  tally_on(*fallback, job);
  CHECK(fallback->counts_on_gpu() != nullptr);
  too_small.memory_bytes = too_small.used_bytes;
  const Job larger = make_job(random_case(3), 5000);
  CHECK(tally_on(*fallback, larger) == tally_on_cpu(larger));
  CHECK(fallback->info().lost_device.empty());
  CHECK(fallback->counts_on_gpu() == nullptr);

  FakeDeviceState failing;
  failing.failing_call = DeviceCall::copy_counts;
  failing.fails_at = 1;
  const auto backend = fake_backend(failing);
  tally_on(*backend, job);
  CHECK(backend->counts_on_gpu() == nullptr);
  CHECK(backend->counts_on_gpu() != nullptr);
}

TEST_CASE("a GPU that is lost while counting is left for the CPU") {
  const Job job = make_job(random_case(5), 60);
  FakeDeviceState state;
  state.failing_call = DeviceCall::tally_rows;
  state.fails_at = 1;
  const auto backend = make_fallback_backend([&] { return fake_backend(state); }, 1);
  CHECK(tally_on(*backend, job) == tally_on_cpu(job));
  CHECK_THAT(backend->info().lost_device, contains_text("The fake GPU failed."));
}

TEST_CASE("a sample that cannot be masked is the same error for all backends") {
  const Job bad = impossible_job();
  FakeDeviceState state;
  const std::string expected = error_of(*make_backend(BackendChoice::cpu, 1), bad);
  CHECK_THAT(expected, contains_text("sentinels"));
  CHECK(error_of(*make_backend(BackendChoice::cpu, 3), bad) == expected);
  CHECK(error_of(*fake_backend(state, 20'000), bad) == expected);
}

TEST_CASE("a warp counts what one thread counts") {
  for (std::uint32_t seed = 0; seed < 12; ++seed) {
    INFO("case " << seed);
    Case input = random_case(seed);
    input.draws.batch_size = 2;
    const Job job = make_job(input, 2);
    if (error_of(*make_backend(BackendChoice::cpu, 1), job) != "no error") continue;
    CaseMemory memory(input);
    SerialGroup serial;
    mask_case(serial, memory);
    Tally found(tally_shape(job.plan, job.packed));
    const TallyView counts = tally_view(found);
    run_warp([&](ThreadWarp& warp) {
      for (std::size_t row = 0; row < memory.num_rows(); ++row) {
        const SampleArguments sample = memory.arguments(row);
        tally_sample(warp, sample.plan, sample.out, counts, AddAlone{});
      }
    });
    CHECK(found == tally_on_cpu(job));
  }
}

}  // namespace maskscope
