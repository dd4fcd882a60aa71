// What the window keeps from one run to the next: the settings, the files opened last, and the session of a run that ends badly.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/autosave.h"
#include "app/commands/screen.h"
#include "app/session_view.h"
#include "app/settings.h"
#include "app/window/app_window.h"

namespace maskscope::commands {

// From the command line: for this run, not remembered. Empty, 0: as last time.
struct ViewOverrides {
  std::string theme, language;
  float text_size = 0;
};

class ViewHabits {
 public:
  explicit ViewHabits(const ViewOverrides& overrides);

  const Settings& settings() const { return settings_; }
  ThemeKind first_theme() const;
  float first_text_size() const;

  // Before the first frame: sets the view, and offers what an earlier run left. What can't be used is said to the session.
  void begin(Session& session, Screen& screen);
  // After every frame: notices what changed and saves what is due. Returns in how many seconds to come again; 0: when
  // something changes.
  double save(const AppWindow& window, Session& session, Screen& screen);
  // The window is closed, and nothing is to be restored.
  void end(const AppWindow& window, Session& session, Screen& screen);
  // Returns the sentence that says where the session went. Throws Error.
  std::string save_after_lost_display(const Session& session, const ViewState& view) const;

 private:
  void notice_view(const ViewState& view);
  void notice_window(const AppWindow& window);
  bool has_session_changed(const Session& session, const ViewState& view);
  double save_settings_when_due(double now, Session& session);
  void write_settings(Session& session);

  ViewOverrides overrides_;
  std::filesystem::path settings_path_;
  Settings settings_, saved_settings_;
  std::vector<std::string> sentences_;  // of reading the settings
  ViewState noticed_;                   // as of the last frame
  bool are_settings_changed_ = false, is_settings_failure_said_ = false;
  double settings_changed_at_ = 0;      // s

  Autosave autosave_;
  Document document_;                   // as of the last frame
  SessionView view_;
  std::uint64_t revision_ = 0, change_ = 0;
};

}  // namespace maskscope::commands
