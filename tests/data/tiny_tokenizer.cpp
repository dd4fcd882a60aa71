#include "tests/data/tiny_tokenizer.h"

namespace maskscope::test {

using nlohmann::json;

json added_token_json(int id, const std::string& content) {
  return {{"id", id},         {"content", content},  {"single_word", false}, {"lstrip", false},
          {"rstrip", false}, {"normalized", false}, {"special", true}};
}

json tiny_tokenizer_json(const std::vector<std::string>& pieces) {
  json vocabulary = json::object();
  json added = json::array();
  int id = 0;
  for (const char* special : {"[PAD]", "[UNK]", "[SOS]", "[EOS]", "[S_0]", "[S_1]"}) {
    added.push_back(added_token_json(id, special));
    added.back()["single_word"] = id >= 4;
    vocabulary[special] = id++;
  }
  for (const std::string& piece : pieces) vocabulary[piece] = id++;
  return {{"version", "1.0"},
          {"truncation", nullptr},
          {"padding", nullptr},
          {"added_tokens", added},
          {"normalizer",
           {{"type", "BertNormalizer"},
            {"clean_text", true},
            {"handle_chinese_chars", true},
            {"strip_accents", nullptr},
            {"lowercase", true}}},
          {"pre_tokenizer", {{"type", "BertPreTokenizer"}}},
          {"post_processor", nullptr},
          {"decoder", nullptr},
          {"model",
           {{"type", "WordPiece"},
            {"unk_token", "[UNK]"},
            {"continuing_subword_prefix", "##"},
            {"max_input_chars_per_word", 100},
            {"vocab", vocabulary}}}};
}

TextTokenizer tokenizer_of(const json& file) { return TextTokenizer::parse(file.dump(), "tiny.json"); }

}  // namespace maskscope::test
