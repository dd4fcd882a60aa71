// `maskscope mask --rng torch`: recorded calls of the reference for a seed, through the command line.
#include <iostream>
#include <nlohmann/json.hpp>

#include "tests/app/fixtures.h"
#include "tests/catch.h"
#include "tests/kernels/golden_file.h"

using namespace maskscope;
using namespace maskscope::test;
using nlohmann::json;

namespace {

std::string range_text(const json& range) { return cat(range[0].get<int>(), "..", range[1].get<int>()); }

// The recorded inputs in the form of --tokens; grids are there, with unknown ids.
json token_file(const json& config, const json& entry) {
  json tokens = json::object();
  for (const json& modality : config["modalities"]) {
    const std::string name = modality["name"];
    tokens[name] = json::array();
    if (!entry["inputs"].contains(name)) continue;
    const json& input = entry["inputs"][name];
    tokens[name] = input.contains("ids")      ? input["ids"]
                   : input.contains("chunks") ? input["chunks"]
                                              : json{{"rows", input["num_rows"]}};
  }
  return tokens;
}

std::string digits_of(const json& list) {
  std::string digits;
  for (const json& value : list) digits += std::to_string(value.get<int>());
  return digits;
}

// A null of ours stands for -1 of the recording.
std::vector<int> ids_of(const json& list) {
  std::vector<int> ids;
  for (const json& id : list) ids.push_back(id.is_null() ? -1 : id.get<int>());
  return ids;
}

void check_modality(const json& found, const json& recorded) {
  REQUIRE(digits_of(found["input_mask"]) == recorded["input_mask"].get<std::string>());
  REQUIRE(digits_of(found["target_mask"]) == recorded["target_mask"].get<std::string>());
  const json& attention = recorded["decoder_attention_mask"];
  const auto slots = found["decoder_attention_mask"].size();
  const std::vector<std::int32_t> expected = attention.is_string() ? digits<std::int32_t>(attention) : from_sparse(attention, slots);
  REQUIRE(found["decoder_attention_mask"].get<std::vector<std::int32_t>>() == expected);
  if (recorded.contains("tensor")) REQUIRE(ids_of(found["tensor"]) == recorded["tensor"].get<std::vector<int>>());
  if (recorded.contains("rows")) REQUIRE(ids_of(found["tensor"]) == recorded["rows"].get<std::vector<int>>());
}

// Runs every recorded case of a configuration; returns how many there are.
int reproduce(const json& golden, const std::string& config_name, const std::string& preset) {
  const ScratchFolder folder;
  int count = 0;
  for (const json& config : golden["configs"]) {
    if (config["name"] != config_name) continue;
    for (const json& entry : golden["cases"]) {
      if (entry["config"] != config_name) continue;
      INFO(config_name << ", seed " << entry["seed"]);
      const std::string tokens = write_text(folder, "tokens.json", token_file(config, entry).dump()).string();
      const Outcome outcome = run_command({"mask", "--rng", "torch", "--seed", std::to_string(entry["seed"].get<std::uint64_t>()), "--scheme", preset,
                                           "--tokens", tokens, "--input-tokens", range_text(entry["input_tokens_range"]), "--target-tokens",
                                           range_text(entry["target_tokens_range"])});
      INFO(outcome.err);
      REQUIRE(outcome.code == 0);
      const json masks = json::parse(outcome.out);
      REQUIRE(masks["rng"] == "torch");
      REQUIRE(masks["component"] == entry["dir_idx"]);
      REQUIRE(masks["num_input_tokens"] == entry["num_input_tokens"]);
      REQUIRE(masks["num_target_tokens"] == entry["num_target_tokens"]);
      for (const auto& [name, recorded] : entry["out"].items()) {
        INFO(name);
        check_modality(masks["modalities"][name], recorded);
      }
      REQUIRE(masks["after"] == entry["after"]);
      ++count;
    }
  }
  return count;
}

}  // namespace

