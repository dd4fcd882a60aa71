// How much memory the host can still give, so that a batch too large for it is refused in a sentence: an
// overcommitting system would hand the memory out, and end the program when it is used.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <optional>

namespace maskscope {

// MemAvailable of Linux, and what is left of the limit of the program's control group. nullopt where there is neither.
std::optional<std::size_t> available_host_bytes();

// The number of bytes in the line "MemAvailable: 123 kB" of a text like /proc/meminfo. nullopt: no such line.
std::optional<std::size_t> parse_available_bytes(std::istream& meminfo);

}  // namespace maskscope
