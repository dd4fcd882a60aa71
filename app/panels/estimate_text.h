// Numbers that were found by drawing, in words: as many decimals as their standard error allows.
#pragma once

#include <cstdint>
#include <string>

#include "core/tally.h"

namespace maskscope {

// "12.28 %": decimals so that the standard error has one digit. "never", "always" where it was so in all draws.
std::string share_text(const Estimate& share);
// "12.28 % ± 0.09 %"; "never in 131 072 draws"; "in all 131 072 draws".
std::string share_with_error(const Estimate& share);
// "16.03", "16.03 ± 0.04".
std::string mean_text(const Estimate& mean);
std::string mean_with_error(const Estimate& mean);
// How far off a frequency of so many draws may be, at most: half of them. "0.14 %"
std::string greatest_error_text(std::uint64_t draws);

}  // namespace maskscope
