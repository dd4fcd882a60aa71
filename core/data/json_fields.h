// Reading untrusted JSON field by field, with messages that name the field.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace maskscope {

// Parses without ever building more than max_values values or nesting deeper than 16; keys must be unique within their
// object. expected completes the message "… was expected", e.g. "a tokenizer.json".
// Throws Error naming source_name and the byte offset.
nlohmann::json parse_untrusted_json(std::string_view text, std::string_view source_name, std::size_t max_values,
                                    std::string_view expected);

// A value in words for messages: "null", "the text \"BPE\"", "the number 1.5", "a list of 3", "an object".
std::string describe(const nlohmann::json& value);

// One object of a file, and where it stands in it.
class JsonFields {
 public:
  // Throws Error when value is not an object. path: "model"; empty for the file itself.
  JsonFields(const nlohmann::json& value, std::string_view source_name, std::string path);

  bool has(const char* key) const { return value_.contains(key); }
  // The value of a key that must be there.
  const nlohmann::json& at(const char* key) const;
  JsonFields object(const char* key) const { return JsonFields(at(key), source_name_, path_of(key)); }
  const nlohmann::json& list(const char* key) const;
  std::string text(const char* key) const;
  bool flag(const char* key) const;
  // least <= value <= most
  std::int64_t integer(const char* key, std::int64_t least, std::int64_t most) const;

  // "tokenizer.json: model.type is the text "BPE", <expectation>"
  [[noreturn]] void fail(const char* key, std::string_view expectation) const;
  std::string path_of(const char* key) const;

 private:
  const nlohmann::json& value_;
  std::string source_name_;
  std::string path_;
};

}  // namespace maskscope
