// SHA-256 (FIPS 180-4), for modality ids. Not for secrets.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace maskscope {

// The 32 bytes of the digest, most significant first.
std::array<std::uint8_t, 32> sha256(std::string_view message);

}  // namespace maskscope
