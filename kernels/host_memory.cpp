#include "kernels/host_memory.h"

#include <algorithm>
#include <fstream>
#include <string>

namespace maskscope {
namespace {

// The number a file consists of; "max", the word for no limit, is none.
std::optional<std::size_t> number_in(const char* path) {
  std::ifstream file(path);
  std::size_t number = 0;
  if (!(file >> number)) return std::nullopt;
  return number;
}

}  // namespace

std::optional<std::size_t> parse_available_bytes(std::istream& meminfo) {
  std::string word;
  while (meminfo >> word) {
    std::size_t kilobytes = 0;
    if (word == "MemAvailable:") return meminfo >> kilobytes ? std::optional(kilobytes * 1024) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::size_t> available_host_bytes() {
  std::ifstream meminfo("/proc/meminfo");
  std::optional<std::size_t> available = parse_available_bytes(meminfo);
  const auto limit = number_in("/sys/fs/cgroup/memory.max"), used = number_in("/sys/fs/cgroup/memory.current");
  if (limit && used) {
    const std::size_t left = *limit > *used ? *limit - *used : 0;
    available = available ? std::min(*available, left) : left;
  }
  return available;
}

}  // namespace maskscope
