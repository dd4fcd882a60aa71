#include "core/data/text_tokenizer.h"

#include "core/data/text_file.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/tiny_tokenizer.h"

namespace maskscope {
namespace {

using nlohmann::json;
using Pieces = std::vector<std::string>;
using Ranges = std::vector<ByteRange>;
using test::added_token_json;
using test::message_of;
using test::tiny_tokenizer_json;
using test::tokenizer_of;

// One more added token, not in the vocabulary.
json with_token(json file, const std::string& content, const std::vector<std::string>& flags) {
  const int id = static_cast<int>(file["model"]["vocab"].size());
  json token = added_token_json(id, content);
  for (const std::string& flag : flags) token[flag] = true;
  file["added_tokens"].push_back(token);
  return file;
}

}  // namespace

TEST_CASE("tokenizer: the longest piece is taken first") {
  const auto tokenizer = tokenizer_of(tiny_tokenizer_json({"un", "##believ", "##able", "##b", "una", "a"}));
  CHECK(tokenizer.encode("unbelievable").pieces == Pieces{"un", "##believ", "##able"});
  CHECK(tokenizer.encode("unbelievable").ids == std::vector<std::int32_t>{6, 7, 8});
  CHECK(tokenizer.encode("unb").pieces == Pieces{"un", "##b"});
  // Greedy: una fits, ##bble doesn't exist, and nothing is taken back.
  CHECK(tokenizer.encode("unable").pieces == Pieces{"[UNK]"});
  CHECK(tokenizer.encode("unbelievablex a").pieces == Pieces{"[UNK]", "a"});
}

TEST_CASE("tokenizer: white space and punctuation part words") {
  const auto tokenizer = tokenizer_of(tiny_tokenizer_json({"a", "b", ".", ",", "-", "##b", "\u3002"}));
  CHECK(tokenizer.encode("").ids.empty());
  CHECK(tokenizer.encode(" \t\n").ids.empty());
  CHECK(tokenizer.encode("a,b-a..").pieces == Pieces{"a", ",", "b", "-", "a", ".", "."});
  CHECK(tokenizer.encode("a\u3002b\u00a0a").pieces == Pieces{"a", "\u3002", "b", "a"});
  CHECK(tokenizer.encode("ab").pieces == Pieces{"a", "##b"});
}

TEST_CASE("tokenizer: words beyond max_input_chars_per_word are unknown, counted in characters") {
  json file = tiny_tokenizer_json({"\u03b1", "##\u03b1"});
  file["model"]["max_input_chars_per_word"] = 3;
  const auto tokenizer = tokenizer_of(file);
  CHECK(tokenizer.encode("\u03b1\u03b1\u03b1").ids.size() == 3);
  CHECK(tokenizer.encode("\u03b1\u03b1\u03b1\u03b1").pieces == Pieces{"[UNK]"});
}

TEST_CASE("tokenizer: continuing prefixes other than ##") {
  json file = tiny_tokenizer_json({"a", "_b", "b"});
  file["model"]["continuing_subword_prefix"] = "_";
  CHECK(tokenizer_of(file).encode("abb").pieces == Pieces{"a", "_b", "_b"});
  file["model"]["continuing_subword_prefix"] = "";
  CHECK(tokenizer_of(file).encode("abab").pieces == Pieces{"a", "b", "a", "b"});
}

TEST_CASE("tokenizer: ranges are the bytes of the text as it was typed") {
  const auto tokenizer = tokenizer_of(tiny_tokenizer_json({"cafe", "##s", "a", "\u732b"}));
  CHECK(tokenizer.encode("A CAF\u00c9S [S_1]").ranges == Ranges{{0, 1}, {2, 7}, {7, 8}, {9, 14}});
  CHECK(tokenizer.encode("cafe\u0301s").ranges == Ranges{{0, 6}, {6, 7}});
  CHECK(tokenizer.encode("a\u732b a").ranges == Ranges{{0, 1}, {1, 4}, {5, 6}});
  CHECK(tokenizer.encode("  [EOS]a").ranges == Ranges{{2, 7}, {7, 8}});
  CHECK(tokenizer.encode("c\x01\x02"
                         "afe")
            .ranges == Ranges{{0, 6}});
}

TEST_CASE("added tokens: single_word looks at the characters around") {
  const auto tokenizer = tokenizer_of(tiny_tokenizer_json({"a", "[", "]", "s", "_", "1", "-"}));
  CHECK(tokenizer.encode("a [S_1] a").pieces == Pieces{"a", "[S_1]", "a"});
  CHECK(tokenizer.encode("-[S_1]-").pieces == Pieces{"-", "[S_1]", "-"});
  CHECK(tokenizer.encode("[S_1][S_1]").pieces == Pieces{"[S_1]", "[S_1]"});
  CHECK(tokenizer.encode("a[S_1]").pieces == Pieces{"a", "[", "s", "_", "1", "]"});
  CHECK(tokenizer.encode("[S_1]1").pieces == Pieces{"[", "s", "_", "1", "]", "1"});
  CHECK(tokenizer.encode("[S_1]_").pieces == Pieces{"[", "s", "_", "1", "]", "_"});
  CHECK(tokenizer.encode("[s_1]").pieces == Pieces{"[", "s", "_", "1", "]"});  // not normalized: case matters
  CHECK(tokenizer.encode("a[EOS]a").pieces == Pieces{"a", "[EOS]", "a"});      // not single_word
}

TEST_CASE("added tokens: normalized ones are found in the normalized text") {
  json file = tiny_tokenizer_json({"wine", "glass", "es", "##es"});
  file = with_token(file, "Wine Gl\u00e4ss", {"normalized", "single_word"});
  const auto tokenizer = tokenizer_of(file);
  const int id = tokenizer.id_of("Wine Gl\u00e4ss").value();
  CHECK(tokenizer.encode("wine glass").ids == std::vector<std::int32_t>{id});
  CHECK(tokenizer.encode("WINE\tGLASS").pieces == Pieces{"wine glass"});  // the piece as it was found
  CHECK(tokenizer.encode("WINE\tGLASS").ranges == Ranges{{0, 10}});
  CHECK(tokenizer.encode("wine glasses").pieces == Pieces{"wine", "glass", "##es"});
  CHECK(tokenizer.encode("wine  glass").pieces == Pieces{"wine", "glass"});
  CHECK(tokenizer.piece(id) == "Wine Gl\u00e4ss");
}

TEST_CASE("added tokens: the leftmost longest counts, and a match passed over hides what is in it") {
  json file = tiny_tokenizer_json({"a", "b", "c", "x", "##x", "##b", "##c"});
  file = with_token(file, "a b c", {"single_word"});
  file["model"]["vocab"]["a b"] = 13;
  file["added_tokens"].push_back(added_token_json(13, "a b"));
  file["model"]["vocab"]["b"] = 7;
  file["added_tokens"].back()["id"] = 13;
  file["added_tokens"][6]["id"] = 14;
  const auto tokenizer = tokenizer_of(file);
  CHECK(tokenizer.encode("a b c").pieces == Pieces{"a b c"});
  CHECK(tokenizer.encode("a b x").pieces == Pieces{"a b", "x"});
  // "a b c" is found, fails single_word, and "a b" within is not looked at any more.
  CHECK(tokenizer.encode("a b cx").pieces == Pieces{"a", "b", "c", "##x"});
}

TEST_CASE("added tokens: lstrip and rstrip take white space along") {
  json file = tiny_tokenizer_json({"a", "b"});
  const auto left = tokenizer_of(with_token(file, "<m>", {"lstrip"})).encode("a \t<m> b");
  CHECK(left.pieces == Pieces{"a", " \t<m>", "b"});
  CHECK(left.ranges == Ranges{{0, 1}, {1, 6}, {7, 8}});
  const auto right = tokenizer_of(with_token(file, "<m>", {"rstrip"})).encode("a <m>\u3000 b");
  CHECK(right.pieces == Pieces{"a", "<m>\u3000 ", "b"});
  const auto both = tokenizer_of(with_token(file, "<m>", {"lstrip", "rstrip"})).encode("<m>  <m>  ");
  CHECK(both.pieces == Pieces{"<m>  ", "<m>  "});  // the first has taken what the second would strip
}

TEST_CASE("added tokens: text is taken once, even by tokens of white space after rstrip") {
  json file = with_token(tiny_tokenizer_json({"a"}), " ", {"rstrip"});
  const auto found = tokenizer_of(file).encode("a    a");
  CHECK(found.ids == std::vector<std::int32_t>{6, 7, 7, 7, 7, 6});
  CHECK(found.pieces == Pieces{"a", "    ", "", "", "", "a"});
  CHECK(found.ranges == Ranges{{0, 1}, {1, 5}, {5, 5}, {5, 5}, {5, 5}, {5, 6}});
}

TEST_CASE("added tokens: ids follow the tokenizers library, and differences are noted") {
  json file = tiny_tokenizer_json({"a"});
  file["added_tokens"].push_back(added_token_json(900, "<new>"));
  file["added_tokens"].push_back(added_token_json(8, ""));
  const auto tokenizer = tokenizer_of(file);
  CHECK(tokenizer.id_of("<new>") == 7);
  CHECK(tokenizer.vocab_size() == 8);
  REQUIRE(tokenizer.notes().size() == 2);
  CHECK(tokenizer.notes()[0] == "The added token \"<new>\" states the id 900 but gets 7, as in the tokenizers library.");
  CHECK(tokenizer.notes()[1] == "added_tokens[7] is empty and can't be found in any text.");
}

TEST_CASE("tokenizer: pieces, ids and what vocabulary() needs") {
  const auto tokenizer = tokenizer_of(tiny_tokenizer_json({"a"}));
  CHECK(tokenizer.piece(6) == "a");
  CHECK(tokenizer.piece(7) == "?");
  CHECK(tokenizer.piece(-1) == "?");
  CHECK_FALSE(tokenizer.id_of("b").has_value());
  CHECK(tokenizer.source_name() == "tiny.json");
  CHECK(tokenizer.vocabulary() == SequenceVocabulary{0, 3, {4, 5}});

  json gap = tiny_tokenizer_json({"[S_3]"});
  CHECK(message_of([&] { tokenizer_of(gap).vocabulary(); }) ==
        "tiny.json: the vocabulary has [S_3] but not [S_2]; sentinels were expected to be numbered without gaps. Choose a "
        "tokenizer made for 4M.");
  json no_sentinels = tiny_tokenizer_json({});
  no_sentinels["model"]["vocab"].erase("[S_1]");
  no_sentinels["added_tokens"].erase(5);
  CHECK(message_of([&] { tokenizer_of(no_sentinels).vocabulary(); }) ==
        "tiny.json: the vocabulary has no [S_1], which span masking needs ([PAD], [EOS], [S_0], [S_1] and so on were "
        "expected). Choose a tokenizer made for 4M.");
}

TEST_CASE("tokenizer: texts that can't be encoded are refused with a sentence") {
  const auto tokenizer = tokenizer_of(tiny_tokenizer_json({"a"}));
  CHECK(message_of([&] { tokenizer.encode("ab\xff"); }) ==
        "The text: not valid UTF-8 at byte offset 2 (byte 0xFF), UTF-8 text was expected. Save the text as UTF-8 and open "
        "it again.");
  CHECK(message_of([&] { tokenizer.encode(std::string(max_text_bytes + 1, 'a')); }) ==
        "The text: 1048577 bytes long, at most 1048576 bytes are read. Open a shorter one, or a part of it.");
}

TEST_CASE("tokenizer: work is linear in the text, whatever the text") {
  json file = tiny_tokenizer_json({"a", "##a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", ".", "<", "m", ">"});
  file = with_token(file, "<m>", {"lstrip", "rstrip"});
  file["model"]["vocab"][" "] = 14;
  file["added_tokens"].push_back(added_token_json(14, " "));
  file["added_tokens"].back()["rstrip"] = true;
  file["added_tokens"][6]["id"] = 13;
  file["model"]["vocab"]["<m>"] = 13;
  const auto tokenizer = tokenizer_of(file);
  const auto repeated = [](std::string_view unit, std::size_t num_bytes) {
    std::string text;
    while (text.size() < num_bytes) text += unit;
    return text;
  };
  for (const char* unit : {"a", "aaaaaaaaa ", ".", " ", "<m> ", "   <m>", "e\u0301", "\u0301", "<", "[S_1"}) {
    CAPTURE(unit);
    const std::size_t short_steps = tokenizer.encode(repeated(unit, 2000)).num_steps;
    const TokenizedText found = tokenizer.encode(repeated(unit, 200'000));
    const std::size_t long_steps = found.num_steps;
    std::size_t num_piece_bytes = 0;
    for (const std::string& piece : found.pieces) num_piece_bytes += piece.size();
    CHECK(num_piece_bytes <= 5 * 200'100u);  // [UNK] is five bytes
    CHECK(long_steps <= 101 * short_steps + 1000);
    CHECK(long_steps <= 200'000u * 45);
  }
  // The longest words that are divided, each beginning like a piece that is never reached.
  const auto words = repeated(std::string(100, 'a') + " ", 200'000);
  CHECK(tokenizer.encode(words).num_steps <= 200'000u * 45);
}

}  // namespace maskscope
