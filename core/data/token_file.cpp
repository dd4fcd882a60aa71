#include "core/data/token_file.h"

#include <limits>

#include "core/data/json_fields.h"
#include "core/data/text_file.h"
#include "core/error.h"

namespace maskscope {
namespace {

using nlohmann::json;

constexpr std::size_t max_file_bytes = std::size_t{64} << 20;
constexpr std::size_t max_values = 4'000'000;
constexpr std::int64_t largest = std::numeric_limits<std::int32_t>::max();

// Names file and modality in front of what is wrong.
class TokenReader {
 public:
  TokenReader(std::string_view source_name, const std::string& modality) : where_(cat(source_name, ", modality ", modality)) {}

  ModalityTokens read(const json& value) const {
    ModalityTokens tokens;
    tokens.is_present = true;
    if (value.is_object()) {
      const JsonFields fields(value, where_, "");
      if (value.size() != 1 || !value.contains("rows")) fail(value, "{\"rows\": n} was expected for embedding vectors");
      tokens.num_rows = static_cast<int>(fields.integer("rows", 0, largest));
      return tokens;
    }
    if (!value.is_array()) fail(value, "a list of ids, a list of such lists (chunks), or {\"rows\": n} was expected");
    const bool is_chunked = !value.empty() && value.front().is_array();
    if (!is_chunked) {
      add_ids(value, "", tokens);
      return tokens;
    }
    for (std::size_t c = 0; c < value.size(); ++c) {
      if (!value[c].is_array()) fail(value[c], cat("chunk ", c, " must be a list of ids like the first one"));
      add_ids(value[c], cat(" of chunk ", c), tokens);
      tokens.chunk_lengths.push_back(static_cast<std::int32_t>(value[c].size()));
    }
    return tokens;
  }

 private:
  void add_ids(const json& list, const std::string& of_chunk, ModalityTokens& tokens) const {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const json& id = list[i];
      const bool is_id = id.is_number_integer() && id >= 0 && id <= largest;
      if (!is_id) fail(id, cat("the id at position ", i, of_chunk, " must be a whole number from 0 to ", largest));
      tokens.ids.push_back(id.get<std::int32_t>());
    }
  }
  [[noreturn]] void fail(const json& found, const std::string& expected) const {
    throw Error(cat(where_, ": found ", describe(found), "; ", expected, ". See maskscope mask --help."));
  }

  std::string where_;
};

}  // namespace

NamedTokens parse_token_file(std::string_view text, std::string_view source_name) {
  const json document = parse_untrusted_json(text, source_name, max_values, "a JSON object of token ids by modality");
  if (!document.is_object()) {
    throw Error(cat(source_name, ": found ", describe(document), ", expected an object of token ids by modality, e.g. "
                    "{\"caption\": [7592, 2088]}."));
  }
  NamedTokens tokens;
  for (const auto& [modality, value] : document.items()) tokens.emplace(modality, TokenReader(source_name, modality).read(value));
  return tokens;
}

NamedTokens read_token_file(const std::filesystem::path& path) {
  return parse_token_file(read_file_bytes(path, max_file_bytes, "a file of token ids"), path.string());
}

}  // namespace maskscope
