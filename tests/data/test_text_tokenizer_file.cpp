// Files that are no tokenizers, or not such as can be used: each gets its sentence.
#include <functional>

#include "core/data/text_tokenizer.h"
#include "core/data/tokenizer_file.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/tiny_tokenizer.h"

namespace maskscope {
namespace {

using nlohmann::json;
using test::message_of;

std::string message_for(const std::string& text) {
  return message_of([&] { TextTokenizer::parse(text, "t.json"); });
}

// The message for a valid file after a change to it.
std::string message_after(const std::function<void(json&)>& change) {
  json file = test::tiny_tokenizer_json({"a", "b"});
  change(file);
  return message_for(file.dump());
}

}  // namespace

TEST_CASE("tokenizer file: the unchanged file loads") {
  CHECK(message_after([](json&) {}) == "no error");
  CHECK(message_after([](json& f) { f["model"].erase("type"); }) == "no error");
  CHECK(message_after([](json& f) { f["normalizer"].erase("strip_accents"); }) == "no error");
  CHECK(message_after([](json& f) { f.erase("added_tokens"); }) == "no error");
  CHECK(message_for("\xEF\xBB\xBF" + test::tiny_tokenizer_json({}).dump()) == "no error");
}

TEST_CASE("tokenizer file: not JSON") {
  CHECK(message_for("") ==
        "t.json: not JSON from byte offset 0 on (the file has 0 bytes), a tokenizer.json as the HuggingFace tokenizers "
        "library writes it was expected. Choose another file, or copy this one again.");
  CHECK(message_for("a red cube").find("t.json: not JSON from byte offset 0 on (the file has 10 bytes)") == 0);
  CHECK(message_for("{\"version\": \"1.0\", ").find("t.json: not JSON from byte offset 19 on") == 0);
  CHECK(message_for("{\"a\": \"\xff\"}").find("t.json: not JSON from byte offset 7 on") == 0);
  CHECK(message_for("{\"a\": 1e999}").find("t.json: holds a number that can't be represented") == 0);
  CHECK(message_for("[]") == "t.json: the content is a list of 0, an object was expected. Choose another file.");
}

TEST_CASE("tokenizer file: sizes are bounded before anything is built") {
  CHECK(message_for(std::string(100'000, '[')).find("t.json: nested more than 16 levels deep") == 0);
  std::string many = "[0";
  for (std::size_t i = 0; i < max_tokenizer_values; ++i) many += ",0";
  CHECK(message_for(many + "]") == "t.json: holds more than 4000000 values. Choose a smaller file.");
  CHECK(message_for(std::string(max_tokenizer_bytes + 1, ' ')).find("t.json: 67108865 bytes long, at most 67108864 bytes") == 0);
}

TEST_CASE("tokenizer file: other kinds of tokenizers") {
  constexpr const char* reason =
      " was expected: 4M's text is made by WordPiece with BertNormalizer and BertPreTokenizer, and only that can be loaded. "
      "Choose another tokenizer.json.";
  CHECK(message_after([](json& f) { f["model"] = {{"type", "BPE"}, {"vocab", json::object()}, {"merges", json::array()}}; }) ==
        cat("t.json: model.type is the text \"BPE\", \"WordPiece\"", reason));
  CHECK(message_after([](json& f) { f["normalizer"]["type"] = "Lowercase"; }) ==
        cat("t.json: normalizer.type is the text \"Lowercase\", \"BertNormalizer\"", reason));
  CHECK(message_after([](json& f) { f["pre_tokenizer"]["type"] = "Whitespace"; }) ==
        cat("t.json: pre_tokenizer.type is the text \"Whitespace\", \"BertPreTokenizer\"", reason));
  CHECK(message_after([](json& f) { f["normalizer"] = nullptr; }) ==
        "t.json: normalizer is null, an object was expected. Choose another file.");
  CHECK(message_after([](json& f) { f.erase("pre_tokenizer"); }) ==
        "t.json: the field pre_tokenizer is missing. Choose another file, or add the field.");
  CHECK(message_after([](json& f) { f["version"] = "2.0"; }) ==
        "t.json: version is the text \"2.0\", \"1.0\" was expected. Choose another tokenizer.json.");
  CHECK(message_for("{\"key\": [1, 2]}") ==
        "t.json: the field model is missing. Choose another file, or add the field.");
}

TEST_CASE("tokenizer file: the vocabulary") {
  CHECK(message_after([](json& f) { f["model"].erase("vocab"); }) ==
        "t.json: the field model.vocab is missing. Choose another file, or add the field.");
  CHECK(message_after([](json& f) { f["model"]["vocab"] = {"a", "b"}; }) ==
        "t.json: model.vocab is a list of 2, an object of pieces and their ids was expected. Choose another tokenizer.json.");
  CHECK(message_after([](json& f) { f["model"]["vocab"] = json::object(); }) ==
        "t.json: model.vocab is empty, pieces and their ids were expected. Choose another tokenizer.json.");
  CHECK(message_after([](json& f) { f["model"]["vocab"]["b"] = 6; }) ==
        "t.json: the id 6 stands twice in model.vocab, for \"a\" and \"b\", each id was expected once. Choose another "
        "tokenizer.json.");
  for (const json& id : {json(-1), json(2'000'000), json(18446744073709551615u), json(1.5), json("7"), json(nullptr)}) {
    CHECK(message_after([&](json& f) { f["model"]["vocab"]["b"] = id; }) ==
          cat("t.json: the id of \"b\" in model.vocab is ", id.is_null() ? "null" : id.is_string() ? "the text \"7\"" : "the number " + id.dump(),
              ", a whole number from 0 to 1999999 was expected. Choose another tokenizer.json."));
  }
  std::string twice = test::tiny_tokenizer_json({"abc"}).dump();
  twice.replace(twice.find("\"abc\""), 5, "\"[UNK]\"");
  CHECK(message_for(twice) == "t.json: the key \"[UNK]\" appears twice in one object. Remove one of the two.");
}

TEST_CASE("tokenizer file: the other fields of the model") {
  CHECK(message_after([](json& f) { f["model"]["unk_token"] = "<unk>"; }) ==
        "t.json: model.unk_token is the text \"<unk>\", a piece of model.vocab was expected. Choose another tokenizer.json, "
        "or add the piece.");
  CHECK(message_after([](json& f) { f["model"]["continuing_subword_prefix"] = 2; }) ==
        "t.json: model.continuing_subword_prefix is the number 2, a text was expected. Choose another file, or correct the "
        "field.");
  for (const json& value : {json(-1), json(1001), json(1e9), json(18446744073709551615u)}) {
    CHECK(message_after([&](json& f) { f["model"]["max_input_chars_per_word"] = value; }) ==
          cat("t.json: model.max_input_chars_per_word is the number ", value.dump(),
              ", a whole number from 0 to 1000 was expected. Choose another file, or correct the field."));
  }
  CHECK(message_after([](json& f) { f["normalizer"]["lowercase"] = 1; }) ==
        "t.json: normalizer.lowercase is the number 1, true or false was expected. Choose another file, or correct the field.");
}

TEST_CASE("tokenizer file: added tokens") {
  CHECK(message_after([](json& f) { f["added_tokens"] = 5; }) ==
        "t.json: added_tokens is the number 5, a list was expected. Choose another file, or correct the field.");
  CHECK(message_after([](json& f) { f["added_tokens"][2] = "[SOS]"; }) ==
        "t.json: added_tokens[2] is the text \"[SOS]\", an object was expected. Choose another file.");
  CHECK(message_after([](json& f) { f["added_tokens"][2].erase("lstrip"); }) ==
        "t.json: the field added_tokens[2].lstrip is missing. Choose another file, or add the field.");
  CHECK(message_after([](json& f) { f["added_tokens"][2]["content"] = std::string(1025, 'x'); }) ==
        cat("t.json: added_tokens[2].content is the text \"", std::string(60, 'x'),
            "\u2026\", at most 1024 bytes were expected. Choose another tokenizer.json."));
  CHECK(message_after([](json& f) {
          f["added_tokens"].push_back(test::added_token_json(8, "\u0301"));
          f["added_tokens"].back()["normalized"] = true;
        }) == "t.json: nothing is left of the added token with id 8 after normalization, so it would be found everywhere. Set "
              "its field normalized to false.");
  CHECK(message_after([](json& f) {
          f["model"]["vocab"]["b"] = 9;
          f["added_tokens"].push_back(test::added_token_json(9, "<new>"));
        }) == "no error");
  CHECK(message_after([](json& f) {
          f["model"]["vocab"].erase("a");
          f["added_tokens"].push_back(test::added_token_json(9, "<new>"));
        }) == "t.json: the added token \"<new>\" gets the id 7, which \"b\" has in model.vocab. Number the vocabulary without "
              "gaps.");
}

TEST_CASE("tokenizer file: parts that are not applied are noted") {
  json file = test::tiny_tokenizer_json({});
  file["post_processor"] = {{"type", "TemplateProcessing"}};
  const auto notes = test::tokenizer_of(file).notes();
  REQUIRE(notes.size() == 1);
  CHECK(notes[0] == "The field post_processor is not applied: 4M cuts and pads texts itself and adds [EOS] only.");
}

TEST_CASE("tokenizer file: load names the path") {
  CHECK(message_of([] { TextTokenizer::load("/nowhere/tokenizer.json"); }) ==
        "/nowhere/tokenizer.json: there is no such file. Check the name; a tokenizer.json was expected.");
}

TEST_CASE("tokenizer file: any cut of a valid file is refused") {
  const std::string whole = test::tiny_tokenizer_json({"a"}).dump();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    if (message_for(whole.substr(0, length)).find("t.json: not JSON from byte offset ") != 0) FAIL("cut after " << length);
  }
  CHECK(message_for(whole) == "no error");
}

}  // namespace maskscope
