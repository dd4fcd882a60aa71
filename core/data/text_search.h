// Finding words in the texts of a data set.
#pragma once

#include <string_view>

namespace maskscope {

// Whether text holds wanted, upper and lower case letters alike. Both UTF-8; what is not valid UTF-8 is compared byte by byte.
// An empty wanted is in every text.
bool contains_text(std::string_view text, std::string_view wanted);

}  // namespace maskscope
