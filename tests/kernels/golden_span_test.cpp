// simple_span_masking, chunk_span_masking, sequence_mask, sequence_token_mask and sequence_emb_mask_span.
#include <algorithm>
#include <map>
#include <numeric>

#include "core/sample.h"
#include "kernels/serial_group.h"
#include "kernels/stages/row_mask.h"
#include "kernels/stages/span_mask.h"
#include "tests/catch.h"
#include "tests/kernels/golden_file.h"
#include "tests/kernels/recorded_draws.h"
#include "tests/kernels/slot_storage.h"

namespace maskscope {
namespace {

using nlohmann::json;
using Ids = std::vector<std::int32_t>;

RecordedDraws recorded_draws(const json& entry) {
  RecordedDraws draws;
  for (const json& draw : entry["draws"]) {
    const auto verb = draw[0].get<std::string>();
    if (verb == "uniform") {
      draws.uniforms.push_back(draw[1].get<double>());
    } else if (verb == "choice") {
      draws.choices.push_back(static_cast<std::int32_t>(draw[1].get<double>()));
    } else if (verb == "rand") {
      draws.rand24_vectors.push_back(draw[1].get<std::vector<std::uint32_t>>());
    } else {
      REQUIRE(verb == "randint");
      draws.integers.push_back({draw[1].get<std::uint32_t>(), draw[2].get<std::uint32_t>()});
    }
  }
  return draws;
}

// The first num_sentinels of the file's table, from [S_0] on.
Ids sentinel_ids(const json& golden, const json& entry) {
  Ids ids;
  for (int k = 0; k < entry["num_sentinels"].get<int>(); ++k) {
    ids.push_back(golden["sentinel_ids"][std::to_string(k)].get<std::int32_t>());
  }
  return ids;
}

// A sequence of ids or a list of them, flattened.
ModalityTokens tokens_from(const json& sequence, bool is_chunked) {
  ModalityTokens tokens;
  tokens.is_present = true;
  if (!is_chunked) {
    tokens.ids = sequence.get<Ids>();
    return tokens;
  }
  for (const json& chunk : sequence) {
    const auto ids = chunk.get<Ids>();
    tokens.ids.insert(tokens.ids.end(), ids.begin(), ids.end());
    tokens.chunk_lengths.push_back(static_cast<std::int32_t>(ids.size()));
  }
  return tokens;
}

KeepScheme keep_scheme(const json& entry) {
  const std::map<std::string, KeepScheme> schemes = {
      {"random", KeepScheme::random}, {"all", KeepScheme::all}, {"binary", KeepScheme::binary}};
  return schemes.at(entry["keep"].get<std::string>());
}

// What a recorded case needs, and one run of the stage on it.
struct SpanCase {
  SpanMaskRequest request;
  Ids ids, chunk_ends, sentinels;
  bool is_chunked = false;

  SpanCase(const json& golden, const json& entry, const SequenceTokens& sequence, bool by_chunks)
      : ids(sequence.ids), chunk_ends(sequence.chunk_ends), sentinels(sentinel_ids(golden, entry)), is_chunked(by_chunks) {
    request.ids = view_of(ids);
    request.pad_id = golden["pad_id"].get<std::int32_t>();
    request.sentinel_ids = request.sorted_sentinel_ids = view_of(sentinels);
    request.keep_probability_decay = golden["keep_prob_decay_factor"].get<double>();
  }

  void read_budgets(const json& entry) {
    request.input_budget = request.target_slot = entry["input_budget"].get<std::int32_t>();
    request.target_budget.is_limited = !entry["target_budget"].is_null();
    if (request.target_budget.is_limited) request.target_budget.tokens = entry["target_budget"].get<std::int32_t>();
    request.keep = keep_scheme(entry);
  }

  // Calls function(units) with what the draws decide about.
  template <class Function>
  auto with_units(Function&& function) const {
    if (is_chunked) return function(ChunkUnits{view_of(chunk_ends)});
    return function(TokenUnits{static_cast<std::int32_t>(ids.size())});
  }
  std::size_t num_units() const { return is_chunked ? chunk_ends.size() : ids.size(); }

