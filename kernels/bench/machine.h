// What the machine says of itself (Linux: /proc and cgroups).
#pragma once

#include <cstdint>
#include <string>

namespace maskscope {

std::string cpu_model();  // "unknown" where the machine does not tell

// Bytes of this process in memory now; 0 where the machine does not tell.
std::uint64_t resident_bytes();

}  // namespace maskscope
