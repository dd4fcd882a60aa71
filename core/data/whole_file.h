// Writing a file so that nobody who reads it finds half of it.
#pragma once

#include <filesystem>
#include <string_view>

namespace maskscope {

// Appears complete or not at all; a device or pipe is written as it is. what: "the masks", for messages. Throws Error naming
// the path: no such folder, not writable, no room, a folder itself.
void write_whole_file(const std::filesystem::path& path, std::string_view bytes, std::string_view what);

}  // namespace maskscope
