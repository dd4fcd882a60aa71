#include "app/window/lost_display.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

#include <X11/Xlib.h>

namespace maskscope {
namespace {

std::function<void()>& save_function() {
  static std::function<void()> function;
  return function;
}

constexpr int exit_code_unusable_input = 2;

// Xlib ends the process when this returns; leaving here instead, it prints nothing of its own.
int on_lost_connection(Display*) {
  const std::function<void()> save = std::exchange(save_function(), nullptr);
  const char* outcome = "";
  if (save) {
    try {
      save();
      outcome = " The session was saved; it opens again with the next start.";
    } catch (const std::exception& error) {
      std::fprintf(stderr, "maskscope: the session could not be saved: %s\n", error.what());
    }
  }
  std::fprintf(stderr, "maskscope: the connection to the display was lost, so the window is gone.%s\n", outcome);
  std::fflush(nullptr);
  // No destructors: they would call into the display that is gone.
  std::_Exit(exit_code_unusable_input);
}

}  // namespace

void handle_lost_display(std::function<void()> save) {
  save_function() = std::move(save);
  XSetIOErrorHandler(on_lost_connection);
}

}  // namespace maskscope
