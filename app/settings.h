// What the window remembers of its user from one start to the next: $XDG_CONFIG_HOME/maskscope/settings.json.
// Sessions (app/session_file.h) hold what is looked at, settings how this person likes to look.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/i18n/translate.h"
#include "app/recent_files.h"

namespace maskscope {

constexpr int settings_format_version = 1;

struct Settings {
  bool is_light = false;            // the theme
  Language language = Language::english;
  float text_size = 1.0f;           // 0.75 .. 3, on top of the monitor's scale
  bool is_motion_reduced = false;
  float bottom_share = 0;           // 0, or 0.05 .. 0.95: see ViewState
  int window_width = 1600;          // px at scale 1; 1 .. 16384
  int window_height = 900;
  int lesson = 0, lesson_page = 0;  // where the lessons were left, from 0
  int finished_lessons = 0;         // bit i: chapter i; 0 .. 255
  RecentFiles recent;
  bool operator==(const Settings&) const = default;
};

// Of a first start: the language is that of LC_ALL, LC_MESSAGES or LANG, whichever is set first.
Settings first_settings();

// Below ~/.config where XDG_CONFIG_HOME is not set.
std::filesystem::path settings_path();

struct LoadedSettings {
  Settings settings;
  std::vector<std::string> sentences;  // what could not be used: file, field, found, expected; and where the file is kept
};

// Never fails: whatever can't be used is as at a first start. A file of which something can't be used, or which a newer version
// wrote, is copied beside itself (settings.json.broken, settings.json.broken-2 …) before anything replaces it.
LoadedSettings load_settings(const std::filesystem::path& path);

// Makes the folder too. The file appears complete or not at all. Throws Error naming the path.
void save_settings(const Settings& settings, const std::filesystem::path& path);

}  // namespace maskscope
