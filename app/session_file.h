// Session files: the document as one JSON object. Written whole or not at all.
//
// {"maskscope_session": 1, "draw_naming": 1, "seed": …, "draw": …, "inputs": {…}, "scheme": {…}, "disabled": […]}
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "app/document.h"

namespace maskscope {

constexpr int session_format_version = 1;

// Throws Error when the file cannot be written, or when there is one already that is not a session; an existing file then
// stays as it was.
void save_session(const Document& document, const std::filesystem::path& path);

// Throws Error naming file and field: not JSON, not a session, from a newer version, a value out of range.
Document load_session(const std::filesystem::path& path);

// The same on text; source_name stands for the file in messages. To JSON: throws Error for file names that are
// not UTF-8.
std::string session_to_json(const Document& document);
Document session_from_json(std::string_view json, std::string_view source_name);

// Whether a text looks like a session file (to tell it from a tokenizer.json).
bool is_session_json(std::string_view json);

// $XDG_STATE_HOME/maskscope/autosave.json, or below ~/.local/state: what is written when the display is lost.
std::filesystem::path autosave_path();

}  // namespace maskscope
