#include <algorithm>
#include <iostream>
#include <memory>

#include "app/commands/commands.h"
#include "app/commands/options.h"
#include "app/commands/screen.h"
#include "app/commands/state_file.h"
#include "app/session_file.h"
#include "app/window/app_window.h"
#include "core/error.h"

namespace maskscope::commands {
namespace {

// Opens the named inputs one by one: what can't be opened becomes a sentence, the rest is shown all the same.
void open_one_by_one(Session& session, const SharedOptions& shared) {
  if (shared.image) session.apply(edits::open_photo(*shared.image));
  if (shared.text) session.apply(edits::set_text(*shared.text));
  if (shared.text_file) session.apply(edits::open_text_file(*shared.text_file));
  if (shared.tokenizer) session.apply(edits::open_tokenizer(*shared.tokenizer));
}

// rest_of_files: what could not be opened together and is still to be opened one by one, once there is a window.
std::unique_ptr<Session> make_session(const SharedOptions& shared, std::vector<std::string>& rest_of_files) {
  try {
    return std::make_unique<Session>(make_backend(shared), make_document(shared));
  } catch (const Error&) {
    SharedOptions rest = shared;
    rest.image.reset();
    rest.text.reset();
    rest.text_file.reset();
    rest.tokenizer.reset();
    rest.files.clear();
    rest.data.reset();
    rest.config.reset();
    rest.config_dataset.reset();
    rest.split.reset();
    rest.sample.reset();
    // Throws again when no input was at fault: a wrong option ends the program.
    auto session = std::make_unique<Session>(make_backend(rest), make_document(rest));
    open_one_by_one(*session, shared);
    rest_of_files = shared.files;
    if (shared.data) rest_of_files.push_back(*shared.data);
    if (shared.config) rest_of_files.push_back(*shared.config);
    return session;
  }
}

// Returns the sentence that says where the session went.
std::string save_after_lost_display(const Session& session) {
  const std::filesystem::path path = autosave_path();
  std::error_code ignored;
  std::filesystem::create_directories(path.parent_path(), ignored);
  save_session(session.document(), path);
  return cat("The session was saved; open it again with: maskscope ", path.string());
}

}  // namespace

int view(const Arguments& arguments) {
  CLI::App app("Opens the window. Without files it shows the bundled scene.", "view");
  SharedOptions shared;
  add_shared_options(app, shared);
  std::string theme = "dark";
  double text_size = 1.0;
  app.add_option("--theme", theme, "dark or light")->type_name("dark|light")->check(CLI::IsMember({"dark", "light"}));
  app.add_option("--text-size", text_size, "size of text and controls, on top of the monitor's scale")->type_name("X")->check(factor_between(0.75, 3.0));
  if (const auto code = parse(app, arguments)) return *code;

  std::vector<std::string> rest_of_files;
  const std::unique_ptr<Session> owned_session = make_session(shared, rest_of_files);
  Session& session = *owned_session;
  AppWindow window({.title = "maskscope",
                    .theme = theme == "dark" ? ThemeKind::dark : ThemeKind::light,
                    .text_size = static_cast<float>(text_size)});
  Screen screen(session, window.gui());
  screen.view().theme = theme == "dark" ? ThemeKind::dark : ThemeKind::light;
  screen.view().text_size = static_cast<float>(text_size);

  window.set_ui_text(Screen::ui_text());
  StateFile state_file;
  MainView& main_view = screen.main_view();
  main_view.browser().set_wake([&window] { window.wake(); });
  main_view.open_files(session, rest_of_files);
  window.on_drop([&](const std::vector<std::string>& paths) { main_view.open_files(session, paths); });
  window.on_lost_display([&] { return save_after_lost_display(session); });
  std::size_t spoken = 0;
  std::uint64_t text_revision = ~std::uint64_t{0};
  window.run([&](GuiRenderer& gui, float) {
    if (session.revision() != text_revision) {
      text_revision = session.revision();
      window.set_extra_text(screen.extra_text());
    }
    const Pointed before = screen.view().hovered;
    const std::uint64_t revision = session.revision();
    screen.draw(gui, /*shows_timing=*/true);
    if (!(screen.view().hovered == before) || session.revision() != revision) window.request_frames(1);
    window.set_theme(screen.view().theme);
    window.set_text_size(screen.view().text_size);
    // Every failure is also a sentence on stderr.
    const auto& messages = session.messages();
    spoken = std::min(spoken, messages.size());
    for (; spoken < messages.size(); ++spoken) {
      if (messages[spoken].level == MessageLevel::error) std::cerr << "maskscope: " << messages[spoken].sentence << '\n';
    }
    state_file.write(window, session, screen.view(), screen.widgets());
    if (screen.view().is_quit_wanted) window.close();
  });
  return exit_fine;
}

}  // namespace maskscope::commands
