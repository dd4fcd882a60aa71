// The recorded outputs of the reference: MASKSCOPE_GOLDEN_DIR (environment, else the source tree's tests/golden),
// NAME.json or NAME.json.gz.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace maskscope {

inline std::string golden_directory() {
  const char* const directory = std::getenv("MASKSCOPE_GOLDEN_DIR");
  return directory && *directory ? directory : MASKSCOPE_GOLDEN_DIR;
}

// Whether another recording of the same form is read, which need not reach the same branches.
inline bool is_other_recording() { return golden_directory() != MASKSCOPE_GOLDEN_DIR; }

// nullopt and a line "SKIPPED: …" when there is no such file.
inline std::optional<nlohmann::json> load_golden(const std::string& name) {
  for (const char* const suffix : {".json", ".json.gz"}) {
    const std::string path = golden_directory() + "/" + name + suffix;
    const gzFile file = gzopen(path.c_str(), "rb");  // reads plain files too
    if (!file) continue;
    std::string text;
    std::vector<char> part(1 << 16);
    int count = 0;
    while ((count = gzread(file, part.data(), static_cast<unsigned>(part.size()))) > 0) {
      text.append(part.data(), static_cast<std::size_t>(count));
    }
    gzclose(file);
    if (count < 0) throw std::runtime_error(path + " cannot be read");
    return nlohmann::json::parse(text);
  }
  std::cout << "SKIPPED: " << name << ".json is not in " << golden_directory() << "\n";
  return std::nullopt;
}

// "0110" -> 0 1 1 0
template <class T>
std::vector<T> digits(const std::string& text) {
  std::vector<T> values;
  for (const char digit : text) values.push_back(static_cast<T>(digit - '0'));
  return values;
}

// [[i, v], …] -> a vector of n with the entries set.
inline std::vector<std::int32_t> from_sparse(const nlohmann::json& entries, std::size_t n) {
  std::vector<std::int32_t> values(n);
  for (const auto& entry : entries) values.at(entry[0].get<std::size_t>()) = entry[1].get<std::int32_t>();
  return values;
}

}  // namespace maskscope
