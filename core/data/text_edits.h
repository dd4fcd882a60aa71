// Changes at places of a YAML text that leave everything else as it is.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/data/config_reading.h"

namespace maskscope {

class TextEdits {
 public:
  // Puts value where place is: a scalar's characters, within its quotes if it has some, or one part of inline alphas. text: of
  // the file. what names the value in messages. Throws Error when the place can't hold it, or is to become something else too.
  void replace(const NumberPlace& place, const std::string& text, const std::string& value, std::string_view what);
  // The text of a file with its changes.
  std::string applied(const std::filesystem::path& file, const std::string& text) const;
  // All files with changes.
  std::vector<std::filesystem::path> files() const;

 private:
  struct Edit {
    std::size_t length = 0;
    std::string value;
  };
  std::map<std::filesystem::path, std::map<std::size_t, Edit>> edits_;  // by offset
};

}  // namespace maskscope
