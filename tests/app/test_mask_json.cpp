// `maskscope mask`: the JSON it prints, field by field against the session it came from.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/commands/mask_json.h"
#include "core/draw.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;
using nlohmann::json;

namespace {

json masks_of(const std::vector<std::string>& arguments) {
  std::vector<std::string> all = {"mask"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const Outcome outcome = run_command(all);
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  return json::parse(outcome.out);
}

int zeros(const json& list) { return static_cast<int>(std::count(list.begin(), list.end(), 0)); }

void check_consistent(const json& masks) {
  int encoder_used = 0, decoder_used = 0;
  for (const auto& [name, modality] : masks["modalities"].items()) {
    INFO(name);
    const bool is_text = modality["type"] == "seq";
    const int max = modality["max_tokens"];
    const auto slots = static_cast<std::size_t>(is_text ? 2 * (max + 1) : max);
    for (const char* field : {"tensor", "input_mask", "target_mask", "decoder_attention_mask"}) CHECK(modality[field].size() == slots);
    for (const char* field : {"input_mask", "target_mask"}) {
      for (const json& value : modality[field]) CHECK((value == 0 || value == 1));
    }
    const int input = zeros(modality["input_mask"]), target = zeros(modality["target_mask"]);
    CHECK(input <= modality["input_budget"].get<int>());
    if (!modality["target_budget"].is_null()) CHECK(target <= modality["target_budget"].get<int>());
    CHECK(modality["encoder_slots_used"].get<int>() <= input);
    CHECK(modality["decoder_slots_used"].get<int>() <= target);
    encoder_used += modality["encoder_slots_used"].get<int>();
    decoder_used += modality["decoder_slots_used"].get<int>();
    const json& tokens = modality["source_tokens"];
    CHECK(tokens["encoder"].get<int>() + tokens["decoder"].get<int>() + tokens["discarded"].get<int>() == tokens["total"].get<int>());
    if (is_text) {
      for (const json& id : modality["tensor"]) CHECK(id.is_number_integer());
    } else {
      CHECK(tokens["encoder"] == input);
      CHECK(tokens["decoder"] == target);
      for (const json& id : modality["tensor"]) CHECK(id.is_null());  // only a neural tokenizer could give them
    }
  }
  for (const char* side : {"encoder", "decoder"}) {
    const json& packed = masks[side];
    const std::size_t slots = packed["slots"];
    const json& ignore = packed[cat(side, "_mask")];
    CHECK(ignore.size() == slots);
    CHECK(packed["mod_mask"].size() == slots);
    CHECK(packed["source"].size() == slots);
    CHECK(zeros(ignore) == packed["used"]);
    for (std::size_t i = 0; i < slots; ++i) {
      CHECK((ignore[i] == 1) == (packed["mod_mask"][i] == -1));
      CHECK(packed["source"][i].size() == 2);
      CHECK(packed["source"][i][0].get<std::size_t>() < masks["modalities"].size());
    }
  }
  CHECK(encoder_used == masks["encoder"]["used"]);
  CHECK(decoder_used == masks["decoder"]["used"]);
  const json& decoder = masks["decoder"];
  CHECK(decoder["target_ids"].size() == decoder["slots"]);
  CHECK(decoder["decoder_attention_mask"].size() == decoder["slots"]);
  for (std::size_t i = 0; i < decoder["slots"]; ++i) {
    if (decoder["decoder_mask"][i] == 1) CHECK(decoder["target_ids"][i] == 0);
  }
}

}  // namespace

TEST_CASE("the masks of the bundled scene are whole and consistent for every preset and seed") {
  for (const std::string& preset : preset_names()) {
    for (const char* seed : {"0", "1", "42", "18446744073709551615"}) {
      INFO(preset << " " << seed);
      const json masks = masks_of({"--scheme", preset, "--seed", seed});
      check_consistent(masks);
      CHECK(cat(masks["seed"].get<std::uint64_t>()) == seed);
      CHECK(masks["scheme"] == preset);
      CHECK(masks["draw_naming"] == draw_naming_version);
      CHECK(masks["key"] == "bundled scene 1");
    }
  }
}

TEST_CASE("the masks of a photo and a sentence") {
  const ScratchFolder folder;
  const auto photo = write_png(folder, "photo.png");
  const json masks = masks_of({"--image", photo.string(), "--text", "a red cube on a blue floor", "--seed", "7"});
  check_consistent(masks);
  CHECK(masks["modalities"].size() == 3);
  CHECK(masks["modalities"]["caption"]["text"] == "a red cube on a blue floor");
  CHECK(masks["modalities"]["caption"]["source_tokens"]["total"] == 8);
  CHECK(masks["modalities"]["caption"]["tokens"].size() == 7);
  CHECK(masks["modalities"]["rgb@224"]["decoder_slots_used"] == 0);
  CHECK(masks["key"] == "photo.png");
  CHECK(masks["seed"] == 7);
}

TEST_CASE("the same command prints the same bytes, with any number of threads") {
  const ScratchFolder folder;
  const auto photo = write_png(folder, "photo.png");
  const std::vector<std::string> command = {"mask", "--image", photo.string(), "--text", "a red cube", "--seed", "7", "--backend", "cpu", "--threads"};
  const auto with_threads = [&](const char* threads) {
    std::vector<std::string> all = command;
    all.push_back(threads);
    return run_command(all).out;
  };
  const std::string one = with_threads("1");
  CHECK(one.size() > 1000);
  CHECK(with_threads("1") == one);
  CHECK(with_threads("4") == one);
  CHECK(one.back() == '\n');
}

TEST_CASE("budgets set by hand are the budgets of the masks") {
  const json masks = masks_of({"--budget", "caption=6,10", "--budget", "tok_depth@224=25%,50%"});
  check_consistent(masks);
  CHECK(masks["mode"] == "direct");
  CHECK(masks["modalities"]["caption"]["input_budget"] == 6);
  CHECK(masks["modalities"]["caption"]["target_budget"] == 10);
  CHECK(masks["modalities"]["tok_depth@224"]["source_tokens"]["encoder"] == 49);
  CHECK(masks["modalities"]["tok_depth@224"]["source_tokens"]["decoder"] == 98);
  CHECK(masks["modalities"]["rgb@224"]["input_budget"] == 0);
}

TEST_CASE("the JSON is that of the session's frame") {
  Document document = text_document("a red cube on a blue floor");
  document.seed = 11;
  const Session session = make_session(document);
  const json masks = json::parse(masks_to_json(session.frame()));
  check_consistent(masks);
  const MaskedBatch& batch = session.frame().batch;
  CHECK(masks["modalities"]["caption"]["tensor"] == json(batch.tensor));
  CHECK(masks["modalities"]["caption"]["input_mask"] == json(batch.input_mask));
  CHECK(masks["decoder"]["target_ids"] == json(batch.target_ids));
  CHECK(masks["decoder"]["decoder_mask"] == json(batch.decoder_mask));
  CHECK(masks["encoder"]["mod_mask"] == json(batch.encoder_modality));
  CHECK(masks["problems"].size() == session.frame().problems.size());
}

TEST_CASE("masks go to a file whole, to a device as they are, or nowhere") {
  const ScratchFolder folder;
  const auto path = folder.path() / "masks.json";
  const Outcome written = run_command({"mask", "--text", "a", "-o", path.string()});
  CHECK(written.code == 0);
  CHECK(written.out.empty());
  const std::string content = read_all(path);
  CHECK(content == run_command({"mask", "--text", "a"}).out);
  CHECK(run_command({"mask", "--text", "a", "-o", "-"}).out == content);

  const Outcome refused = run_command({"mask", "--text", "a", "-o", (folder.path() / "absent" / "masks.json").string()});
  CHECK(refused.code == 2);
  CHECK_THAT(refused.err, contains_text("absent/masks.json: the masks could not be written"));

  // A device is written to, never replaced.
  const auto link = folder.path() / "null";
  std::filesystem::create_symlink("/dev/null", link);
  CHECK(run_command({"mask", "--text", "a", "-o", link.string()}).code == 0);
  CHECK(std::filesystem::is_symlink(link));
  const auto full = folder.path() / "full";
  std::filesystem::create_symlink("/dev/full", full);
  const Outcome no_room = run_command({"mask", "--text", "a", "-o", full.string()});
  CHECK(no_room.code == 2);
  CHECK_THAT(no_room.err, contains_text("could not be written"));
  CHECK(std::filesystem::is_symlink(full));
}

TEST_CASE("what was converted is told on stderr, the JSON stays clean") {
  const ScratchFolder folder;
  const auto photo = folder.write("half.png", png(2, 8, 6, {{255, 0, 0, 128, 0, 255, 0, 255}}));
  const Outcome outcome = run_command({"mask", "--image", photo.string()});
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.err, contains_text("Transparent"));
  CHECK(json::parse(outcome.out)["modalities"].size() == 2);
}