TEST_CASE("golden: mask --rng torch reproduces the recorded calls of 4m-7 and of 4m-21") {
  const auto golden = load_golden("seeded");
  if (!golden) return;
  const int count_7 = reproduce(*golden, "mod7_all2all_rgb2all_a0.5", "4m-7");
  const int count_21 = reproduce(*golden, "mod21_all2allmix_rgb2all_capT5bias", "4m-21");
  std::cout << "mask --rng torch: " << count_7 << " cases of 4m-7, " << count_21 << " of 4m-21\n";
  CHECK((count_7 > 0 || is_other_recording()));
  CHECK((count_21 > 0 || is_other_recording()));
}

TEST_CASE("token files: what is wrong with one is said") {
  const ScratchFolder folder;
  const auto error_of = [&](const std::string& content) {
    const Outcome outcome = run_command({"mask", "--scheme", "4m-21", "--tokens", write_text(folder, "t.json", content).string()});
    CHECK(outcome.code == (outcome.err.empty() ? 0 : 2));
    return outcome.err;
  };
  CHECK(error_of(R"({"caption": [5000], "metadata": [[5000], [], [5001, 5002]], "t5_caption": {"rows": 3}, "tok_rgb@224": []})").empty());
  CHECK_THAT(error_of("{"), contains_text("t.json"));
  CHECK_THAT(error_of("[1]"), contains_text("expected an object of token ids"));
  CHECK_THAT(error_of(R"({"caption": "a red cube"})"), contains_text("modality caption: found the text"));
  CHECK_THAT(error_of(R"({"caption": [5000, -1]})"), contains_text("the id at position 1"));
  CHECK_THAT(error_of(R"({"caption": [1.5]})"), contains_text("the id at position 0"));
  CHECK_THAT(error_of(R"({"metadata": [[1], 2]})"), contains_text("chunk 1 must be a list"));
  CHECK_THAT(error_of(R"({"t5_caption": {"rows": -1}})"), contains_text("rows"));
  CHECK_THAT(error_of(R"({"t5_caption": {"row": 1}})"), contains_text("{\"rows\": n}"));
  CHECK_THAT(error_of(R"({"caption": {"rows": 5}})"), contains_text("only embedding vectors (seq_emb) come in rows"));
  CHECK_THAT(error_of(R"({"smell": [1]})"), contains_text("no modality of this name"));
  CHECK_THAT(error_of(R"({"caption": [30000]})"), contains_text("the vocabulary has 30000 ids"));
  CHECK_THAT(error_of(R"({"tok_rgb@224": [1, 2]})"), contains_text("expected 196"));
  CHECK_THAT(run_command({"mask", "--tokens", "/nowhere/t.json"}).err, contains_text("there is no such file"));
  const std::string good = write_text(folder, "t.json", "{}").string();
  CHECK_THAT(run_command({"mask", "--tokens", good, "--text", "a"}).err, contains_text("--tokens and --text"));
}

TEST_CASE("mask: the same seed with other generators gives other masks, the same ones every time") {
  const Outcome named = run_command({"mask", "--seed", "7"}), torch = run_command({"mask", "--seed", "7", "--rng", "torch"});
  REQUIRE(named.code == 0);
  REQUIRE(torch.code == 0);
  CHECK(json::parse(named.out)["modalities"] != json::parse(torch.out)["modalities"]);
  CHECK(json::parse(named.out)["draw_naming"] == 1);
  CHECK(json::parse(torch.out)["draw_naming"].is_null());
  CHECK(run_command({"mask", "--seed", "7", "--rng", "torch"}).out == torch.out);
  CHECK(run_command({"mask", "--seed", "7", "--rng", "torch", "--draw", "1"}).out != torch.out);
  CHECK(run_command({"mask", "--seed", "7", "--rng", "torch", "--draw", "20001"}).code == 2);
}
