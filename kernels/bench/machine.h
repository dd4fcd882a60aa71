// What the machine says of itself (Linux: /proc and cgroups).
#pragma once

#include <cstdint>
#include <string>

namespace maskscope {

std::string cpu_model();  // "unknown" where the machine does not tell

// Bytes that can be allocated without pushing others out; 0 where the machine does not tell.
std::uint64_t available_memory_bytes();

// Bytes of this process in memory now; 0 where the machine does not tell.
std::uint64_t resident_bytes();

}  // namespace maskscope
