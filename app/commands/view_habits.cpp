#include "app/commands/view_habits.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <system_error>

#include "app/panels/view_memory.h"
#include "app/session_file.h"
#include "core/error.h"

namespace maskscope::commands {
namespace {

namespace fs = std::filesystem;

// A handle that is dragged changes something in every frame: written once it rests.
constexpr double settings_delay_seconds = 1;

double steady_seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

std::string time_of(const fs::path& path) {
  std::error_code failure;
  const fs::file_time_type written = fs::last_write_time(path, failure);
  if (failure) return "?";
  const std::time_t seconds = std::chrono::system_clock::to_time_t(std::chrono::file_clock::to_sys(written));
  std::tm local{};
  char text[32] = "?";
  if (localtime_r(&seconds, &local)) std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &local);
  return text;
}

}  // namespace

ViewHabits::ViewHabits(const ViewOverrides& overrides) : overrides_(overrides), settings_path_(settings_path()) {
  const LoadedSettings loaded = load_settings(settings_path_);
  settings_ = saved_settings_ = loaded.settings;
  sentences_ = loaded.sentences;
}

ThemeKind ViewHabits::first_theme() const {
  if (!overrides_.theme.empty()) return overrides_.theme == "light" ? ThemeKind::light : ThemeKind::dark;
  return settings_.is_light ? ThemeKind::light : ThemeKind::dark;
}

float ViewHabits::first_text_size() const { return overrides_.text_size > 0 ? overrides_.text_size : settings_.text_size; }

void ViewHabits::begin(Session& session, Screen& screen) {
  ViewState& view = screen.view();
  view.theme = first_theme();
  view.text_size = first_text_size();
  view.language = settings_.language;
  if (!overrides_.language.empty()) view.language = overrides_.language == "zh" ? Language::chinese : Language::english;
  view.is_motion_reduced = settings_.is_motion_reduced;
  view.bottom_share = settings_.bottom_share;
  view.lesson = settings_.lesson;
  view.lesson_page = settings_.lesson_page;
  view.finished_lessons = static_cast<std::uint8_t>(settings_.finished_lessons);
  screen.main_view().browser().recent() = settings_.recent;
  noticed_ = view;
  for (const std::string& sentence : sentences_) session.say(MessageLevel::warning, sentence);

  if (const auto& left = autosave_.left()) {
    screen.main_view().offer({.path = left->string(), .when = time_of(*left), .restored = [this] { autosave_.adopt_left(); }, .discarded = [this] { autosave_.drop_left(); }});
  }
}

void ViewHabits::notice_view(const ViewState& view) {
  // Only what was changed in this run: what the command line said is not remembered.
  if (view.theme != noticed_.theme) settings_.is_light = view.theme == ThemeKind::light;
  if (view.text_size != noticed_.text_size) settings_.text_size = std::clamp(view.text_size, 0.75f, 3.0f);
  if (view.language != noticed_.language) settings_.language = view.language;
  settings_.is_motion_reduced = view.is_motion_reduced;
  settings_.bottom_share = view.bottom_share;
  settings_.lesson = view.lesson;
  settings_.lesson_page = view.lesson_page;
  settings_.finished_lessons = view.finished_lessons;
  noticed_ = view;
}

void ViewHabits::notice_window(const AppWindow& window) {
  const auto at_scale_1 = [&](int px) { return std::clamp(static_cast<int>(std::lround(static_cast<double>(px) / window.monitor_scale())), 1, 16384); };
  if (window.width() <= 0 || window.height() <= 0) return;  // minimised
  settings_.window_width = at_scale_1(window.width());
  settings_.window_height = at_scale_1(window.height());
}

double ViewHabits::save_settings_when_due(double now, Session& session) {
  if (settings_ == saved_settings_) {
    are_settings_changed_ = false;
    return 0;
  }
  if (!are_settings_changed_) settings_changed_at_ = now;
  are_settings_changed_ = true;
  const double rest = settings_changed_at_ + settings_delay_seconds - now;
  if (rest > 0) return rest;
  write_settings(session);
  return 0;
}

void ViewHabits::write_settings(Session& session) {
  saved_settings_ = settings_;  // also where it fails: it is tried again when something changes
  are_settings_changed_ = false;
  try {
    save_settings(settings_, settings_path_);
    is_settings_failure_said_ = false;
  } catch (const Error& error) {
    if (!is_settings_failure_said_) session.say(MessageLevel::warning, error.what());
    is_settings_failure_said_ = true;
  }
}

bool ViewHabits::has_session_changed(const Session& session, const ViewState& view) {
  bool is_changed = false;
  if (session.revision() != revision_) {  // grows with messages too
    revision_ = session.revision();
    is_changed = !(session.document() == document_);
    if (is_changed) document_ = session.document();
  }
  const SessionView seen = to_session_view(view);
  if (!(seen == view_)) {
    view_ = seen;
    is_changed = true;
  }
  return is_changed;
}

double ViewHabits::save(const AppWindow& window, Session& session, Screen& screen) {
  notice_view(screen.view());
  notice_window(window);
  settings_.recent = screen.main_view().browser().recent();
  const double now = steady_seconds();
  const double settings_rest = save_settings_when_due(now, session);
  if (has_session_changed(session, screen.view())) ++change_;
  const double session_rest = autosave_.save(change_, now, [&] { return session_to_json(session.document(), &view_); });
  const std::string problem = autosave_.take_problem();
  if (!problem.empty()) session.say(MessageLevel::warning, problem);
  if (settings_rest <= 0 || session_rest <= 0) return std::max(settings_rest, session_rest);
  return std::min(settings_rest, session_rest);
}

void ViewHabits::end(const AppWindow& window, Session& session, Screen& screen) {
  notice_view(screen.view());
  notice_window(window);
  settings_.recent = screen.main_view().browser().recent();
  if (!(settings_ == saved_settings_)) write_settings(session);
  autosave_.close();
}

std::string ViewHabits::save_after_lost_display(const Session& session, const ViewState& view) const {
  const fs::path path = autosave_.path().empty() ? autosave_path() : autosave_.path();
  std::error_code ignored;
  fs::create_directories(path.parent_path(), ignored);
  const SessionView seen = to_session_view(view);
  save_session(session.document(), path, &seen);
  return cat("The session was saved; open it again with: maskscope ", path.string());
}

}  // namespace maskscope::commands
