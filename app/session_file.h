// Session files: the document as one JSON object, and how it was looked at. Written whole or not at all; docs/sessions.md
// describes every field.
//
// {"maskscope_session": 1, "draw_naming": 1, "rng": …, "seed": …, "draw": …, "inputs": {…}, "scheme": {…}, "disabled": […], "view": {…}}
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/document.h"
#include "app/session_view.h"

namespace maskscope {

constexpr int session_format_version = 1;

struct SavedSession {
  Document document;
  std::optional<SessionView> view;   // absent: sessions up to 0.3, and those of scripts
  // What of it could not be restored, whole sentences: file, field, found, expected, what to do, and what takes its place.
  std::vector<std::string> losses;
};

// view: kept with it; null for none. Throws Error when the file cannot be written, or when there is one already that is not a
// session; an existing file then stays as it was.
void save_session(const Document& document, const std::filesystem::path& path, const SessionView* view = nullptr);

// For programs: all or nothing. Throws Error naming file and field: not JSON, not a session, from a newer version, a value out
// of range. losses: only names in "disabled" that the scheme lacks.
SavedSession load_session(const std::filesystem::path& path);

// For people: whatever can be restored is, and losses tell the rest. Throws Error for what is no session at all. Whether the
// files that the inputs name are still there is for restore_inputs (app/session_restore.h).
SavedSession restore_session(const std::filesystem::path& path);

// The same on text; source_name stands for the file in messages. To JSON: throws Error for file names that are
// not UTF-8.
std::string session_to_json(const Document& document, const SessionView* view = nullptr);
SavedSession session_from_json(std::string_view json, std::string_view source_name);
SavedSession restored_from_json(std::string_view json, std::string_view source_name);

// Whether a text looks like a session file (to tell it from a tokenizer.json).
bool is_session_json(std::string_view json);

}  // namespace maskscope
