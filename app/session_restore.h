// What a session names and is no longer there: files, folders, samples.
#pragma once

#include <stop_token>
#include <string>

#include "app/session_file.h"

namespace maskscope {

// Replaces what can't be loaded: a tokenizer by the bundled one, a sample number by 0, every other input by the bundled scene. A
// scheme that fits none of what is left becomes the default one. Each replacement is a sentence in losses. source_name: the file
// of the session, for them. Looks at the disk: for a thread of its own where a data set may be slow.
void restore_inputs(SavedSession& session, const std::string& source_name, std::stop_token stop = {});

}  // namespace maskscope
