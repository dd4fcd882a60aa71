// assets/tokenizer.json holds what assets/README.md says.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/data/text_file.h"
#include "core/data/text_tokenizer.h"
#include "core/data/tokenizer_file.h"
#include "core/error.h"
#include "tests/catch.h"

namespace maskscope {
namespace {

const std::string path = MASKSCOPE_SOURCE_DIR "/assets/tokenizer.json";

}  // namespace

TEST_CASE("bundled tokenizer: layout and counts are as documented") {
  const TokenizerFile file = parse_tokenizer_file(read_file_bytes(path, max_tokenizer_bytes, "a tokenizer.json"), path);
  CHECK(file.notes.empty());
  REQUIRE(file.vocabulary.size() == 14336);
  for (std::size_t i = 0; i < file.vocabulary.size(); ++i) {
    if (file.vocabulary[i].second != static_cast<std::int32_t>(i)) FAIL("gap at id " << i);
  }
  const auto piece = [&](std::size_t id) { return file.vocabulary.at(id).first; };
  CHECK(piece(0) == "[PAD]");
  CHECK(piece(1) == "[UNK]");
  CHECK(piece(2) == "[SOS]");
  CHECK(piece(3) == "[EOS]");
  for (std::size_t k = 0; k < 200; ++k) {
    if (piece(4 + k) != cat("[S_", k, "]")) FAIL("sentinel " << k);
  }
  for (std::size_t digit = 0; digit < 4; ++digit) {
    for (std::size_t n = 0; n < 1000; ++n) {
      if (piece(204 + 1000 * digit + n) != cat("v", digit, "=", n)) FAIL("coordinate " << digit << " " << n);
    }
  }
  CHECK(piece(4204) == "airplane");
  CHECK(piece(4282) == "wine glass");
  CHECK(piece(4283) == "zebra");
  CHECK(std::is_sorted(file.vocabulary.begin() + 4204, file.vocabulary.begin() + 4284));

  REQUIRE(file.added_tokens.size() == 4284);
  for (const AddedToken& token : file.added_tokens) {
    const bool is_plain = token.id < 4;
    const bool is_class = token.id >= 4204;
    const AddedToken expected{token.id, piece(static_cast<std::size_t>(token.id)), !is_plain, false, false, is_class, true};
    if (!(token == expected)) FAIL("flags of " << token.content);
  }
  CHECK(file.normalizer == BertNormalizer{true, true, true, true});
  CHECK(file.max_chars_per_word == 100);
  CHECK(file.continuing_prefix == "##");
}

TEST_CASE("bundled tokenizer: masks see the same special ids as with 4M's") {
  CHECK(TextTokenizer::load(path).vocabulary() == default_vocabulary());
}

TEST_CASE("bundled tokenizer: words of captions are whole pieces") {
  const TextTokenizer tokenizer = TextTokenizer::load(path);
  const std::string words =
      "a the of and on beside behind under between small large red green blue yellow floor cube sphere cone cylinder ring "
      "torus shadow light photo wooden metallic striped checkerboard standing sitting woman children mountain kitchen";
  const TokenizedText found = tokenizer.encode(words);
  std::string joined;
  for (const std::string& piece : found.pieces) joined += (joined.empty() ? "" : " ") + piece;
  CHECK(joined == words);
  CHECK(tokenizer.encode("A red Cube on a blue floor.").pieces ==
        std::vector<std::string>{"a", "red", "cube", "on", "a", "blue", "floor", "."});
  CHECK(tokenizer.encode("v0=12 v1=34 v2=56 v3=78 Wine Glass").ids ==
        std::vector<std::int32_t>{204 + 12, 1204 + 34, 2204 + 56, 3204 + 78, 4282});
}

TEST_CASE("bundled tokenizer: ASCII is never unknown, nor other common writing") {
  const TextTokenizer tokenizer = TextTokenizer::load(path);
  std::string ascii;
  for (char c = ' '; c <= '~'; ++c) ascii += cat(c, " x", c, "x ");
  for (const std::string& text :
       {ascii, std::string("supercalifragilisticexpialidocious qwrtpsdfghjklzxcvbnm 3.14159"),
        std::string("\u4e00\u4e2a\u7ea2\u8272\u7684\u7acb\u65b9\u4f53"), std::string("na\u00efve fa\u00e7ade \u00c5ngstr\u00f6m Stra\u00dfe"),
        std::string("\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440"), std::string("\ud55c\uad6d\uc5b4")}) {
    const TokenizedText found = tokenizer.encode(text);
    CAPTURE(text);
    CHECK(!found.ids.empty());
    CHECK(std::count(found.ids.begin(), found.ids.end(), 1) == 0);
  }
}

}  // namespace maskscope
