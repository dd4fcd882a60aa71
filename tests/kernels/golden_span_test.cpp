#include <map>
#include <numeric>

#include "core/sample.h"
#include "kernels/serial_group.h"
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

SpanMaskRequest make_request(const Ids& ids, const Ids& sentinels, std::int32_t pad_id) {
  SpanMaskRequest request;
  request.ids = view_of(ids);
  request.pad_id = pad_id;
  request.sentinel_ids = view_of(sentinels);
  request.sorted_sentinel_ids = view_of(sentinels);
  return request;
}

template <class Check>
int for_each_case(const json& golden, const std::string& function, Check&& check) {
  int count = 0;
  for (const json& entry : golden.at("cases")) {
    if (entry["fn"] != function || entry.value("form", "str") != "str") continue;
    INFO(function << ", case " << count << (entry["raises"].is_null() ? "" : ", raises"));
    check(entry);
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("golden: simple_span_masking") {
  const auto golden = load_golden("sequence_mask");
  if (!golden) return;
  const int count = for_each_case(*golden, "simple_span_masking", [&](const json& entry) {
    const auto ids = entry["sequence"].get<Ids>();
    const Ids sentinels = sentinel_ids(*golden, entry);
    RecordedDraws draws = recorded_draws(entry);
    SerialGroup group;
    std::vector<std::uint32_t> noise(ids.size() + 3);
    const auto num_tokens = static_cast<std::int32_t>(ids.size());
    const SpanDraw spans =
        draw_spans(group, draws, {}, entry["keep_prob"].get<double>(), num_tokens, view_of(noise));
    const bool has_sentinels = spans.num_runs + 2 <= static_cast<std::int32_t>(sentinels.size());
    REQUIRE(has_sentinels == entry["raises"].is_null());
    if (!has_sentinels) return;

    SpanMaskRequest request = make_request(ids, sentinels, 0);
    request.input_budget = num_tokens + 1;
    SlotStorage slots(2 * (ids.size() + 2));
    clear_slots(group, slots.arrays(), request.pad_id);
    write_spans(group, request, spans, {0, spans.target_tokens()}, view_of(noise), slots.arrays());
    const auto input_end = slots.tensor.begin() + spans.input_tokens();
    const auto target_begin = slots.tensor.begin() + request.input_budget;
    REQUIRE(Ids(slots.tensor.begin(), input_end) == entry["out"]["input"].get<Ids>());
    REQUIRE(Ids(target_begin, target_begin + spans.target_tokens()) == entry["out"]["target"].get<Ids>());
    REQUIRE(std::accumulate(slots.input_mask.begin(), input_end - slots.tensor.begin() + slots.input_mask.begin(), 0) == 0);
    REQUIRE(draws.is_used_up());
  });
  REQUIRE(count > 0);
}

TEST_CASE("golden: sequence_mask of texts") {
  const auto golden = load_golden("sequence_mask");
  if (!golden) return;
  const std::map<std::string, KeepScheme> keep_schemes = {
      {"random", KeepScheme::random}, {"all", KeepScheme::all}, {"binary", KeepScheme::binary}};
  const int count = for_each_case(*golden, "sequence_mask", [&](const json& entry) {
    const auto keep = keep_schemes.find(entry["keep"].get<std::string>());
    if (keep == keep_schemes.end()) {
      // A keep scheme that does not exist cannot even be named here.
      REQUIRE(entry["raises"]["type"] == "ValueError");
      return;
    }
    const int max_tokens = entry["max_tokens"].get<int>();
    const Ids ids = with_eos_truncated(entry["ids"].get<Ids>(), max_tokens, (*golden)["eos_id"].get<std::int32_t>());
    const Ids sentinels = sentinel_ids(*golden, entry);
    SpanMaskRequest request = make_request(ids, sentinels, (*golden)["pad_id"].get<std::int32_t>());
    request.input_budget = entry["input_budget"].get<std::int32_t>();
    request.target_budget.is_limited = !entry["target_budget"].is_null();
    if (request.target_budget.is_limited) request.target_budget.tokens = entry["target_budget"].get<std::int32_t>();
    request.keep = keep->second;

    RecordedDraws draws = recorded_draws(entry);
    SerialGroup group;
    SlotStorage slots(2 * (static_cast<std::size_t>(max_tokens) + 1));
    std::vector<std::uint32_t> noise(ids.size() + 3);
    Ids positions(ids.size()), cell(1);
    const SpanMaskResult result =
        span_mask(group, draws, request, slots.arrays(), view_of(noise), view_of(positions), view_of(cell));
    REQUIRE((result.error == SpanError::none) == entry["raises"].is_null());
    if (result.error != SpanError::none) {
      const bool is_sentinel = entry["raises"]["type"] == "KeyError";
      REQUIRE((result.error == SpanError::too_few_sentinels) == is_sentinel);
      return;
    }
    const json& out = entry["out"];
    REQUIRE(slots.tensor == out["tensor"].get<Ids>());
    REQUIRE(slots.input_mask == digits<std::uint8_t>(out["input_mask"]));
    REQUIRE(slots.target_mask == digits<std::uint8_t>(out["target_mask"]));
    REQUIRE(slots.decoder_attention_mask == digits<std::int32_t>(out["decoder_attention_mask"]));
    REQUIRE(draws.is_used_up());
  });
  REQUIRE(count > 0);
}

}  // namespace maskscope
