// `maskscope mask --format npz` against the JSON of the same call (tests/python/dumps_test.py reads it with NumPy).
#include <nlohmann/json.hpp>

#include "core/data/batch_dump.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

TEST_CASE("mask --format npz: the same arrays as the JSON, byte for byte the same twice") {
  const ScratchFolder folder;
  const auto tokens = write_text(folder, "tokens.json",
                                 R"({"caption": [2000, 2001, 2002, 2003, 2004], "tok_rgb@224": [], "metadata": [[11, 12], [13]], "t5_caption": {"rows": 9}})");
  const std::string path = tokens.string() + ".npz";
  for (const char* seed : {"1", "2", "3"}) {
    std::vector<std::string> arguments{"mask", "--tokens", tokens.string(), "--scheme", "4m-21", "--seed", seed};
    const Outcome json_outcome = run_command(arguments);
    INFO(json_outcome.err);
    REQUIRE(json_outcome.code == 0);
    const auto modalities = nlohmann::json::parse(json_outcome.out)["modalities"];
    arguments.insert(arguments.end(), {"--format", "npz", "-o", path});
    REQUIRE(run_command(arguments).code == 0);
    const std::string first = read_all(path);
    REQUIRE(run_command(arguments).code == 0);
    CHECK(read_all(path) == first);

    const BatchDump dump = read_batch_dump(path);
    REQUIRE(dump.modalities.size() == modalities.size());
    CHECK_FALSE(dump.has_batch_dimension);
    for (const DumpedModality& m : dump.modalities) {
      CAPTURE(m.name);
      const auto& expected = modalities[m.name];
      CHECK(to_string(m.kind) == expected["type"].get<std::string>());
      CHECK(m.input_mask == expected["input_mask"].get<std::vector<std::uint8_t>>());
      CHECK(m.target_mask == expected["target_mask"].get<std::vector<std::uint8_t>>());
      CHECK(m.decoder_attention_mask == expected["decoder_attention_mask"].get<std::vector<std::int32_t>>());
      REQUIRE(m.ids.size() == expected["tensor"].size());
      for (std::size_t i = 0; i < m.ids.size(); ++i) {
        REQUIRE(m.ids[i] == (expected["tensor"][i].is_null() ? -1 : expected["tensor"][i].get<std::int32_t>()));
      }
    }
  }
}

TEST_CASE("mask --format: what is refused") {
  CHECK_THAT(run_command({"mask", "--format", "npz"}).err, contains_text("an .npz is no text for the terminal. Give -o FILE too."));
  CHECK_THAT(run_command({"mask", "--format", "npz", "--attention", "-o", "x.npz"}).err, contains_text("a loader's batch has no full attention mask"));
  CHECK(run_command({"mask", "--format", "csv"}).code == 2);
}
