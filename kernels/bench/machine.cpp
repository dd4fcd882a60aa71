#include "kernels/bench/machine.h"

#include <fstream>
#include <optional>

namespace maskscope {
namespace {

// What stands behind "key…:" in a file of lines "key   : value".
std::optional<std::string> value_of(const char* path, const std::string& key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(key, 0) != 0) continue;
    const std::size_t begin = line.find_first_not_of(" \t", line.find(':') + 1);
    return begin == std::string::npos ? "" : line.substr(begin);
  }
  return std::nullopt;
}

// Files of kibibytes: "1234 kB".
std::uint64_t kibibytes_of(const char* path, const std::string& key) {
  const auto text = value_of(path, key);
  return text && !text->empty() ? std::stoull(*text) * 1024 : 0;
}

}  // namespace

std::string cpu_model() { return value_of("/proc/cpuinfo", "model name").value_or("unknown"); }

std::uint64_t resident_bytes() { return kibibytes_of("/proc/self/status", "VmRSS"); }

}  // namespace maskscope