TEST_CASE("mask: the decoder's attention, in its four variants") {
  const json compressed = masks_of({"--seed", "3"})["decoder"];
  CHECK_FALSE(compressed.contains("attention"));
  const std::size_t slots = compressed["slots"];
  for (const bool is_causal : {false, true}) {
    for (const bool is_shared : {false, true}) {
      std::vector<std::string> arguments = {"--seed", "3", "--attention"};
      if (is_causal) arguments.push_back("--causal");
      if (is_shared) arguments.push_back("--shared");
      const json attention = masks_of(arguments)["decoder"]["attention"];
      CHECK(attention["is_causal"] == is_causal);
      CHECK(attention["is_separate"] == !is_shared);
      REQUIRE(attention["attention_mask"].size() == slots);
      int reach = 0, rows_without_sight = 0;
      for (std::size_t row = 0; row < slots; ++row) {
        reach += compressed["decoder_attention_mask"][row].get<int>();
        const std::string digits = attention["attention_mask"][row];
        REQUIRE(digits.size() == slots);
        rows_without_sight += digits.find('0') == std::string::npos;
        for (std::size_t column = 0; is_shared && column < slots; ++column) {
          const bool may_attend = is_causal ? column <= row : static_cast<int>(column) < reach;
          if ((digits[column] == '0') != may_attend) FAIL("row " << row << ", column " << column);
        }
      }
      CHECK(attention["rows_that_attend_to_nothing"] == rows_without_sight);
    }
  }
  CHECK(run_command({"mask", "--causal"}).code == 2);
}
