// Finds shaders and assets at run time: in the build tree and in any install prefix.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace maskscope {

// Folders searched, in this order: $MASKSCOPE_RESOURCES, ../share/maskscope beside the executable's
// folder, the source tree this program was built from.
std::vector<std::filesystem::path> resource_roots();

// resource_path("shaders/token.vert"), resource_path("assets/tokenizer.json"). Throws Error naming the folders
// searched when none has it.
std::filesystem::path resource_path(std::string_view relative);

// Whole file as bytes, at most max_bytes. Throws Error when it is missing, unreadable or larger.
std::string read_resource(std::string_view relative, std::size_t max_bytes = 64u << 20);

}  // namespace maskscope
