// Small tokenizer files for tests: a valid one, and changes to it.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/data/text_tokenizer.h"
#include "core/error.h"

namespace maskscope::test {

// [PAD] 0, [UNK] 1, [SOS] 2, [EOS] 3, [S_0] 4, [S_1] 5, then pieces from 6. Added tokens: those six, as in 4M's file.
nlohmann::json tiny_tokenizer_json(const std::vector<std::string>& pieces);

// An entry of added_tokens with all flags false.
nlohmann::json added_token_json(int id, const std::string& content);

TextTokenizer tokenizer_of(const nlohmann::json& file);

// The sentence a call throws as maskscope::Error; "no error" when it returns.
template <class Call>
std::string message_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace maskscope::test
