// The one exception type: something the user can put right. Caught at the edge (a command, an engine
// job, a drop on the window) and shown as it stands. Mistakes of the programmer are asserts instead.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

namespace maskscope {

// what() is complete sentences: where (file, field, modality, byte), what was found, what was expected,
// what to do. Example:
//   throw Error("photo.png: the file ends in the middle of the picture. Copy or save it again.");
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Concatenates anything that can be written to a stream: cat("slot ", 7, " of ", 196).
template <class... Parts>
std::string cat(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}

}  // namespace maskscope
