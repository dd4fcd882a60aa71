#include "tests/data/golden_file.h"

#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>

namespace maskscope::test {

std::string environment_or(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

std::optional<std::string> read_maybe_gzipped(const std::string& path) {
  const std::string found = std::filesystem::exists(path) ? path : path + ".gz";
  // gzopen reads uncompressed files as they are.
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(found.c_str(), "rb"), gzclose);
  if (!file) return std::nullopt;
  std::string content;
  char block[1 << 16];
  int num_bytes = 0;
  while ((num_bytes = gzread(file.get(), block, sizeof block)) > 0) content.append(block, static_cast<std::size_t>(num_bytes));
  if (num_bytes < 0) throw std::runtime_error(found + ": damaged gzip file");
  return content;
}

std::string golden_folder() { return environment_or("MASKSCOPE_GOLDEN_DIR", MASKSCOPE_SOURCE_DIR "/tests/golden"); }

std::string read_golden(std::string_view name) {
  const std::string path = golden_folder() + "/" + std::string(name);
  auto content = read_maybe_gzipped(path);
  if (!content) throw std::runtime_error(path + ": neither this file nor its .gz is there");
  return *std::move(content);
}

}  // namespace maskscope::test
