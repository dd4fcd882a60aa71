#include "app/window/lost_display.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

#include <X11/Xlib.h>

namespace maskscope {
namespace {

std::function<std::string()>& save_function() {
  static std::function<std::string()> function;
  return function;
}

constexpr int exit_code_unusable_input = 2;

// Xlib ends the process when this returns; leaving here instead, it prints nothing of its own.
int on_lost_connection(Display*) {
  const std::function<std::string()> save = std::exchange(save_function(), nullptr);
  std::string outcome;
  if (save) {
    try {
      outcome = save();
    } catch (const std::exception& error) {
      outcome = std::string("The session could not be saved: ") + error.what();
    }
  }
  std::fprintf(stderr, "maskscope: the connection to the display was lost, so the window is gone. %s\n", outcome.c_str());
  std::fflush(nullptr);
  // No destructors: they would call into the display that is gone.
  std::_Exit(exit_code_unusable_input);
}

}  // namespace

void handle_lost_display(std::function<std::string()> save) {
  save_function() = std::move(save);
  XSetIOErrorHandler(on_lost_connection);
}

}  // namespace maskscope
