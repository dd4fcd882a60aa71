// Against ids and tokens recorded with 4M's own tokenizer file and the HuggingFace library.
#include <iostream>

#include <nlohmann/json.hpp>

#include "core/data/text_tokenizer.h"
#include "tests/catch.h"
#include "tests/data/golden_file.h"

namespace maskscope {

TEST_CASE("golden: every recorded text gives the tokens of the reference") {
  const std::string tokenizer_path = test::environment_or(
      "MASKSCOPE_4M_TOKENIZER", MASKSCOPE_SOURCE_DIR "/../shared/golden/text_tokenizer_4m_wordpiece_30k.json");
  const auto tokenizer_json = test::read_maybe_gzipped(tokenizer_path);
  if (!tokenizer_json) {
    std::cout << "SKIPPED: 4M's tokenizer is not at " << tokenizer_path << "; set MASKSCOPE_4M_TOKENIZER to its path\n";
    return;
  }
  const TextTokenizer tokenizer = TextTokenizer::parse(*tokenizer_json, tokenizer_path);
  CHECK(tokenizer.notes().empty());
  CHECK(tokenizer.vocab_size() == 30000);
  CHECK(tokenizer.vocabulary() == default_vocabulary());

  const nlohmann::json cases = nlohmann::json::parse(test::read_golden("tokenize.json"));
  REQUIRE(!cases.empty());
  std::size_t num_equal = 0;
  for (const auto& expected : cases) {
    const auto text = expected.at("text").get<std::string>();
    const TokenizedText found = tokenizer.encode(text);
    CAPTURE(text);
    CHECK(found.ids == expected.at("ids").get<std::vector<std::int32_t>>());
    CHECK(found.pieces == expected.at("tokens").get<std::vector<std::string>>());
    num_equal += found.ids == expected.at("ids") && found.pieces == expected.at("tokens");

    // Ranges lie in the text, and in order: no text here has marks that sorting carries across a token's border.
    std::uint32_t last_begin = 0;
    for (const ByteRange& range : found.ranges) {
      CHECK(range.begin < range.end);
      CHECK(range.end <= text.size());
      CHECK(range.begin >= last_begin);
      last_begin = range.begin;
    }
  }
  std::cout << "golden texts equal: " << num_equal << " of " << cases.size() << "\n";
}

}  // namespace maskscope
