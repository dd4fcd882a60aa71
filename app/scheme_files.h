// Writing schemes to files.
#pragma once

#include <filesystem>

#include "app/session.h"

namespace maskscope {

// A scheme file of its own. Throws Error when it can't be written, or when there is a file that is none.
void save_scheme(const Scheme& scheme, const std::filesystem::path& path);

// The numbers of the document's scheme into the files of the configuration that is open; what did not change there stays byte
// for byte. Says in the session what was written, or why nothing was.
void update_config_files(Session& session);

}  // namespace maskscope
