#include "core/data/tokenizer_file.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <unordered_map>

#include "core/data/json_fields.h"
#include "core/error.h"

namespace maskscope {
namespace {

using nlohmann::json;

// As AddedVocabulary::add_tokens in the tokenizers library numbers tokens: content that is in the vocabulary keeps its
// id there; other content gets the next free one, whatever id the file states.
class IdGiver {
 public:
  IdGiver(const TokenizerFile& file, std::string_view source_name) : source_name_(source_name) {
    for (const auto& [piece, id] : file.vocabulary) {
      id_of_.emplace(piece, id);
      piece_of_.emplace(id, piece);
    }
    next_id_ = static_cast<std::int64_t>(file.vocabulary.size());
  }

  std::int32_t id_for(const std::string& content) {
    const auto known = id_of_.find(content);
    if (known != id_of_.end()) return known->second;
    if (next_id_ > max_token_id) {
      throw Error(cat(source_name_, ": the ids of added_tokens pass ", max_token_id, ". Choose another file."));
    }
    const auto id = static_cast<std::int32_t>(next_id_++);
    const auto [owner, is_new] = piece_of_.emplace(id, content);
    if (!is_new) {
      throw Error(cat(source_name_, ": the added token \"", content, "\" gets the id ", id, ", which \"", owner->second,
                      "\" has in model.vocab. Number the vocabulary without gaps."));
    }
    id_of_.emplace(content, id);
    return id;
  }

 private:
  std::string_view source_name_;
  std::unordered_map<std::string, std::int32_t> id_of_;
  std::unordered_map<std::int32_t, std::string> piece_of_;
  std::int64_t next_id_ = 0;
};

void require_type(const JsonFields& part, const char* expected) {
  if (part.text("type") != expected) {
    part.fail("type", cat("\"", expected, "\" was expected: 4M's text is made by WordPiece with BertNormalizer and "
                          "BertPreTokenizer, and only that can be loaded. Choose another tokenizer.json."));
  }
}

BertNormalizer read_normalizer(const JsonFields& fields) {
  require_type(fields, "BertNormalizer");
  BertNormalizer normalizer;
  normalizer.clean_text = fields.flag("clean_text");
  normalizer.handle_chinese_chars = fields.flag("handle_chinese_chars");
  normalizer.lowercase = fields.flag("lowercase");
  const bool follows_lowercase = !fields.has("strip_accents") || fields.at("strip_accents").is_null();
  normalizer.strip_accents = follows_lowercase ? normalizer.lowercase : fields.flag("strip_accents");
  return normalizer;
}

void read_model(const JsonFields& model, std::string_view source_name, TokenizerFile& file) {
  if (model.has("type")) require_type(model, "WordPiece");  // files of the first versions don't say it
  const json& vocabulary = model.at("vocab");
  if (!vocabulary.is_object()) {
    model.fail("vocab", "an object of pieces and their ids was expected. Choose another tokenizer.json.");
  }
  if (vocabulary.empty()) {
    throw Error(cat(source_name, ": model.vocab is empty, pieces and their ids were expected. Choose another tokenizer.json."));
  }
  for (const auto& [piece, id] : vocabulary.items()) {
    if (!id.is_number_integer() || id < 0 || id > max_token_id) {
      throw Error(cat(source_name, ": the id of \"", piece, "\" in model.vocab is ", describe(id), ", a whole number from 0 to ",
                      max_token_id, " was expected. Choose another tokenizer.json."));
    }
    file.vocabulary.emplace_back(piece, id.get<std::int32_t>());
  }
  const auto by_id = [](const auto& a, const auto& b) { return a.second < b.second; };
  std::stable_sort(file.vocabulary.begin(), file.vocabulary.end(), by_id);
  const auto twice = std::adjacent_find(file.vocabulary.begin(), file.vocabulary.end(),
                                        [](const auto& a, const auto& b) { return a.second == b.second; });
  if (twice != file.vocabulary.end()) {
    throw Error(cat(source_name, ": the id ", twice->second, " stands twice in model.vocab, for \"", twice->first, "\" and \"",
                    std::next(twice)->first, "\", each id was expected once. Choose another tokenizer.json."));
  }
  file.unknown_piece = model.text("unk_token");
  if (!vocabulary.contains(file.unknown_piece)) {
    model.fail("unk_token", "a piece of model.vocab was expected. Choose another tokenizer.json, or add the piece.");
  }
  file.continuing_prefix = model.text("continuing_subword_prefix");
  file.max_chars_per_word =
      static_cast<std::size_t>(model.integer("max_input_chars_per_word", 0, static_cast<std::int64_t>(max_word_chars_limit)));
}

void read_added_tokens(const json& list, std::string_view source_name, TokenizerFile& file) {
  IdGiver ids(file, source_name);
  std::unordered_map<std::string, std::size_t> place_of;  // content -> index in file.added_tokens
  for (std::size_t i = 0; i < list.size(); ++i) {
    const JsonFields fields(list[i], source_name, cat("added_tokens[", i, "]"));
    const auto stated_id = fields.integer("id", 0, std::numeric_limits<std::uint32_t>::max());
    AddedToken token;
    token.content = fields.text("content");
    if (token.content.size() > max_added_token_bytes) {
      fields.fail("content", cat("at most ", max_added_token_bytes, " bytes were expected. Choose another tokenizer.json."));
    }
    token.single_word = fields.flag("single_word");
    token.lstrip = fields.flag("lstrip");
    token.rstrip = fields.flag("rstrip");
    token.normalized = fields.flag("normalized");
    token.special = fields.flag("special");
    if (token.content.empty()) {
      file.notes.push_back(cat("added_tokens[", i, "] is empty and can't be found in any text."));
      continue;
    }
    token.id = ids.id_for(token.content);
    if (token.id != stated_id) {
      file.notes.push_back(cat("The added token \"", token.content, "\" states the id ", stated_id, " but gets ", token.id,
                               ", as in the tokenizers library."));
    }
    const auto [place, is_new] = place_of.emplace(token.content, file.added_tokens.size());
    if (is_new) {
      file.added_tokens.push_back(std::move(token));
    } else {
      file.added_tokens[place->second] = std::move(token);  // the later one counts
    }
  }
}

}  // namespace

TokenizerFile parse_tokenizer_file(std::string_view text, std::string_view source_name) {
  if (text.size() > max_tokenizer_bytes) {
    throw Error(cat(source_name, ": ", text.size(), " bytes long, at most ", max_tokenizer_bytes,
                    " bytes are read from a tokenizer.json. Choose another file."));
  }
  constexpr const char* expected = "a tokenizer.json as the HuggingFace tokenizers library writes it";
  const json content = parse_untrusted_json(text, source_name, max_tokenizer_values, expected);
  const JsonFields fields(content, source_name, "");
  if (fields.has("version") && fields.text("version") != "1.0") {
    fields.fail("version", "\"1.0\" was expected. Choose another tokenizer.json.");
  }

  // The model first: of a file for another model its type is the most useful thing to say.
  TokenizerFile file;
  read_model(fields.object("model"), source_name, file);
  file.normalizer = read_normalizer(fields.object("normalizer"));
  require_type(fields.object("pre_tokenizer"), "BertPreTokenizer");
  if (fields.has("added_tokens")) read_added_tokens(fields.list("added_tokens"), source_name, file);

  for (const char* key : {"truncation", "padding", "post_processor"}) {
    if (fields.has(key) && !fields.at(key).is_null()) {
      file.notes.push_back(cat("The field ", key, " is not applied: 4M cuts and pads texts itself and adds [EOS] only."));
    }
  }
  return file;
}

}  // namespace maskscope
