// The names of edits in the language of the window.
#pragma once

#include <string>
#include <string_view>

namespace maskscope {

// name: as in Edit::name; "input alpha of caption" becomes what tr says for "input alpha of {0}", with the modality in it. What is
// not known stays as it is.
std::string edit_name(std::string_view name);

}  // namespace maskscope