  SpanMaskResult run(RecordedDraws& draws, SlotStorage& slots) const {
    SerialGroup group;
    std::vector<std::uint32_t> noise(num_units() + 3);
    Ids positions(num_units()), cell(1);
    return with_units([&](const auto& units) {
      return span_mask(group, draws, request, units, slots.arrays(), view_of(noise), view_of(positions), view_of(cell));
    });
  }
};

template <class Check>
int for_each_case(const json& golden, const std::string& function, Check&& check) {
  int count = 0;
  for (const json& entry : golden.at("cases")) {
    if (entry["fn"] != function) continue;
    INFO(function << ", case " << count << (entry["raises"].is_null() ? "" : ", raises"));
    check(entry);
    ++count;
  }
  return count;
}

void check_slots(const SlotStorage& slots, const json& out) {
  REQUIRE(slots.tensor == out["tensor"].get<Ids>());
  REQUIRE(slots.input_mask == digits<std::uint8_t>(out["input_mask"]));
  REQUIRE(slots.target_mask == digits<std::uint8_t>(out["target_mask"]));
  REQUIRE(slots.decoder_attention_mask == digits<std::int32_t>(out["decoder_attention_mask"]));
}

void check_bare_spans(const json& golden, const json& entry, bool is_chunked) {
  const ModalityTokens tokens = tokens_from(entry["sequence"], is_chunked);
  SequenceTokens sequence{tokens.ids, tokens.chunk_lengths};
  std::partial_sum(sequence.chunk_ends.begin(), sequence.chunk_ends.end(), sequence.chunk_ends.begin());
  SpanCase input(golden, entry, sequence, is_chunked);
  RecordedDraws draws = recorded_draws(entry);
  SerialGroup group;
  std::vector<std::uint32_t> noise(input.num_units() + 3);
  const SpanDraw spans = input.with_units([&](const auto& units) {
    return draw_spans(group, draws, {}, entry["keep_prob"].get<double>(), units, view_of(noise));
  });
  const bool has_sentinels = spans.num_runs + 2 <= static_cast<std::int32_t>(input.sentinels.size());
  REQUIRE(has_sentinels == entry["raises"].is_null());
  REQUIRE(draws.is_used_up());
  if (!has_sentinels) return;

  // Empty chunks can bring more sentinels than there are ids.
  input.request.input_budget = input.request.target_slot = static_cast<std::int32_t>(input.ids.size() + input.num_units()) + 1;
  SlotStorage slots(2 * static_cast<std::size_t>(input.request.input_budget) + 1);
  clear_slots(group, slots.arrays(), input.request.pad_id);
  input.with_units([&](const auto& units) {
    write_spans(group, input.request, units, spans, {0, spans.target_tokens()}, view_of(noise), slots.arrays());
  });
  const auto input_end = slots.tensor.begin() + spans.input_tokens();
  const auto target_begin = slots.tensor.begin() + input.request.target_slot;
  REQUIRE(Ids(slots.tensor.begin(), input_end) == entry["out"]["input"].get<Ids>());
  REQUIRE(Ids(target_begin, target_begin + spans.target_tokens()) == entry["out"]["target"].get<Ids>());
  REQUIRE(std::count(slots.input_mask.begin(), slots.input_mask.end(), 0) == spans.input_tokens());
}

Modality modality_of(const json& entry, ModalityKind kind) {
  Modality modality;
  modality.kind = kind;
  modality.max_tokens = entry["max_tokens"].get<int>();
  modality.vocab_offset = entry.value("vocab_offset", 0);
  return modality;
}

}  // namespace

TEST_CASE("golden: simple_span_masking") {
  const auto golden = load_golden("sequence_mask");
  if (!golden) return;
  REQUIRE(for_each_case(*golden, "simple_span_masking",
                        [&](const json& entry) { check_bare_spans(*golden, entry, false); }) > 0);
}

TEST_CASE("golden: chunk_span_masking") {
  const auto golden = load_golden("sequence_mask");
  if (!golden) return;
  REQUIRE(for_each_case(*golden, "chunk_span_masking",
                        [&](const json& entry) { check_bare_spans(*golden, entry, true); }) > 0);
}

TEST_CASE("golden: sequence_mask of texts and of lists") {
  const auto golden = load_golden("sequence_mask");
  if (!golden) return;
  const int count = for_each_case(*golden, "sequence_mask", [&](const json& entry) {
    if (!entry["raises"].is_null() && entry["raises"]["type"] == "ValueError") {
      // A keep scheme that does not exist cannot even be named here.
      REQUIRE_THROWS_AS(keep_scheme(entry), std::out_of_range);
      return;
    }
    const bool is_chunked = entry["form"] == "list";
    const ModalityTokens tokens = tokens_from(entry["ids"], is_chunked);
    const Modality modality = modality_of(entry, ModalityKind::seq);
    const auto eos_id = (*golden)["eos_id"].get<std::int32_t>();
    // An empty list is an empty text: [EOS] alone.
    SpanCase input(*golden, entry, sequence_tokens(modality, tokens, eos_id), !tokens.chunk_lengths.empty());
    input.read_budgets(entry);
    RecordedDraws draws = recorded_draws(entry);
    SlotStorage slots(static_cast<std::size_t>(modality.num_slots()));
    const SpanMaskResult result = input.run(draws, slots);
    REQUIRE((result.error == SpanError::none) == entry["raises"].is_null());
    if (result.error != SpanError::none) {
      const bool is_sentinel = entry["raises"]["type"] == "KeyError";
      REQUIRE((result.error == SpanError::too_few_sentinels) == is_sentinel);
      return;
    }
    check_slots(slots, entry["out"]);
    REQUIRE(draws.is_used_up());
  });
  REQUIRE(count > 0);
}

TEST_CASE("golden: sequence_token_mask") {
  const auto golden = load_golden("sequence_mask");
  if (!golden) return;
  const int count = for_each_case(*golden, "sequence_token_mask", [&](const json& entry) {
    if (!entry["raises"].is_null()) {
      // A Python list cannot be added to a number; here ids have one type only.
      REQUIRE(entry["argument"] == "list");
      return;
    }
    const ModalityTokens tokens = tokens_from(entry["ids"], false);
    const Modality modality = modality_of(entry, ModalityKind::seq_token);
    SpanCase input(*golden, entry, sequence_tokens(modality, tokens, 3), false);
    input.read_budgets(entry);
    input.request.ids_can_be_sentinels = entry["argument"] == "numpy";
    RecordedDraws draws = recorded_draws(entry);
    SlotStorage slots(static_cast<std::size_t>(modality.num_slots()));
    REQUIRE(input.run(draws, slots).error == SpanError::none);
    check_slots(slots, entry["out"]);
    REQUIRE(draws.is_used_up());
  });
  REQUIRE(count > 0);
}

TEST_CASE("golden: sequence_emb_mask_span") {
  const auto golden = load_golden("sequence_mask");
  if (!golden) return;
  const int count = for_each_case(*golden, "sequence_emb_mask_span", [&](const json& entry) {
    const Modality modality = modality_of(entry, ModalityKind::seq_emb);
    ModalityTokens tokens;
    tokens.num_rows = entry["num_rows"].get<int>();
    const auto num_rows = static_cast<std::int32_t>(sequence_tokens(modality, tokens, 3).ids.size());
    RecordedDraws draws = recorded_draws(entry);
    SlotStorage slots(static_cast<std::size_t>(modality.num_slots()));
    std::vector<std::uint32_t> noise(static_cast<std::size_t>(num_rows) + 3);
    SerialGroup group;
    AttemptRequest request;
    request.input_budget = entry["input_budget"].get<std::int32_t>();
    request.keep = keep_scheme(entry);
    request.decay = (*golden)["keep_prob_decay_factor"].get<double>();
    request.num_sentinels = entry["num_sentinels"].get<std::int32_t>();
    REQUIRE(row_mask(group, draws, request, num_rows, slots.arrays(), view_of(noise)).error == SpanError::none);
    const json& out = entry["out"];
    REQUIRE(slots.tensor == out["rows"].get<Ids>());
    REQUIRE(out["shape"][0] == modality.num_slots());
    REQUIRE(slots.input_mask == digits<std::uint8_t>(out["input_mask"]));
    REQUIRE(slots.target_mask == digits<std::uint8_t>(out["target_mask"]));
    REQUIRE(slots.decoder_attention_mask == digits<std::int32_t>(out["decoder_attention_mask"]));
    REQUIRE(draws.is_used_up());
  });
  REQUIRE(count > 0);
}

}  // namespace maskscope
