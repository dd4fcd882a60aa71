#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>

#include "app/commands/commands.h"
#include "app/commands/options.h"
#include "app/commands/picture_saver.h"
#include "app/commands/screen.h"
#include "app/commands/state_file.h"
#include "app/commands/view_habits.h"
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
// rest_of_files: to be opened once there is a window. extras: of a session among the files, else null.
std::unique_ptr<Session> make_session(const SharedOptions& shared, std::vector<std::string>& rest_of_files, std::shared_ptr<SessionExtras>& extras) {
  std::string why;
  try {
    std::shared_ptr<OpenDataset> opened;
    const Document document = make_document(shared, &opened, &extras);
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

// Errors and warnings are sentences on stderr too. spoken: how many of all that was ever said have been.
void print_new_messages(const Session& session, std::uint64_t& spoken) {
  const auto& messages = session.messages();
  const std::uint64_t num_new = std::min<std::uint64_t>(session.num_said() - spoken, messages.size());
  for (auto message = messages.end() - static_cast<std::ptrdiff_t>(num_new); message != messages.end(); ++message) {
    if (message->level != MessageLevel::info) std::cerr << "maskscope: " << message->sentence << '\n';
  }
  spoken = session.num_said();
}

std::string title_of(const Session& session) {
  const InputSpec& inputs = session.document().inputs;
  const std::string what = inputs.picture == PictureSource::scene ? fill(tr("bundled scene {0}"), inputs.scene_seed + 1) : session.frame().inputs->title;
  return drawable(what) + " — maskscope";
}

}  // namespace

int view(const Arguments& arguments) {
  CLI::App app("Opens the window. Without files it shows the bundled scene.", "view");
  SharedOptions shared;
  add_shared_options(app, shared);
  std::string theme, language_name;
  double text_size = 0;
  app.add_option("--theme", theme, "dark or light; else as last time")->type_name("dark|light")->check(CLI::IsMember({"dark", "light"}));
  app.add_option("--language", language_name, "en or zh; else as last time")->type_name("en|zh")->check(CLI::IsMember({"en", "zh"}));
  app.add_option("--text-size", text_size, "size of text and controls, on top of the monitor's scale; else as last time")->type_name("X")->check(factor_between(0.75, 3.0));
  if (const auto code = parse(app, arguments)) return *code;

  std::vector<std::string> rest_of_files;
  std::shared_ptr<SessionExtras> extras;
  const std::unique_ptr<Session> owned_session = make_session(shared, rest_of_files, extras);
  Session& session = *owned_session;
  ViewHabits habits({.theme = theme, .language = language_name, .text_size = static_cast<float>(text_size)});
  AppWindow window({.title = "maskscope",
                    .width = habits.settings().window_width,
                    .height = habits.settings().window_height,
                    .theme = habits.first_theme(),
                    .text_size = habits.first_text_size()});
  Screen screen(session, window.gui());
  habits.begin(session, screen);
  if (extras) {
    if (extras->view) screen.main_view().show(*extras->view, session.frame(), screen.view());
    for (const std::string& loss : extras->losses) session.say(MessageLevel::warning, loss);
  }

  StateFile state_file;
  PictureSaver pictures(session, screen, window.gui());
  window.on_frame_shown([&] {
    if (pictures.work(window.width(), window.height())) window.request_frames(1);
  });
  MainView& main_view = screen.main_view();
  screen.set_wake([&window] { window.wake(); });
  main_view.open_files(session, rest_of_files);
  if (rest_of_files.empty()) {
    for (const std::string& file : shared.files) main_view.browser().recent().add(file);
  }
  window.on_drop([&](const std::vector<std::string>& paths) { main_view.open_files(session, paths); });
  window.on_lost_display([&] { return habits.save_after_lost_display(session, screen.view()); });
  std::uint64_t spoken = 0;
  std::uint64_t text_revision = ~std::uint64_t{0};
  // Saves what is due, then waits until something else is; a frame is drawn only for what it says.
  std::function<void()> save_habits = [&] {
    const std::uint64_t said = session.num_said();
    const double seconds = habits.save(window, session, screen);
    if (session.num_said() != said) window.request_frames(1);
    if (seconds > 0) window.call_after(seconds, save_habits);
  };
  window.set_ui_text(screen.ui_text());
  window.run([&](GuiRenderer& gui, float delta_seconds) {
    if (session.revision() != text_revision) {
      text_revision = session.revision();
      window.set_extra_text(screen.extra_text());
    }
    const Pointed before = screen.view().hovered;
    const std::uint64_t revision = session.revision();
    screen.draw(gui, /*shows_timing=*/true, delta_seconds);
    if (!(screen.view().hovered == before) || session.revision() != revision) window.request_frames(1);
    if (screen.view().animate_seconds > 0) window.keep_animating(screen.view().animate_seconds);
    window.set_ui_text(screen.ui_text());
    window.set_theme(screen.view().theme);
    window.set_text_size(screen.view().text_size);
    window.set_title(title_of(session));
    save_habits();
    print_new_messages(session, spoken);
    state_file.write(window, session, screen.view(), screen.widgets());
    if (screen.view().is_quit_wanted) window.close();
  });
  habits.end(window, session, screen);
  print_new_messages(session, spoken);
  return exit_fine;
}

}  // namespace maskscope::commands
