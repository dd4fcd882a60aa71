#include <algorithm>
#include <iostream>
#include <memory>

#include "app/commands/commands.h"
#include "app/commands/options.h"
#include "app/commands/picture_saver.h"
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

// The options without those that name inputs.
SharedOptions without_inputs(SharedOptions options) {
  for (auto* option : {&options.image, &options.text, &options.text_file, &options.tokenizer, &options.data, &options.config,
                       &options.config_dataset, &options.split, &options.sample}) {
    option->reset();
  }
  options.files.clear();
  return options;
}

// What can be opened of the inputs; why the rest can't becomes a message. A wrong option ends the program.
// rest_of_files: to be opened once there is a window.
std::unique_ptr<Session> make_session(const SharedOptions& shared, std::vector<std::string>& rest_of_files) {
  std::string why;
  try {
    std::shared_ptr<OpenDataset> opened;
    const Document document = make_document(shared, &opened);
    return std::make_unique<Session>(make_backend(shared), document, opened);
  } catch (const Error& error) {
    why = error.what();
  }
  // A data set may be there all the same, with another sample or part of it than was asked for.
  SharedOptions plain = shared;
  for (auto* option : {&plain.config_dataset, &plain.split, &plain.sample}) option->reset();
  std::unique_ptr<Session> session;
  if (shared.data || shared.config) {
    try {
      session = std::make_unique<Session>(make_backend(plain), make_document(plain));
    } catch (const Error&) {
      // It is not: said by why.
    }
  }
  if (!session) {
    const SharedOptions rest = without_inputs(shared);
    session = std::make_unique<Session>(make_backend(rest), make_document(rest));
    open_one_by_one(*session, shared);
    rest_of_files = shared.files;
  }
  if (rest_of_files.empty()) session->say(MessageLevel::error, why);
  return session;
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

  StateFile state_file;
  PictureSaver pictures(session, screen, window.gui());
  window.on_frame_shown([&] {
    if (pictures.work(window.width(), window.height())) window.request_frames(1);
  });
  MainView& main_view = screen.main_view();
  screen.set_wake([&window] { window.wake(); });
  main_view.open_files(session, rest_of_files);
  window.on_drop([&](const std::vector<std::string>& paths) { main_view.open_files(session, paths); });
  window.on_lost_display([&] { return save_after_lost_display(session); });
  std::size_t spoken = 0;
  std::uint64_t text_revision = ~std::uint64_t{0};
  window.run([&](GuiRenderer& gui, float delta_seconds) {
    window.set_ui_text(Screen::ui_text());
    if (session.revision() != text_revision) {
      text_revision = session.revision();
      window.set_extra_text(screen.extra_text());
    }
    const Pointed before = screen.view().hovered;
    const std::uint64_t revision = session.revision();
    screen.draw(gui, /*shows_timing=*/true, delta_seconds);
    if (!(screen.view().hovered == before) || session.revision() != revision) window.request_frames(1);
    if (screen.view().animate_seconds > 0) window.keep_animating(screen.view().animate_seconds);
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
